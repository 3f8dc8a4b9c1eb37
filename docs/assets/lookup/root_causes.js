// Which cause a message quotes, and what is said of it.
// Mirrors generator/nova_states/lookup/root_causes.py; the tests hold both to the same answers.

import { cut, pattern } from "./reading/grammar.js";
import { BY_ITSELF } from "./situation.js";

// What the names of causes begin with that are questions: what somebody asks tells nothing of what failed.
export const QUESTION = "asked-";
// What those begin with whose words only say that something failed: what else a paste quotes tells why.
export const VAGUE = "vague-";
// Only the number of an error: whatever else a message quotes says more, wherever it stands.
const NUMBER = "errno";
const BARE = ["log", "refusal"];
export const MOST_OF_BOTH = 5;
// What of a command does not matter to what is looked at.
const SAME = /^sudo | --service nova-compute| --long| --all(?= |$)| --os-compute-api-version [0-9.]+| -c [A-Za-z_:-]+/g;
const UNTOLD = "needs-attention";
const LONGEST = 4000;
const ID = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/g;

/** A record that knows the cause which its message quotes, as `read.cause`; `known`: what was found so far.
 *  What else is to be told is `read.also`. */
export function withCause(report, rows, known) {
  const [message, action] = [messageOf(report) || saidBy(report), actionOf(report)];
  const key = `${action} ${message.replace(ID, "")}`;
  if (!known.has(key)) known.set(key, findCauses(message, rows, action));
  return putCauses(report, ...known.get(key));
}

/** A record with its cause, and with the one that is told besides; what was asked of it is answered first. */
export function putCauses(report, cause, also) {
  if (cause === null) return report;
  const asked = report.read?.cause;
  const [first, second] = asked?.startsWith(QUESTION) ? [asked, cause] : [cause, also];
  const told = second ? { cause: first, also: second } : { cause: first };
  return { ...report, read: { ...(report.read ?? {}), ...told } };
}

/** What a record quotes: the fault of a server, the message of any other, what the steps of an action left. */
export function messageOf(report) {
  const read = report.read ?? {};
  if (report.record === "event") return cut([...textsIn([read.message, read.events])].join(" "), LONGEST);
  if (read.origin) return read.origin.message;
  // Who turned a service off says why there; what nova-compute says itself is told with its state.
  if (report.record === "service") return read.disabled_reason?.startsWith(BY_ITSELF) ? "" : cut(read.disabled_reason ?? "", LONGEST);
  const told = read.fault?.message || read.refused?.message || (report.record === "server" ? null : read.message);
  return typeof told === "string" ? cut(told, LONGEST) : "";
}

/** What a refusal said of states, and what a tool met, of which the reader keeps no words, in words. */
function saidBy({ read, asked, status }) {
  if (asked?.attribute) return `Cannot '${asked.action}' instance while it is in ${asked.attribute} ${asked.value}`;
  // A tool that names no status has only stopped waiting.
  return read?.tool ? `${read.tool}: ${status || "waited"}${status && read.wanted ? `, wanted ${read.wanted}` : ""}` : "";
}

function* textsIn(values) {
  for (const value of values) {
    if (typeof value === "string") yield value;
    else if (value && typeof value === "object") yield* textsIn(Object.values(value));
  }
}

/** What was asked for, as far as the record says so. */
function actionOf(report) {
  const read = report.read ?? {};
  const told = report.asked?.action || read.operation || (report.record === "event" ? read.action : null);
  return typeof told === "string" ? told.replaceAll("-", "_") : null;
}

/** The cause that begins last in a text, for what stands behind a colon is the cause of what stands before it. */
export const findCause = (text, rows, action = null) => findCauses(text, rows, action)[0];

