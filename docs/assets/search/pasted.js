// Reads what was pasted: a refusal in any of Nova's wordings, or states out of any command's output.

import { joined } from "./normaliser.js";

const ACTION = 6;
const STATE = 3;
const LATER = 0.2;
const SHORTEST_FAULT = 14;
const FIELDS = /["']?(?:OS-EXT-STS:)?\b(vm_state|task_state|power_state|status)["']?\s*[|:=]\s*["']?([A-Za-z0-9_-]+)/gi;
const patterns = new WeakMap();

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
function toldBy(text, index) {
  for (const [pattern, names] of patternsOf(index)) {
    const match = pattern.exec(text);
    if (match) return Object.fromEntries(names.map((name, number) => [name, match[number + 1]]));
  }
  const [, attr, state] = STATED.exec(text) ?? [];
  const action = [...text.matchAll(QUOTED)].map(([, , word]) => word).find((word) => index.actions[word]);
  return action && state ? { action, attr, state } : null;
}

/** {bonus: place of a document → how much it gains, states: {vm_state: "error"}} of a refusal; null of other texts. */
export function readMessage(text, index) {
  const told = toldBy(text, index);
  const actions = told ? (index.actions[told.action] ?? index.actions[told.action?.toLowerCase()] ?? []) : [];
  if (!actions.length) return null;
  const bonus = new Map(actions.map((place, rank) => [place, ACTION - rank * LATER]));
  const states = {};
  if (told.attr && told.state) {
    states[told.attr] = told.state.toLowerCase();
    const id = `${told.attr}:${told.state.toLowerCase()}`;
    const place = index.documents.findIndex(([known]) => known.toLowerCase() === id);
    if (place >= 0) bonus.set(place, STATE);
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

/** Fields that a command's output tells: {vm_state: "error", status: "ERROR"}; empty of other texts. */
export function readFields(text) {
  const found = {};
  for (const [, field, value] of text.matchAll(FIELDS)) {
    if (/[|{:]/.test(text)) found[field.toLowerCase()] ??= value;
  }
  return found;
}
