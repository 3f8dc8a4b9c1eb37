// Reads values of chosen columns, of which nothing but its own kind tells which is which. Mirrors reading/by_kind.py.

import { fold } from "../report.js";
import { readRecord } from "./records.js";
import { isPower } from "./values.js";

const STATES = ["status", "vm_state", "task_state", "power_state"];
const MOST_WORDS = 2;
// Values of a line that counts: how many, and of what.
const COUNTED = 2;
const MOST_LINES = 60;
const ENABLED = ["enabled", "disabled"];
const UP = ["up", "down"];
const FLAGS = ["true", "false"];

const isDigits = (text) => /^[0-9]+$/.test(text);
const isId = (text, grammar) => text.includes("-") && grammar.shape("uuid").test(text);
// What a flavor is called and no host: "m1.small".
const FLAVOR = /^[a-z]{1,3}\d{0,2}[a-z]{0,2}\.(?:\d{0,2}x?(?:nano|micro|tiny|small|medium|large)|[a-z]?\d{1,3})$/;
const isHost = (text, grammar) => grammar.shape("host").test(text) && !FLAVOR.test(text);
const reportOrNull = (record) => (typeof record === "string" ? null : record);

/** The record of a line of values; null where one of them is of no kind. */
export function readByKind(cells, grammar, isColumn) {
  for (const [reader, wrapper] of [[migration, "migrations"], [service, "services"], [event, "instanceActions"]]) {
    const pairs = reader(cells, grammar);
    if (pairs.length) return reportOrNull(readRecord(pairs, grammar, wrapper));
  }
  const pairs = server(cells, grammar, isColumn);
  return pairs.length ? reportOrNull(readRecord(pairs, grammar)) : null;
}

function isAside(text, grammar) {
  const lower = text.toLowerCase();
  return grammar.words("nothing").includes(lower) || FLAGS.includes(lower) || grammar.shape("aside").test(text)
    || grammar.shape("uuid").test(text);
}

function migration(cells, grammar) {
  const kind = cells.findIndex((cell) => grammar.words("types_of_migrations").includes(cell));
  const status = cells.findIndex((cell, place) => place !== kind && grammar.migrationStatuses.has(cell));
  if (status < 0) return [];
  const ids = cells.filter((cell) => isId(cell, grammar));
  const others = [...cells.keys()].filter((place) => place !== kind && place !== status && !isAside(cells[place], grammar));
  if (!others.every((place) => isHost(cells[place], grammar))) return [];
  const before = others.filter((place) => place < status);
  const hosts = (before.length ? before : others).map((place) => cells[place]);
  if (hosts.length < MOST_WORDS && (kind < 0 || !(ids.length || isDigits(cells[0])))) return [];
  if (kind < 0 && !ids.length) return [];
  const pairs = [["status", cells[status]]];
  if (kind >= 0) pairs.push(["migration_type", cells[kind]]);
  if (isDigits(cells[0]) || ids.length > 1) pairs.push(["id", cells[0]]);
  if (ids.length) pairs.push(["server_uuid", ids.at(-1)]);
  if (hosts.length > 1) pairs.push(["source_compute", hosts[0]], ["dest_compute", hosts[1]]);
  return pairs;
}

function service(cells, grammar) {
  const lower = cells.map((cell) => cell.toLowerCase());
  const binary = cells.find((cell) => grammar.words("binaries").includes(cell));
  const status = lower.find((cell) => ENABLED.includes(cell));
  const state = lower.find((cell) => UP.includes(cell));
  const others = cells.filter((cell, place) =>
    cell !== binary && ![...ENABLED, ...UP].includes(lower[place]) && !isAside(cell, grammar));
  const id = cells.find((cell) => isId(cell, grammar));
  // A list of one host is asked for without the column of hosts.
  const isHostless = binary !== undefined && status !== undefined && state !== undefined && !others.length;
  if ((status === undefined && state === undefined) || !(others.length || isHostless) || others.length > MOST_WORDS) return [];
  if (binary === undefined && !(isHost(others[0], grammar) && status && state && others.length === 1)) return [];
  return Object.entries({ id, binary, host: others[0], status, state }).filter(([, value]) => value !== undefined);
}

function event(cells, grammar) {
  const times = cells.filter((cell) => grammar.shape("time").test(cell));
  const actions = cells.filter((cell) => grammar.isAction(cell));
  const others = cells.filter((cell) => !actions.includes(cell) && !isAside(cell, grammar));
  if (actions.length !== 1 || !times.length || others.some((cell) => cell !== "Error")) return [];
  const ids = cells.filter((cell) => isId(cell, grammar)).slice(0, 1);
  return [
    ["action", actions[0]], ["start_time", times[0]],
    ...ids.map((id) => ["server_id", id]), ...others.slice(0, 1).map((message) => ["message", message]),
  ];
}

/** What the values of a server have told so far. */
class Values {
  constructor(grammar) {
    this.grammar = grammar;
    this.found = new Map();
    this.words = [];
  }

  /** Take a value; whether it was explained. */
  take(cells, place) {
    const { grammar } = this;
    const { statuses, vmStates, taskStates } = grammar.vocabulary;
    const cell = cells[place];
    if (isId(cell, grammar)) return this.put("id", cell);
    for (const [name, known] of [["status", statuses], ["vm_state", vmStates], ["task_state", taskStates]]) {
      if (!this.found.has(name) && known.get(fold(cell)) === cell) return this.put(name, cell);
    }
    if (this.isPower(cells, place)) return this.put("power_state", cell);
    const isNone = grammar.words("no_task").includes(cell);
    if (isNone && this.isBesideState(cells, place)) return this.put("task_state", cell);
    if (!isNone && this.isState(cell)) return false;
    // "31 ACTIVE" counts servers: neither a power_state nor a name.
    const isCount = isDigits(cell) && cells.length === COUNTED;
    if (!isCount && !isAside(cell, grammar)) this.words.push([place, cell]);
    return true;
  }

