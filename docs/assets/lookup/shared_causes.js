// Puts to the only record of a paste that tells of a server what others quote which tell of nothing but a cause.
// Mirrors generator/nova_states/lookup/shared_causes.py; the tests hold both to the same answers.

import { messageOf, putCauses, QUESTION } from "./root_causes.js";

const SUBJECTS = ["server", "log", "refusal", "fault", "tool"];
const BARE = ["log", "fault"];
// What of `read` says more of a record than its cause.
const TELLING = ["log_message", "error", "errors", "operation"];

/** A value of what was read, where it says something. */
const own = (read, name) => (Array.isArray(read?.[name]) ? read[name].length > 0 : Boolean(read?.[name]));

/** The records without those that only tell the cause of the one that tells of a server, which then knows it. */
export function withSharedCauses(reports) {
  const bare = reports.filter(isBare);
  const subjects = reports.filter((report) => SUBJECTS.includes(report.record) && !isBare(report));
  if (subjects.length !== 1 || !bare.length) return reports;
  const [subject] = subjects;
  const told = causeOf(subject);
  const cause = told ?? causeOf(bare[0]);
  const taken = bare.filter((report) => causeOf(report) === cause);
  if (!taken.length) return reports;
  let found = told ? subject : putCauses(subject, cause, taken[0].read.also ?? null);
  if (subject.record === "server") {
    const said = taken.map((report) => ({ ...report, record: "log", read: { message: messageOf(report) } }));
    const beside = [...(found.read?.beside ?? []), ...said];
    found = { ...found, read: { ...(found.read ?? {}), beside } };
  }
  return reports.filter((report) => !taken.includes(report)).map((report) => (report === subject ? found : report));
}

/** Why something failed; null: it quotes nothing, or somebody asks something. */
function causeOf({ read }) {
  return [read?.cause, read?.also].find((cause) => cause && !cause.startsWith(QUESTION)) ?? null;
}

/** Whether a record tells of a cause, and neither of a server nor of its states nor of what Nova did. */
function isBare(report) {
  const states = [report.id, report.name, report.vm_state, report.task_state, report.power_state, report.status];
  if (!BARE.includes(report.record) || report.asked || report.has_task) return false;
  if (states.some((state) => state !== null && state !== undefined)) return false;
  const isMore = report.read?.fault?.error || TELLING.some((name) => own(report.read, name));
  return causeOf(report) !== null && !isMore;
}
