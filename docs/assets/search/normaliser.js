// Text → words that can be compared, the same for the index and for a question. Each word knows where it stands.

import { foldSounds, foldSyllable, isHangul, letters, lone, stemForms, stemLength, withoutFinal } from "./hangul.js";

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
const HAS_NOISE = /[0-9a-f]{8}|https?:|OS-|req|HTTP|\d{4}-\d\d-/i;
const WORD = /0x[0-9a-f]+(?![a-z0-9])|\d+(?:\.\d+)+|[a-z]*\d[a-z0-9]*|[a-z]+(?:['’][a-z]+)?|[가-힣ㄱ-ㅣ]+/gi;
const HUMP = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+(?:['’][a-z]+)?/g;
const NONE = [];
const LONGEST_TEXT = 4000;
const LONGEST_NOUN = 12;
const SHORTEST_PREFIX = 2;
const MOST_BETWEEN = 2;

function withoutNoise(text) {
  return NOISE.reduce((left, noise) => left.replace(noise, (found) => " ".repeat(found.length)), text);
}

/** A text in NFKC, and the place in the original of each of its characters; none where all are the same. */
function fold(text) {
  const isShort = text.length <= LONGEST_TEXT;
  if (isShort && text.normalize("NFKC") === text) return { folded: text, places: null };
  let folded = "";
  const places = [];
  for (const match of text.slice(0, LONGEST_TEXT).matchAll(CLUSTER)) {
    for (const char of match[0].normalize("NFKC")) {
      folded += lone(char);
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

/**
 * Numbers as they are meant: 0x04 and 0X4 → 0x4, 07 → 7; a point release as its series (32.1.2 → 32.0.0); other versions
 * and names of servers (web01) as they are.
 */
function numberKey(word) {
  if (/^\d+\.\d+\.\d+$/.test(word)) return `${word.split(".")[0]}.0.0`;
  if (/^0x[0-9a-f]+$/.test(word)) return `0x${parseInt(word, 16)}`;
  return /^\d+$/.test(word) ? String(Number(word)) : word;
}

export class Normaliser {
  /**
   * `words`: groups that mean the same; `fillers`: words that say nothing; `endings`: syllables that end a word; `hints`:
   * words that tell a kind, so that 안내 is not read as 안 with an ending.
   */
  constructor({ words = [], fillers = [], hints = [], endings = "" }) {
    this.endings = new Set([...endings].map(foldSyllable));
    this.known = new Map(); // runs of syllables that were read before
    this.nouns = new Set();
    this.verbs = new Map(); // first two letters → [{key, letters}], longest first
    this.phrases = new Map(); // first word's key → phrases as lists of keys, longest first
    this.fillers = new Set();
    this.groups = new Map();
    for (const word of [...fillers, ...hints]) this.#learn(word);
    for (const group of words) for (const word of group) this.#learn(word);
    for (const verbs of this.verbs.values()) verbs.sort((one, other) => other.letters.length - one.letters.length);
    for (const word of fillers) this.fillers.add(this.#key(word));
    words.forEach((group, number) => {
      for (const word of group) {
        const key = this.#key(word);
        if (!this.groups.has(key)) this.groups.set(key, []);
        if (!this.groups.get(key).includes(number)) this.groups.get(key).push(number);
        const parts = key.split(" ");
        if (parts.length < 2) continue;
        if (!this.phrases.has(parts[0])) this.phrases.set(parts[0], []);
        this.phrases.get(parts[0]).push(parts);
      }
    });
    for (const phrases of this.phrases.values()) phrases.sort((one, other) => other.length - one.length);
  }

  /** Make the Korean words of names known, so that they are found where they are written together. */
  learnNames(names) {
    for (const name of names) {
      for (const [run] of fold(name).folded.matchAll(/[가-힣]{2,}/g)) {
        const folded = foldSounds(run);
        if (this.nouns.has(folded) || this.#isEnding(folded)) continue; // behind a name: BUILD에서
        const pieces = this.#split(folded);
        const whole = pieces.length === 1 && !pieces[0].known;
        if (whole && run.length <= LONGEST_NOUN) this.nouns.add(folded);
      }
    }
    this.known.clear();
  }

  #learn(word) {
    // What stands right behind a Latin name is its particle: active로.
    for (const [part] of word.matchAll(/(?<![a-z0-9가-힣])[가-힣]+-?/gi)) {
      const folded = foldSounds(part.replace("-", ""));
      if (!part.endsWith("-")) this.nouns.add(folded);
      else {
        for (const { form, before } of stemForms(folded)) {
          const verb = { key: folded, letters: form, before };
          const start = verb.letters.slice(0, 2);
          if (!this.verbs.has(start)) this.verbs.set(start, []);
          this.verbs.get(start).push(verb);
        }
      }
    }
  }

  #key(word) {
    return this.words(word.replaceAll("-", (dash, at) => (isHangul(word[at - 1] ?? "") ? "" : " ")))
      .map((found) => found.key)
      .join(" ");
  }

  /** The words of a text: {key, surface, start, end, groups, filler, capitals, half}. */
  read(text) {
    return this.gather(this.words(text));
  }

  /** Words before phrases are put together. */
  words(text) {
    const { folded, places } = fold(text);
    const clean = HAS_NOISE.test(folded) ? withoutNoise(folded) : folded;
    const found = [];
    const at = (place) => (places ? places[place] : place);
    const add = (surface, from, to, key, more = {}) =>
      found.push({ surface, start: at(from), end: at(to), key, capitals: false, half: "", mixed: false, known: false, ...more });
    const end = clean.trimEnd().length;
    let before = 0;
    for (const match of clean.matchAll(WORD)) {
      const [word] = match;
      const place = match.index;
      const isParticle = place && place === before && this.#isParticle(word);
      before = place + word.length;
      if (isParticle) continue;
      if (isHangul(word[0]) || HALF.test(word[0])) this.#readKorean(word, place, before === end, add);
      else if (/\d/.test(word)) {
        const key = numberKey(word.toLowerCase());
        add(key, place, place + word.length, key, { mixed: !/^(?:0x)?[\d.]+$/.test(key) });
      } else {
        for (const hump of word.matchAll(HUMP)) {
          const surface = hump[0].toLowerCase().replace(/['’]/g, "");
          const capitals = hump[0].length > 1 && hump[0] === hump[0].toUpperCase();
          const from = place + hump.index;
          add(surface, from, from + hump[0].length, stem(surface), { capitals });
        }
      }
    }
    return this.#together(found);
  }

  /** Korean words that were written apart but are one: 일시 정지, 재 부팅. */
  #together(words) {
    for (let place = 0; place + 1 < words.length; place++) {
      const [one, other] = [words[place], words[place + 1]];
      if (!isHangul(one.key[0] ?? "") || !isHangul(other.key[0] ?? "") || !this.nouns.has(one.key + other.key)) continue;
      words.splice(place, 2, { ...one, end: other.end, key: one.key + other.key, surface: one.surface + other.surface, half: other.half, known: true });
    }
    return words;
  }

  #readKorean(run, at, isLast, add) {
    let end = run.length;
    while (end > 0 && HALF.test(run[end - 1])) end--;
    let rest = run.slice(end);
    let whole = foldSounds(run.slice(0, end));
    let pieces = end ? this.#pieces(whole) : [];
    if (isLast && end && !rest && !pieces.at(-1)?.known) {
      // A consonant that begins the next syllable stands at the end of this one while it is being typed: 삭젲.
      const [shorter, begun] = withoutFinal(whole);
      const others = begun ? this.#pieces(shorter) : [];
      if (others.at(-1)?.known && others.at(-1).end === whole.length) [whole, pieces, rest] = [shorter, others, begun];
    }
    for (const [number, piece] of pieces.entries()) {
      const isLast = number === pieces.length - 1;
      const surface = whole.slice(piece.start, piece.end);
      const half = isLast && rest ? rest : "";
      const ending = !piece.known && piece.key.length === 1 && this.endings.has(piece.key);
      add(surface, at + piece.start, at + piece.end, piece.key, { half, known: piece.known, ending, run: whole, runStart: at });
    }
    if (!pieces.length && rest) add(rest, at + end, at + run.length, "", { half: rest });
  }

  #pieces(run) {
    let pieces = this.known.get(run);
    if (!pieces) this.known.set(run, (pieces = this.#split(run)));
    return pieces;
  }

  /** A run of syllables as known words and what is left between them, endings dropped. */
  #split(run) {
    const pieces = [];
    let place = 0;
    let unknown = 0;
    const flush = (end) => {
      const left = run.slice(unknown, end);
      if (left && !(unknown > 0 && this.#isEnding(left))) {
        const key = this.#withoutEnding(left);
        pieces.push({ start: unknown, end: unknown + key.length, key, known: false });
      }
    };
    while (place < run.length) {
      const covered = unknown === place || (unknown > 0 && this.#isEnding(run.slice(unknown, place)));
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
      if (length === 1 && !(covered && this.#mayStandAlone(run, place))) continue;
      const verb = this.#verb(run, place, covered);
      return verb && verb.length >= length + (verb.isShort ? 0 : 1) ? verb : { key: word, length };
    }
    return this.#verb(run, place, covered);
  }

  #verb(run, place, covered) {
    const possible = this.verbs.get(letters(run[place]).slice(0, 2)) ?? [];
    for (const { key, letters: wanted, before } of possible) {
      const length = stemLength(run, place, wanted);
      if (!length) continue;
      if (before && !before.test(letters(run.slice(place, place + length + 1)).slice(wanted.length))) continue;
      if (key.length === 1 && !(covered && this.#endsWell(run, place + length))) continue;
      return { key, length, isShort: Boolean(before) };
    }
    return null;
  }

  /** A word of one syllable counts before a known word (안꺼져요), and at the start also alone or before endings. */
  #mayStandAlone(run, place) {
    const next = place + 1;
    if (next < run.length && this.#longest(run, next, true, false)) return true;
    return place === 0 && this.#endsWell(run, next);
  }

  /** Whether syllables right behind a name are nothing but its particle: spawning에서, ACTIVE인데. */
  #isParticle(word) {
    return [...word].every(isHangul) && this.#isEnding(foldSounds(word)) && !this.nouns.has(foldSounds(word));
  }

  #isEnding(text) {
    return [...text].every((char) => this.endings.has(char));
  }

  #endsWell(run, place) {
    return this.#isEnding(run.slice(place)) || this.#later(run, place);
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
  gather(words) {
    const found = [];
    for (let place = 0; place < words.length; ) {
      const phrases = this.phrases.get(words[place].key) ?? [];
      let taken = null;
      const parts = phrases.find((phrase) => (taken = this.#follow(words, place, phrase)));
      if (parts) {
        found.push(this.#phrase(taken, parts));
        place += words.slice(place).indexOf(taken.at(-1)) + 1;
      } else {
        const word = words[place++];
        found.push(Object.assign(word, { parts: [word.key], groups: this.groups.get(word.key) ?? NONE, filler: this.fillers.has(word.key) }));
      }
    }
    return found;
  }

  /** The words of a phrase from a place on, those between them left out that say nothing (turn the vm on); or null. */
  #follow(words, place, phrase) {
    const taken = [words[place]];
    let at = place;
    for (const key of phrase.slice(1)) {
      const last = at++ + MOST_BETWEEN;
      while (at <= last && words[at] && words[at].key !== key && this.fillers.has(words[at].key)) at++;
      if (words[at]?.key !== key) return null;
      taken.push(words[at]);
    }
    return taken;
  }

  #phrase(words, parts) {
    const key = parts.join(" ");
    const last = words.at(-1);
    return {
      surface: words.map((word) => word.surface).join(""),
      start: words[0].start,
      end: last.end,
      key,
      parts,
      groups: this.groups.get(key) ?? NONE,
      filler: this.fillers.has(key),
      capitals: words.every((word) => word.capitals),
      half: last.half,
      mixed: false,
      known: true,
    };
  }
}

/** What is left of a name when it is written together: "powering-off", "Powering Off" → "poweringoff". */
export function joined(text) {
  return foldSounds(text.normalize("NFKC").toLowerCase().replace(/[^\p{L}\p{N}]/gu, ""));
}
