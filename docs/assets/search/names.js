// Everything that can be found, with all its names read into words: what a question is compared with.
// Knows the index that generator/nova_states/site/search/index.py writes.

import { letters } from "./hangul.js";
import { Learned } from "./learned.js";
import { joined, Normaliser } from "./normaliser.js";
import { GONE, INDEX_PAGE, KIND, OTHER_KIND, WEIGHT } from "./weights.js";

/** Kinds whose ids are ours, not Nova's: never typed. */
const UNNAMED = ["guide", "runbook", "matrix", "about"];

/** Places of documents that the index has as one text, a character each. */
const placesOf = (text) => [...text].map((char) => char.charCodeAt(0) - 0x100);
/** Words that the index has as one text. */
const listed = (text) => (text ? text.split("|") : []);

/** The address that an id says: the twin of `_implied` in generator/nova_states/site/search/index.py. */
function impliedHref(kind, name, isAnchored) {
  if (isAnchored) return name ? `${kind}/#${name}` : `${kind}/`;
  const [page, section] = name.toLowerCase().split("#");
  return `${kind}/${page ? `${page}/` : ""}${section ? `#${section}` : ""}`;
}

/** What words say, whatever their order, their spelling and what is said around them; "" of a single word. */
export function meaningOf(words) {
  const said = new Set(words.filter(({ filler }) => !filler).map(({ groups, key }) => (groups.length ? groups.join("+") : key)));
  return said.size > 1 ? [...said].sort().join(" ") : "";
}

export class Names {
  constructor(index) {
    this.index = index;
    const { ids, labels, sentences, aliases, hrefs, anchored } = index;
    const [label, sentence, names] = [labels, sentences, aliases].map((texts) => texts.split("\n"));
    const words = index.words.split("\n").map(listed);
    let kind = "";
    this.documents = ids.split("\n").map((written, place) => {
      const at = written.indexOf(":"); // of the first of a kind only
      if (at >= 0) kind = written.slice(0, at);
      const name = written.slice(at + 1);
      const id = `${kind}:${name}`;
      const href = hrefs[place] ?? impliedHref(kind, name, anchored.includes(kind));
      return { place, id, kind, name, label: label[place] || name, sentence: sentence[place], aliases: listed(names[place]), href };
    });
    // What a refusal calls an action, written together: its id, or as the index says.
    const own = this.documents.filter(({ kind }) => kind === "action").map(({ name, place }) => [name, [place]]);
    this.actions = new Map([...own, ...Object.entries(index.actions)].map(([word, places]) => [joined(word), places]));
    this.byId = new Map(this.documents.map((document) => [document.id, document]));
    this.byClass = new Map(this.documents.filter(({ kind, name }) => kind === "error" && /^[A-Z]/.test(name)).map((document) => [document.name, document]));
    this.normaliser = new Normaliser({ words, fillers: listed(index.fillers), endings: index.endings, hints: Object.values(index.hints).flat().filter((word) => !/^-|…$/.test(word)) });
    this.#collectNames();
    this.normaliser.learnNames(this.names.map((name) => name.text));
    this.#readNames();
    this.#weigh();
    // The first words of actions' ids, and all that mean the same.
    const orders = this.names.filter(({ type, place }) => type === "id" && this.documents[place].kind === "action");
    this.deeds = new Set(orders.flatMap(({ words: [first] }) => [first.key, ...first.groups]));
    const pages = this.documents.filter(({ id }) => !id.includes("#")).map(({ place }) => place);
    this.topics = index.topics.split("\n").map(placesOf);
    this.topicOf = new Map(this.topics.flatMap((places, topic) => places.map((place) => [place, topic])));
    // Guides with what they compare, and the names of that.
    this.compared = index.compared.split("\n").map(placesOf);
    this.ofCompared = new Map(this.compared.flat().map((place) => [place, []]));
    for (const name of this.names) if (name.type !== "question") this.ofCompared.get(name.place)?.push(name);
    this.learned = new Learned(index, words.length, pages);
    this.circumstances = listed(index.circumstances);
    this.asides = new Set(listed(index.asides).map((word) => this.keysOf(word)));
    this.hints = Object.entries(index.hints).map(([kind, words]) => ({
      kind,
      keys: new Set(words.filter((word) => !/^-|…$/.test(word)).map((word) => this.keysOf(word))),
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

  /** Kinds and ids that a word leans to. */
  leansOf({ groups }) {
    return groups.flatMap((group) => this.index.leans[group] ?? []);
  }

  /** Whether a word says what is done: one that begins an action's id, or means the same. */
  isDeed({ key, groups, filler }) {
    return !filler && (this.deeds.has(key) || groups.some((group) => this.deeds.has(group)));
  }

  keysOf(text) {
    return this.normaliser.read(text).map((word) => word.key).join(" ");
  }

  /** A name's words, whether they say something or not. */
  keysOfName(name) {
    return this.normaliser.words(name).map((word) => word.key).join(" ");
  }

  #collectNames() {
    this.names = [];
    const add = (place, text, type, weight) => this.names.push({ place, text, type, weight });
    for (const document of this.documents) {
      const { place, kind, name, label, aliases } = document;
      const prior = (KIND[kind] ?? OTHER_KIND) * (name ? 1 : INDEX_PAGE) * (this.index.gone.includes(place) ? GONE : 1);
      if (this.isNamed(document)) add(place, name, "id", prior);
      add(place, label, "label", prior);
      for (const alias of aliases) add(place, alias, "alias", prior);
    }
    const answers = this.index.answers.split("\n");
    this.index.questions.split("\n").forEach((texts, number) => {
      const places = placesOf(answers[number]);
      for (const text of listed(texts)) places.forEach((place, rank) => add(place, text, "question", WEIGHT.later ** rank));
    });
  }

  #readNames() {
    this.vocabulary = new Map(); // key → {key, letters, groups, names: [name numbers], documents}
    this.byGroup = new Map();
    this.byPart = new Map();
    this.byJoined = new Map();
    this.byKeys = new Map(); // of ids alone
    this.byMeaning = new Map(); // of questions alone
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
      const meaning = meaningOf(words);
      if (name.type === "question" && meaning) this.byMeaning.set(meaning, [...(this.byMeaning.get(meaning) ?? []), number]);
      if (name.type === "id") {
        const keys = this.keysOfName(name.text);
        this.byKeys.set(keys, [...(this.byKeys.get(keys) ?? []), number]);
      }
      const key = joined(name.text);
      if (!this.byJoined.has(key)) this.byJoined.set(key, []);
      this.byJoined.get(key).push(number);
    });
    this.#collectSpellings(spellings);
    this.compounds = this.names.filter(({ type, text }) => type === "id" && /[_-]|[a-z][A-Z]/.test(text)).map(({ text }) => [joined(text), text, 1]);
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
      entry.weight = this.wordWeight(entry, inverse(entry.documents.size));
    }
    this.unknownWeight = inverse(all / 20);
    for (const name of this.names) name.total = name.words.reduce((sum, { weight }) => sum + weight, 0) || 1;
  }

  wordWeight({ groups, filler }, own) {
    if (filler) return WEIGHT.filler;
    const known = groups.map((group) => this.groupWeight.get(group)).filter(Boolean);
    return known.length ? Math.min(own, Math.max(...known)) : own;
  }
}
