// What several records mean together that none means alone. Mirrors generator/nova_states/lookup/together.py.

import { fold } from "./report.js";
import { isQuestion } from "./root_causes.js";
import { stateOfService } from "./situation.js";

// The word for rules, as `fleet`.
const STOPPED = "stopped";
// The same, where no service of controllers nor of hosts reports any more.
const DOWN = "down";
const OF_CONTROLLERS = ["nova-conductor", "nova-scheduler"];
const WORDS = [STOPPED, "shutoff"];
const FEWEST = 2;
const CONCERNED = ["server", "service"];

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
  const isDown = areDown(reports);
  return reports.map((report) => {
    if (isDown && CONCERNED.includes(report.record) && !isQuestion(report)) return ofFleet(report, DOWN);
    return off.has(report) ? ofFleet(report, STOPPED) : report;
  });
}

/** Whether of several hosts all services are down, those of controllers among them: no host is to blame then. */
function areDown(reports) {
  const services = reports.filter(({ record }) => record === "service").map(({ read }) => read ?? {});
  const hosts = new Set(services.map(({ host }) => host).filter((host) => host !== undefined && host !== null));
  const isOfControllers = services.some(({ binary }) => OF_CONTROLLERS.includes(binary));
  return isOfControllers && hosts.size >= FEWEST && services.every((read) => stateOfService(read) === DOWN);
}

function isOff({ vm_state: vmState, status, task_state: task }) {
  const state = vmState ?? status;
  return state !== null && WORDS.includes(fold(state)) && task === null;
}

function ofFleet(report, word) {
  const read = report.read ?? {};
  return { ...report, read: { ...read, words: { ...(read.words ?? {}), fleet: word } } };
}
