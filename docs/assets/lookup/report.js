// What somebody tells of a server: the few fields an answer needs, out of any output that has them.
// Mirrors generator/nova_states/lookup/report.py and vocabulary.py; the tests hold both to the same answers.

import { errorsOf } from "./reading/message_packing.js";

const FIELD = /^(?:os[-_]ext[-_]sts[:_-]|os[-_]srv[-_]usg[:_-])?(vm_state|task_state|power_state|launched_at|status|id|name)$/;
const NOTHING = new Set(["", "-", "none", "null", "n/a", "~"]);
// eslint-disable-next-line no-control-regex
const MARKS = /\x1b\[[0-9;?]*[A-Za-z]|[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;
const SPACES = /[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/g;
const LONGEST = 120;
const FAR = 40;
// The status that the API shows of servers whose cell does not answer: nothing is known of them, or of their host.
export const OF_CELL = "UNKNOWN";
const NEAREST = 3;

/** Which field a name of any output means: "OS-EXT-STS:vm_state", "Task State", "os_ext_sts_power_state". */
export function fieldOf(key) {
  const found = key.length < LONGEST && FIELD.exec(key.trim().toLowerCase().replaceAll(" ", "_"));
  return found ? found[1] : null;
}

/** A server of which nothing is told, but for `fields`. */
export function newReport(fields = {}) {
  return {
    id: null, name: null, status: null, vm_state: null, task_state: null, has_task: false, power_state: null,
    launched: null, asked: null, record: "server", read: null, unread: [], given: {}, ...fields,
  };
}

/** The report that pairs of name and value make; null where no name is one of a server's. */
export function reportOf(pairs) {
  const found = new Map();
  for (const [key, value] of pairs) {
    const field = fieldOf(key);
    if (field) found.set(field, value);
  }
  if (!found.size) return null;
  return newReport({
    id: word(found.get("id")),
    name: word(found.get("name")),
    status: word(found.get("status")),
    vm_state: word(found.get("vm_state")),
    task_state: word(found.get("task_state")),
    has_task: found.has("task_state"),
    power_state: power(found.get("power_state")),
    launched: found.has("launched_at") ? word(found.get("launched_at")) !== null : null,
  });
}

/** A value as text; null for nothing in any of its spellings, and for what is no single value. */
export function word(value) {
  if (typeof value !== "string" && typeof value !== "number") return null;
  const text = clean(String(value)).trim().slice(0, LONGEST);
  return NOTHING.has(text.toLowerCase()) ? null : text;
}

/** A power_state as Nova's number where it is one, decimal or hexadecimal; else its word. */
export function power(value) {
  const text = word(value);
  if (text === null) return null;
  if (/^[0-9]{1,3}(\.0)?$/.test(text)) return Number(text);
  return /^0[xX][0-9a-fA-F]{1,2}$/.test(text) ? Number.parseInt(text, 16) : text;
}

/** Text without control characters and marks of direction, and with one kind of space. */
export function clean(text) {
  return text.replace(MARKS, "").replace(SPACES, " ");
}

/** A word without regard to case, and to which of hyphen, underscore and space joins its parts. */
export function fold(text) {
  return text.trim().toLowerCase().replace(/[ _]/g, "-");
}

/** Folded name of an action → ids of those that it may mean; `names` has beside each id its other names. */
export function actionsByName(names) {
  const found = new Map();
  for (const action of Object.keys(names).sort()) {
    for (const name of [foldAction(action), ...names[action]]) found.set(name, [...found.get(name) ?? [], action]);
  }
  return found;
}

/** An action's name without regard to case, and to what joins its parts. */
export function foldAction(word) {
  return fold(word).replaceAll("-", "");
}

/** The words that take the fewest edits, at most half of the text's length; best first. */
export function nearest(text, words) {
  const sought = [...text].length > FAR ? [] : [...fold(text)];
  if (!sought.length) return [];
  const limit = Math.max(1, Math.floor(sought.length / 2));
  return words
    .map((known, place) => ({ known, place, edits: distance(sought, [...fold(known)]) }))
    .filter(({ edits }) => edits <= limit)
    .sort((a, b) => a.edits - b.edits || a.place - b.place)
    .slice(0, NEAREST)
    .map(({ known }) => known);
}

function distance(left, right) {
  const row = Array.from({ length: right.length + 1 }, (_, place) => place);
  for (let i = 1; i <= left.length; i++) {
    let before = row[0];
    row[0] = i;
    for (let j = 1; j <= right.length; j++) {
      const edits = before + (left[i - 1] === right[j - 1] ? 0 : 1);
      before = row[j];
      row[j] = Math.min(row[j] + 1, row[j - 1] + 1, edits);
    }
  }
  return row[right.length];
}

/** The words a pasted text may use, by their folded form. */
export class Vocabulary {
  constructor(tables, messagesTable = { errors: "", entries: [] }) {
    this.tables = tables;
    this.messagesTable = messagesTable;
    this.questions = null;
    this.errors = new Set(errorsOf(messagesTable).map(([name]) => name));
    const states = tables.states;
    const byFold = (words) => new Map(words.map((known) => [fold(known), known]));
    this.statuses = byFold(tables.statuses.flatMap((table) => table.rows));
    this.vmStates = byFold(states.flatMap((table) => table.vm_state));
    this.taskStates = byFold(states.flatMap((table) => table.task_state));
    this.powerStates = new Map(states.flatMap((table) => table.power_state.flatMap(
      ([number, name, label]) => [label, name].filter(Boolean).map((known) => [fold(known), number]))));
    this.actions = actionsByName(tables.names);
    this.releases = new Set([...tables.series.flatMap((names) => names.slice(0, -1)), ...tables.older]);
    this.statusWords = new Set(this.statuses.values());
    this.messages = tables.messages.map(([pattern, names]) => [new RegExp(pattern, "i"), names]);
  }

  /** Known words that are spelled almost like a text. */
  nearest(text) {
    const words = [...this.statuses.values(), ...this.vmStates.values(), ...this.taskStates.values()];
    return nearest(text, [...new Set(words)]);
  }
}
