// Text → words that can be compared, the same for the index and for a question. Each word knows where it stands.

import { foldSyllable, isHangul, letters, stemLength } from "./hangul.js";

const CLUSTER = /[\s\S][\u0300-\u036f\u1160-\u11ff]*/gu;
const HALF = /[ㄱ-ㅣ]/;
const SPAN = "[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}";
/** Names of one server, one request or one service, which no page knows. */
const NOISE = [
  new RegExp(`\\b(?:req-)?${SPAN}\\b`, "gi"),
  /\breq-[0-9a-f-]{6,}/gi,
  /\bhttps?:\/\/\S+/gi,
  /\bOS-(?:EXT-STS|EXT-SRV-ATTR|SRV-USG|DCF):/gi,
  /\(?Request-ID:?\)?/gi,
  /\(?\bHTTP ?(?:\d{3})?\)?/gi,
  /\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?Z?/g,
];
const WORD = /0x[0-9a-f]+(?![a-z0-9])|\d+(?:\.\d+)+|[a-z]*\d[a-z0-9]*|[a-z]+(?:['’][a-z]+)?|[가-힣ㄱ-ㅣ]+/gi;
const HUMP = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+(?:['’][a-z]+)?/g;
const LONGEST_TEXT = 4000;
const LONGEST_NOUN = 12;
const SHORTEST_PREFIX = 2;

/** A text in NFKC, with the place in the original of each of its characters. */
function fold(text) {
  let folded = "";
  const places = [];
  for (const match of text.slice(0, LONGEST_TEXT).matchAll(CLUSTER)) {
    for (const char of match[0].normalize("NFKC")) {
      folded += char;
      for (let unit = 0; unit < char.length; unit++) places.push(match.index);
    }
  }
  places.push(Math.min(text.length, LONGEST_TEXT));
  return { folded, places };
}

/** An English word without its inflection: deleting, deleted, delete → delet. */
export function stem(word) {
  if (word.length < 4 || /\d/.test(word)) return word;
  let root = word.replace(/(?:ation|ations)$/, "at").replace(/ies$/, "y");
  if (root.length > 5) root = root.replace(/(?:ings?|ers?|ed)$/, "");
  else root = root.replace(/(?:ing|ed)$/, (ending) => (/[aeiouy]/.test(root.slice(0, -ending.length)) ? "" : ending));
  if (root.length > 3) root = root.replace(/(?<![su])s$/, "");
  root = root.replace(/([bdgkmnprt])\1$/, "$1");
  return root.length > 3 ? root.replace(/e$/, "") : root;
}

/** Numbers as they are meant: 0x04 and 0X4 → 0x4, 07 → 7; versions and names of servers (web01) as they are. */
function numberKey(word) {
  if (/^0x[0-9a-f]+$/.test(word)) return `0x${parseInt(word, 16)}`;
  return /^\d+$/.test(word) ? String(Number(word)) : word;
}

export class Normaliser {
  /** `words`: groups that mean the same; `fillers`: words that say nothing; `endings`: syllables that end a word. */
  constructor({ words = [], fillers = [], endings = "" }) {
    this.endings = new Set([...endings].map(foldSyllable));
    this.nouns = new Set();
    this.verbs = new Map(); // first two letters → [{key, letters}], longest first
    this.phrases = new Map();
    this.fillers = new Set();
    this.groups = new Map();
    for (const word of fillers) this.#learn(word);
    for (const group of words) for (const word of group) this.#learn(word);
    for (const verbs of this.verbs.values()) verbs.sort((one, other) => other.letters.length - one.letters.length);
    for (const word of fillers) this.fillers.add(this.#key(word));
    words.forEach((group, number) => {
      for (const word of group) {
        const key = this.#key(word);
        if (!this.groups.has(key)) this.groups.set(key, []);
        this.groups.get(key).push(number);
        const length = key.split(" ").length;
        if (length > 1) this.phrases.set(key, Math.max(length, this.phrases.get(key) ?? 0));
      }
    });
    this.longestPhrase = Math.max(1, ...this.phrases.values());
  }

  /** Make the Korean words of names known, so that they are found where they are written together. */
  learnNames(names) {
    for (const name of names) {
      for (const [run] of fold(name).folded.matchAll(/[가-힣]{2,}/g)) {
        const folded = [...run].map(foldSyllable).join("");
        const pieces = this.#split(folded);
        const whole = pieces.length === 1 && !pieces[0].known;
        if (whole && run.length <= LONGEST_NOUN) this.nouns.add(folded);
      }
    }
  }

  #learn(word) {
    for (const [part] of word.matchAll(/[가-힣]+-?/g)) {
      const folded = [...part.replace("-", "")].map(foldSyllable).join("");
      if (!part.endsWith("-")) this.nouns.add(folded);
      else {
        const verb = { key: folded, letters: letters(folded) };
        const start = verb.letters.slice(0, 2);
        if (!this.verbs.has(start)) this.verbs.set(start, []);
        this.verbs.get(start).push(verb);
      }
    }
  }

  #key(word) {
    return this.words(word.replaceAll("-", (dash, at) => (isHangul(word[at - 1] ?? "") ? "" : " ")), true)
      .map((found) => found.key)
      .join(" ");
  }

  /** The words of a text: {key, surface, start, end, groups, filler, capitals, half}. */
  read(text) {
    return this.#gather(this.words(text));
  }

  /** Words before phrases are put together; `exact` for a word of the lexicon itself. */
  words(text, exact = false) {
    const { folded, places } = fold(text);
    const clean = NOISE.reduce((left, noise) => left.replace(noise, (found) => " ".repeat(found.length)), folded);
    const found = [];
    const add = (surface, from, to, more = {}) =>
      found.push({ surface, start: places[from], end: places[to], capitals: false, half: "", mixed: false, ...more });
    for (const match of clean.matchAll(WORD)) {
      const [word] = match;
      const at = match.index;
      if (isHangul(word[0]) || HALF.test(word[0])) this.#readKorean(word, at, add, exact);
      else if (/\d/.test(word)) {
        const key = numberKey(word.toLowerCase());
        add(key, at, at + word.length, { key, mixed: !/^(?:0x)?[\d.]+$/.test(key) });
      } else {
        for (const hump of word.matchAll(HUMP)) {
          const surface = hump[0].toLowerCase().replace(/['’]/g, "");
          const capitals = hump[0].length > 1 && hump[0] === hump[0].toUpperCase();
          add(surface, at + hump.index, at + hump.index + hump[0].length, { key: stem(surface), capitals });
        }
      }
    }
    return found;
  }

  #readKorean(run, at, add) {
    let end = run.length;
    while (end > 0 && HALF.test(run[end - 1])) end--;
    const rest = run.slice(end);
    const whole = [...run.slice(0, end)].map(foldSyllable).join("");
    const pieces = end ? this.#split(whole) : [];
    for (const [number, piece] of pieces.entries()) {
      const isLast = number === pieces.length - 1;
      const surface = whole.slice(piece.start, piece.end);
      const half = isLast && rest ? rest : "";
      add(surface, at + piece.start, at + piece.end, { key: piece.key, half, known: piece.known, hangul: true });
    }
    if (!pieces.length && rest) add(rest, at + end, at + run.length, { key: "", half: rest, hangul: true });
  }

  /** A run of syllables as known words and what is left between them, endings dropped. */
  #split(run) {
    const pieces = [];
    let place = 0;
    let unknown = 0;
    const flush = (end) => {
      const left = run.slice(unknown, end);
      const isEnding = [...left].every((char) => this.endings.has(char));
      if (left && !(isEnding && (unknown > 0 || left.length === 1))) {
        const key = this.#withoutEnding(left);
        pieces.push({ start: unknown, end: unknown + key.length, key, known: false });
      }
    };
    while (place < run.length) {
      const covered = unknown === place;
      const hit = this.#longest(run, place, covered, place - unknown >= SHORTEST_PREFIX);
      if (hit) {
        flush(place);
        pieces.push({ start: place, end: place + hit.length, key: hit.key, known: true });
        place += hit.length;
        unknown = place;
      } else place++;
    }
    flush(run.length);
    return pieces;
  }

  #longest(run, place, covered, inside) {
    if (!covered && !inside) return null;
    for (let length = Math.min(LONGEST_NOUN, run.length - place); length > 0; length--) {
      const word = run.slice(place, place + length);
      if (!this.nouns.has(word)) continue;
      if (length === 1 && !(covered && this.#mayStandAlone(run, place, length))) continue;
      const verb = this.#verb(run, place, covered);
      return verb && verb.length > length ? verb : { key: word, length };
    }
    return this.#verb(run, place, covered);
  }

  #verb(run, place, covered) {
    const possible = this.verbs.get(letters(run[place]).slice(0, 2)) ?? [];
    for (const { key, letters: wanted } of possible) {
      const length = stemLength(run, place, wanted);
      if (!length) continue;
      if (key.length === 1 && !(covered && this.#endsWell(run, place + length))) continue;
      return { key, length };
    }
    return null;
  }

  /** A word of one syllable counts alone, before endings, or before a known word (안꺼져요). */
  #mayStandAlone(run, place, length) {
    const next = place + length;
    if (place === 0 && next < run.length && this.#longest(run, next, true, false)) return true;
    return this.#endsWell(run, next);
  }

  #endsWell(run, place) {
    return [...run.slice(place)].every((char) => this.endings.has(char)) || Boolean(this.#later(run, place));
  }

  #later(run, place) {
    for (let at = place; at < run.length; at++) {
      for (let length = Math.min(LONGEST_NOUN, run.length - at); length > 1; length--) {
        if (this.nouns.has(run.slice(at, at + length))) return true;
      }
      if (!this.endings.has(run[at])) return false;
    }
    return false;
  }

  #withoutEnding(word) {
    let end = word.length;
    while (end > 2 && this.endings.has(word[end - 1])) end--;
    return word.slice(0, end);
  }

  /** Longest phrases of the lexicon first, each as one word with its groups. */
  #gather(words) {
    const found = [];
    for (let place = 0; place < words.length; ) {
      let length = Math.min(this.longestPhrase, words.length - place);
      for (; length > 1; length--) {
        if (this.phrases.has(words.slice(place, place + length).map((word) => word.key).join(" "))) break;
      }
      const taken = words.slice(place, place + length);
      const key = taken.map((word) => word.key).join(" ");
      found.push({
        ...taken[0],
        key,
        parts: taken.map((word) => word.key),
        surface: taken.map((word) => word.surface).join(""),
        end: taken.at(-1).end,
        half: taken.at(-1).half,
        mixed: length === 1 && taken[0].mixed,
        capitals: taken.every((word) => word.capitals),
        groups: this.groups.get(key) ?? [],
        filler: this.fillers.has(key),
      });
      place += length;
    }
    return found;
  }
}

/** What is left of a name when it is written together: "powering-off", "Powering Off" → "poweringoff". */
export function joined(text) {
  return [...text.normalize("NFKC").toLowerCase()].map(foldSyllable).join("").replace(/[^\p{L}\p{N}]/gu, "");
}
