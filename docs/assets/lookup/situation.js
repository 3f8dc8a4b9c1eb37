// What is known of a record, as the words that rules of advice ask for; what was not told is left out.
// Mirrors generator/nova_states/lookup/situation.py; the tests hold both to the same answers.

export const UNKNOWN = "unknown";
const NONE = "none";

/** The situation of a server, in the states that it may be in. */
export function situationOf(report, vmState, task, power) {
  const found = {
    record: "server",
    vm_state: vmState,
    task_state: task ?? (report.has_task ? NONE : null),
    power_state: power,
    launched: report.launched === null ? null : report.launched ? "ever" : "never",
  };
  return Object.fromEntries(Object.entries(found).filter(([, word]) => word !== null));
}
