// What several servers mean together that none means alone. Mirrors generator/nova_states/lookup/together.py.

import { fold } from "./report.js";
import { isQuestion } from "./root_causes.js";

// The word for rules, as `fleet`.
const STOPPED = "stopped";
const WORDS = [STOPPED, "shutoff"];
const FEWEST = 2;

/** The records, where servers that are off with all others of their host, or of the list, know that. */
export function withFleets(reports) {
  const hosts = new Map();
  for (const report of reports) {
    if (report.record !== "server" || isQuestion(report)) continue;
    const host = report.read?.host ?? null;
    if (!hosts.has(host)) hosts.set(host, []);
    hosts.get(host).push(report);
  }
  // Who has no host beside others that have one is of no fleet.
  if (hosts.size > 1) hosts.delete(null);
  const off = new Set([...hosts.values()].filter((servers) => servers.length >= FEWEST && servers.every(isOff)).flat());
  return reports.map((report) => (off.has(report) ? ofFleet(report) : report));
}

function isOff({ vm_state: vmState, status, task_state: task }) {
  const state = vmState ?? status;
  return state !== null && WORDS.includes(fold(state)) && task === null;
}

function ofFleet(server) {
  const read = server.read ?? {};
  return { ...server, read: { ...read, words: { ...(read.words ?? {}), fleet: STOPPED } } };
}
