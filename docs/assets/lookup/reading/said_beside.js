// Reads what a sentence says beside records: the state that a server lacks, for how long, that its host is dead.
// Mirrors generator/nova_states/lookup/reading/said_beside.py.

import { newReport, OF_CELL } from "../report.js";
import { pattern, size } from "./grammar.js";
import { CREATE } from "./known_messages.js";
import { onOneLine } from "./messages.js";
import { tells } from "./records.js";
import { withoutSentences } from "./unread.js";
import { hypervisorIn, isHostDown, readSentence, serverIn, withAge } from "./sentences.js";

// Records that a sentence may be about; those of one server, whether or not it says so.
const SUBJECTS = ["server", "fault", "refusal", "tool"];
// Records about a server that do not tell in which state it is.
const STATELESS = ["log", "migration", "event"];
const FAILURES = ["fault", "log"];
const HOST = ["host", "호스트"];
const OF_SERVERS = ["server", "fault", "tool"];

/** Put to the only record, or server, what a sentence says beside it; beside a log alone it tells of a server. */
export function readBeside(lines, pieces, findings) {
  const { grammar, records } = findings;
  const said = onOneLine(pieces.flatMap((piece) => piece.lines).join("\n"), grammar);
  const isSentence = size(said) <= grammar.limit("longest_sentence");
  if (isSentence) putOperation([...findings.commands.values(), said].join("\n"), findings);
  const at = onlySubject(records);
  const busy = at === null && isSentence ? onlyBusy(records) : null;
  if (busy !== null) return aged(busy, said, pieces, findings);
  if (at === null) return isSentence ? besideStateless(said, pieces, findings) : pieces;
  let [place, record] = records[at];
  // Where there are other records, what is left of the lines speaks of it.
  const text = records.length === 1 ? onOneLine(lines.join("\n"), grammar) : said;
  record = withStates(record, text, said, grammar);
  if (record.record === "server" && record.id === null && isSentence) record = { ...record, id: serverIn(said, grammar) };
  if (["server", "refusal"].includes(record.record) && isSentence) record = withSurroundings(record, said, grammar);
  if (isOfBuild(record, lines.join("\n"), grammar)) {
    record = { ...record, read: { ...(record.read ?? {}), operation: CREATE } };
  }
  // The line that tells its states may also tell for how long.
  if (record.record === "server" && size(text) <= grammar.limit("longest_sentence")) record = withAge(record, text, grammar);
  records[at] = [place, record];
  return isSentence ? aged(at, said, pieces, findings) : pieces;
}

/** Whether a failure is that of a build: of a server only where nothing tells that it has run. */
function isOfBuild(record, text, grammar) {
  if (record.record === "fault") return pattern(grammar.plain.errors.build).test(text);
  const hasFailed = ["server", "tool"].includes(record.record) && Boolean(record.read?.fault) && !record.launched;
  return hasFailed && pattern(grammar.plain.errors.built).test(text);
}

/** Put to the only failure what was to be done, where it does not tell and just one action is named beside it. */
function putOperation(said, { records, grammar }) {
  const failed = records.flatMap(([, { record }], at) => (FAILURES.includes(record) ? [at] : []));
  const named = Object.entries(grammar.plain.errors.operations).filter(([, words]) => pattern(words, "i").test(said));
  if (failed.length !== 1 || named.length !== 1) return;
  const [place, record] = records[failed[0]];
  if (record.read?.operation || record.asked) return;
  records[failed[0]] = [place, { ...record, read: { ...(record.read ?? {}), operation: named[0][0] } }];
}

/** Put to a record for how long it has been so; the pieces without the lines that told it. */
function aged(at, said, pieces, { records, grammar }) {
  const [place, record] = records[at];
  const lasted = withAge(record, said, grammar);
  records[at] = [place, lasted];
  if (lasted === record) return pieces;
  const lasting = pattern(grammar.plain.lasting.pattern);
  return pieces.map(({ start, lines: left }) => ({ start, 
    lines: left.map((line) => withoutSentences(line, (sentence) => lasting.test(sentence))) }));
}

/** The place of the only record that a sentence may be about; beside others, of the only server. */
function onlySubject(records) {
  const kinds = records.map(([, { record }]) => record);
  if (kinds.length === 1) return SUBJECTS.includes(kinds[0]) ? 0 : null;
  return kinds.filter((kind) => kind === "server").length === 1 ? kinds.indexOf("server") : null;
}

/** The place of the only one of several servers that has a task: what lasts is that. */
function onlyBusy(records) {
  const busy = records.flatMap(([, { record, task_state: task }], at) => (record === "server" && task !== null ? [at] : []));
  return busy.length === 1 ? busy[0] : null;
}

/** A record with the states that it lacks, as far as a sentence tells them. */
function withStates(record, text, said, grammar) {
  const isRefused = record.record === "refusal" && record.status === null;
  const isBare = OF_SERVERS.includes(record.record) && record.status === null && record.vm_state === null;
  if (isBare || isRefused) {
    // What the message itself says is not of the server.
    const message = (record.read?.fault || record.read)?.message;
    let told = readSentence(message ? text.replaceAll(message, ". ") : text, grammar) ?? newReport();
    if (isBare && !tells(told)) told = readSentence(said, grammar, true) ?? told;
    if (isRefused) told = newReport({ id: told.id, status: told.status });
    const states = { status: told.status, vm_state: record.vm_state || told.vm_state, id: record.id || told.id };
    return withTask({ ...record, ...states }, told);
  }
  const isOpen = OF_SERVERS.includes(record.record) && !record.has_task;
  return withTask(record, (isOpen ? readSentence(said, grammar) : null) ?? newReport());
}

function withTask(record, told) {
  return record.has_task || !told.has_task ? record : { ...record, task_state: told.task_state, has_task: true };
}

/** A server with what somebody says of its guest, and of its host by that word or by its name. */
function withSurroundings(record, given, grammar) {
  const guest = hypervisorIn(given, grammar);
  let read = Object.keys(guest).length ? { ...guest, ...(record.read ?? {}) } : record.read;
  const name = read?.host || "";
  const names = [...new Set([name, name.split(".")[0]])].filter((known) => known && given.includes(known));
  const told = [given, ...names.flatMap((known) => HOST.map((word) => given.replaceAll(known, word)))];
  if (record.status !== OF_CELL && told.some((said) => isHostDown(said, grammar))) read = { host_status: "UNKNOWN", ...(read ?? {}) };
  return read === record.read ? record : { ...record, read };
}

/** Add the server that a sentence beside records of no state tells of: it is theirs, if they name but one. */
function besideStateless(said, pieces, findings) {
  if (findings.records.some(([, { record }]) => !STATELESS.includes(record))) return pieces;
  const ids = findings.records.map(([, { record, id, read }]) => (record === "log" ? id : read?.server ?? null));
  const named = [...new Set(ids.filter((id) => id !== null))];
  const told = readSentence(said, findings.grammar, named.length === 1);
  if (told === null || !tells(told)) return pieces;
  const places = pieces.flatMap(({ start, lines }) => lines.flatMap((line, at) => (line.trim() ? [start + at] : [])));
  const only = named.length === 1 ? named[0] : null;
  const isId = only === null || findings.grammar.shape("uuid").test(only);
  findings.add(places.length ? places[0] : 0, isId ? { ...told, id: told.id || only } : { ...told, name: told.name || only });
  return [];
}
