// Reads what has no form: values, a few words. Mirrors generator/nova_states/lookup/reading/words.py.

import { fold, foldAction, newReport } from "../report.js";
import { readByKind, readSingleValues } from "./by_kind.js";
import { isDigits, readCells } from "./cells.js";
import { all, cut, size } from "./grammar.js";
import { remaining } from "./pieces.js";
import { readRecord } from "./records.js";
import { isPower, isState, wordOf } from "./values.js";

const BETWEEN = /[\s,;/|]+/;
// What stands beside the name of a release.
const OF_RELEASE = /^-{0,2}(?:release|version|series|openstack|nova|on|in|릴리스|버전)[:=]?$/i;
const ORDER = ["vm_state", "task_state", "power_state", "status"];
const ORDER_OF_CAPITALS = ["status", "power_state", "vm_state", "task_state"];
const FEWEST_COLUMNS = 2;
const MOST_CELLS = 60;

const reportOrNull = (record) => (typeof record === "string" ? null : record);

/** Read `-f value`: a record a line that begins with its id, or with a name and a status. */
export function readValues(piece, findings) {
  const { grammar } = findings;
  const taken = [];
  const cells = piece.lines.map((line) => cut(line, grammar.limit("longest_line")).split(/\s+/).filter(Boolean).slice(0, MOST_CELLS));
  const commands = [...findings.commands].sort(([one], [other]) => one - other);
  piece.lines.forEach((line, place) => {
    const text = cut(line, grammar.limit("longest_line")).trim();
    if (taken.length && place < taken.at(-1)[1]) return;
    const isLine = cells[place].length > 1 && cells[place].length < MOST_CELLS;
    const isFolded = isLine && place + 1 < piece.lines.length && goesOn(cells[place], piece.lines[place + 1], cells[place + 1], grammar);
    const own = isFolded ? [...cells[place], ...cells[place + 1]] : cells[place];
    const asked = commands.findLast(([at]) => at < piece.start + place)?.[1] ?? "";
    if ((isLine && grammar.shape("of_others").test(asked)) || grammar.shape("row_of_others").test(text)) return;
    const isColumn = [cells[place - 1], cells[place + 1]].some((other) => other && isLike(cells[place], other, grammar));
    const found = (isLine ? readByKind(own, grammar, isColumn) : null)
      ?? valueLine(own, grammar) ?? namedLine(text, grammar);
    if (found) {
      findings.add(piece.start + place, found);
      taken.push([place, place + (isFolded ? 2 : 1)]);
    }
  });
  return remaining(piece, taken);
}

/** Whether the next line has the task behind the status in which this one ends. */
function goesOn(cells, following, more, grammar) {
  const isIndented = following.startsWith("  ") || following.startsWith("\t");
  return grammar.vocabulary.statusWords.has(cells.at(-1)) && isIndented && more.length > 0 && grammar.isTask(more[0]);
}

/** Whether two lines have as many values, and a status of a server at the same place. */
function isLike(cells, other, grammar) {
  const { statusWords } = grammar.vocabulary;
  return cells.length === other.length && cells.some((cell, place) => statusWords.has(cell) && statusWords.has(other[place]));
}

/** Read `server show -f value`, whose lines are nothing but values in an order. */
export function readShown(piece, findings) {
  const report = shown(piece, findings.grammar) ?? readSingleValues(piece.lines, findings.grammar);
  if (report === null) return [piece];
  findings.add(piece.start, report);
  return [];
}

/** Read the values of the columns that a command above them asked for. */
export function readAsked(piece, findings) {
  const { grammar } = findings;
  const taken = [];
  for (let place = 0; place < piece.lines.length; place++) {
    const command = findings.commands.get(piece.start + place - 1);
    if (command !== undefined && grammar.shape("listed_values").test(command)) {
      taken.push(...readListed(piece, place, command, findings));
    }
    if (command === undefined || !grammar.shape("shown_values").test(command)) continue;
    // The client prints them in the order of their names.
    const names = [...new Set([...all(grammar.plain.shapes.shown_column, command)].map(({ groups }) => groups.column))].sort();
    const values = piece.lines.slice(place, place + names.length).map((value) => value.trim());
    const report = values.length === names.length && values.every(Boolean) ? asked(names, values, grammar) : null;
    if (report === null) continue;
    findings.add(piece.start + place, report);
    taken.push([place, place + names.length]);
  }
  return remaining(piece, taken);
}

