// What stands around records: what the command above them asked for, and a sentence beside what the hypervisor says.
// Mirrors generator/nova_states/lookup/reading/surroundings.py.

import { pattern } from "./grammar.js";
import { onOneLine } from "./messages.js";
import { upTo } from "./pieces.js";
import { tells } from "./records.js";
import { readSentence } from "./sentences.js";

const SAYING = / (?:shows?|says?|reports?|is|are|but) |[\uac00-\ud7a3]/;
// Records that a command lists of one server, and that do not all say of which.
const NAMED = ["allocation", "event", "migration"];

/** What begins with a command and may be a sentence about what it shows. */
export function saidInCommands({ commands }) {
  return [...commands.values()].filter((command) => SAYING.test(command)).join("\n");
}

/** Put to records what the command above them asked for, where they do not tell: the host of a list, the server. */
export function toldByCommands(findings) {
  const { of_host: ofHost, of_server: ofServer } = findings.grammar.plain.unwrapping;
  const commands = [...findings.commands.keys()].sort((a, b) => a - b);
  if (!commands.length || !findings.records.length) return;
  findings.records.sort((a, b) => a[0] - b[0]);
  const above = findings.records.map(([line]) => {
    const place = upTo(commands, line - 1);
    return place ? commands[place - 1] : null;
  });
  const counts = new Map();
  for (const command of above) counts.set(command, (counts.get(command) ?? 0) + 1);
  const groupOf = (text, command, name) => pattern(text).exec(findings.commands.get(command))?.groups[name] ?? null;
  const asked = new Map(commands.map((line) => [line, [groupOf(ofHost, line, "host"), groupOf(ofServer, line, "server")]]));
  findings.records = findings.records.map(([line, record], at) => {
    if (above[at] === null) return [line, record];
    const [host, server] = asked.get(above[at]);
    const isNamed = counts.get(above[at]) === 1 || NAMED.includes(record.record);
    return [line, toldBy(record, host, isNamed ? server : null, findings.grammar)];
  });
}

function toldBy(record, host, server, grammar) {
  const read = record.read ?? {};
  const isHosted = record.record === "server" ? "host" in read : record.record !== "service" || Boolean(read.host);
  if (host && !isHosted) return { ...record, read: { ...read, host } };
  if (server === null || server.endsWith("..") || grammar.shape("cut_id").test(server)) return record;
  if (NAMED.includes(record.record) && !read.server) return { ...record, read: { ...read, server } };
  const isId = grammar.shape("uuid").test(server);
  if (record.record === "server" && isId && record.id === null) return { ...record, id: server };
  if (record.record === "server" && !isId && record.name === null) return { ...record, name: server };
  return record;
}

/** Read what a sentence says of Nova's states beside what the hypervisor says; what is left. */
export function readSaid(pieces, findings) {
  if (findings.records.some(([, { record }]) => record !== "hypervisor")) return pieces;
  const lines = [saidInCommands(findings), ...pieces.flatMap((piece) => piece.lines)];
  const record = readSentence(onOneLine(lines.join("\n"), findings.grammar), findings.grammar);
  if (record === null || !tells(record)) return pieces;
  const places = pieces.flatMap(({ start, lines: left }) => left.flatMap((line, at) => (line.trim() ? [start + at] : [])));
  findings.add(places.length ? places[0] : 0, record);
  return [];
}
