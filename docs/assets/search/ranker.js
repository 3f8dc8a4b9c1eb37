// Ranks documents for a question. Knows no theme, no page and no language but Korean's letters.

import { addCompared } from "./comparing.js";
import { isHangul, letters } from "./hangul.js";
import { meaningOf, Names } from "./names.js";
import { joined } from "./normaliser.js";
import { findFault, findLogged, findRaised, readMessage } from "./pasted.js";
import { nearest } from "./spelling.js";
import { WEIGHT } from "./weights.js";
import { addWholes } from "./wholes.js";

/** What is written as Nova's names of several words are. */
const COMPOUND = /(?<![A-Za-z])(?:[A-Za-z]+(?:[_-][A-Za-z]+)+|[A-Z]*[a-z]+(?:[A-Z]+[a-z]+)+)/g;
const MOST_WORDS = 40;
const MOST_FOUND = 40;
/** Below this share of a question told, nothing fits. */
export const FLOOR = 0.38;

export class Ranker extends Names {
  /** What fits a question, best first: {found: [{document, score, why}], told: 0..1, message, words}. */
  rank(typed) {
    const question = this.#respelled(typed);
    const { words, kinds } = this.#understand(question);
    const means = words.map((word, number) => this.#candidates(word, number === words.length - 1));
    const total = means.reduce((sum, { weight }) => sum + weight, 0) || 1;
    // Who entered a question has said which page answers it first.
    const isEntered = this.byMeaning.has(meaningOf(words));
    const leans = words.map((word) => (isEntered ? [] : this.leansOf(word)));
    const scores = this.#score(words, means, leans);
    const asked = { words, means, total, isEntered, isAside: this.#isOrder(words) || leans.some(({ length }) => length) };
    addWholes(this, question, asked, scores);
    this.#addKinds(words, kinds, leans, scores);
    this.#addLearned(question, words, scores);
    if (!this.#isName(question)) addCompared(this, words, means, leans, scores);
    const message = readMessage(question, this);
    if (message) this.#addMessage(message.bonus, scores);
    const fault = message ? null : findFault(question, this.index);
    if (fault !== null) this.#atLeast(fault, WEIGHT.fault, scores);
    const logged = findLogged(message ? "" : question, this.index);
    const raised = findRaised(message ? "" : question, this);
    for (const [place, told] of raised) {
      const isNamed = this.byClass.has(this.documents[place].name) || 2 * told.length > question.length;
      this.#atLeast(place, isNamed ? WEIGHT.raised : WEIGHT.listed, scores);
    }
    for (const place of logged.keys()) this.#atLeast(place, WEIGHT.logged, scores);
    // What nobody knows weighs little in the order, but fully in whether anything fits.
    const strange = means.filter(({ isUnknown }) => isUnknown).length * this.unknownWeight * (1 - WEIGHT.unknown);
    const found = [...scores.values()].sort((one, other) => other.value - one.value || one.place - other.place);
    return {
      found: found.slice(0, MOST_FOUND).map(({ place, value, why }) => ({ document: this.documents[place], score: value, why, at: logged.get(place) ?? raised.get(place) })),
      told: message || fault !== null || logged.size || raised.size ? 1 : ((found[0]?.told ?? 0) * total) / (total + strange),
      message,
      words,
    };
  }

  /** A question with names of Nova's that were mistyped as they are spelled: reboot_pendng, DeviceDetatchFailed. */
  #respelled(question) {
    return question.replace(COMPOUND, (typed) => {
      const key = joined(typed);
      if (this.byJoined.has(key) || this.normaliser.words(typed).every((word) => this.parts.has(word.key))) return typed;
      return nearest({ key, surface: key }, this.compounds)?.key ?? typed;
    });
  }

  /** The words of a question as they are meant, without those that only tell a kind, and these kinds. */
  #understand(question) {
    const typed = this.normaliser.words(question).slice(0, MOST_WORDS);
    const last = typed.at(-1);
    const kept = this.#unfinished(typed.filter((word) => !word.ending || word === last));
    const words = this.normaliser.gather(this.#corrected(kept));
    this.#markAsides(words, question);
    const kinds = this.#hinted(words, question);
    const hints = new Set(words.filter((word) => word.hint).map((word) => word.key));
    const isMore = words.some((word) => !word.filler && !word.hint);
    if (hints.size > 1 || !isMore) for (const word of words) word.hint = false;
    return { words, kinds };
  }

  /** Mark the words that only tell where one looks, and those that tell how a server is while something is done to it. */
  #markAsides(words, question) {
    const isAside = (word) => this.asides.has(word.key);
    if (words.some((word) => !word.filler && !isAside(word))) for (const word of words) word.aside = isAside(word);
    for (const mark of this.circumstances) {
      const at = question.indexOf(mark);
      if (at < 0 || !words.some((word) => word.start > at && this.isDeed(word))) continue;
      for (const word of words) if (word.end <= at) word.circumstance = true;
    }
  }

  #addKinds(words, kinds, leans, scores) {
    const capitals = words.filter((word) => word.capitals).map((word) => word.surface).join("");
    const leant = new Set(leans.flat());
    const said = new Set(words.flatMap((word) => (word.hint ? [] : word.parts)));
    for (const score of scores.values()) {
      const { id, kind, name } = this.documents[score.place];
      score.value *= kinds.get(kind) ?? 1;
      // A row is found by its name beside its kind: migration status failed.
      if (kinds.get(kind) === WEIGHT.hint && name && this.index.anchored.includes(kind) && this.keysOfName(name).split(" ").every((key) => said.has(key))) score.value += WEIGHT.ofKind;
      if (leant.has(kind)) score.value *= WEIGHT.lean;
      if (leant.has(id.replace(/#.*/, ""))) score.value *= WEIGHT.leanTo;
      if (kind === "status" && capitals && capitals === joined(name)) score.value *= WEIGHT.capitals;
    }
  }

  /** Whether a question is a name to the letter. */
  #isName(question) {
    return this.byJoined.get(joined(question))?.some((number) => this.names[number].type !== "question");
  }

  /** What questions taught of a page goes to the best of its sections. Who typed a name to the letter asked nothing else. */
  #addLearned(question, words, scores) {
    if (this.#isName(question)) return;
    const best = new Map();
    for (const score of scores.values()) {
      const { place } = this.pageOf(this.documents[score.place]) ?? score;
      if (!(best.get(place)?.value >= score.value)) best.set(place, score);
    }
    for (const [place, likely] of this.learned.likely(words)) {
      const score = best.get(place) ?? { place, value: 0, told: 0, why: "" };
      score.value += WEIGHT.learned * Math.sqrt(likely);
      scores.set(score.place, score);
    }
  }

  #addMessage(bonus, scores) {
    for (const [place, more] of bonus) {
      const score = scores.get(place) ?? { place, value: 0, told: 1, why: "" };
      score.value += more;
      scores.set(place, score);
    }
  }

  #atLeast(place, value, scores) {
    const score = scores.get(place) ?? { place, value, told: 1, why: "" };
    score.value = Math.max(score.value, value);
    scores.set(place, score);
  }