/** Read a server a line in the columns that were asked for, which the client prints in its own order. */
function readListed(piece, place, command, findings) {
  const { grammar } = findings;
  const wanted = [...all(grammar.plain.shapes.quoted_column, command)]
    .map(({ groups }) => grammar.fieldOf(groups.double || groups.single || groups.plain));
  const names = grammar.plain.shapes.listed_columns.filter((name) => wanted.includes(name));
  const isNamed = names.includes("name") || names.includes("id");
  if (names.length < wanted.length || !isNamed || names.length < FEWEST_COLUMNS) return [];
  const taken = [];
  for (let at = place; at < piece.lines.length; at++) {
    const cells = cut(piece.lines[at], grammar.limit("longest_line")).split(/\s+/).filter(Boolean).slice(0, MOST_CELLS);
    const pairs = names.map((name, number) => [name, cells[number]]);
    const areStates = cells.length === names.length && pairs.every(([name, cell]) =>
      !["status", "task_state", "power_state"].includes(name) || isState(name, cell, grammar));
    const report = areStates ? reportOrNull(readRecord(pairs, grammar)) : null;
    if (report === null) break;
    findings.add(piece.start + at, report);
    taken.push([at, at + 1]);
  }
  return taken;
}

function asked(names, given, grammar) {
  let values = given;
  if ([null, "server"].includes(grammar.layout(names).kind)) {
    const fields = names.map((name) => grammar.fieldOf(name));
    const places = [...fields.keys()].filter((place) => ORDER.includes(fields[place]));
    if (!places.length || places.length > ORDER.length) return null;
    // A paste is not always in the client's order: the states may stand in any, the first that fits.
    const order = fittingOrder(places, places, (at, of) => isState(fields[at], values[of], grammar));
    if (order === null) return null;
    values = given.map((value, place) => (places.includes(place) ? given[order[places.indexOf(place)]] : value));
  }
  return reportOrNull(readRecord(names.map((name, place) => [name, values[place]]), grammar));
}

/** The first permutation whose members each fit their place. */
function fittingOrder([place, ...places], left, fits) {
  if (place === undefined) return [];
  for (const one of left.filter((other) => fits(place, other))) {
    const rest = fittingOrder(places, left.filter((other) => other !== one), fits);
    if (rest !== null) return [one, ...rest];
  }
  return null;
}

/** Read lines that are nothing but a status, beside records that are no server's. */
export function readStatusLines(piece, findings) {
  const taken = [];
  piece.lines.forEach((line, place) => {
    if (!findings.grammar.vocabulary.statusWords.has(line.trim())) return;
    const report = reportOrNull(readRecord([["status", line.trim()]], findings.grammar));
    if (report === null) return;
    findings.add(piece.start + place, report);
    taken.push([place, place + 1]);
  });
  return remaining(piece, taken);
}

function valueLine(cells, grammar) {
  if (!cells.length) return null;
  const isListed = grammar.shape("uuid").test(cells[0]) || grammar.shape("request").test(cells[0]);
  const isCounted = isDigits(cells[0]) && cells.some((cell) => grammar.words("types_of_migrations").includes(cell));
  return isListed || isCounted ? readCells(cells, grammar) : null;
}

function namedLine(text, grammar) {
  const found = grammar.shape("named_row").exec(text)?.groups;
  if (!found || !grammar.vocabulary.statusWords.has(found.status)) return null;
  const rest = [found.task_state, found.power_state].filter(Boolean);
  if (rest.length && !grammar.isTask(rest[0])) return null;
  // "31 ACTIVE" counts servers.
  if (isDigits(found.name) && !rest.length) return reportOrNull(readRecord([["status", found.status]], grammar));
  return readCells([found.name, found.status, ...rest], grammar);
}

