// Ranks documents for a question. Knows the index that generator/nova_states/site/search/index.py writes, no theme.

import { isHangul, letters } from "./hangul.js";
import { joined, Normaliser } from "./normaliser.js";
import { readMessage } from "./pasted.js";
import { beginAlike, distance, mostEdits } from "./spelling.js";

/** How much a match counts; measured with tests/site/search/questions-dev.tsv. */
const WEIGHT = {
  sameGroup: 0.9,
  sharedGroup: 0.82, // of a word that means other things too
  spelling: 0.85,
  part: 0.5, // one word of a phrase
  prefix: 0.6,
  filler: 0.04,
  unknown: 0.4,
  sentence: 0.33,
  ofName: 0.55, // a name all of whose words were asked for beats one that has more words
  bag: 0.25,
  whole: 0.5,
  wholeLabel: 0.56,
  wholeId: 0.6,
  window: 0.4,
  named: 0.1, // and in capitals
  further: 0.98, // a name later in the question
  surface: 0.03,
  later: 0.95, // the second of a question's answers
  hint: 1.25,
  ending: 1.07,
  capitals: 1.12,
};
const KIND = {
  vm_state: 1, action: 1, status: 0.99, task_state: 0.98, power_state: 0.95, runbook: 0.96, guide: 0.95, option: 0.95,
  matrix: 0.93, series: 0.95, group: 0.85, about: 0.7,
};
/** Kinds whose ids are ours, not Nova's: never typed. */
const UNNAMED = ["guide", "runbook", "matrix", "about"];
const OTHER_KIND = 0.9;
const INDEX_PAGE = 0.9;
const LONGEST_WINDOW = 6;
const MOST_WORDS = 40;
const MOST_FOUND = 40;
/** Below this share of a question told, nothing fits. */
export const FLOOR = 0.38;

export class Ranker {
  constructor(index) {
    this.index = index;
    this.documents = index.documents.map(([id, label, sentence, aliases, href], place) => {
      const at = id.indexOf(":");
      const [kind, name] = [id.slice(0, at), id.slice(at + 1)];
      return { place, id, kind, name, label, sentence, aliases, href: href ?? (name ? `${kind}/${name.toLowerCase()}/` : `${kind}/`) };
    });
    this.byId = new Map(this.documents.map((document) => [document.id, document]));
    this.normaliser = new Normaliser(index);
    this.#collectNames();
    this.normaliser.learnNames(this.names.map((name) => name.text));
    this.#readNames();
    this.#weigh();
    this.hints = Object.entries(index.hints).map(([kind, words]) => ({
      kind,
      keys: new Set(words.filter((word) => !/^-|…$/.test(word)).map((word) => this.#keys(word))),
      starts: words.filter((word) => word.endsWith("…")).map((word) => word.slice(0, -1)),
      endings: words.filter((word) => word.startsWith("-")).map((word) => word.slice(1)),
    }));
  }

  /** The page that a section is part of; none of a page. */
  pageOf({ id, kind }) {
    return kind === "guide" && id.includes("#") ? this.byId.get(id.split("#")[0]) : null;
  }

  /** Whether a document has a name of Nova's own. */
  isNamed({ kind, name }) {
    return Boolean(name) && !UNNAMED.includes(kind);
  }

  #keys(text) {
    return this.normaliser.read(text).map((word) => word.key).join(" ");
  }

  #collectNames() {
    this.names = [];
    const add = (place, text, type, weight) => this.names.push({ place, text, type, weight });
    for (const document of this.documents) {
      const { place, kind, name, label, aliases } = document;
      const prior = (KIND[kind] ?? OTHER_KIND) * (name ? 1 : INDEX_PAGE);
      if (this.isNamed(document)) add(place, name, "id", prior);
      add(place, label, "label", prior);
      for (const alias of aliases) add(place, alias, "alias", prior);
    }
    for (const [texts, places] of this.index.questions) {
      for (const text of texts) places.forEach((place, rank) => add(place, text, "question", WEIGHT.later ** rank));
    }
  }