  /** Kinds that the words ask for, and their words marked. */
  #hinted(words, question) {
    const kinds = new Map();
    const typed = question.trim().split(/\s+/);
    const whole = question.trim().toLowerCase();
    if (this.#isOrder(words)) kinds.set("action", WEIGHT.ending);
    // Of several words first: a migration's status is none of a server.
    words.forEach((word, at) => {
      const other = words[at + 1];
      const hint = other && this.hints.find(({ keys }) => keys.has(`${word.key} ${other.key}`));
      if (hint) kinds.set(hint.kind, WEIGHT.hint);
      if (hint) word.hint = other.hint = true;
    });
    for (const { kind, keys, endings, starts } of this.hints) {
      if (starts.some((start) => whole.startsWith(start))) kinds.set(kind, WEIGHT.ending);
      if (endings.some((ending) => typed.some((word) => word.endsWith(ending)))) kinds.set(kind, WEIGHT.ending);

      for (const word of words) {
        if (word.hint || !keys.has(word.key)) continue;
        kinds.set(kind, WEIGHT.hint);
        word.hint = true;
      }
    }
    return kinds;
  }

  /** Whether English words begin with what is to be done (boot a stopped server), not with how something is (stopped vm). */
  #isOrder(words) {
    const [first, ...others] = words.filter(({ filler }) => !filler);
    if (!(others.length || first?.parts.length > 1) || /(?:ed|ing)$/.test(first.surface) || words.some((word) => this.leansOf(word).length)) return false;
    return this.isDeed(first);
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
    else if (isKnown) weight = this.wordWeight(word, best);
    if (word.filler || (word.mixed && !own)) weight = WEIGHT.filler;
    if (word.hint || word.aside) weight *= WEIGHT.hinted;
    if (word.circumstance) weight *= WEIGHT.circumstance;
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
      // As it stands there: a stem begins more than the word does (runnning, runn-).
      const typed = letters(isHangul(word.key[0] ?? "") ? word.key : word.surface);
      const isLast = number === words.length - 1;
      const starts = isLast && this.spellings.some(([spelling]) => spelling.startsWith(typed));
      const meant = starts ? null : nearest(word, this.spellings);
      return meant ? { ...word, ...meant, corrected: true } : word;
    });
  }

  /** Scores by document: the best of its names, then all of them, then its sentence. */
  #score(words, asked, leans) {
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
    this.#addTopics(byDocument, leans, share, scores);
    return scores;
  }

  /**
   * What leans somewhere is told of by all pages of its topic: "changing the flavor failed" names the action by words that
   * only the action's page has, and the trouble by words that its runbook has.
   */
  #addTopics(byDocument, leans, share, scores) {
    for (const places of this.topics) {
      for (const place of places) {
        const own = byDocument.get(place);
        const { kind, id } = this.documents[place];
        if (!own || !leans.some((to, number) => own[number] >= WEIGHT.part && (to.includes(kind) || to.includes(id)))) continue;
        const bags = places.map((other) => byDocument.get(other)).filter(Boolean);
        const told = share(own.map((_, number) => Math.max(...bags.map((bag) => bag[number]))));
        const score = scores.get(place);
        score.value = Math.max(score.value, told * WEIGHT.topic);
        score.told = Math.max(score.told, told);
      }
    }
  }

  #note(byDocument, place, length) {
    let bag = byDocument.get(place);
    if (!bag) byDocument.set(place, (bag = new Float64Array(length)));
    return bag;
  }
}
