// What is known of a record, as the words that rules of advice ask for; what was not told is left out.
// Mirrors generator/nova_states/lookup/situation.py and clock.py; the tests hold both to the same answers.

/** How the reason begins for which a nova-compute has disabled itself. */
export const BY_ITSELF = "AUTO:";
export const UNKNOWN = "unknown";
export const NONE = "none";
// What is known of the host of a server where one is down, and the paste does not say where the server is.
export const SOMEWHERE = "somewhere";
const SOME = "some";
// The cause of what only fails while a server is created.
const BUILD = "build";
const SERVICES = { UP: "up", DOWN: "down", UNKNOWN: "down", MAINTENANCE: "maintenance" };
const FOR_ADMINISTRATORS = ["host", "host_status", "instance_name"];
export const LAST_EXCEPTION = "last exception:";
const LEVELS = ["CRITICAL", "ERROR", "WARNING", "WARN"];
const RESULTS = ["success", "error"];
const CLASS = /^[A-Z][A-Za-z0-9]{3,60}$/;
// Faults of builds: a quota is looked at once more then, and at no other time after Nova has answered.
const OF_BUILD = /^(?:Build of instance \S{1,40} (?:aborted|was re-scheduled)|Quota exceeded for )/;
const ABORTED = /Build of instance \S{1,40} aborted/;
const CREATE = "create";
const FAILED = "error";
const SAME_EVENT = 15 * 60;
const TIME = /^([0-9]{4})-([0-9]{2})-([0-9]{2})[T ]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:[.,][0-9]{1,9})?(?:Z|[+-]00:?00)?$/;

const told = (value) => value !== null && value !== undefined;
const onlyTold = (words) => Object.fromEntries(Object.entries(words).filter(([, value]) => told(value)));
const own = (object, key) => (Object.hasOwn(object, key) ? object[key] : undefined);

/** Seconds since 1970 of a time as Nova prints it; null for what is none. */
export function secondsOf(text) {
  const found = told(text) && TIME.exec(text);
  if (!found) return null;
  const [year, month, day, hour, minute, second] = found.slice(1).map(Number);
  if (year < 1 || hour > 23 || minute > 59 || second > 59) return null;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  // What does not exist, such as 30 February, is another day by now.
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date.getTime() / 1000 : null;
}

/** The same as text, "2026-11-26T16:06:01Z". */
export function timeOf(seconds) {
  return new Date(seconds * 1000).toISOString().replace(/\.\d+Z$/, "Z");
}

/** Whether a situation has one of the words that a rule wants, for each of the rule's attributes. */
export function fits(when, situation) {
  // All rules are asked about each situation: what Object.entries() makes anew would take longer than asking.
  for (const attribute in when) {
    const words = when[attribute];
    const word = own(situation, attribute) ?? UNKNOWN;
    if (!words.includes(word) && (!words.includes(SOME) || word === NONE || word === UNKNOWN)) return false;
  }
  return true;
}

/** Why the hypervisor has the guest in its state; that it does not know is not that nobody asked it. */
export function reasonOf(read) {
  if (typeof read.reason !== "string") return null;
  const said = read.reason.toLowerCase();
  return said === UNKNOWN ? "untold" : said;
}

/** Whether it ever ran; one whose fault is that of a build did not, though nobody said so. */
function launchedWord(report) {
  if (report.launched === null) return isOfBuild(report) ? "never" : null;
  return report.launched ? "ever" : "never";
}

/** Whether a server is left with the fault of its build, so that it was never launched. */
export function isOfBuild({ record, launched, read, vm_state: state, status }) {
  const message = read?.fault?.message;
  if (!["server", "tool"].includes(record) || launched) return false;
  if (typeof message === "string" && OF_BUILD.test(message)) return true;
  // What waits for a new server sees it fail before it ever ran; so does an event of its creation, if it is the last.
  if (lower(state || status) !== FAILED) return false;
  const beside = read?.beside ?? [];
  const events = beside.filter((one) => one.record === "event");
  const isEvent = events.length > 0 && events.every((one) => one.read?.action === CREATE)
    && beside.some((one) => resultOf(one.read ?? {}) === FAILED);
  return isEvent || read?.operation === CREATE || beside.some(isAborted);
}

/** Whether a line of a log says that a build has failed for good. */
const isAborted = ({ record, read }) => record === "log" && ABORTED.test(read?.message || "");

/** What is known of a server beside its states and their age. */
export function wordsOf(report, causes) {
  const read = report.read ?? {};
  return onlyTold({
    launched: launchedWord(report),
    host: hostWord(read),
    service: serviceOf(read),
    terminated: read.terminated_at ? "ever" : null,
    error: report.record === "server" ? read.error : null,
    lock: read.locked === true ? "locked" : read.locked === false ? "unlocked" : null,
    fault: faultWord(read),
    cause: causeOf(failureOf(report), causes) ??
      (read.operation === "create" ? BUILD : null),
    hypervisor: read.hypervisor,
    domain_state: read.domain_state,
    reason: reasonOf(read),
    log_message: read.log_message,
    operation: read.operation,
    // What is told of a server by the records beside it.
    ...(read.words ?? {}),
  });
}