  #readNames() {
    this.vocabulary = new Map(); // key → {key, letters, groups, names: [name numbers], documents}
    this.byGroup = new Map();
    this.byPart = new Map();
    this.byJoined = new Map();
    this.sentences = new Map(); // key → documents whose sentence has it
    this.spellings = [];
    const spellings = new Map(); // key → surfaces
    this.names.forEach((name, number) => {
      const single = this.normaliser.words(name.text);
      for (const { key, surface } of single) {
        if (!spellings.has(key)) spellings.set(key, new Set());
        spellings.get(key).add(surface);
      }
      const words = this.normaliser.gather(single);
      name.words = words.map((word) => this.#entry(word));
      name.surfaces = new Set(words.map((word) => word.surface));
      for (const entry of new Set(name.words)) {
        entry.names.push(number);
        entry.documents.add(name.place);
      }
      const key = joined(name.text);
      if (!this.byJoined.has(key)) this.byJoined.set(key, []);
      this.byJoined.get(key).push(number);
    });
    this.#collectSpellings(spellings);
    for (const { place, sentence } of this.documents) {
      for (const { key, filler } of this.normaliser.read(sentence)) {
        if (filler || key.length < 2) continue;
        if (!this.sentences.has(key)) this.sentences.set(key, new Set());
        this.sentences.get(key).add(place);
      }
    }
  }

