// The address of an answer: states, release and ids of errors that Nova knows, never a name, an id or a message.

import { findVersion } from "./tables_view.js";
import { Grammar } from "./reading/grammar.js";
import { recordOfErrors } from "./reading/known_messages.js";
import { clean, fold, foldAction, newReport, power, reportOf, word } from "./report.js";
import { errorsOf } from "./situation.js";

const STATES = ["vm_state", "task_state", "power_state", "status"];
const ASKED = [...STATES, "launched", "action", "error"];
const NO_TASK = "none";
const MOST_ERRORS = 8;
const LONGEST = 40;

/** Whether an address asks for an answer, or for a release of answers to come. */
export function isAddressed(search) {
  const asked = new URLSearchParams(search);
  return [...ASKED, "release"].some((name) => asked.get(name));
}

/** What an address asks for: a report or null, the version or null, and what of it Nova does not know. */
export function readAddress(search, vocabulary) {
  const asked = new URLSearchParams(search);
  const unknown = [];
  const known = (name, value, isKnown) => {
    if (!isKnown) unknown.push(`${name} ${clean(value).trim().slice(0, LONGEST)}`);
    return isKnown;
  };
  const given = (name, isKnown) => {
    const value = asked.get(name);
    return value && known(name, value, isKnown(value)) ? value : null;
  };
  const numbers = new Set(vocabulary.powerStates.values());
  const told = [
    ["vm_state", (value) => vocabulary.vmStates.has(fold(value))],
    ["task_state", (value) => word(value) === null || vocabulary.taskStates.has(fold(value))],
    ["power_state", (value) => numbers.has(power(value)) || vocabulary.powerStates.has(fold(value))],
    ["status", (value) => vocabulary.statuses.has(fold(value))],
  ].map(([name, isKnown]) => [name, given(name, isKnown)]).filter(([, value]) => value !== null);
  if (given("launched", (value) => value === "no")) told.push(["launched_at", null]);
  const action = given("action", (value) => vocabulary.actions.has(foldAction(value)));
  const errors = [...new Set(asked.getAll("error"))].slice(0, MOST_ERRORS)
    .filter((name) => name && known("error", name, vocabulary.errors.has(name)));
  const release = given("release", (value) => findVersion(vocabulary.tables, value) !== null);
  const isAny = told.length || action || errors.length;
  return {
    report: isAny ? reportOn(told, action, errors, vocabulary) : null,
    version: release && findVersion(vocabulary.tables, release),
    unknown,
  };
}

function reportOn(told, action, errors, vocabulary) {
  const states = reportOf(told) ?? newReport();
  const refusal = ["vm_state", "task_state"].find((name) => states[name] !== null);
  const isStatus = states.status !== null;
  const asked = action && { action, attribute: isStatus ? null : refusal ?? null, value: isStatus ? null : states[refusal] ?? null };
  if (!errors.length) return { ...states, asked: asked ?? null };
  if (states.vm_state !== null && !asked) {
    const fault = { message: null, code: null, created: null, error: errors.length === 1 ? errors[0] : null };
    return { ...states, read: { fault, errors } };
  }
  const known = Object.fromEntries(Object.entries(states).filter(([name, value]) => value !== null && name !== "record"));
  return { ...recordOfErrors(errors, new Grammar(vocabulary)), ...known, ...(asked ? { asked } : {}) };
}

/**
 * The query of an answer's address; null where there is none: for what is no server, and where something was told that
 * Nova does not know. That may be anything, and without it the address would lead to another answer.
 */
export function addressOf(report, answer, vocabulary) {
  if (!("vm_state" in answer) || answer.unknown.length) return null;
  const values = new URLSearchParams();
  const add = (name, value) => {
    if (value !== null) values.set(name, value);
  };
  add("vm_state", answer.vm_state);
  if (answer.task_state !== null || report.has_task) add("task_state", answer.task_state ?? NO_TASK);
  add("power_state", answer.power_state);
  if (answer.vm_state === null && report.status !== null) add("status", answer.status);
  if (report.launched === false) add("launched", "no");
  if (answer.asked?.actions.length) add("action", fold(answer.asked.word));
  for (const name of errorsOf(report)) if (vocabulary.errors.has(name)) values.append("error", name);
  if (!values.size) return null;
  if (answer.release !== vocabulary.tables.latest) add("release", answer.release);
  return `?${values}`;
}
