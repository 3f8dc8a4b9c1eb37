// The grammar of pastes as the readers look into it. Mirrors generator/nova_states/lookup/reading/grammar.py.

import { fold, foldAction } from "../report.js";
import { errorsOf } from "./message_packing.js";

const JOINTS = /[\s_\-:.()/]+/g;
const MOST_REMEMBERED = 1000;
const compiled = new Map();

/** A pattern of the tables; `flags` as JavaScript has them. */
export function pattern(text, flags = "") {
  const key = `${flags}/${text}`;
  if (!compiled.has(key)) compiled.set(key, new RegExp(text, flags));
  return compiled.get(key);
}

/** All matches of a pattern, in order. */
export function all(text, line) {
  return line.matchAll(pattern(text, "g"));
}

/** A field's name without case and without what joins its parts. */
export function foldName(name) {
  return name.toLowerCase().replace(JOINTS, "");
}

/** The beginning of a text, so many characters long; those outside the basic plane are not cut in half. */
export function cut(text, length) {
  if (text.length <= length) return text;
  let units = 0;
  for (let count = 0; count < length && units < text.length; count++) units += text.codePointAt(units) > 0xffff ? 2 : 1;
  return text.slice(0, units);
}

/** How many characters a text has. */
export function size(text) {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

export function own(object, key) {
  return object !== null && typeof object === "object" && Object.hasOwn(object, key) ? object[key] : undefined;
}

export function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Text without some characters at both ends. */
export function strip(text, chars) {
  let start = 0;
  let end = text.length;
  while (start < end && chars.includes(text[start])) start++;
  while (end > start && chars.includes(text[end - 1])) end--;
  return text.slice(start, end);
}

export class Grammar {
  constructor(vocabulary) {
    this.vocabulary = vocabulary;
    this.messages = vocabulary.messagesTable;
    this.plain = this.messages.grammar;
    // How causes are told.
    this.causes = this.messages.causes ?? [];
    // How questions are told; null until they are fetched.
    this.questions = vocabulary.questions;
    const helped = vocabulary.tables.texts.help;
    // Of one that somebody has written of and that no fault was found to end in, a driver raises it.
    this.errors = Object.fromEntries(errorsOf(this.messages)
      .filter(([name, ...told]) => told.length || Object.hasOwn(helped, `error:${name}`))
      .map(([name, ...told]) => [name, told.length ? told : [1, 0]]));
    this.wrappers = new Map(this.plain.kinds.flatMap(([kind, , , wrappers]) => wrappers.map((name) => [name, kind])));
    this.records = new Map(this.plain.kinds.map(([kind, , , , record]) =>
      [kind, record.map((told) => (typeof told === "string" ? [told, [told]] : told))]));
    this.migrationStatuses = new Set(vocabulary.tables.verdicts_beside
      .flatMap(([, record, when]) => (record === "migration" ? when.migration_status ?? [] : [])));
    this.spellings = new Map(Object.entries(this.plain.fields)
      .flatMap(([field, spellings]) => spellings.split(" ").map((spelling) => [spelling || foldName(field), field])));
    this.fields = new Map();
    this.layouts = new Map();
    this.remembered = new Map();
  }

  limit(name) {
    return this.plain.limits[name];
  }

  shape(name) {
    return pattern(this.plain.shapes[name]);
  }

  words(name) {
    return this.plain.words[name];
  }

  fieldOf(name) {
    if (!this.fields.has(name)) {
      if (size(name) > this.limit("longest_word")) return null;
      this.fields.set(name, this.spellings.get(foldName(name)) ?? null);
    }
    return this.fields.get(name);
  }

  remember(message, find) {
    if (!this.remembered.has(message)) {
      if (this.remembered.size >= MOST_REMEMBERED) this.remembered.clear();
      this.remembered.set(message, find(message, this));
    }
    return this.remembered.get(message);
  }

  layout(names, wrapper = null) {
    const key = JSON.stringify([names, wrapper]);
    if (!this.layouts.has(key)) {
      const fields = this.fieldsOf(names);
      const [kind, isForeign] = this.heaviest(new Set(fields.filter(Boolean)), wrapper);
      this.layouts.set(key, { kind, isForeign, fields });
    }
    return this.layouts.get(key);
  }

  /** The field of each name, or null; of several names of one field that counts which the grammar has first. */
  fieldsOf(names) {
    this.ranks ??= new Map([...this.spellings.keys()].map((name, rank) => [name, rank]));
    const best = new Map();
    const rank = (place) => this.ranks.get(foldName(names[place]));
    names.forEach((name, place) => {
      const field = this.fieldOf(name);
      if (field && !(best.has(field) && rank(place) >= rank(best.get(field)))) best.set(field, place);
    });
    const fields = names.map(() => null);
    for (const [field, place] of best) fields[place] = field;
    return fields;
  }

  heaviest(fields, wrapper) {
    let best = [null, false];
    let most = this.limit("least_weight") - 1;
    for (const [kind, isForeign, weights, wrappers] of this.plain.kinds) {
      let weight = wrappers.includes(wrapper) ? 100 : 0;
      for (const name of fields) weight += own(weights, name) ?? 0;
      if (weight > most) [best, most] = [[kind, isForeign], weight];
    }
    return best;
  }

  label(kind, text) {
    return own(this.plain.labels[kind], fold(text));
  }

  isStatus(text) {
    return this.vocabulary.statuses.has(fold(text)) || this.label("status", text) !== undefined;
  }

  beginsStatus(text) {
    return [...this.vocabulary.statuses.keys()].some((word) => word.startsWith(fold(text)));
  }

  /** Whether a word is an action's name, or that under which the API lists what was asked for. */
  isAction(text) {
    return this.vocabulary.actions.has(foldAction(text)) || Object.hasOwn(this.vocabulary.tables.texts.help, `event:${text}`);
  }

  isTask(text) {
    return this.words("no_task").includes(text) || this.vocabulary.taskStates.has(fold(text))
      || this.label("task_state", text) !== undefined;
  }
}
