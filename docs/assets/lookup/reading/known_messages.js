// Which of Nova's own messages stand in a text, and what record each makes. Mirrors reading/known_messages.py.

import { fold, foldAction, newReport } from "../report.js";
import { placesOf } from "../root_causes.js";
import { LAST_EXCEPTION } from "../situation.js";
import { all, cut, own, pattern } from "./grammar.js";
import { match } from "./message_patterns.js";
import { wordOf } from "./values.js";

// Of an action or a state.
const NAME = /^[A-Za-z][A-Za-z0-9_-]*(?: [A-Za-z_-]+)*/;
const ONE_WORD = "state";
// A state is one word: what stands behind it a client has added.
const STATE = /^[A-Za-z][A-Za-z0-9_-]*/;
// Placeholders for a power_state: first what the hypervisor reports.
const POWERS = ["vm_power_state", "power_state"];
const NUMBER = /^[0-9]{1,2}$/;
// What the end of a traceback begins with.
const CLASS = /^(?:[a-z_][A-Za-z0-9_]{0,40}\.){1,6}([A-Z][A-Za-z0-9_]{2,60}?)(?:_Remote)?: /;
// Words of a server's name in a message; more are a clause.
const MOST_WORDS = 6;
const ERROR = "error:";
const LOG = "log_message:";
const REFUSAL = "refusal:";
// The operation that failed, where only a server that is being created says so.
export const CREATE = "create";
const MOST_NAMES = 8;
const BEHIND = 3;
const TAIL = 3;
// What says that a quota was found too small while a server was built, not when it was asked for.
const OF_FAULT = /\b(?:server|instance|VM) (?:went|goes) (?:in)?to ERROR\b|\bwith a fault\b/;
const DENIED = [401, 403, 413];

export function knownMessages(line, grammar) {
  const made = [];
  const matches = match(line, grammar.messages).filter((one) => !isStretched(one, line, grammar));
  const sorted = matches.map((one, place) => ({ ...one, place }))
    .sort((a, b) => a.start - b.start || b.end - a.end || a.place - b.place);
  for (let place = 0; place < sorted.length;) {
    const { start, end } = sorted[place];
    const same = [];
    while (place < sorted.length && sorted[place].start === start && sorted[place].end === end) same.push(sorted[place++]);
    const first = start + /^ */.exec(line.slice(start, end))[0].length;
    const last = unquoted(line, first, end, endOf(line, end, same[0].groups));
    // A client's frame names the kind of an answer before its message.
    if (line[first - 1] === "(" && line.startsWith("):", last)) continue;
    // A line of a log that is the word of a state is mostly that.
    const { vmStates, taskStates } = grammar.vocabulary;
    const word = fold(line.slice(first, last).replace(/[ .]+$/, ""));
    if (same[0].id.startsWith(LOG) && (vmStates.has(word) || taskStates.has(word))) continue;
    made.push({ start: first, end: last, record: recordOf(line, first, last, same, grammar) });
  }
  const worded = new Set();
  for (const [words, name] of Object.entries(grammar.plain.errors.wordings)) {
    const place = line.indexOf(words);
    const isNamed = line.includes(name) && own(grammar.errors, name) !== undefined;
    if (place < 0 || worded.has(name) || isNamed || matches.some((one) => one.start <= place && place < one.end)) continue;
    const text = cut(line.slice(place), grammar.limit("longest_message"));
    worded.add(name);
    made.push({ start: place, end: place + text.length, record: ofError([name], line, text, new Map(), grammar) });
  }
  const seen = new Set();
  for (const found of all(grammar.plain.errors.name, line)) {
    const [name] = found;
    const end = found.index + name.length;
    // A class whose own message follows it is told by that one.
    const isTold = matches.some((one) => one.start >= end && one.start <= end + BEHIND);
    if (own(grammar.errors, name) === undefined || seen.has(name) || isTold) continue;
    seen.add(name);
    const behind = pattern(grammar.plain.errors.said).exec(cut(line.slice(end), grammar.limit("longest_message")));
    const record = ofError([name], line, behind ? behind.groups.message : null, new Map(), grammar);
    made.push({ start: found.index, end, record });
  }
  return made;
}

/** Whether a clause stands where a message names a server: its words are of two others, and neither is that one. */
function isStretched({ start, end, groups }, line, grammar) {
  const within = line.slice(start, end);
  const values = grammar.plain.errors.servers.map((name) => groups.get(name) ?? "");
  // What stands behind the last words of a message takes the rest of its line along.
  return values.some((value) => value.split(" ").length > MOST_WORDS && within.includes(value));
}