  #entry({ key, groups, filler, parts }) {
    let entry = this.vocabulary.get(key);
    if (!entry) {
      entry = { key, groups, filler, parts, letters: letters(key), names: [], documents: new Set() };
      this.vocabulary.set(key, entry);
      for (const part of parts.length > 1 ? parts : []) {
        if (!this.byPart.has(part)) this.byPart.set(part, []);
        this.byPart.get(part).push(entry);
      }
      for (const group of groups) {
        if (!this.byGroup.has(group)) this.byGroup.set(group, []);
        this.byGroup.get(group).push(entry);
      }
    }
    return entry;
  }

  /** How each word may be spelled: [letters, key, how many names have it]. */
  #collectSpellings(spellings) {
    this.parts = new Set(this.normaliser.fillers);
    for (const { parts } of this.vocabulary.values()) for (const part of parts) this.parts.add(part);
    for (const key of this.normaliser.groups.keys()) for (const part of key.split(" ")) this.parts.add(part);
    for (const part of this.parts) {
      for (const spelling of spellings.get(part) ?? [part]) {
        const count = this.vocabulary.get(part)?.names.length ?? 0;
        const typed = letters(spelling);
        if (typed.length > 2) this.spellings.push([typed, part, count]);
      }
    }
  }

  #weigh() {
    const all = this.documents.length;
    const inverse = (count) => Math.log(1 + all / (1 + count));
    this.groupWeight = new Map();
    for (const [group, entries] of this.byGroup) {
      this.groupWeight.set(group, inverse(new Set(entries.flatMap((entry) => [...entry.documents])).size));
    }
    for (const entry of this.vocabulary.values()) {
      entry.weight = this.#wordWeight(entry, inverse(entry.documents.size));
    }
    this.unknownWeight = inverse(all / 20);
    for (const name of this.names) name.total = name.words.reduce((sum, { weight }) => sum + weight, 0) || 1;
  }

  #wordWeight({ groups, filler }, own) {
    if (filler) return WEIGHT.filler;
    const known = groups.map((group) => this.groupWeight.get(group)).filter(Boolean);
    return known.length ? Math.min(own, Math.max(...known)) : own;
  }

  /** What fits a question, best first: {found: [{document, score, why}], told: 0..1, message}. */
  rank(question) {
    const message = readMessage(question, this.index);
    const typed = this.normaliser.words(question).slice(0, MOST_WORDS);
    const last = typed.at(-1);
    const kept = this.#unfinished(typed.filter((word) => !word.ending || word === last));
    let words = this.normaliser.gather(this.#corrected(kept));
    const kinds = this.#hinted(words, question);
    const asked = words.filter((word) => word.hint);
    if (new Set(asked.map((word) => word.key)).size < 2 && words.some((word) => !word.filler && !word.hint)) words = words.filter((word) => !word.hint);
    const means = words.map((word, number) => this.#candidates(word, number === words.length - 1));
    const scores = this.#score(words, means);
    const total = means.reduce((sum, { weight }) => sum + weight, 0) || 1;
    this.#addWholes(question, words, scores, means, total);
    const capitals = words.filter((word) => word.capitals).map((word) => word.surface);
    for (const score of scores.values()) {
      const { kind, name } = this.documents[score.place];
      score.value *= kinds.get(kind) ?? 1;
      if (kind === "status" && capitals.length && capitals.join("") === joined(name)) score.value *= WEIGHT.capitals;
      if (message) score.value += message.bonus.get(score.place) ?? 0;
    }
    if (message) {
      for (const [place, bonus] of message.bonus) {
        if (!scores.has(place)) scores.set(place, { place, value: bonus, told: 1, why: "" });
      }
    }
    // What nobody knows weighs little in the order, but fully in whether anything fits.
    const strange = means.filter(({ isUnknown }) => isUnknown).length * this.unknownWeight * (1 - WEIGHT.unknown);
    for (const score of scores.values()) score.told *= total / (total + strange);
    const found = [...scores.values()].sort((one, other) => other.value - one.value || one.place - other.place);
    const best = found[0];
    return {
      found: found.slice(0, MOST_FOUND).map(({ place, value, why, told }) => ({ document: this.documents[place], score: value, why, told })),
      told: message ? 1 : (best?.told ?? 0),
      message,
      words,
    };
  }

  /** Kinds that the words ask for, and their words marked. */
  #hinted(words, question) {
    const kinds = new Map();
    const typed = question.trim().split(/\s+/);
    const whole = question.trim().toLowerCase();
    for (const { kind, keys, endings, starts } of this.hints) {
      if (starts.some((start) => whole.startsWith(start))) kinds.set(kind, WEIGHT.ending);
      if (endings.some((ending) => typed.some((word) => word.length > ending.length && word.endsWith(ending)))) kinds.set(kind, WEIGHT.ending);

      for (const word of words) {
        if (!keys.has(word.key)) continue;
        kinds.set(kind, WEIGHT.hint);
        word.hint = true;
      }
    }
    return kinds;
  }

  /** The words of names that a word of the question may mean, each with how well it does. */
  #candidates(word, isLast) {
    const means = new Map();
    const take = (entry, value) => {
      if (value > (means.get(entry) ?? 0)) means.set(entry, value);
    };
    const own = this.vocabulary.get(word.key);
    const takeWhole = () => {
      if (own) take(own, 1);
      for (const group of word.groups) {
        for (const entry of this.byGroup.get(group) ?? []) {
          take(entry, entry.groups.length > 1 ? WEIGHT.sharedGroup : WEIGHT.sameGroup);
        }
      }
      for (const entry of this.byPart.get(word.key) ?? []) take(entry, WEIGHT.part);
      if (word.parts.length > 1) {
        for (const part of word.parts) {
          const entry = this.vocabulary.get(part);
          if (entry) take(entry, WEIGHT.part);
        }
      }
    };
    if (!word.half) takeWhole();
    if (word.corrected) for (const [entry, value] of means) means.set(entry, value * WEIGHT.spelling);
    const isKnown = means.size > 0;
    const typed = letters(word.key) + word.half;
    if (isLast && (typed.length > 1 || word.half) && !word.filler && !word.mixed && (!isKnown || word.half || word.key.length < 6)) {
      for (const entry of this.vocabulary.values()) {
        if (entry.filler || entry.letters.length <= typed.length) continue;
        const isStart = entry.letters.startsWith(typed) || entry.parts.some((part) => letters(part).startsWith(typed) && part !== word.key);
        if (isStart) take(entry, WEIGHT.prefix + (0.35 * typed.length) / entry.letters.length);
      }
    }
    if (word.half && !means.size) takeWhole(); // the letter begins another word
    const best = Math.max(0, ...[...means].map(([entry]) => entry.weight));
    let weight = means.size ? best : this.unknownWeight * WEIGHT.unknown;
    if (isKnown && own) weight = own.weight;
    else if (isKnown) weight = this.#wordWeight(word, best);
    if (word.filler || (word.mixed && !own)) weight = WEIGHT.filler;
    return { means, weight, isUnknown: !means.size && !word.filler && !word.mixed };
  }

  /** The words with the last one whole, where it is the beginning of a name that is still being typed: 일시중ㄷ. */
  #unfinished(words) {
    const last = words.at(-1);
    const own = words.filter(({ run, runStart }) => run && run === last.run && runStart === last.runStart);
    if (!last?.run || own.every(({ known }) => known)) return words;
    const typed = letters(last.run) + last.half;
    if (!this.spellings.some(([spelling]) => spelling.startsWith(typed))) return words;
    return [...words.slice(0, words.length - own.length), { ...last, key: last.run, surface: last.run, start: own[0].start }];
  }

  /** The words with typing errors mended: only those that nothing is called by, and that begin nothing. */
  #corrected(words) {
    return words.map((word, number) => {
      if (word.mixed || word.half || this.parts.has(word.key)) return word;
      const typed = letters(word.key);
      const isLast = number === words.length - 1;
      const starts = isLast && this.spellings.some(([spelling]) => spelling.startsWith(typed));
      const meant = starts ? null : this.#nearest(word);
      return meant ? { ...word, key: meant, corrected: true } : word;
    });
  }

  #nearest({ key, surface }) {
    const typed = letters(isHangul(key[0]) ? key : surface);
    let least = mostEdits(typed.length);
    let meant = null;
    if (!least) return null;
    for (const [spelling, part, count] of this.spellings) {
      const edits = beginAlike(typed, spelling) ? distance(typed, spelling, least) : Infinity;
      if (edits === Infinity) continue;
      if (!meant || edits < least || count > meant.count) meant = { part, count };
      least = edits;
    }
    return meant?.part ?? null;
  }

  /** Scores by document: the best of its names, then all of them, then its sentence. */
  #score(words, asked) {
    const byName = new Map();
    const byDocument = new Map();
    asked.forEach(({ means, weight }, number) => {
      for (const [entry, value] of means) {
        for (const name of entry.names) {
          let told = byName.get(name);
          if (!told) byName.set(name, (told = { asked: new Float64Array(asked.length), named: new Map() }));
          if (value > told.asked[number]) told.asked[number] = value;
          if (value > (told.named.get(entry) ?? 0)) told.named.set(entry, value);
        }
        for (const place of entry.documents) {
          const bag = this.#note(byDocument, place, asked.length);
          if (value > bag[number]) bag[number] = value;
        }
      }
      if (weight > WEIGHT.filler) {
        for (const place of this.sentences.get(words[number].key) ?? []) {
          const bag = this.#note(byDocument, place, asked.length);
          bag[number] = Math.max(bag[number], WEIGHT.sentence);
        }
      }
    });
    const total = asked.reduce((sum, { weight }) => sum + weight, 0) || 1;
    const share = (values) => values.reduce((sum, value, number) => sum + value * asked[number].weight, 0) / total;
    const surfaces = new Set(words.map((word) => word.surface));
    const scores = new Map();
    for (const [number, { asked: values, named }] of byName) {
      const name = this.names[number];
      const ofQuestion = share(values);
      let covered = 0;
      for (const word of name.words) covered += word.weight * (named.get(word) ?? 0);
      const ofName = covered / name.total;
      let value = ofQuestion * (1 - WEIGHT.ofName + WEIGHT.ofName * ofName) * name.weight;
      for (const surface of name.surfaces) if (surfaces.has(surface)) value += WEIGHT.surface / name.surfaces.size;
      const best = scores.get(name.place);
      if (!best || value > best.value) scores.set(name.place, { place: name.place, value, told: ofQuestion, why: name.text, named: number });
    }
    for (const [place, values] of byDocument) {
      const bag = share(values);
      const score = scores.get(place) ?? { place, value: 0, told: 0, why: "" };
      score.value = (1 - WEIGHT.bag) * score.value + WEIGHT.bag * bag;
      score.told = Math.max(score.told, bag);
      scores.set(place, score);
    }
    return scores;
  }

  #note(byDocument, place, length) {
    let bag = byDocument.get(place);
    if (!bag) byDocument.set(place, (bag = new Float64Array(length)));
    return bag;
  }

  /** A question that is a name, and names that stand in it word for word. */
  #addWholes(question, words, scores, asked, total) {
    const add = (number, bonus) => {
      const { place, text } = this.names[number];
      const score = scores.get(place) ?? { place, value: 0, told: 0, why: text };
      if (bonus > (score.bonus ?? 0)) {
        score.value += bonus - (score.bonus ?? 0);
        score.bonus = bonus;
        score.why = text;
      }
      score.told = Math.max(score.told, bonus > WEIGHT.window ? 1 : score.told);
      scores.set(place, score);
    };
    for (const number of this.byJoined.get(joined(question)) ?? []) {
      const { type, weight } = this.names[number];
      add(number, ({ id: WEIGHT.wholeId, label: WEIGHT.wholeLabel }[type] ?? WEIGHT.whole) * weight);
    }
    for (let start = 0; start < words.length; start++) {
      let text = "";
      let weight = 0;
      for (let end = start; end < Math.min(words.length, start + LONGEST_WINDOW); end++) {
        text += words[end].surface;
        weight += asked[end].weight;
        for (const number of this.byJoined.get(text) ?? []) {
          const { type } = this.names[number];
          if (end === start && type !== "id") continue;
          const isNamed = type === "id" && words.slice(start, end + 1).every((word) => word.capitals);
          add(number, ((WEIGHT.window * weight) / total) * WEIGHT.further ** start + (isNamed ? WEIGHT.named : 0));
        }
      }
    }
  }
}