/** The cause that begins last, and of those before it the nearest that is told whatever stands behind it. */
export function findCauses(text, rows, action = null) {
  const found = [];
  for (const [name, words, , actions, also] of text ? rows : []) {
    if (actions?.length && !actions.includes(action)) continue;
    let last = -1;
    for (const { index } of text.matchAll(pattern(words, "gi"))) last = index;
    if (last >= 0) found.push([last, name, name.startsWith(QUESTION) || Boolean(also)]);
  }
  const lastOf = (ones) => ones.reduce((best, one) => (one[0] > best[0] ? one : best), [-1, null])[1];
  const cause = lastOf(found.filter(([, name]) => name !== NUMBER)) ?? lastOf(found);
  return [cause, lastOf(found.filter(([, name, isAlso]) => isAlso && name !== cause))];
}

/** Whether a record is what somebody asks, and tells of no server. */
export function isQuestion(report) {
  const { record, read, id, name, status, vm_state: vmState, has_task: hasTask, power_state: power, asked, launched } = report;
  const isEmpty = record === "server" && [id, name, status, vmState, power, asked, launched].every((told) => told === null);
  return Boolean(read?.cause?.startsWith(QUESTION)) && isEmpty && !hasTask;
}

/** Whether a record says no more than that something failed, in words that do not tell why. */
export function isVague(report, rows) {
  const { read } = report;
  // The address of a request names its server: that tells no more of why it was refused.
  const isNamed = Boolean(report.id) && report.record !== "refusal";
  const isBare = BARE.includes(report.record) && !report.asked && !report.has_task && !isNamed && !report.status;
  if (!isBare || read?.error || typeof read?.message !== "string") return false;
  return (findCause(read.message, rows) ?? "").startsWith(VAGUE);
}

/** Where causes begin and end that make a record even alone, each with its record, in the order of the rows. */
export function* placesOf(line, rows) {
  for (const [, words, record = "fault"] of rows) {
    const found = record ? pattern(words, "i").exec(line) : null;
    if (found) yield [found.index, found.index + found[0].length, record];
  }
}

/** The causes of a record as they are called among what helps, in the order in which they are told. */
export function toldCauses(report, texts) {
  const names = ["cause", "also"].filter((word) => report.read?.[word]).map((word) => `cause:${report.read[word]}`);
  return names.filter((name) => Object.hasOwn(texts.help, name));
}

/** Whether one of the causes says why something failed, so that nothing has to be done to find it. */
export const isFound = (names) => names.some((name) => !name.startsWith(`cause:${QUESTION}`));

/** What a cause says of a record that tells no states. */
export const verdictOf = (name, texts) => texts.help[name][3] || UNTOLD;

/**
 * What helps, causes first: why, then what mends them, then what is to be done besides.
 * `choose` chooses of what helps by the names of some, as a step may rest on what is known of the record;
 * `isOld`: whether they are of something that was before, and what is so now comes first.
 */
export function withCauseTold(found, names, texts, choose, isOld = false) {
  if (!names.length) return found;
  const own = names.map((name) => choose([name]));
  const isWhole = !isOld && names.some((name) => texts.help[name][4] === 1);
  const inOrder = isWhole ? own : isOld ? [found, ...own] : [...own, found];
  const steps = [];
  for (const step of inOrder.flatMap((one) => one.steps)) {
    const same = steps.findIndex((other) => isSame(step, other));
    if (same < 0) steps.push(step);
    // What is looked at is the same; what may go wrong is still to be said.
    else if (step.caution && !steps[same].caution) steps[same] = { ...steps[same], caution: step.caution };
  }
  return {
    ...found,
    why: inOrder.map((one) => one.why).filter(Boolean).join(" "),
    steps: steps.slice(0, MOST_OF_BOTH),
    runbook: [...inOrder, found].map((one) => one.runbook).find(Boolean) ?? null,
  };
}

/** Whether two steps look at the same. */
function isSame(one, other) {
  if (one.command === null || other.command === null) return one.text === other.text;
  const [here, there] = [one, other].map(({ command }) => command.replaceAll(SAME, "").split(/\s+/).filter(Boolean).join(" "));
  return here === there;
}