/** Words that tell a cause and stand in no message that is known. */
export function causesIn(line, taken, grammar) {
  const told = taken.map((found) => spanOf(found, line));
  const places = [...placesOf(line, grammar.causes)]
    .sort(([a, aEnd, one], [b, bEnd, other]) => a - b || aEnd - bEnd || (one < other ? -1 : one > other ? 1 : 0));
  const found = [];
  for (const [place, last, record] of places) {
    // A class that tells a cause belongs to its message, which is behind it.
    // The code of an answer in brackets belongs to what stands right before it.
    const after = line[place] === "(" ? BEHIND : 0;
    if (told.some(([start, end]) => start <= last + BEHIND && place < end + after)) continue;
    const [text] = cut(line.slice(place), grammar.limit("longest_message")).split("\n");
    told.push([place, place + text.length]);
    found.push({ start: place, end: place + text.length, record: quoting(record, text, line, grammar) });
  }
  return found;
}

/** Where a message stands, with what is quoted behind the name of its class. */
function spanOf({ start, end, record: { read } }, line) {
  const message = (read?.fault || read || {}).message || "";
  const place = message ? line.indexOf(message, start) : -1;
  return [start, Math.max(end, place + message.length)];
}

/** A record of words that no exception is known for. */
function quoting(record, text, line, grammar) {
  const http = [...all(grammar.plain.errors.http, line)];
  if (http.length || record === "refusal") {
    const code = http.find((found) => found.groups.code)?.groups.code;
    return newReport({ record: "refusal", read: { message: text, error: null, errors: [], http: code ? Number(code) : null } });
  }
  if (record === "log") {
    return newReport({ record: "log", read: { level: null, module: null, time: null, message: text, log_message: null } });
  }
  const read = { fault: { message: text, code: null, created: null, error: null }, errors: [] };
  if (pattern(grammar.plain.errors.build).test(line)) read.operation = CREATE;
  return newReport({ record: "fault", read });
}

/** The exception whose message a text is; null where none is, or where its wording is that of several. */
export function identify(message, grammar) {
  if (!message) return null;
  // Of a message that quotes the last of several failures it is that one, where it is known.
  const last = message.toLowerCase().indexOf(LAST_EXCEPTION);
  const inner = last < 0 ? null : identify(message.slice(last + LAST_EXCEPTION.length), grammar);
  if (inner) return inner;
  const worded = wordedIn(message, grammar);
  if (worded) return worded;
  const found = match(message, grammar.messages);
  const names = namesOf(found.filter((one) => one.start === found[0].start && one.end === found[0].end));
  // The end of a traceback tells its class, whatever the message says.
  const named = CLASS.exec(message);
  if (names.length || named === null) return names.length === 1 ? names[0] : null;
  return own(grammar.errors, named[1]) === undefined ? null : named[1];
}

/** The record that names of exceptions alone make, as where one of them is pasted. */
export function recordOfErrors(names, grammar) {
  return ofError(names, "", null, new Map(), grammar);
}

/** The class whose words stand where it is raised. */
function wordedIn(text, grammar) {
  return Object.entries(grammar.plain.errors.wordings).find(([words]) => text.includes(words))?.[1] ?? null;
}

function namesOf(matches) {
  const names = matches.filter(({ id }) => id.startsWith(ERROR)).map(({ id }) => id.slice(ERROR.length));
  return [...new Set(names)].slice(0, MOST_NAMES);
}

function endOf(line, end, groups) {
  const name = [...groups.keys()].at(-1) ?? "";
  const last = (name === ONE_WORD ? filled(groups, name) : groups.get(name)) ?? "";
  if (!last) return end;
  const found = line.slice(end, end + TAIL + last.length).indexOf(last);
  return found < 0 ? end : end + found + last.length;
}

/** Where a message ends that stands in quotes: at the first one behind what its wording has; else as it was. */
function unquoted(line, start, told, end) {
  const place = line[start - 1] === '"' ? line.slice(0, end).indexOf('"', told) : -1;
  // An escaped one has another sign before it.
  return place < 0 ? end : place - (line[place - 1] === "'" ? 1 : 0);
}