/** What is known of nova-compute on the server's host. */
export function serviceOf(read) {
  return own(SERVICES, read.host_status ?? "") ?? null;
}

/** A word in small letters; null where what was told is no text. */
export const lower = (value) => (typeof value === "string" ? value.toLowerCase() : null);

/** What is known of a service: it is down whatever its status, and one that is up may take no new servers. */
export function stateOfService(read) {
  const state = lower(read.state);
  if (state === "down" || read.forced_down === true) return "down";
  if (state !== "up") return null;
  return lower(read.status) === "disabled" ? "maintenance" : "up";
}

/** What Nova shows as `host_status` of the servers on the host of a nova-compute; one that is down may be disabled. */
export function hostStatusOf(read) {
  if (read.forced_down === true) return "DOWN";
  if (lower(read.status) === "disabled") return "MAINTENANCE";
  return stateOfService(read) === "down" ? "UNKNOWN" : "UP";
}

/** Who has a service marked as it is: "forced" by somebody as down, "itself" as disabled, for its hypervisor. */
export function markedOf(read) {
  if (read.forced_down === true) return "forced";
  const isOwn = (read.disabled_reason || "").startsWith(BY_ITSELF) && lower(read.status) === "disabled";
  return isOwn ? "itself" : null;
}

/** How an action ended: "success", "error" or "running"; null where that was not told. */
export function resultOf(read) {
  const result = lower(read.result) || lower(read.message);
  if (RESULTS.includes(result)) return result;
  return read.event && ("result" in read || "message" in read) ? "running" : null;
}

/** Of a line of a log, lower is louder: a failure before a warning before what else is logged. */
export function loudness({ read }) {
  const place = LEVELS.indexOf(read?.level);
  return place < 0 ? LEVELS.length : place;
}

/** A server's fault, else why its last action failed; of another record its own message. */
function failureOf({ record, read }) {
  if (read?.origin) return { message: read.origin.message, error: read.origin.errors[0] ?? null };
  return read?.fault || (record === "server" ? read?.failure : read);
}

function hostWord(read) {
  if (read.hostless) return NONE;
  if (!Object.hasOwn(read, "host")) return null;
  if (read.host !== null) return "one";
  return FOR_ADMINISTRATORS.some((name) => told(read[name])) ? NONE : null;
}

function faultWord(read) {
  if (!Object.hasOwn(read, "fault")) return null;
  if (read.fault === null) return NONE;
  const [created, updated] = [secondsOf(read.fault.created), secondsOf(read.updated)];
  if (created === null || updated === null) return null;
  return updated - created > SAME_EVENT ? "old" : "new";
}

/** What kind of failure a fault tells of, by its words, else by its class. */
export function causeOf(fault, causes) {
  if (!fault) return null;
  const message = (fault.message ?? "").toLowerCase();
  // What failed on the last host says more than that all hosts failed.
  const last = message.indexOf(LAST_EXCEPTION);
  const texts = [last < 0 ? "" : message.slice(last + LAST_EXCEPTION.length), message];
  const named = texts.map((text) => causes.find(([, , parts]) => parts.some((part) => text.includes(part))))
    .find((cause) => cause !== undefined);
  const error = errorOf(fault);
  const found = named ?? causes.find(([, classes]) => classes.includes(error));
  return found ? found[0] : null;
}

/** The exception that a fault tells of; of one that Nova may not quote, the name of the class is all it says. */
function errorOf({ error, message }) {
  if (told(error)) return error;
  return typeof message === "string" && CLASS.test(message) ? message : null;
}

/** Seconds since the server last changed; null where that was not told. */
export function ageOf(report, now) {
  // What is told of an action that goes on tells since when its server is busy.
  const updated = secondsOf(changedOf(report) || report.read?.started);
  return updated === null || now === null ? report.read?.age_seconds ?? null : Math.max(0, now - updated);
}

/** When the server last changed; one that is being built has not settled since it was asked for. */
export function changedOf({ read, vm_state: vmState }) {
  return read?.updated || (!read?.started && vmState === "building" ? read?.created : null) || null;
}

function patienceFor(task, vmState, patience) {
  if (task === null && vmState !== "building") return null;
  return own(patience.tasks, task) ?? patience.default;
}

/** The exceptions that a record tells of: one, or all whose wording it may be. */
export function errorsOf(report) {
  const read = report.read ?? {};
  if (read.origin) return read.origin.errors;
  const fault = read.fault || read.failure;
  const one = read.error || (fault && errorOf(fault));
  return one ? [one] : read.errors ?? [];
}

/** The situation of a server, in the states that it may be in. */
export function situationOf(report, [vmState, task, power], words, age, patience) {
  const limit = patienceFor(task, vmState, patience);
  return {
    ...onlyTold({
      record: "server",
      vm_state: vmState,
      task_state: task ?? (report.has_task ? NONE : null),
      power_state: power,
      age: limit === null || age === null ? null : age > limit ? "overdue" : "recent",
    }),
    ...words,
  };
}
