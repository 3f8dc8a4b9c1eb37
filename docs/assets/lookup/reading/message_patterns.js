// Which of Nova's messages a text holds. Mirrors generator/nova_states/lookup/message_patterns.py, which says how.

import { entriesOf, errorsOf } from "./message_packing.js";

const KEY = 4;
const FEW = 8;
const GAP = 400;
const MOST_PLACES = 32;
const MOST_MATCHES = 64;
const FEW_LETTERS = 14;
const SHORTEST_CUT = 24;
const PLACEHOLDER = /%\((\w+)\)s|%%/g;
const SPACES = /(?:[ \t\r\n]|\\{1,4}[nrt])+/g;
const ESCAPED_QUOTE = /\\{1,4}(["'])/g;
const QUOTES = /[\u2018\u2019\u201c\u201d"]/g;
// eslint-disable-next-line no-control-regex
const NO_LETTERS = /[\x00-@[-`{-\x7f]+/g;
/** None that stands within a word. */
const QUOTE = /(?<![a-z0-9])'|'(?![a-z0-9])/g;
const CLOSED = ["', ", "','", "'}", "' }", "'\n"];
const WORD = "abcdefghijklmnopqrstuvwxyz0123456789_";
const OPENING = "\n'>:|]([{*";
const CLOSING = "\n'<|,)]}*";
// Somebody quotes a message in a sentence of his own.
const HANGUL = /^[\uac00-\ud7a3]/;
const known = new Map();
const readTables = new WeakMap();

const squeezed = (text) => text.replace(ESCAPED_QUOTE, "$1").replace(SPACES, (run) => (/n|\n/.test(run) ? "\n" : " "));
const folded = (text) => text.replace(QUOTES, "'").replace(/[A-Z]+/g, (capitals) => capitals.toLowerCase());

function lettersOf(text) {
  let count = 0;
  for (const char of text.replace(NO_LETTERS, "")) count += char < "\x7f" ? 1 : 2;
  return count;
}

function literalsOf(template) {
  if (!known.has(template)) known.set(template, readLiterals(template));
  return known.get(template);
}

function readLiterals(template) {
  const literals = [""];
  const names = [];
  let end = 0;
  for (const found of template.matchAll(PLACEHOLDER)) {
    literals[literals.length - 1] += template.slice(end, found.index);
    end = found.index + found[0].length;
    if (found[1] === undefined) {
      literals[literals.length - 1] += "%";
    } else {
      names.push(found[1]);
      literals.push("");
    }
  }
  literals[literals.length - 1] += template.slice(end);
  const made = literals.map((literal) => folded(squeezed(literal)).replaceAll("\n", " "));
  made[0] = made[0].replace(/^ +/, "");
  made[made.length - 1] = made.at(-1).replace(/[ .]+$/, "");
  return [made, names];
}

function emptied([literals, names]) {
  if (literals.at(-1)) return [literals, names];
  return [[...literals.slice(0, -2), literals.at(-2).replace(/[ .:]+$/, "")], names.slice(0, -1)];
}

/** Four characters of a text, and the next four; those outside the basic plane are one, too. */
function* grams(text) {
  const chars = [...text];
  const isPlain = chars.length === text.length;
  for (let start = 0; start + KEY <= chars.length; start++) {
    yield isPlain ? text.slice(start, start + KEY) : chars.slice(start, start + KEY).join("");
  }
}

/** For each entry the first key that few entries have, or that which the fewest have: key → places of entries. */
function keysOf(entries) {
  const listed = entries.map(([template]) =>
    [...new Set(emptied(literalsOf(template))[0].flatMap((literal) => [...grams(literal)]))]);
  const frequency = new Map();
  for (const some of listed) for (const gram of some) frequency.set(gram, (frequency.get(gram) ?? 0) + 1);
  const keys = new Map();
  listed.forEach((some, place) => {
    let key = null;
    let fewest = Infinity;
    for (const gram of some) {
      const count = Math.max(frequency.get(gram), FEW);
      if (count < fewest) [key, fewest] = [gram, count];
    }
    if (key === null) return;
    if (!keys.has(key)) keys.set(key, []);
    keys.get(key).push(place);
  });
  return keys;
}

/** The messages that a text holds, the most specific first. */
export function match(text, table) {
  if (!readTables.has(table)) {
    const read = entriesOf(table);
    readTables.set(table, [read, keysOf(read)]);
  }
  const [entries, keys] = readTables.get(table);
  const searched = new Text(squeezed(text));
  const places = new Set();
  for (const gram of grams(searched.line)) for (const place of keys.get(gram) ?? []) places.add(place);
  const idOf = (one) => (typeof one === "string" ? one : `error:${errorsOf(table)[one][0]}`);
  const found = [...places].sort((a, b) => a - b).flatMap((place) => {
    const [template, lang, code, ids] = entries[place];
    return searched.find(template).flatMap((one) => ids.map((id) => ({ ...one, id: idOf(id), lang, code })));
  });
  found.sort((a, b) => b.letters - a.letters || b.length - a.length || a.spans[0][0] - b.spans[0][0]
    || compare(a.id, b.id) || compare(a.lang, b.lang));
  const kept = [];
  for (const one of found.slice(0, 2 * MOST_MATCHES)) {
    const isInside = kept.some((other) =>
      (other.letters > one.letters || (other.letters === one.letters && other.length > one.length)) && covers(other, one));
    const isFurther = kept.some((other) => other.letters >= one.letters && isNearer(other, one));
    if (!isInside && !isFurther) kept.push(one);
  }
  return kept.slice(0, MOST_MATCHES).map(({ id, groups, lang, code, spans }) => ({
    id, groups, lang, code, start: spans[0][0], end: spans.at(-1)[1],
  }));
}

const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
// Both end with the same words, and this one begins where the other has its last placeholder.
function isNearer(one, other) {
  if (one.spans.length < 2 || other.spans.length < 2) return false;
  const [[start, end], [otherStart, otherEnd]] = [one.spans.at(-1), other.spans.at(-1)];
  return start === otherStart && end === otherEnd && other.spans.at(-2)[1] <= one.spans[0][0];
}

const covers = (one, other) => other.spans.every(([start, end]) => one.spans.some(([a, b]) => a <= start && end <= b));

class Text {
  constructor(plain) {
    this.plain = plain;
    this.folded = folded(plain);
    this.line = this.folded.replaceAll("\n", " ");
  }

  find(template) {
    const parts = literalsOf(template);
    const found = [...this.all(...parts)];
    if (found.length || parts[0].at(-1)) return found;
    return [...this.all(...emptied(parts))]
      .filter((one) => one.letters >= FEW_LETTERS && this.ends(one.spans.at(-1)[1]))
      .map((one) => ({ ...one, length: one.length - 1 }));
  }

  *all(literals, names) {
    let anchor = 0;
    literals.forEach((literal, place) => {
      if ([...literal].length > [...literals[anchor]].length) anchor = place;
    });
    let place = this.line.indexOf(literals[anchor]);
    for (let tried = 0; tried < MOST_PLACES && place >= 0; tried++) {
      const spans = this.spans(literals, anchor, place);
      const found = spans.length ? this.found(literals, names, spans) : null;
      if (found) yield found;
      const after = found ? found.spans.at(-1)[1] : place + 1;
      place = this.line.indexOf(literals[anchor], Math.max(after, place + 1));
    }
  }

  spans(literals, anchor, place) {
    const spans = [[place, place + literals[anchor].length]];
    for (const literal of literals.slice(0, anchor).reverse()) {
      const before = spans[0][0];
      const start = literal ? this.before(literal, before) : before;
      if (start < 0 || !this.isGap(start + literal.length, before)) return [];
      spans.unshift([start, start + literal.length]);
    }
    for (const literal of literals.slice(anchor + 1)) {
      const after = spans.at(-1)[1];
      const start = literal ? this.after(literal, after) : after;
      if (start < 0 || !this.isGap(after, start)) return this.isCut(spans) ? spans : [];
      spans.push([start, start + literal.length]);
    }
    return spans;
  }

  before(literal, end) {
    const least = Math.max(0, end - GAP - literal.length);
    const found = this.line.slice(least, end).lastIndexOf(literal);
    return found < 0 ? -1 : least + found;
  }

  after(literal, start) {
    const found = this.line.slice(start, start + GAP + literal.length).indexOf(literal);
    return found < 0 ? -1 : start + found;
  }

  isGap(start, end) {
    return this.folded.slice(start, end).split("\n").length <= 2;
  }

  isCut(spans) {
    const after = spans.at(-1)[1];
    if (this.folded.length - after > GAP || this.folded.slice(after).includes("\n")) return false;
    return spans.reduce((sum, [start, end]) => sum + lettersOf(this.line.slice(start, end)), 0) >= SHORTEST_CUT;
  }

  found(literals, names, spans) {
    const start = spans[0][0];
    const end = spans.at(-1)[1];
    const letters = literals.slice(0, spans.length).reduce((sum, literal) => sum + lettersOf(literal), 0);
    if (!this.areWords(start, end)) return null;
    const first = literals[0] ? start : this.begin(start);
    const last = spans.length < literals.length || !literals.at(-1) ? this.end(end) : end;
    if (letters < FEW_LETTERS && !this.fills(first, last)) return null;
    const bounds = spans.slice(1).map(([next], place) => [spans[place][1], next]);
    if (!literals[0]) bounds[0] = [first, bounds[0][1]];
    if (!literals.at(-1) && spans.length === literals.length) bounds[bounds.length - 1] = [bounds.at(-1)[0], last];
    else if (spans.length < literals.length) bounds.push([end, last]);
    const groups = new Map();
    names.slice(0, bounds.length).forEach((name, place) => {
      // What is filled in last stands last, though it may stand earlier as well.
      groups.delete(name);
      groups.set(name, this.plain.slice(...bounds[place]).replace(/^[ \n]+|[ \n]+$/g, ""));
    });
    const length = spans.reduce((sum, [from, to]) => sum + to - from, 0);
    return { letters, length, groups, spans: spans.filter(([from, to]) => from < to) };
  }

  areWords(start, end) {
    const isWord = (char) => WORD.includes(char);
    const before = this.line.slice(Math.max(0, start - 1), start);
    const [first, last, after] = [this.line.slice(start, start + 1), this.line.slice(end - 1, end), this.line.slice(end, end + 1)];
    const has = (char) => char !== "" && isWord(char);
    return !(has(before) && has(first)) && !(has(last) && has(after));
  }

  begin(place) {
    const start = Math.max(0, place - GAP);
    const text = this.folded.slice(start, place).replace(/[ \n']+$/, "");
    if (!text) return place;
    return start + Math.max(...["\n", " '", ": ", "| ", "] "].map((sign) => text.lastIndexOf(sign) + sign.length));
  }

  end(place) {
    const stops = ["\n", " | "]
      .map((sign) => this.within(sign, place))
      .concat([this.closed(place), this.tag(place)])
      .filter((at) => at >= 0);
    return Math.min(...stops, this.folded.length, place + GAP);
  }

  /** The quote that closes what was opened before a place; what is quoted behind it has quotes of its own. */
  closed(place) {
    const part = this.folded.slice(place, place + GAP);
    let isOpen = false;
    for (const { index } of part.matchAll(QUOTE)) {
      if (!isOpen && CLOSED.some((sign) => part.startsWith(sign, index))) return place + index;
      isOpen = !isOpen;
    }
    return -1;
  }

  /** Where a page's markup goes on: "1024 < 2048" and a class of Python's do not end a message. */
  tag(place) {
    const found = this.folded.slice(place, place + GAP).search(/<(?!class ')[a-z/!]/);
    return found < 0 ? -1 : place + found;
  }

  within(sign, place) {
    const found = this.folded.slice(place, place + GAP).indexOf(sign);
    return found < 0 ? -1 : place + found;
  }

  fills(start, end) {
    const before = this.folded.slice(Math.max(0, start - 2), start).replace(/ +$/, "").slice(-1);
    return (!before || OPENING.includes(before)) && this.ends(end);
  }

  ends(place) {
    const after = this.folded.slice(place, place + 3).replace(/^[ .]+/, "").slice(0, 1);
    return !after || CLOSING.includes(after) || HANGUL.test(after);
  }
}