function recordOf(line, start, end, matches, grammar) {
  const [{ groups }] = matches;
  const text = cut(line.slice(start, end), grammar.limit("longest_message"));
  const names = namesOf(matches);
  if (names.length) return ofError(names, line, text, groups, grammar, matches[0].code);
  const slug = matches.find(({ id }) => id.startsWith(LOG))?.id.slice(LOG.length) ?? null;
  const states = statesOf(groups, grammar);
  const id = serverOf(groups, grammar);
  if (slug) {
    const read = { level: null, module: null, time: null, message: text, log_message: slug };
    return newReport({ record: "log", id, read, ...states });
  }
  const actions = [...new Set(matches.map((one) => one.id.slice(REFUSAL.length)))].sort();
  const action = filled(groups, "action") ?? (actions.length === 1 ? actions[0] : null);
  const asked = action ? { action, attribute: groups.get("attr") ?? null, value: filled(groups, "state") } : null;
  const read = { message: text, error: wordedIn(text, grammar), http: matches[0].code };
  return newReport({ record: "refusal", id, asked, read, ...states });
}

function ofError(names, line, text, groups, grammar, knownCode = null) {
  let error = names.length === 1 ? names[0] : null;
  if (text && text.toLowerCase().includes(LAST_EXCEPTION)) error = identify(text, grammar) ?? error;
  error = (text && wordedIn(text, grammar)) || nested(groups, grammar) || error;
  const states = statesOf(groups, grammar);
  const http = [...all(grammar.plain.errors.http, line)];
  const known = names.map((name) => own(grammar.errors, name)).filter(Boolean);
  const canBeFault = known.some(([isFault]) => isFault);
  const canBeRefusal = known.some(([, isRefusal]) => isRefusal);
  const attribute = groups.get("attr") ?? null;
  const id = serverOf(groups, grammar);
  const isStated = attribute !== null && Object.hasOwn(states, attribute);
  // No server fails for what somebody may not do.
  const isFault = canBeFault && OF_FAULT.test(line);
  if (isStated || http.length || (canBeRefusal && !canBeFault) || (DENIED.includes(knownCode) && !isFault)) {
    const action = filled(groups, "method") ?? ruled(groups.get("action"), grammar) ?? filled(groups, "action");
    const asked = action ? { action, attribute, value: filled(groups, "state") } : null;
    const code = http.find((found) => found.groups.code)?.groups.code;
    const read = { message: text, error, errors: names, http: code ? Number(code) : null };
    return newReport({ record: "refusal", id, asked, read, ...states });
  }
  const fault = { message: text, code: null, created: null, error };
  const read = { fault, errors: names };
  if (pattern(grammar.plain.errors.build).test(line)) read.operation = CREATE;
  // Which status its server has, the message does not say: many exceptions leave it as it was.
  return newReport({ record: "fault", id, read });
}

/** The exception that another quotes as its reason, where something is said of it. */
function nested(groups, grammar) {
  const inner = identify(groups.get("reason") ?? null, grammar);
  return own(grammar.vocabulary.tables.texts.help, `error:${inner}`) === undefined ? null : inner;
}

/** The action that a rule of the policy is for: "os_compute_api:os-admin-actions:reset_state". */
function ruled(rule, grammar) {
  for (const piece of (rule ?? "").split(":").slice(1).reverse()) {
    const name = [piece, piece.replace(/^os-/, ""), `os-${piece}`].find((one) => grammar.vocabulary.actions.has(foldAction(one)));
    if (name !== undefined) return name;
  }
  return rule?.includes(":") ? "" : null;
}

/** The word or words that a placeholder stands for; what is filled in last takes the rest of its line along. */
function filled(groups, name) {
  return (name === ONE_WORD ? STATE : NAME).exec(groups.get(name) ?? "")?.[0] ?? null;
}

function serverOf(groups, grammar) {
  for (const name of grammar.plain.errors.servers) {
    const value = groups.get(name);
    if (value && grammar.shape("uuid").test(value)) return value;
  }
  return null;
}

function statesOf(groups, grammar) {
  const { vocabulary } = grammar;
  const given = { vm_state: groups.get("vm_state"), task_state: groups.get("task_state") || groups.get("task") };
  const attribute = groups.get("attr");
  if (attribute !== undefined && Object.hasOwn(given, attribute)) given[attribute] = filled(groups, "state");
  const word = (value) => wordOf((value ?? "").replace(/^\.+|\.+$/g, ""), grammar);
  const [vmState, task] = [word(given.vm_state), word(given.task_state)];
  const states = {};
  // What the message itself calls a state is one, known or not.
  const isTold = (name, known, value) => attribute === name || known.has(fold(value));
  if (vmState && isTold("vm_state", vocabulary.vmStates, vmState)) states.vm_state = vmState;
  if (task && isTold("task_state", vocabulary.taskStates, task)) Object.assign(states, { task_state: task, has_task: true });
  else if (given.task_state && task === null) states.has_task = true;
  const power = POWERS.map((name) => groups.get(name)).find((value) => NUMBER.test(value ?? ""));
  if (power !== undefined) states.power_state = Number(power);
  return states;
}
