// Which cause a message quotes, and what is said of it.
// Mirrors generator/nova_states/lookup/root_causes.py; the tests hold both to the same answers.

import { chooseHelp } from "./helping.js";
import { cut, pattern } from "./reading/grammar.js";

const MOST_OF_BOTH = 5;
const UNTOLD = "needs-attention";
const LONGEST = 4000;
const ID = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/g;

/** A record that knows the cause which its message quotes, as `read.cause`; `known`: what was found so far. */
export function withCause(report, rows, known) {
  const [message, action] = [messageOf(report), actionOf(report)];
  const key = `${action} ${message.replace(ID, "")}`;
  if (!known.has(key)) known.set(key, findCause(message, rows, action));
  const cause = known.get(key);
  return cause === null ? report : { ...report, read: { ...(report.read ?? {}), cause } };
}

/** What a record quotes: the fault of a server, the message of any other, what the steps of an action left. */
function messageOf(report) {
  const read = report.read ?? {};
  if (report.record === "event") return cut([...textsIn([read.message, read.events])].join(" "), LONGEST);
  const told = read.fault?.message || read.refused?.message || (report.record === "server" ? null : read.message);
  return typeof told === "string" ? cut(told, LONGEST) : "";
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
export function findCause(text, rows, action = null) {
  let best = [-1, null];
  for (const [name, words, , actions] of text ? rows : []) {
    if (actions?.length && !actions.includes(action)) continue;
    let last = -1;
    for (const found of text.matchAll(pattern(words, "gi"))) last = found.index;
    if (last > best[0]) best = [last, name];
  }
  return best[1];
}

/** Where causes begin and end that make a record even alone, each with its record, in the order of the rows. */
export function* placesOf(line, rows) {
  for (const [, words, record = "fault"] of rows) {
    const found = record ? pattern(words, "i").exec(line) : null;
    if (found) yield [found.index, found.index + found[0].length, record];
  }
}

/** What the cause of a record is called among what helps; null: there is none, or nothing is said of it. */
export function toldCause(report, texts) {
  const name = `cause:${report.read?.cause}`;
  return Object.hasOwn(texts.help, name) ? name : null;
}

/** What a cause says of a record that tells no states. */
export const verdictOf = (name, texts) => texts.help[name][3] || UNTOLD;

/** What helps, the cause first: why, then what mends it, then what is to be done besides. */
export function withCauseTold(found, name, texts) {
  if (name === null) return found;
  const own = chooseHelp([name], texts, null, null);
  const commands = own.steps.map(({ command }) => command).filter((command) => command !== null);
  const others = found.steps.filter(({ command }) => !commands.includes(command));
  return {
    ...found,
    why: [own.why, found.why].filter(Boolean).join(" "),
    steps: [...own.steps, ...others].slice(0, MOST_OF_BOTH),
    runbook: own.runbook || found.runbook,
  };
}