function shown(piece, grammar) {
  const { vocabulary } = grammar;
  const lines = piece.lines.map((line) => line.trim()).filter(Boolean);
  for (let place = 0; place < lines.length - 2; place++) {
    const [powerState, task, vmState] = lines.slice(place, place + 3);
    const hasTask = wordOf(task, grammar) === null || vocabulary.taskStates.has(fold(task));
    if (!vocabulary.vmStates.has(fold(vmState)) || !hasTask || !isPower(powerState, grammar)) continue;
    const pairs = [["vm_state", vmState], ["task_state", task], ["power_state", powerState]];
    const rest = lines.slice(place + 3);
    const fault = rest.find((line) => line.startsWith("{") && line.includes("'message'"));
    const status = rest.find((line) => vocabulary.statusWords.has(line));
    const named = rest.find((line) => grammar.shape("uuid").test(line) && line.includes("-"));
    if (fault) pairs.push(["fault", fault]);
    if (status) pairs.push(["status", status]);
    if (named) pairs.push(["id", named]);
    if (rest.length && lines.length > 20) pairs.push(["launched_at", rest[0]]);
    return reportOrNull(readRecord(pairs, grammar));
  }
  return null;
}

/** A few words all of which are known, a label, or an action. */
export function readWords(given, grammar) {
  const text = given.trim();
  if (!text || size(text) > grammar.limit("longest_words")) return null;
  if (grammar.vocabulary.actions.has(foldAction(text)) && !isUpper(text)) {
    return newReport({ asked: { action: text, attribute: null, value: null } });
  }
  const label = labelOf(text.replace(/^["']([^"']*)["']$/, "$1"), grammar);
  if (label) return reportOrNull(readRecord([label], grammar));
  const parts = text.split(BETWEEN);
  if (parts.length > grammar.limit("most_words") || isColumnOfStatuses(text, grammar)) return null;
  const fields = new Map();
  let named = null;
  const releases = parts.filter((part) => grammar.vocabulary.releases.has(part.toLowerCase()));
  for (const part of parts) {
    if (releases.includes(part) || (releases.length && OF_RELEASE.test(part))) continue;
    const name = grammar.fieldOf(part.replace(/[:=]+$/, ""));
    if (ORDER.includes(name)) {
      named = name;
      continue;
    }
    const kind = named ?? kindOf(part, fields, grammar);
    if (kind === null) return null;
    fields.set(kind, part);
    named = null;
  }
  const record = fields.size ? reportOrNull(readRecord([...fields], grammar)) : null;
  return record && { ...record, unread: releases };
}

/** Whether each of several lines is the status of a server, as `-c Status` prints them. */
export function isColumnOfStatuses(text, grammar) {
  const lines = text.split("\n").map((line) => line.trim()).filter(Boolean);
  return lines.length > 1 && lines.every((line) => grammar.vocabulary.statusWords.has(line));
}

function labelOf(text, grammar) {
  const folded = fold(text);
  const { vmStates, taskStates, powerStates, statuses } = grammar.vocabulary;
  if (/\s/.test(text) && statuses.has(folded)) return ["status", statuses.get(folded)];
  if ([vmStates, taskStates, powerStates, statuses].some((words) => words.has(folded))) return null;
  const kind = ["status", "task_state", "power_state"].find((name) => grammar.label(name, text) !== undefined);
  return kind ? [kind, text] : null;
}

function kindOf(part, taken, grammar) {
  const folded = fold(part);
  const kinds = {
    status: grammar.vocabulary.statuses.has(folded),
    vm_state: grammar.vocabulary.vmStates.has(folded),
    task_state: grammar.vocabulary.taskStates.has(folded) || grammar.words("no_task").includes(part),
    power_state: isPower(part, grammar),
  };
  const order = isUpper(part) ? ORDER_OF_CAPITALS : ORDER;
  return order.find((kind) => kinds[kind] && !taken.has(kind)) ?? null;
}

export function isUpper(text) {
  return text === text.toUpperCase() && text !== text.toLowerCase();
}
