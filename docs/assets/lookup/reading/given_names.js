// Finds what a paste names once: its only server, host, destination, port, volume. Of two that it names neither is taken.
// Mirrors generator/nova_states/lookup/reading/given_names.py.

import { all, cut, pattern } from "./grammar.js";

const MOST_LINES = 2000;
// Characters of a line in which names are looked for.
const LONGEST = 4000;
const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;
const OF_SERVERS = ["server", "refusal", "fault", "log", "tool"];
const TO_HOST = ["--host", "--target-host"];

/** The records, each with what the paste names once. */
export function withGiven(reports, lines, commands, grammar) {
  const named = new Map();
  const add = (role, value) => named.set(role, (named.get(role) ?? new Set()).add(value));
  for (const line of [...lines.slice(0, MOST_LINES), ...commands]) {
    const part = cut(line, LONGEST);
    for (const [role, text] of Object.entries(grammar.plain.given.named)) {
      for (const { groups } of all(text, part)) add(role, groups.value);
    }
  }
  for (const command of commands) readCommand(command, add, grammar.plain.given);
  for (const report of reports) addRecord(report, add);
  const given = {};
  for (const [role, values] of named) {
    const value = only(role, [...values]);
    if (value) given[role] = value;
  }
  return Object.keys(given).length ? reports.map((report) => ({ ...report, given })) : reports;
}

/** The only one; of a server its id and its name are one. */
function only(role, values) {
  const ids = values.filter((value) => UUID.test(value));
  if (role === "server" && ids.length === 1 && values.length <= 2) return ids[0];
  return values.length === 1 ? values[0] : null;
}

function addRecord({ record, id, name, read }, add) {
  const told = {
    server: OF_SERVERS.includes(record) ? [id || name] : [read?.server],
    // Of a move, either may be the host that is meant.
    host: [read?.host, read?.source, read?.destination],
    destination: [read?.destination],
    volume: record === "volume" ? [id] : [],
    instance_name: [read?.domain, read?.instance_name],
  };
  for (const [role, values] of Object.entries(told)) {
    for (const value of values) if (typeof value === "string" && value) add(role, value);
  }
}

/** Add what a command is asked of: its server, the host that it names, the volume or port behind the server. */
function readCommand(command, add, given) {
  const found = pattern(given.command).exec(command)?.groups;
  if (!found) return;
  const name = pattern(given.name);
  const words = found.words ?? found.old;
  const places = [];
  const isMove = given.moves.includes(words);
  let option = "";
  for (const word of found.rest.split(/\s+/).filter(Boolean)) {
    if (option) {
      if (TO_HOST.includes(option) && isMove && name.test(word)) add("destination", word);
      option = "";
    } else if (word.startsWith("-")) {
      const sign = word.indexOf("=");
      const value = word.slice(sign + 1);
      if (sign > 0 && TO_HOST.includes(word.slice(0, sign)) && isMove && name.test(value)) add("destination", value);
      option = sign > 0 || given.flags.includes(word) ? "" : word;
    } else {
      places.push(word);
    }
  }
  let behind = "";
  if (given.volumes.includes(words)) behind = "volume";
  else if (given.ports.includes(words)) behind = "port";
  else if (isMove && !found.words) behind = "destination";
  const roles = given.several.includes(words) ? places.map(() => "server") : ["server", behind];
  for (const [at, value] of places.slice(0, roles.length).entries()) {
    if (roles[at] && name.test(value)) add(roles[at], value);
  }
}
