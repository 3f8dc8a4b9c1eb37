// Reads what was pasted: a refusal in any of Nova's wordings, or states out of any command's output.

import { unpacked, wordNumber } from "./learned.js";
import { joined } from "./normaliser.js";

const ACTION = 6;
const STATE = 3;
const LATER = 0.2;
const SHORTEST_FAULT = 14;
const FIELDS = /["']?(?:OS-EXT-STS:)?\b(vm_state|task_state|power_state|status)["']?\s*[|:=]\s*["']?([A-Za-z0-9_-]+)/gi;
const LOGGED = 5;
const LOGGED_BITS = 18;
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
const STATED = /\b(vm_state|task_state|power_state)\W{1,3}([A-Za-z][A-Za-z_-]+)/u;

/** What a refusal tells, in Nova's wordings or in part of one: {action, attr, state}. */
function toldBy(text, names) {
  for (const [pattern, fields] of patternsOf(names.index)) {
    const match = pattern.exec(text);
    if (match) return Object.fromEntries(fields.map((field, number) => [field, match[number + 1]]));
  }
  const [, attr, state] = STATED.exec(text) ?? [];
  const action = [...text.matchAll(QUOTED)].map(([, , word]) => word).find((word) => names.actions.has(word));
  return action && state ? { action, attr, state } : null;
}

/** {bonus: place of a document → how much it gains, states: {vm_state: "error"}} of a refusal; null of other texts. */
export function readMessage(text, names) {
  const told = toldBy(text, names);
  const actions = told ? (names.actions.get(told.action) ?? names.actions.get(told.action?.toLowerCase()) ?? []) : [];
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

/** [place, the words that tell it] of each page that has a pasted line of Nova's log: the twin of site/search/logged.py. */
export function findLogged(text, index) {
  if (!lines.has(index)) lines.set(index, index.logged.map(([place, numbers]) => [place, new Set(unpacked(numbers))]));
  const words = [...text.toLowerCase().matchAll(/[a-z]+/g)];
  const found = new Map();
  for (let at = LOGGED; at <= words.length; at++) {
    const run = words.slice(at - LOGGED, at);
    const number = wordNumber(run.join(" "), LOGGED_BITS);
    const end = run.at(-1);
    for (const [place, numbers] of lines.get(index)) if (numbers.has(number)) found.set(place, text.slice(run[0].index, end.index + end[0].length));
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
