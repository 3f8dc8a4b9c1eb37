// Puts to records the cause that their message quotes, and to the first what somebody asks beside it.
// Mirrors generator/nova_states/lookup/reading/quoting.py.

import { withRenamedHosts } from "../renamed_hosts.js";
import { newReport, OF_CELL } from "../report.js";
import { findCause, findCauses, isVague, putCauses, QUESTION, VAGUE, withCause } from "../root_causes.js";
import { errorsOf } from "../situation.js";
import { size } from "./grammar.js";
import { onOneLine } from "./messages.js";

// Records that quote why something failed.
const QUOTING = ["refusal", "fault", "tool", "log", "event"];
const CELL_DOWN = "cell-down";
// Of what does not say why.
const FARTHEST = 9;
// What of any other record says why.
const SAYING = ["fault", "refused", "disabled_reason"];

const saysWhy = ({ record, read }) => QUOTING.includes(record) || SAYING.some((name) => read?.[name]);

/** Records that know the cause which their message quotes, where they have one. */
export function withCauses(records, grammar) {
  // Servers of one list often have the same.
  const known = new Map();
  const far = grammar.messages.follows ?? {};
  return withRenamedHosts(records.map(ofCell).map(ofOctavia)).map((record) =>
    (saysWhy(record) ? withDistance(ofRequest(withCause(record, grammar.causes, known), grammar.causes, far), far) : record));
}

/** A server of which the API shows no more than that its cell does not answer, with that as the cause. */
function ofCell(record) {
  const isOfCell = record.record === "server" && record.status === OF_CELL && record.vm_state === null;
  return isOfCell ? putCauses(record, CELL_DOWN, null) : record;
}

/** A server that is Octavia's by its name, with that as the cause; of one that is well nothing has to be said. */
function ofOctavia(record) {
  const isSick = record.record === "server" && record.status !== "ACTIVE" && record.name?.startsWith("amphora-");
  return isSick ? putCauses(record, "asked-amphora", null) : record;
}

/** A line of a log with the cause that a quieter line of its request tells, where that is nearer to what failed. */
function ofRequest(record, rows, far) {
  let found = record;
  const of = (name) => (Object.hasOwn(far, name) ? far[name] : 0);
  let least = Math.min(FARTHEST, ...reasonsOf(record).map(of));
  for (const message of record.read?.said ?? []) {
    const [cause, also] = findCauses(message, rows);
    if (cause === null || of(`cause:${cause}`) >= least || cause.startsWith(VAGUE)) continue;
    least = of(`cause:${cause}`);
    found = putCauses(found, cause, also);
  }
  return found;
}

/** Exceptions and cause of a record, as they are called where it stands how far they are from what failed. */
function reasonsOf(record) {
  const cause = record.read?.cause;
  return [...errorsOf(record), ...(cause && !cause.startsWith(QUESTION) ? [`cause:${cause}`] : [])];
}

/** A record that knows how far what it tells is from what failed, as `read.follows`; of all that it names, the nearest. */
function withDistance(record, far) {
  const names = reasonsOf(record);
  const least = names.length ? Math.min(...names.map((name) => (Object.hasOwn(far, name) ? far[name] : 0))) : 0;
  return least ? { ...record, read: { ...(record.read ?? {}), follows: least } } : record;
}

/** Put to the only server, or the first record, what somebody asks beside it; alone, or of a list, it is its own. */
export function putQuestion(text, findings) {
  const { grammar, records } = findings;
  // What was taken for a line that only says that something failed may be a question as well.
  const vague = records.filter(([, record]) => isVague(record, grammar.causes)).map(([, { read }]) => read.message);
  const said = onOneLine([text, ...vague].join("\n"), grammar);
  if (size(said) > grammar.limit("longest_sentence")) return;
  if (grammar.questions === null) {
    // Who has them reads anew.
    findings.mayAsk = Boolean(said);
    return;
  }
  const [cause, also] = findCauses(said, grammar.questions);
  const hasWhy = records.some(([, record]) => saysWhy(record));
  // What is only a sign of a failure is not told beside what says why it failed.
  if (cause === null || (hasWhy && grammar.messages.follows?.[`cause:${cause}`])) return;
  findings.unread = findings.unread.filter(([, part]) => findCause(part, grammar.questions) === null);
  // What is asked of a list is asked of none of its servers alone.
  const servers = records.flatMap(([, { record }], place) => (record === "server" ? [place] : []));
  if (!records.length || servers.length > 1) {
    records.unshift([0, putCauses(newReport(), cause, also)]);
    return;
  }
  const at = servers[0] ?? records.reduce((best, [line], place) => (line < records[best][0] ? place : best), 0);
  const [line, record] = records[at];
  records[at] = [line, putCauses(record, cause, also)];
}
