// Decides what a record is before anything is said of it. Mirrors generator/nova_states/lookup/reading/records.py.

import { MEMORY } from "../copied_memory.js";
import { clean, fold, newReport } from "../report.js";
import { isObject, own, pattern } from "./grammar.js";
import { identify } from "./known_messages.js";
import { readLiteral } from "./literals.js";
import { findMessages, onOneLine } from "./messages.js";
import { COPIED } from "./products.js";
import { flagOf, messageOf, powerOf, sharedTask, statusOf, taskOf, textOf, vmStateOf, withoutRemark, wordOf } from "./values.js";

export const FOREIGN = "foreign";
const UP = ["up", "down"];
const STRANGE = 3;
const FAILED = "error";
const VERSIONED = "nova_object.data";
const PART = /(?<![^ \t\n,])(details|event|finish_time|host|host_?[iI]d|result|start_time|traceback)=(?=[', \t\n]|$)/g;
const RAISED = /^\s*(?:[A-Za-z_]\w{0,60}\.){1,8}[A-Za-z_]\w{0,80}: /;
// Lines into which the last one of a traceback may be broken.
const MOST_OF_MESSAGE = 12;
// How the binaries of Nova's services begin.
const NOVA = "nova-";
// Fields one of which the record of an action has.
const OF_ACTIONS = ["action", "event", "events", "result", "start_time", "finish_time", "traceback", "message"];
const FAILED_STATUS = "ERROR";
const KEEPER = "OpenStackMachine";
const DETAILS = ["host", "host_status", "instance_name", "created", "updated", "launched_at", "terminated_at"];

/** The record that named values make: a report, FOREIGN, or null where nothing tells what it is. */
export function readRecord(pairs, grammar, wrapper = null) {
  const layout = grammar.layout(pairs.map(([name]) => name), wrapper);
  const found = new Map();
  layout.fields.forEach((field, place) => {
    if (field) found.set(field, pairs[place][1]);
  });
  if (layout.isForeign) return FOREIGN;
  const kind = layout.kind ?? (isUnlike(pairs, found, grammar) ? null : kindByValues(found, grammar));
  if (kind === null) return null;
  if (kind === "service" && isOfOthers(found, grammar)) return FOREIGN;
  // An image has a size and a status as well.
  if (kind === "volume" && grammar.words("statuses_of_images").includes(wordOf(found.get("status"), grammar))) return FOREIGN;
  // An error of any API names its request.
  if (kind === "event" && !OF_ACTIONS.some((name) => found.has(name))) return FOREIGN;
  if (kind === "server") return server(found, grammar);
  if (kind === "event") return event(found, grammar);
  if (kind === "fault" || kind === "refusal") return errorReport(kind, faultOf(found, grammar));
  if (kind === "hypervisor") {
    return domainReport(wordOf(found.get("name"), grammar), wordOf(found.get("state"), grammar), null, grammar);
  }
  return other(kind, found, grammar);
}

/** Whether a service is not Nova's: what is right where a nova-compute is down loses data where storage is. */
function isOfOthers(service, grammar) {
  return !(wordOf(service.get("binary"), grammar) ?? NOVA).toLowerCase().startsWith(NOVA);
}

function isUpper(text) {
  return text === text.toUpperCase() && text !== text.toLowerCase();
}

/** Whether most names are of no field: what only a status tells may be of any service, and then is of another. */
function isUnlike(pairs, found, grammar) {
  const strange = pairs.filter(([name]) => grammar.fieldOf(name) === null).length;
  return strange >= Math.max(STRANGE, found.size);
}

function kindByValues(found, grammar) {
  const status = wordOf(found.get("status"), grammar);
  // What is up or down beside its status is a router or an agent.
  if (status === null || UP.includes((wordOf(found.get("state"), grammar) ?? "").toLowerCase())) return null;
  if (grammar.isStatus(withoutRemark("status", status, grammar))) {
    // The API has a server's status in capitals, those of an image and of a volume in small letters.
    return isListed(found, grammar) && isLower(status) ? null : "server";
  }
  if (grammar.words("statuses_of_volumes").includes(status.toLowerCase())) return "volume";
  const isOfOthers = grammar.words("statuses_of_others").includes(status) || grammar.shape("other_status").test(status);
  return !status.includes(" ") && isUpper(status) && !/^\d/.test(status) && !isOfOthers ? "server" : null;
}

// eslint-disable-next-line no-control-regex
const isLower = (text) => /^[\x00-\x7f]*$/.test(text) && text === text.toLowerCase() && text !== text.toUpperCase();

/** Whether it is a row of a client's list: it has an id. */
function isListed(found, grammar) {
  return ["id", "uuid"].some((name) => grammar.shape("uuid").test(wordOf(found.get(name), grammar) ?? ""));
}

function first(found, names, grammar) {
  for (const name of names) {
    const word = wordOf(found.get(name), grammar);
    if (word !== null) return word;
  }
  return null;
}

function server(found, grammar) {
  const status = wordOf(found.get("status"), grammar) ? found.get("status") : found.get("instance_state");
  let hasTask = found.has("task_state");
  let task = found.get("task_state");
  if (!hasTask && found.has("task_word") && grammar.isTask(textOf(found.get("task_word")) || "")) {
    [hasTask, task] = [true, found.get("task_word")];
  }
  const read = details(found, grammar);
  // Kubernetes shows what its controller saw last.
  if (found.has("instance_state") && found.has("provider_id")) read[COPIED] = KEEPER;
  const isUnknown = !hasTask && wordOf(found.get("task_word"), grammar) !== null;
  // What notifications call a state is the vm_state.
  const vmState = vmStateOf(found.has("vm_state") ? found.get("vm_state") : found.get("state"), grammar);
  const isKnown = found.has("vm_state") || (vmState !== null && grammar.vocabulary.vmStates.has(fold(vmState)));
  let [told, word] = [statusOf(status, grammar), taskOf(task, grammar)];
  const shared = hasTask ? sharedTask(task, told) : null;
  if (shared) {
    [told, word] = shared;
    hasTask = word !== null;
  }
  return newReport({
    id: first(found, ["uuid", "id", "server"], grammar) || provided(found, grammar),
    name: wordOf(found.get("name"), grammar),
    status: told,
    vm_state: isKnown ? vmState : null,
    task_state: word,
    has_task: hasTask,
    power_state: powerOf(found.get("power_state"), grammar),
    launched: found.has("launched_at") ? wordOf(found.get("launched_at"), grammar) !== null : null,
    read: Object.keys(read).length ? read : null,
    unread: isUnknown ? [`task: ${textOf(found.get("task_word"))}`] : [],
  });
}

/** The id in what Kubernetes calls a provider's id: "openstack:///<id>". */
function provided(found, grammar) {
  const word = wordOf(found.get("provider_id"), grammar);
  return word && (word.replace(grammar.shape("provider"), "") || null);
}

function details(found, grammar) {
  const read = {};
  for (const name of DETAILS) if (found.has(name)) read[name] = wordOf(found.get(name), grammar);
  if (read.host_status) read.host_status = read.host_status.toUpperCase();
  // Everybody sees the digest of the host; it is empty where there is none.
  // A client prints None where it may not be seen; an exporter has nothing where there is none.
  const isEmpty = ["hostid", "hypervisor_hostname"].some((name) => found.has(name) && textOf(found.get(name)) === "");
  // The old client shows a field that the API left out not at all, and none as a dash.
  const isDashed = found.has("vm_state") && found.has("host") && textOf(found.get("host")) === "-";
  if ((isEmpty || isDashed) && !read.host) read.hostless = true;
  const reason = wordOf(found.get("locked_reason"), grammar);
  if (found.has("locked") || reason !== null) read.locked = found.has("locked") ? flagOf(found.get("locked")) : true;
  if (reason !== null) read.locked_reason = reason;
  const fault = readFault(found.get("fault"), grammar) ?? faultSaid(found.get("message"), grammar);
  if (fault !== null) read.fault = fault;
  return read;
}

/** The fault in the message that a tool has beside a server's states. */
function faultSaid(value, grammar) {
  const text = messageOf(value, grammar);
  if (!text) return null;
  return findMessages(onOneLine(clean(text), grammar), grammar).map(({ record }) => record.read?.fault).find(Boolean) ?? null;
}

/** A message; of one that is the name of a class alone, with what that said: it stands last in the details. */
function withCause(message, details, grammar) {
  if (!message || !/^[A-Za-z_][A-Za-z0-9_]*$/.test(message) || typeof details !== "string") return message;
  const place = details.lastIndexOf(`${message}: `);
  return place < 0 ? message : messageOf(details.slice(place), grammar);
}

/** A server's fault, as the API has it, as the client prints it into one cell, or its message alone. */
export function readFault(value, grammar) {
  if (typeof value === "string") {
    const literal = readLiteral(clean(value));
    if (literal !== null && (!Array.isArray(literal) ? Object.keys(literal).length : literal.length)) value = literal;
  }
  // Go has them in capitals.
  if (isObject(value)) {
    const told = isObject(own(value, VERSIONED)) ? value[VERSIONED] : value;
    const fields = new Map(Object.entries(told).map(([name, member]) => [name.toLowerCase().trim(), member]));
    if (!fields.has("message")) fields.set("message", fields.get("exception_message"));
    return faultOf(fields, grammar);
  }
  const message = messageOf(value, grammar);
  return message === null ? null : { message, code: null, created: null, error: grammar.remember(message, identify) };
}

function faultOf(fields, grammar) {
  const code = wordOf(fields.get("code"), grammar);
  const message = withCause(messageOf(fields.get("message"), grammar), fields.get("details"), grammar);
  return {
    message,
    code: code && /^[0-9]{1,4}$/.test(code) ? Number(code) : null,
    created: wordOf(fields.get("created"), grammar),
    error: grammar.remember(message, identify),
  };
}

function other(kind, found, grammar) {
  const read = {};
  for (const [key, sources] of grammar.records.get(kind)) {
    read[key] = null;
    for (const source of sources) {
      if (!found.has(source)) continue;
      read[key] = key === "forced_down" ? flagOf(found.get(source)) : wordOf(found.get(source), grammar);
      if (read[key] !== null) break;
    }
  }
  if (kind === "volume" && read.server === null) read.server = attachedServer(found.get("attached_to"), grammar);
  for (const name of MEMORY) if (read[name] === null) delete read[name];
  return newReport({ record: kind, id: read.id ?? null, name: read.name ?? null, read });
}

function attachedServer(value, grammar) {
  if (typeof value === "string") value = readLiteral(clean(value));
  const attachment = Array.isArray(value) && value.length ? value[0] : value;
  return isObject(attachment) ? wordOf(own(attachment, "server_id"), grammar) : null;
}

/** What a text that looks like an object or a list has; null where that is nothing. */
function filledLiteral(text) {
  const value = readLiteral(text);
  if (value === null) return null;
  return (Array.isArray(value) ? value : Object.keys(value)).length ? value : null;
}

/** Events as the client prints them into a cell: `details='…', event='…', …`, nothing where one has no value. */
function printedEvents(text) {
  const marks = [...text.matchAll(PART)];
  const events = [];
  marks.forEach((mark, place) => {
    const end = place + 1 < marks.length ? marks[place + 1].index : text.length;
    if (!events.length || Object.hasOwn(events.at(-1), mark[1])) events.push(Object.create(null));
    events.at(-1)[mark[1]] = text.slice(mark.index + mark[0].length, end).replace(/^[ ,'\n]+|[ ,'\n]+$/g, "");
  });
  return events;
}

/** An event with how it ended, and why: its details, else the end of the traceback. */
function toldOf(one, grammar) {
  return {
    event: wordOf(own(one, "event"), grammar),
    result: wordOf(own(one, "result"), grammar),
    host: wordOf(own(one, "host"), grammar),
    message: messageOf(own(one, "details"), grammar) ?? raisedIn(one, grammar),
  };
}

/** What a traceback ends in: its exception with all that it says, which a table may have broken into lines. */
function raisedIn(one, grammar) {
  const last = (textOf(own(one, "traceback")) ?? "").trim().split("\n").slice(-MOST_OF_MESSAGE);
  const place = last.findLastIndex((line) => RAISED.test(line));
  return messageOf(last.slice(place < 0 ? -1 : place).join(" "), grammar);
}

function event(found, grammar) {
  let events = found.get("events");
  if (typeof events === "string") events = filledLiteral(events) ?? printedEvents(events);
  const inner = Array.isArray(events) ? events.filter(isObject) : [];
  const told = inner.find((one) => (wordOf(own(one, "result"), grammar) || "").toLowerCase() === FAILED) ?? inner[0] ?? {};
  const merged = new Map();
  for (const name of ["event", "result", "finish_time", "host"]) {
    if (own(told, name) !== undefined) merged.set(name, told[name]);
  }
  for (const [name, value] of found) if (name !== "events") merged.set(name, value);
  const read = {};
  for (const [key, sources] of grammar.records.get("event")) {
    const source = sources.find((name) => merged.has(name));
    read[key] = source === undefined ? null : (key === "message" ? messageOf : wordOf)(merged.get(source), grammar);
  }
  read.events = inner.map((one) => toldOf(one, grammar));
  const said = read.events.find(({ result }) => (result || "").toLowerCase() === FAILED)?.message ?? null;
  read.error = said === null ? null : grammar.remember(said, identify);
  return newReport({ record: "event", id: read.request_id, read });
}

function errorReport(kind, fault) {
  if (kind === "fault") return newReport({ record: kind, status: FAILED_STATUS, read: { fault } });
  return newReport({ record: kind, read: { message: fault.message, error: fault.error, http: fault.code } });
}

/** What the hypervisor says of a domain, with the power_state that Nova makes of it. */
export function domainReport(domain, told, why, grammar) {
  const split = told && why === null ? pattern(grammar.plain.hypervisor.state).exec(told)?.groups : null;
  const state = split ? split.state : told;
  const reason = split ? split.reason : why;
  const word = state ? fold(state).replaceAll("-", " ") : null;
  const power = word === null ? undefined : own(grammar.plain.hypervisor.power_states, word);
  return newReport({
    record: "hypervisor",
    name: domain,
    power_state: power ? grammar.vocabulary.powerStates.get(fold(power)) ?? null : null,
    read: { domain, state: word, reason },
  });
}

/** Whether a report has a state at all. */
export function tells(report) {
  return ["status", "vm_state", "task_state", "power_state"].some((name) => report[name] !== null);
}
