// Says what changed in the words of catalog/change_words.toml: the twin of catalog/change_wording.py.

import { filledIn } from "../elements.js";

const ANY = "*";
const CHECKS = "checks";
const FIELD = "field";
const LISTED = ["new", "removed", "other", "conditions", "cases", "translations", "written"];
// Of what these hold for the first are named, and the others counted.
const BRIEF = ["translations", "other", "written"];
// Of these kinds hundreds come and go from series to series.
const NUMEROUS = ["errors", "log_messages"];
const NAMED_OF_NUMEROUS = 20;
const YES_OR_NO = ["mutable", "in_progress"];
const FAULTS = "faults";
const USUAL = "usual";
const FIELDS = ["vm_states", "task_states", "power_states"];
const REACTIONS = ["power_sync", "startup"];
const WAYS = ["transitions", ...REACTIONS];
// States, and conditions, of which that many are told at most.
const MANY = 8;
const FEW = 4;

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

  /** The lines of an area: { place, subjects, rest, says, mark, isList }; what several share is one line, lists are last. */
  lines(changes) {
    const found = new Map();
    for (const change of changes) {
      const [place, says] = [this.#words.kind[change.kind], this.said(change)];
      const mark = change.backported ? filledIn(this.#words.line.backport, { version: change.backported }) : "";
      const name = JSON.stringify([place, says, mark]);
      if (!found.has(name)) found.set(name, { place, subjects: [], says, mark, isList: LISTED.includes(change.word), most: mostOf(change) });
      // What is done by itself tells its effect, which is what the facts call it by.
      if (change.subject && !REACTIONS.includes(change.kind)) found.get(name).subjects.push(change.subject);
    }
    const lines = [...found.values()].map((line) => this.#brief(line));
    return [...lines.filter(({ isList }) => !isList), ...lines.filter(({ isList }) => isList)];
  }

  /** A line with the first of what it is about, and how many more there are ("rest"), where nobody looks for each. */
  #brief({ most, ...line }) {
    const more = line.subjects.length - most;
    if (more <= 0) return { ...line, rest: "" };
    return { ...line, subjects: line.subjects.slice(0, most), rest: filledIn(this.#words.line.more, { list: "", count: more }) };
  }

  said({ kind, word, values }) {
    let told = { ...values };
    if (word === CHECKS) told.delta = this.#checks(values.delta);
    if (word === FIELD) {
      const { yes, no } = this.#words.line;
      if (YES_OR_NO.includes(told.field)) for (const side of ["before", "after"]) told[side] = told[side] === "True" ? yes : no;
      told.field = this.#words.field[told.field] ?? told.field;
    }
    if (word === FAULTS) told.delta = this.#few(told.delta);
    if (word === USUAL) told = { before: this.#words.effect[values.before], after: this.#words.effect[values.after], states: this.#states(values) };
    else if (WAYS.includes(kind) && "states" in told) told.states = this.#few(told.states);
    for (const name of ["when", "was"]) if (name in told) told[name] = this.#when(told[name]);
    const shown = Object.fromEntries(Object.entries(told).map(([name, value]) => [name, this.#shown(value)]));
    const text = filledIn(this.#words.change[word], shown);
    const isBare = "when" in told && !this.#words.change[word].includes("{when}");
    return isBare ? filledIn(this.#words.line.in_a_case, { text, when: told.when }) : text;
  }

  /** The checks that were added and those that went, each by what it asks of a server, and by its name. */
  #checks(signed) {
    const { line, check } = this.#words;
    const told = [];
    for (const [word, sign] of [["required", "+"], ["not_required", "−"]]) {
      const names = signed.filter((one) => one[0] === sign).map((one) => one.slice(1));
      const checks = names.map((name) => (Object.hasOwn(check, name) ? `${check[name]} (${name})` : name));
      if (checks.length) told.push(filledIn(line[word], { list: checks.join(", ") }));
    }
    return told.join("; ");
  }

  /** The whole as Markdown, as `nova-states diff --format markdown` prints it. */
  markdown(changes, before, after) {
    const lines = [`## ${this.title(before, after, changes.length)}`];
    if (!changes.length) lines.push(this.nothing);
    for (const [area, members] of byArea(changes)) {
      lines.push("", `### ${this.area(area)}`);
      for (const { place, subjects, says, mark, isList, rest } of this.lines(members)) {
        const names = subjects.map((subject) => `\`${subject}\``).join(", ") + rest;
        const parts = isList ? [`${place}: ${says}`, names] : [[place, names].filter(Boolean).join(" "), says];
        lines.push(`- ${parts.filter(Boolean).join(": ")}${mark ? ` [${mark}]` : ""}`);
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

  /** Who does what, and the states it writes; what stays as it was is not said. */
  #way(row) {
    const { actor, outcome, effect, line } = this.#words;
    if (!("to" in row)) return row.outcome.map((one) => outcome[one]).join(", ");
    const written = ["vm_state", "task_state"].filter((name) => row.to[name] !== "=");
    const states = written.map((name) => `${name} ${this.#shown(row.to[name])}`).join(", ");
    if ("effect" in row) return states ? filledIn(line.then, { effect: effect[row.effect], states }) : effect[row.effect];
    return filledIn(states ? line.writes : line.keeps, { actor: actor[row.actor] ?? row.actor, states, outcome: outcome[row.outcome] });
  }

  /** The states of a reaction by field; what may be any is not said. */
  #states(told) {
    const fields = FIELDS.filter((field) => told[field] !== ANY);
    return fields.map((field) => `${field.slice(0, -1)} ${this.#few(told[field])}`).join(", ") || this.#words.line.any;
  }

  /** Values of which the first are named, and the others counted. */
  #few(values) {
    if (!Array.isArray(values) || values.length <= MANY) return this.#shown(values);
    return filledIn(this.#words.line.more, { list: this.#shown(values.slice(0, MANY - 1)), count: values.length - MANY + 1 });
  }

  /** Conditions of which each is enough: clauses of each together, the first conditions whole, the others counted. */
  #when(groups) {
    const { line, clauses } = this.#words;
    const told = groups.map((group) => {
      const said = group.map((number, place) => clauses[number][place < group.length - 1 ? 0 : 1]);
      return filledIn(line.if, { clauses: said.join(line.and) });
    });
    if (told.length <= FEW) return told.join("; ");
    return filledIn(line.more, { list: told.slice(0, FEW - 1).join("; "), count: told.length - FEW + 1 });
  }
}

function mostOf({ kind, word }) {
  if (BRIEF.includes(word)) return MANY;
  return NUMEROUS.includes(kind) && LISTED.includes(word) ? NAMED_OF_NUMEROUS : Infinity;
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
