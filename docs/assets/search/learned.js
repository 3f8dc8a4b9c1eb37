// What was learned from questions: how likely each page is what was asked for, by the words of a question. Knows what
// generator/nova_states/site/search/learning.py packs, whose docstring tells of the model.

const UNSEEN = 60;
const STEP = 0.7;
const FIRST_LEVEL = 96;
const LEVEL = /[a-z]/;
/** For the pages that most weights are for: the twin of `_SHORT_SIGNS` in learning.py. */
const SHORT_SIGNS = String.fromCharCode(...Array.from({ length: 95 }, (_, at) => at + 32)).replace(/["\\a-z]/g, "");
const FIRST_PAGE = 0x100;
const FIRST_GAP = 35;
const GAPS = 80;
const FAR = "~";
const JUMP = 1700;

/** A word as a number of some bits: the twin of `word_number` in learning.py. */
export function wordNumber(key, bits = 16) {
  let number = 0x811c9dc5;
  for (let at = 0; at < key.length; at++) number = Math.imul(number ^ key.charCodeAt(at), 0x01000193) >>> 0;
  return (number ^ (number >>> 15)) & ((1 << bits) - 1);
}

/** The numbers that `packed_numbers` in learning.py made a text of, rising. */
export function unpacked(text) {
  const found = [];
  let number = 0;
  for (const char of text) {
    const code = char.charCodeAt(0);
    if (char === FAR) number += JUMP;
    else found.push((number += code < FIRST_PAGE ? code - FIRST_GAP : code - FIRST_PAGE + GAPS));
  }
  return found;
}

export class Learned {
  /** `keys`, `weights`, `often`: the packed texts; `groups`: how many groups the lexicon has; `places`: of the pages. */
  constructor({ keys, weights, often }, groups, places) {
    this.lines = weights.split("\n");
    this.often = often;
    this.places = places;
    this.read = new Map();
    this.linesOf = new Map(); // number of a word → its lines
    for (const number of unpacked(keys)) this.linesOf.set(number, [...(this.linesOf.get(number) ?? []), groups++]);
  }

  /** Place of a page → how likely it is meant, 0..1; pages that no word speaks for are left out. */
  likely(words) {
    const lines = new Set();
    for (const { key, groups, mixed } of words) {
      if (!key || mixed) continue;
      for (const group of groups) lines.add(group);
      for (const line of this.linesOf.get(wordNumber(key)) ?? []) lines.add(line);
    }
    const sums = new Map();
    for (const line of lines) for (const [place, weight] of this.#weights(line)) sums.set(place, (sums.get(place) ?? 0) + weight);
    let total = UNSEEN;
    for (const [place, sum] of sums) {
      const raised = Math.exp(sum);
      sums.set(place, raised);
      total += raised;
    }
    for (const [place, raised] of sums) sums.set(place, raised / total);
    return sums;
  }

  /** [place, weight] of each page that a line tells of. */
  #weights(line) {
    let found = this.read.get(line);
    if (found) return found;
    this.read.set(line, (found = []));
    let weight = 0;
    for (const char of this.lines[line]) {
      if (LEVEL.test(char)) {
        weight = STEP * (char.charCodeAt(0) - FIRST_LEVEL);
        continue;
      }
      const page = this.often[SHORT_SIGNS.indexOf(char)] ?? char;
      found.push([this.places[page.charCodeAt(0) - FIRST_PAGE], weight]);
    }
    return found;
  }
}
