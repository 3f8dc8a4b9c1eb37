// What an answer names beside states, and where its page is: nova_states/lookup/naming.py, with the same results.

import { QUESTION } from "./root_causes.js";

/** A name as the id of its row: nova_states/explanations/file_names.py. */
export const stem = (name) => name.toLowerCase().replace(/[ ()]+/g, "-").replace(/^-+|-+$/g, "");

/** Exceptions, statuses of migrations and of hosts, and events that an answer tells of, each as [kind, name]. */
export function namesOf(answer) {
  // What is said of an exception in general says less than the cause that its message tells, and often the opposite.
  const isCaused = answer.cause && !answer.cause.startsWith(QUESTION);
  const found = isCaused ? [] : (answer.errors ?? []).map((name) => ["error", name]);
  if (answer.record === "migration" && answer.status) found.push(["migration_status", answer.status]);
  if (answer.record === "event") {
    for (const name of new Set([answer.event, answer.action])) if (name) found.push(["event", name]);
  }
  if (answer.host_status) found.push(["host_status", answer.host_status]);
  return found;
}

/** Label and meaning of a name, null where nothing is said of it. */
export function toldOf(kind, name, texts) {
  if (kind === "host_status") return Object.hasOwn(texts.host_statuses, name) ? texts.host_statuses[name] : null;
  const id = `${kind}:${kind === "error" ? name : stem(name)}`;
  return Object.hasOwn(texts.help, id) ? [name, texts.help[id][0]] : null;
}

/** Address below the language of what is said of a name, null where nothing is. */
export function addressOf(kind, name, texts) {
  const isExplained = toldOf(kind, name, texts) !== null;
  if (kind === "error") return isExplained ? `error/${name.toLowerCase()}/` : `error/#${name}`;
  return isExplained ? `${kind}/#${stem(name)}` : null;
}
