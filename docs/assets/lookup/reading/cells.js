// Reads a row of which nobody says what its columns are. Mirrors generator/nova_states/lookup/reading/cells.py.

import { fold } from "../report.js";
import { readRecord } from "./records.js";
import { isPower } from "./values.js";

export const isDigits = (text) => /^[0-9]+$/.test(text);

/** The record of a row of a list without its head; null where it looks like none. */
export function readCells(cells, grammar) {
  for (const reader of [event, migration, service, server, dashboard, volume]) {
    const pairs = reader(cells, grammar);
    if (!pairs.length) continue;
    const record = readRecord(pairs, grammar, reader === migration ? "migrations" : null);
    return typeof record === "string" ? null : record;
  }
  return null;
}

/** The server of a row of a dashboard; null where it looks like none. */
export function readCopiedRow(cells, grammar) {
  const pairs = dashboard(cells, grammar);
  const record = pairs.length ? readRecord(pairs, grammar) : null;
  return typeof record === "string" ? null : record;
}

const isId = (text, grammar) => grammar.shape("uuid").test(text);
const isNothing = (text, grammar) => grammar.words("nothing").includes(text.toLowerCase());

function event(cells, grammar) {
  const request = cells.findIndex((cell) => grammar.shape("request").test(cell));
  if (request < 0) return [];
  const pairs = [["request_id", cells[request]]];
  for (const cell of cells.slice(request + 1)) {
    if (isId(cell, grammar)) {
      // The user's and the project's stand behind.
      if (pairs.every(([name]) => name !== "server_id")) pairs.push(["server_id", cell]);
    } else if (grammar.shape("time").test(cell)) {
      pairs.push(["start_time", cell]);
    } else if (!isNothing(cell, grammar)) {
      const name = pairs.some(([known]) => known === "action") ? "message" : "action";
      pairs.push([name, cell]);
      if (name === "message") break;
    }
  }
  return pairs;
}

function migration(cells, grammar) {
  const kind = cells.find((cell) => grammar.words("types_of_migrations").includes(cell));
  const all = cells.flatMap((cell, place) => (isId(cell, grammar) ? [place] : []));
  const hyphened = all.filter((place) => cells[place].includes("-"));
  const ids = hyphened.length ? hyphened : all;
  if (kind === undefined || !(ids.length || isDigits(cells[0]))) return [];
  const pairs = [["migration_type", kind], ["id", cells[0]]];
  const told = cells.findIndex((cell, place) => grammar.migrationStatuses.has(cell) && place !== cells.indexOf(kind));
  const status = told >= 0 ? told : (ids.length ? ids.at(-1) : cells.indexOf(kind)) - 1;
  const first = ids.length > 1 && (told < 0 || ids[0] < status) ? ids[0] + 1 : 1;
  const hosts = slice(cells, first, status).filter((cell) => !isNothing(cell, grammar));
  if (ids.length) pairs.push(["server_uuid", cells[ids.at(-1)]]);
  if (status > 0) pairs.push(["status", cells[status]]);
  if (hosts.length > 1) pairs.push(["source_compute", hosts[0]], ["dest_compute", hosts[1]]);
  return pairs;
}

/** A slice as Python takes it, where an end below zero counts from behind. */
const slice = (list, first, end) => list.slice(first, end);

function service(cells, grammar) {
  const place = cells.findIndex((cell) => grammar.words("binaries").includes(cell));
  if (place < 0 || place > 1) return [];
  const rest = cells.slice(place + 1).map((cell) => cell.toLowerCase());
  const pairs = [["binary", cells[place]]];
  if (place) pairs.push(["id", cells[0]]);
  if (rest.length) pairs.push(["host", cells[place + 1]]);
  const status = rest.find((cell) => cell === "enabled" || cell === "disabled");
  const state = rest.find((cell) => cell === "up" || cell === "down");
  if (status) pairs.push(["status", status]);
  if (state) pairs.push(["state", state]);
  return pairs;
}

function server(cells, grammar) {
  const place = cells.findIndex((cell, number) => number > 0 && grammar.vocabulary.statusWords.has(cell));
  if (place < 0 || !(isId(cells[0], grammar) || place === 1 || isDigits(cells[0]))) return [];
  if (cells.slice(1, place).some((cell) => grammar.shape("other_cell").test(cell))) return [];
  const names = cells.slice(1, place).join(" ");
  let pairs = [["status", cells[place]], ["name", names || cells[0]]];
  if (isId(cells[0], grammar) || (place > 1 && isDigits(cells[0]))) {
    pairs = [["status", cells[place]], ["id", cells[0]], ["name", names]];
  }
  const rest = cells.slice(place + 1);
  if (rest.length && grammar.isTask(rest[0])) {
    pairs.push(["task_state", rest[0]]);
    const power = rest.slice(1, 3).join(" ");
    if (rest.length > 2 && grammar.vocabulary.powerStates.has(fold(power))) pairs.push(["power_state", power]);
    else if (rest.length > 1 && isPower(rest[1], grammar)) pairs.push(["power_state", rest[1]]);
  }
  if (rest.length && ["UP", "DOWN", "UNKNOWN", "MAINTENANCE"].includes(rest.at(-1))) pairs.push(["host_status", rest.at(-1)]);
  return pairs;
}

/** Name, …, label of the status, …, task, power state, …: a task right before a power state tells where they are. */
function dashboard(cells, grammar) {
  const isTask = (cell) => grammar.isTask(cell) || (cell !== "" && isNothing(cell, grammar));
  const power = cells.findIndex((cell, place) =>
    place > 2 && !isDigits(cell) && isPower(cell, grammar) && isTask(cells[place - 1]));
  if (power < 0) return [];
  const status = cells.slice(1, power - 1).findLast((cell) => grammar.isStatus(cell));
  if (status === undefined) return [];
  const named = isId(cells[0], grammar) ? "id" : "name";
  return [[named, cells[0]], ["status", status], ["task_state", cells[power - 1]], ["power_state", cells[power]]];
}

function volume(cells, grammar) {
  const place = cells.findIndex((cell, number) => number > 0 && grammar.words("statuses_of_volumes").includes(cell));
  if (place < 0 || !isId(cells[0], grammar)) return [];
  const size = cells.slice(place + 1).find(isDigits);
  const pairs = [["id", cells[0]], ["name", cells.slice(1, place).join(" ")], ["status", cells[place]]];
  return size === undefined ? pairs : [...pairs, ["size", size]];
}
