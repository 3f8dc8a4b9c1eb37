// What a hypervisor says of a guest, with what a log says of the same guest: told as one, the cause first.
// Mirrors generator/nova_states/lookup/one_guest.py; the tests hold both to the same answers.

import { areOneHost } from "./hosts.js";

// The cause for which QEMU has halted a guest itself.
const HALTED = "guest-io-pause";
// The cause for which a guest does not end.
const OUTLIVES = "sigkill-busy";
const ENDING = ["in shutdown", "dying"];
const RUNS = ["running", "idle", "blocked"];
const OFF = "shut off";

/** The records, with why guests are paused put to them, and the only guest put to the only server of a log. */
export const withOneGuest = (reports) => besideLog(whyAlive(whyPaused(reports)));

/** Whether a domain runs under two numbers: on two hosts, as no host gives it another without a restart. */
export function runsTwice(one, other) {
  const isOther = one.number && other.number && one.number !== other.number;
  return Boolean(isOther) && [one, other].every(({ state }) => RUNS.includes(state));
}

/** Of a domain that is off in one list what the other says, where it runs; null where both may be of one host. */
export function sideThatRuns(one, other) {
  const sides = [one, other];
  const running = sides.filter(({ state }) => RUNS.includes(state) || state === "paused");
  if (running.length !== 1 || sides.every(({ state }) => state !== OFF)) return null;
  const hosts = sides.map(({ on }) => on).filter(Boolean);
  // Without hosts only rows of lists: a state alone is one look at the same guest after another.
  const isOther = hosts.length > 1 ? !areOneHost(...hosts) : Boolean(running[0].number);
  return isOther ? running[0] : null;
}

/** Whether a domain that is off on one host runs on another than Nova has on record. */
export const isElsewhere = ({ elsewhere, on }, host) => Boolean(elsewhere) && !(on && host && areOneHost(on, host));

function whyPaused(reports) {
  const causes = reports.filter((report) => ["fault", "log"].includes(report.record) && isHalt(report));
  const paused = new Set(reports.filter((report) => report.record === "hypervisor" && mayBeHalted(report)));
  if (new Set(causes.map((report) => JSON.stringify(causesOf(report)))).size !== 1 || !paused.size) return reports;
  const [cause, also] = causesOf(causes[0]);
  const told = also ? { cause, also } : { cause };
  const unread = causes.flatMap((report) => report.unread);
  const [first] = paused;
  return reports.filter((report) => !causes.includes(report)).map((report) => (paused.has(report)
    ? { ...report, read: { ...(report.read ?? {}), ...told }, unread: [...report.unread, ...(report === first ? unread : [])] }
    : report));
}

/** The only guest that is to end put to the only message that its process does not: nobody waits for it then. */
function whyAlive(reports) {
  const ending = reports.filter(({ record, read }) => record === "hypervisor" && ENDING.includes(read?.state));
  const causes = reports.filter((report) =>
    ["fault", "log"].includes(report.record) && report.id === null && causesOf(report).includes(OUTLIVES));
  if (ending.length !== 1 || causes.length !== 1) return reports;
  const [[guest], [cause]] = [ending, causes];
  const read = cause.read ?? {};
  const told = { instance_name: guest.read?.domain ?? null, beside: [...(read.beside ?? []), guest] };
  const known = { ...cause, read: { ...read, ...told }, unread: [...guest.unread, ...cause.unread] };
  return reports.filter((one) => one !== guest).map((one) => (one === cause ? known : one));
}

const isHalt = (report) => report.id === null && causesOf(report).includes(HALTED);

const causesOf = ({ read }) => [read?.cause ?? null, read?.also ?? null];

function mayBeHalted({ read }) {
  return read?.state === "paused" && !read.cause && !(read.reason ?? "").includes("migrat");
}

function besideLog(reports) {
  const domains = reports.filter(({ record }) => record === "hypervisor");
  const others = reports.filter(({ record }) => record !== "hypervisor");
  // A cause that was put to the guest says why it is so: that comes first.
  if (domains.length !== 1 || others.length !== 1 || others[0].record !== "log" || domains[0].read?.cause) return reports;
  const [[domain], [log]] = [domains, others];
  const read = log.read ?? {};
  if (log.id === null || !read.log_message || domain.read?.foreign) return reports;
  const told = { instance_name: domain.read?.domain ?? null, beside: [...(read.beside ?? []), domain] };
  return [{ ...log, read: { ...read, ...told }, unread: [...domain.unread, ...log.unread] }];
}