  put(name, value) {
    if (this.found.has(name)) return false;
    this.found.set(name, value);
    return true;
  }

  isPower(cells, place) {
    const { statuses, powerStates } = this.grammar.vocabulary;
    const cell = cells[place];
    if (this.found.has("power_state") || !isPower(cell, this.grammar)) return false;
    // A dashboard has a status for a label, too.
    if (statuses.get(fold(cell)) === cell && !powerStates.has(fold(cell))) return false;
    if (!isDigits(cell)) return true;
    return [...powerStates.values()].includes(Number(cell)) && this.isBesideState(cells, place);
  }

  isBesideState(cells, place) {
    return [cells[place - 1], cells[place + 1]].some((cell) => cell !== undefined && this.isState(cell));
  }

  isState(cell) {
    const { statuses, vmStates, taskStates } = this.grammar.vocabulary;
    return [statuses, vmStates, taskStates].some((words) => words.get(fold(cell)) === cell)
      || this.grammar.words("no_task").includes(cell);
  }

  states() {
    return STATES.filter((name) => this.found.has(name));
  }
}

function joinedLabels(cells, grammar) {
  const joined = [];
  for (const cell of cells) {
    const label = `${joined.at(-1)} ${cell}`;
    if (joined.length && grammar.vocabulary.powerStates.has(fold(label))) joined[joined.length - 1] = label;
    else joined.push(cell);
  }
  return joined;
}

function server(line, grammar, isColumn) {
  const cells = joinedLabels(line, grammar);
  const values = new Values(grammar);
  if (cells.length < MOST_WORDS || !cells.every((_, place) => values.take(cells, place))) return [];
  const { found, words } = values;
  const states = values.states();
  const isMain = found.has("status") || found.has("vm_state");
  if (words.length > MOST_WORDS || !states.length || !(isMain || found.has("id"))) return [];
  if (!words.every(([, word]) => grammar.shape("name").test(word) && grammar.fieldOf(word) === null)) return [];
  // Images, volumes and units of a system are "active" and "error", too.
  const power = found.get("power_state") ?? "";
  const isLower = power === power.toLowerCase() && power !== power.toUpperCase();
  if (isMain && !found.has("status") && (states.length < MOST_WORDS || isLower)) return [];
  const looks = words.every(([, word]) => isHost(word, grammar));
  const mains = [found.get("status"), found.get("vm_state")];
  const first = Math.max(0, cells.findIndex((cell) => mains.includes(cell)));
  // Behind a status that stands first, a log may go on.
  const isNamed = words.length > 0 && looks && words[0][0] < first;
  if (!(isColumn || found.has("id") || isNamed || (states.length > 1 && (looks || words.length === 1)))) return [];
  if (!isMain && words.length && !looks) return [];
  const names = words.map(([, word]) => word);
  const pairs = [...found];
  if (names.length && (isMain || names.length > 1)) pairs.push(["name", names[0]]);
  if (names.length > 1 && isHost(names[1], grammar)) pairs.push(["host", names[1]]);
  return pairs;
}

/** The server, the event or the migration whose values stand one on a line. */
export function readSingleValues(given, grammar) {
  const lines = given.map((line) => line.trim()).filter(Boolean);
  if (lines.length < MOST_WORDS || lines.length > MOST_LINES) return null;
  const moved = migrationOf(lines, grammar);
  if (moved.length) return reportOrNull(readRecord(moved, grammar, "migrations"));
  let pairs = eventOf(lines, grammar);
  if (!pairs.length) pairs = serverOf(lines, grammar);
  return pairs.length ? reportOrNull(readRecord(pairs, grammar)) : null;
}

/** What `server migration show -f value` prints, in the client's order: its number, its server, its status. */
function migrationOf(lines, grammar) {
  const order = grammar.plain.shapes.shown_migration;
  if (lines.length < order.length || !/^[0-9]+$/.test(lines[0])) return [];
  const isOne = isId(lines[1], grammar) && grammar.migrationStatuses.has(lines[2]);
  return isOne ? order.map((name, at) => [name, lines[at]]) : [];
}

function eventOf(lines, grammar) {
  const request = lines.find((line) => grammar.shape("request").test(line));
  const action = lines.find((line) => grammar.isAction(line));
  if (request === undefined || action === undefined) return [];
  if (lines.some((line) => line.includes(" ") && !"[{".includes(line[0]))) return [];
  const first = (name, is) => lines.filter(is).slice(0, 1).map((line) => [name, line]);
  return [
    ["action", action], ["request_id", request], ...first("events", (line) => line.startsWith("[")),
    ...first("message", (line) => line === "Error"), ...first("server_id", (line) => isId(line, grammar)),
  ];
}

function serverOf(lines, grammar) {
  const values = new Values(grammar);
  const faults = lines.filter((line) => line.startsWith("{") && line.includes("message"));
  const told = lines.filter((line) => !faults.includes(line));
  if (!told.every((_, place) => values.take(told, place))) return [];
  const isMain = values.found.has("status") || values.found.has("vm_state");
  if (!isMain || values.states().length + faults.length < MOST_WORDS) return [];
  if (values.words.some(([, word]) => word.includes(" "))) return [];
  return [...values.found, ...faults.slice(0, 1).map((fault) => ["fault", fault])];
}
