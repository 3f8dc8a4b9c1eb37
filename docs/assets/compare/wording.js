// Says what changed in the words of catalog/change_words.toml: the twin of catalog/change_wording.py.

import { filledIn } from "../elements.js";

const ANY = "*";
const CHECKS = "checks";
const FIELD = "field";
const FOLDED = ["new", "removed", "other", "conditions"];

export class Wording {
  #words;

  constructor(words) {
    this.#words = words;
  }

  /** A heading or a name: what areas and kinds are called. */
  area(name) {
    return this.#words.area[name];
  }

  title(before, after, count) {
    return filledIn(this.#words.line.title, { before, after, count });
  }

  get nothing() {
    return this.#words.line.nothing;
  }

  /** The lines of an area: { place, subjects, says, mark }; what is told of several things alike is one line, at the end. */
  lines(changes) {
    const lines = [];
    const folded = new Map();
    for (const change of changes) {
      const place = this.#words.kind[change.kind];
      const mark = change.backported ? filledIn(this.#words.line.backport, { version: change.backported }) : "";
      if (!FOLDED.includes(change.word)) {
        lines.push({ place, subjects: change.subject ? [change.subject] : [], says: this.said(change), mark, isFolded: false });
        continue;
      }
      const name = JSON.stringify([place, change.word, mark]);
      if (!folded.has(name)) folded.set(name, { place, subjects: [], says: this.#words.change[change.word], mark, isFolded: true });
      folded.get(name).subjects.push(change.subject);
    }
    return [...lines, ...folded.values()];
  }

  said({ word, values }) {
    let told = word === CHECKS ? { ...values, delta: values.delta.map((one) => this.#check(one)) } : values;
    if (word === FIELD) told = { ...told, field: this.#words.field[told.field] ?? told.field };
    const shown = Object.fromEntries(Object.entries(told).map(([name, value]) => [name, this.#shown(value)]));
    const text = filledIn(this.#words.change[word], shown);
    return values.in_a_case ? `${this.#words.line.in_a_case}: ${text}` : text;
  }

  /** A check that was added or went, by what it asks of a server, and by its name. */
  #check(signed) {
    const [sign, name] = [signed[0], signed.slice(1)];
    return Object.hasOwn(this.#words.check, name) ? `${sign}${this.#words.check[name]} (${name})` : signed;
  }

  /** The whole as Markdown, as `nova-states diff --format markdown` prints it. */
  markdown(changes, before, after) {
    const lines = [`## ${this.title(before, after, changes.length)}`];
    if (!changes.length) lines.push(this.nothing);
    for (const [area, members] of byArea(changes)) {
      lines.push("", `### ${this.area(area)}`);
      for (const { place, subjects, says, mark, isFolded } of this.lines(members)) {
        const names = subjects.map((subject) => `\`${subject}\``).join(", ");
        const end = mark ? ` [${mark}]` : "";
        lines.push(isFolded ? `- ${place}: ${says}: ${names}${end}` : `- ${[place, names].filter(Boolean).join(" ")}: ${says}${end}`);
      }
    }
    return lines.join("\n");
  }

  #shown(value) {
    const { none, any } = this.#words.line;
    if (value === null) return none;
    if (value === ANY) return any;
    if (Array.isArray(value)) return value.map((one) => this.#shown(one)).join(", ") || none;
    return typeof value === "object" ? this.#way(value) : String(value);
  }

  #way(row) {
    const states = Object.entries(row.to).filter(([, state]) => state !== "=").map(([name, state]) => `${name} ${this.#shown(state)}`);
    const does = ["actor", "outcome", "effect"].filter((name) => name in row).map((name) => row[name]).join(" ");
    return [does, states.join(", ")].filter(Boolean).join(" → ");
  }
}

/** Areas with their changes, in the order of the changes. */
export function byArea(changes) {
  const found = new Map();
  for (const change of changes) {
    if (!found.has(change.area)) found.set(change.area, []);
    found.get(change.area).push(change);
  }
  return found;
}
