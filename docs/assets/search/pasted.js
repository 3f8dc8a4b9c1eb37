// Reads what was pasted: a refusal in any of Nova's wordings, or states out of any command's output.

import { unpacked, wordNumber } from "./learned.js";
import { joined } from "./normaliser.js";

const ACTION = 6;
const STATE = 3;
const LATER = 0.2;
const SHORTEST_FAULT = 14;
const FIELDS = /["']?(?:OS-EXT-STS:)?\b(vm_state|task_state|power_state|status)["']?\s*[|:=]\s*["']?([A-Za-z0-9_-]+)/gi;
const LOGGED = 5;
const SHORT_LOGGED = 4;
const LOGGED_BITS = 22;
const RAISED = 4;
const RAISED_BITS = 22;
/** How a line of a log begins: its level, and the module that wrote it. */
const BEGINS_LINE = /\b(?:DEBUG|INFO|WARNING|ERROR|TRACE) nova\b/;
/** The class of an exception as Nova names them: two capitals at least; those without a page of their own are on the page of their initial. */
const CLASS = /\b(?=[A-Z][A-Za-z]*[A-Z])(?=[A-Z]+[a-z])[A-Z][A-Za-z]+\b/g;
/** Exceptions of Python and of what Nova stands on, which no page tells of. */
const FOREIGN_CLASS = /^(?:OS|IO|Type|Key|Value|Attribute|Index|Runtime|Import|Connection|Timeout|Permission|HTTP|Http)(?:Error|Exception)$/;
/** What most of them end with; the twin of site/search/raised.py. */
const ENDS_CLASS = /(?:NotFound|Exception|Error|Failed|Failure|Exists|Invalid|Unsupported|NotSupported|InUse|Unavailable|NotAllowed|Mismatch|Conflict|Exceeded|Missing)$/i;
/** What may be a class that ends otherwise: capitals inside, or one long word, as hurried people write it. */
const WRITTEN_CLASS = /\b(?=[A-Za-z]{9})(?:[A-Z][A-Za-z]*[a-z][A-Z][A-Za-z]*|[a-z]{15,})\b/g;
const patterns = new WeakMap();
const lines = new WeakMap();

function patternsOf(index) {
  let found = patterns.get(index);
  if (!found) {
    found = index.messages.map(([pattern, names]) => [new RegExp(pattern, "iu"), names]);
    patterns.set(index, found);
  }
  return found;
}

const QUOTED = /(['"‘“`])([A-Za-z][A-Za-z_ -]{1,40})(?:\1|’|”)/gu;
/** As people retype it, or a client that leaves the signs out: Cannot resume while the instance is … */
const UNQUOTED = /\b(cannot) ([a-z]+)\b(?=.* while\b)/giu;
const STATED = /\b(vm_state|task_state|power_state)\W{1,3}([A-Za-z][A-Za-z_-]+)/u;

/** What a refusal tells, in Nova's wordings or in part of one: {action, attr, state}. */
function toldBy(text, names) {
  for (const [pattern, fields] of patternsOf(names.index)) {
    const match = pattern.exec(text);
    if (match) return Object.fromEntries(fields.map((field, number) => [field, match[number + 1]]));
  }
  const [, attr, state] = STATED.exec(text) ?? [];
  const words = [...text.matchAll(QUOTED), ...text.matchAll(UNQUOTED)].map(([, , word]) => word);
  const action = words.find((word) => names.actions.has(joined(word)));
  return action && state ? { action, attr, state } : null;
}

/** {bonus: place of a document → how much it gains, states: {vm_state: "error"}} of a refusal; null of other texts. */
export function readMessage(text, names) {
  const told = toldBy(text, names);
  const actions = told ? (names.actions.get(joined(told.action ?? "")) ?? []) : [];
  if (!actions.length) return null;
  const bonus = new Map(actions.map((place, rank) => [place, ACTION - rank * LATER]));
  const states = {};
  if (told.attr && told.state) {
    states[told.attr] = told.state.toLowerCase();
    const state = names.byId.get(`${told.attr}:${states[told.attr]}`);
    if (state) bonus.set(state.place, STATE);
  }
  return { bonus, states };
}

/**
 * The document that tells of a pasted fault, or null. This is the one place that knows of faults: those that have a page
 * are found by its names, the others (index.faults) by their texts, and lead to the guide on reading faults.
 */
export function findFault(text, index) {
  const whole = joined(text);
  const { place, texts } = index.faults;
  return texts.some((fault) => fault.length >= SHORTEST_FAULT && whole.includes(joined(fault))) ? place : null;
}

/** [place, the words that tell it] of each page of an exception whose class or message was pasted: the twin of site/search/raised.py. */
export function findRaised(text, names) {
  const { index, byId, byClass } = names;
  const found = new Map();
  for (const [name] of text.matchAll(CLASS)) {
    const page = byClass.get(name) ?? (ENDS_CLASS.test(name) && !FOREIGN_CLASS.test(name) ? byId.get(`error:letter-${name[0].toLowerCase()}`) : null);
    if (page) found.set(page.place, name);
  }
  if (!lines.has(names)) lines.set(names, new Set(unpacked(index.classes)));
  for (const [name] of text.matchAll(WRITTEN_CLASS)) {
    const isLong = /^[a-z]{18}/.test(name) && ENDS_CLASS.test(name);
    if (!isLong && !lines.get(names).has(wordNumber(name.toLowerCase()))) continue;
    const page = byId.get(`error:letter-${name[0].toLowerCase()}`);
    if (page) found.set(page.place, name);
  }
  if (!index.raised) return found;
  if (!lines.has(index.raised)) lines.set(index.raised, new Map(unpacked(index.raised.numbers).map((number, at) => [number, index.raised.places.charCodeAt(at) - 0x100])));
  const known = lines.get(index.raised);
  for (const [run, words] of runsOf(text, RAISED)) {
    const place = known.get(wordNumber(run, RAISED_BITS));
    if (place !== undefined) found.set(place, words);
  }
  return found;
}

/** Each run of so many words of a text, in lower case, and as it stands there. */
function* runsOf(text, length) {
  const words = [...text.toLowerCase().matchAll(/[a-z]+/g)];
  for (let at = length; at <= words.length; at++) {
    const run = words.slice(at - length, at);
    const end = run.at(-1);
    yield [run.join(" "), text.slice(run[0].index, end.index + end[0].length)];
  }
}

/** [place, the words that tell it] of each page that has a pasted line of Nova's log: the twin of site/search/logged.py. */
export function findLogged(text, index) {
  if (!lines.has(index)) lines.set(index, index.logged.map(([place, numbers]) => [place, new Set(unpacked(numbers))]));
  const found = new Map();
  for (const length of BEGINS_LINE.test(text) ? [LOGGED, SHORT_LOGGED] : [LOGGED]) {
    for (const [run, words] of runsOf(text, length)) {
      const number = wordNumber(run, LOGGED_BITS);
      for (const [place, numbers] of lines.get(index)) if (numbers.has(number)) found.set(place, words);
    }
  }
  return found;
}

/** Fields that a command's output tells: {vm_state: "error", status: "ERROR"}; empty of other texts. */
export function readFields(text) {
  const found = {};
  for (const [, field, value] of text.matchAll(FIELDS)) {
    if (/[|{:]/.test(text)) found[field.toLowerCase()] ??= value;
  }
  return found;
}
