// What is said of a record beyond the states it implies. Mirrors generator/nova_states/lookup/record_answers.py.

const own = (object, key) => (object !== null && object !== undefined && Object.hasOwn(object, key) ? object[key] : undefined);

export const OF_STATES = ["server", "refusal", "fault", "log", "tool"];

/** What is said of a record that is no server's and implies no states of one. */
export function ownAnswer(grammar, release, report) {
  const read = { ...(report.read ?? {}) };
  if (report.record === "hypervisor") read.power_state = report.power_state;
  const { id, name, ...found } = read;
  return { release, ...found, verdict: verdictOf(grammar, report.record, read) };
}

/** The keys that are added to every answer: what the record is, what else was read, what was not. */
export function added(grammar, texts, report) {
  const read = report.read ?? {};
  const answer = { record: report.record };
  if (report.record === "server") {
    Object.assign(answer, { launched: report.launched, since: read.updated ?? null });
    for (const name of ["host", "host_status", "locked", "fault"]) if (Object.hasOwn(read, name)) answer[name] = read[name];
  } else if (report.record === "refusal") {
    const { action = null, attribute = null, value = null } = report.asked ?? {};
    answer.refusal = { action, error: read.error ?? null, http: read.http ?? null, attribute, value };
  } else if (OF_STATES.includes(report.record)) {
    Object.assign(answer, read);
  }
  return { ...answer, why: whyOf(grammar, texts, report), steps: [], runbook: null, unread: report.unread };
}

function verdictOf(grammar, record, read) {
  for (const [name, verdicts] of Object.entries(own(grammar.verdicts, record) ?? {})) {
    const verdict = own(verdicts, String(read[name]).toLowerCase());
    if (verdict) return verdict;
  }
  return "unknown";
}

function whyOf(grammar, texts, report) {
  const read = report.read ?? {};
  const fault = read.fault ?? {};
  for (const [kind, name] of own(grammar.meanings, report.record) ?? []) {
    const meaning = own(texts.records[kind], read[name] || fault[name]);
    if (meaning) return `${meaning[0]}: ${meaning[1]}`;
  }
  const error = report.record === "server" ? own(texts.records.error, fault.error) : undefined;
  if (error) return `${error[0]}: ${error[1]}`;
  return OF_STATES.includes(report.record) ? null : texts.words.no_record_text;
}
