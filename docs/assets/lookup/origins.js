// Told together: what only follows from a failure, and the record of the same server that tells the failure itself.
// Mirrors generator/nova_states/lookup/origins.py; the tests hold both to the same answers.

import { serverIn } from "./named_objects.js";
import { messageOf, QUESTION } from "./root_causes.js";
import { errorsOf, lower, resultOf } from "./situation.js";

const STATES = ["status", "vm_state", "power_state"];
// Of what has failed, and does not say why.
const FARTHEST = 9;
// Records that may tell what failed.
const TELLING = ["log", "fault"];
// Records that a server takes up with what they tell, and that stay what they are where there is none.
const OF_MOVES = ["migration", "event"];
// Records that stay what they are, whatever tells why: the best first.
const STANDING = ["server", ...OF_MOVES, "tool", "refusal"];
const ABOUT = [...STANDING, ...TELLING];
const ENDED = ["failed", "error"];
const FROM_SERVER = 500;
const LOUD = ["CRITICAL", "ERROR"];

const isNothing = (value) => value === null || value === undefined;

/** The records, those of one server that follow from what another of them tells as one with it. */
export function withOrigins(reports) {
  const about = reports.filter(({ record }) => ABOUT.includes(record));
  const named = [...about.map(namedBy), ...reports.map(({ read }) => read?.server)];
  const servers = about.filter(({ record }) => record === "server").length;
  const known = [...new Set(named.filter((name) => typeof name === "string" && name.split("-").length === 5))];
  const only = known.length <= 1 && servers <= 1 ? known[0] ?? "" : null;
  const groups = new Map();
  for (const report of about) {
    const name = namedBy(report) || only;
    if (name === null) continue;
    if (!groups.has(name)) groups.set(name, []);
    groups.get(name).push(report);
  }
  const changed = new Map();
  for (const group of groups.values()) for (const [report, whole] of joined(group)) changed.set(report, whole);
  return reports.map((report) => (changed.has(report) ? changed.get(report) : report)).filter(Boolean);
}

/** The server that a record names, as what it is about or in its message. */
function namedBy(report) {
  if (OF_MOVES.includes(report.record)) return report.read?.server ?? null;
  return report.id || serverIn(messageOf(report));
}

/** What becomes of the records of a group: null where another has taken one up. */
function joined(group) {
  const far = new Map(group.map((report) => [report, distanceOf(report)]));
  const origins = group.filter((report) => TELLING.includes(report.record) && !isWithout(report));
  if (!origins.length) return [];
  const least = Math.min(...origins.map((report) => far.get(report)));
  const hasServer = group.some(({ record }) => record === "server");
  const following = group.filter((report) =>
    (far.get(report) ?? 0) > least && !(hasServer && OF_MOVES.includes(report.record)));
  const origin = origins.find((report) => far.get(report) === least);
  const reasons = JSON.stringify(reasonsOf(origin));
  const same = origins.filter((one) =>
    far.get(one) === least && one !== origin && JSON.stringify(reasonsOf(one)) === reasons);
  let standing = STANDING.flatMap((kind) => following.filter(({ record }) => record === kind));
  if (!standing.length && !hasServer) {
    // A line of Nova's that only says what failed is told with why.
    standing = following.filter((one) => one.record === "log" && isWithout(one)).slice(0, 1);
  }
  if (!standing.length && !hasServer && !origin.read?.log_message) {
    // So is one that says why as another does of which Nova's explanations say nothing.
    standing = same.filter(({ read }) => read?.log_message).slice(0, 1);
  }
  const kept = standing[0] ?? origin;
  const told = [origin, ...same, ...following].filter((one) => !standing.includes(one) && one !== kept);
  if (!told.length) return [];
  let whole = withOrigin(kept, origin);
  let taken = told.map((one) => [one, null]);
  if (kept.record === "server" && (kept.id || kept.name)) {
    // Lines of its log are told of a server wherever they stand.
    whole = withTold(whole, told.filter(({ record }) => record !== "log"));
    const name = kept.id || kept.name;
    taken = told.map((one) => [one, one.record === "log" ? { ...one, id: name } : null]);
  } else {
    // What a fault says is shown beside the line that tells why.
    const fault = STANDING.includes(kept.record) ? undefined : following.find(({ read }) => read?.fault);
    for (const one of told) whole = withStates(whole, one);
    if (fault) whole = { ...whole, read: { ...(whole.read ?? {}), fault: fault.read.fault } };
    whole = withTold(whole, told.filter((one) => one !== fault));
  }
  return [...taken, [kept, whole]];
}

/** A record with others beside it, each as a line of a log has it. */
function withTold(report, told) {
  const read = report.read ?? {};
  const beside = told.map((one) => ({ ...one, record: "log", read: loggedOf(one) }));
  return {
    ...report,
    read: told.length ? { ...read, beside: [...(read.beside ?? []), ...beside] } : read,
    unread: [...report.unread, ...told.flatMap(({ unread }) => unread)],
  };
}

/** How far what a record tells is from what failed: 0 is that itself; null: it tells of no failure. */
function distanceOf(report) {
  const { record, read } = report;
  if (!isWithout(report)) return read?.follows ?? 0;
  if (OF_MOVES.includes(record)) {
    return ENDED.includes(record === "migration" ? lower(read?.status) : resultOf(read ?? {})) ? FARTHEST : null;
  }
  if (record === "log") return read?.log_message && LOUD.includes(read.level) ? FARTHEST : null;
  const hasFailed = (report.vm_state || report.status || "").toLowerCase() === "error";
  const isOfServer = record === "refusal" && (read?.http || 0) >= FROM_SERVER;
  return STANDING.includes(record) && (hasFailed || isOfServer) ? FARTHEST : null;
}

/** Whether it tells neither a cause nor an exception. */
function isWithout(report) {
  const [cause, errors] = reasonsOf(report);
  return cause === null && !errors.length;
}

function reasonsOf(report) {
  const causes = [report.read?.cause, report.read?.also];
  return [causes.find((one) => one && !one.startsWith(QUESTION)) ?? null, errorsOf(report)];
}

/** A record that knows why: cause and exception of the other are its own, what was asked of it stays so. */
function withOrigin(report, origin) {
  const { follows, ...read } = report.read ?? {};
  const asked = read.cause?.startsWith(QUESTION) ? [read.cause] : [];
  const [cause = null, also = null] = [...asked, ...[origin.read?.cause, origin.read?.also].filter(Boolean)];
  const told = { origin: { message: messageOf(origin), errors: [...errorsOf(origin)] }, cause, also };
  if (OF_MOVES.includes(report.record)) told.error = told.origin.errors[0] ?? null;
  return { ...report, read: { ...read, ...told } };
}

/** A record with what another tells of its server, where it does not tell that itself. */
function withStates(report, other) {
  const told = {};
  for (const name of ["id", "name", "launched"]) if (isNothing(report[name])) told[name] = other[name];
  // States are those of one moment.
  if (!report.has_task && STATES.every((name) => isNothing(report[name]))) {
    for (const name of [...STATES, "task_state", "has_task"]) told[name] = other[name];
  }
  const more = Object.fromEntries(["host", "request"].filter((name) => other.read?.[name]).map((name) => [name, other.read[name]]));
  return { ...report, ...told, read: { ...more, ...(report.read ?? {}) } };
}

/** What a record says, as a line of a log has it. */
const loggedOf = (report) => (report.record === "log" ? { ...(report.read ?? {}) } : { message: messageOf(report) });
