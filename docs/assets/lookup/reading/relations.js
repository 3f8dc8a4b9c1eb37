// Which records of a paste belong together: a server with what was refused to it, and with the fault beside it.
// Mirrors generator/nova_states/lookup/reading/relations.py.

import { loudness } from "../situation.js";

const DENIED = ["PolicyNotAuthorized", "Forbidden", "NotAuthorized", "AdminRequired"];
const LOCKED = "InstanceIsLocked";
// Characters by which people name a request: "req-" and the first part of its id.
const SHORT_REQUEST = 12;
// Quieter lines of a request whose words are kept.
const MOST_SAID = 8;
// Characters by which what somebody repeats of a line is known.
const QUOTED = 16;

/** Records, where the only server has failed and tells no fault, with the only fault beside it as its own. */
export function withFault(all) {
  const records = all.map(asFault);
  const found = onlyPair(records, ({ record }) => record === "fault");
  if (found === null) return records;
  const [server, fault] = found;
  // A dashboard has its words with a capital.
  const hasFailed = (server.vm_state || server.status || "").toLowerCase() === "error";
  if (!hasFailed || "fault" in (server.read ?? {})) return records;
  return putTogether(records, server, fault, { fault: fault.read?.fault ?? null });
}

/** Records without what a line of a log says: the exception at the end of its traceback, and words quoted of it. */
export function withoutRepeated(records) {
  const said = records.filter(({ record }) => record === "log");
  if (!said.length) return records;
  const isFault = ({ record }) => record === "fault";
  const left = records.filter((record) => isFault(record) && said.some((log) => quotes(record, log)));
  const unread = left.map(({ read }) => read.fault.message);
  const kept = records.filter((record) =>
    !isFault(record) || !(left.includes(record) || said.some((log) => says(log, record))));
  return kept.map((record) => (record === said[0] ? { ...record, unread: [...record.unread, ...unread] } : record));
}

/** Whether a person asks in words of a line: what tells of no exception begins with what the line says as well. */
function quotes({ read }, log) {
  const told = read?.fault ?? {};
  const words = (told.message || "").slice(0, QUOTED).toLowerCase();
  const isOwn = (told.error ?? null) !== null || (told.code ?? null) !== null || Boolean(read?.errors?.length);
  return !isOwn && words.length === QUOTED && (log.read?.message || "").toLowerCase().includes(words);
}

function says(log, fault) {
  const { error = null, message } = fault.read?.fault ?? {};
  const isSame = (fault.id === null || fault.id === log.id) && error !== null && error === (log.read?.error ?? null);
  return isSame && (log.read?.message || "").includes((message || "").replace(/\.+$/, ""));
}

/** Records without the tool's message that tells nothing beside the only server: that it has waited in vain. */
export function withTools(all) {
  const records = sameTools(all);
  const found = onlyPair(records, ({ record }) => record === "tool");
  if (found === null) return records;
  const [server, tool] = found;
  if (isItsFault(server, tool)) {
    const named = { ...server, name: server.name || tool.name };
    return putTogether(records.map((record) => (record === server ? named : record)), named, tool, { fault: tool.read.fault });
  }
  const { message, fault, wanted, operation } = tool.read ?? {};
  // What it has waited for says no more than the status that it saw last.
  if (tool.has_task || message || fault || (tool.status === null && wanted)) return records;
  if (tool.status !== null && tool.status !== server.status) return records;
  return putTogether(records, server, tool, operation ? { operation } : {});
}

/** Whether a tool quotes why the server has failed, of the same name as far as both have one. */
function isItsFault(server, tool) {
  const isAlike = server.name === null || tool.name === null || server.name === tool.name;
  const hasFailed = (server.vm_state || server.status || "").toLowerCase() === "error";
  const isTold = Boolean(tool.read?.fault) && !("fault" in (server.read ?? {}));
  return isAlike && hasFailed && isTold && (tool.status === null || tool.status === server.status);
}

/** Records, with what a tool says of one server a second time, and no more of its status, put to the first. */
function sameTools(records) {
  const found = [];
  // Only the first of a tool and a server can be without a status: what comes without one is put to it.
  const firstOf = new Map();
  for (const record of records) {
    if (record.record !== "tool" || record.id === null) {
      found.push(record);
      continue;
    }
    const key = JSON.stringify([record.id, record.read?.tool ?? null]);
    const place = firstOf.get(key);
    if (place === undefined) firstOf.set(key, found.length);
    if (place === undefined || (found[place].status !== null && record.status !== null)) {
      found.push(record);
      continue;
    }
    const [first, other] = record.status === null ? [found[place], record] : [record, found[place]];
    const isTold = (value) => value !== null && value !== undefined;
    const told = Object.fromEntries(Object.entries(other.read ?? {}).filter(([, value]) => isTold(value)));
    const mine = Object.entries(first.read ?? {}).filter(([name, value]) => isTold(value) || !Object.hasOwn(told, name));
    found[place] = { ...first, read: { ...told, ...Object.fromEntries(mine) }, unread: [...first.unread, ...other.unread] };
  }
  return found;
}

/** The only server and the only record of another kind; null where there are more, or they name two servers. */
function onlyPair(records, isOther) {
  const servers = records.filter(({ record }) => record === "server");
  const others = records.filter(isOther);
  return servers.length === 1 && others.length === 1 && mayBeOne(servers[0], others[0]) ? [servers[0], others[0]] : null;
}

/** Whether what another record calls its server is this one: by its id or its name, or it does not call it. */
function mayBeOne(server, other) {
  if (other.id === null) return true;
  if (other.id === server.id || other.id === server.name) return true;
  return server.id === null && (server.name === null || other.id.includes("-"));
}

/** Records, with one of them put into its server. */
function putTogether(records, server, other, told) {
  const id = server.id || (other.id === server.name ? null : other.id);
  const read = { ...(server.read ?? {}), ...told };
  const whole = { ...server, id, read: Object.keys(read).length ? read : null };
  return records.filter((record) => record !== other).map((record) => (record === server ? whole : record));
}

/** A server of which nothing but its fault is told, as that: the row of a table that somebody has cut out. */
function asFault(record) {
  const fault = record.read?.fault;
  const states = [record.status, record.vm_state, record.task_state, record.power_state];
  if (record.record !== "server" || !fault || record.has_task || states.some((state) => state !== null)) return record;
  return { ...record, record: "fault", read: { ...record.read, errors: fault.error ? [fault.error] : [] } };
}

/** Records, where the only server knows for which exception a request was refused, if not for what it is. */
export function withErrors(records) {
  // What its user may not do is no matter of the server.
  const found = onlyPair(records, (record) => record.record === "refusal" && !record.asked && !isDenied(record));
  if (found === null || !found[1].read?.error) return records;
  const [server, refusal] = found;
  const { error, message = null, http = null } = refusal.read;
  const told = { error, refused: { message, http }, ...(error === LOCKED ? { locked: true } : {}) };
  return putTogether(records, server, refusal, told);
}

/** Records, with lines that one request has logged of one server as the loudest of them, which knows their states. */
export function ofRequests(records) {
  const found = [];
  // Looked up by request and server, null for a line that names none: a cloud's list has thousands of records.
  const places = new Map();
  const firsts = new Map();
  for (const record of records) {
    const request = record.record === "log" ? record.read?.request ?? null : null;
    const own = request === null ? new Map() : places.get(request) ?? places.set(request, new Map()).get(request);
    const id = record.id || null;
    // A line without a server is of any that the request tells of, the first.
    if (request !== null && !firsts.has(request)) firsts.set(request, found.length);
    const first = request === null ? found.length : firsts.get(request);
    const told = Math.min(...[id, null].filter((server) => own.has(server)).map((server) => own.get(server)));
    const place = id === null && first < found.length ? first : told;
    if (!Number.isFinite(place)) {
      own.set(id, found.length);
      found.push(record);
      continue;
    }
    if (!found[place].id && id !== null) {
      own.set(id, own.get(null));
      own.delete(null);
    }
    const isLouder = loudness(record) < loudness(found[place]);
    const [louder, other] = isLouder ? [record, found[place]] : [found[place], record];
    found[place] = {
      ...louder,
      id: louder.id || other.id,
      vm_state: louder.vm_state || other.vm_state,
      task_state: louder.has_task ? louder.task_state : other.task_state,
      has_task: louder.has_task || other.has_task,
      read: {
        ...(louder.read ?? {}),
        error: louder.read?.error || other.read?.error || null,
        log_message: louder.read?.log_message
          || (loudness(louder) === loudness(other) && other.read?.log_message) || louder.read?.log_message,
        said: [...saidOf(louder), ...(other.read?.message ? [other.read.message] : []), ...saidOf(other)].slice(0, MOST_SAID),
      },
    };
  }
  return found;
}

/** What the quieter lines of its request say. */
const saidOf = ({ read }) => read?.said ?? [];

/** Servers that know what was refused: of the only one, or of the one that it names, where their states agree. */
export function withRefusals(records) {
  const servers = records.filter(({ record }) => record === "server");
  const refusals = records.filter((record) => record.record === "refusal" && record.asked && !isDenied(record));
  if (!servers.length || !refusals.length) return records;
  const told = new Map();
  for (const refusal of refusals) {
    let meant = servers.filter(({ id, name }) => refusal.id && [id, name].includes(refusal.id));
    if (!meant.length && servers.length === 1 && mayBeOne(servers[0], refusal)) meant = servers;
    if (meant.length === 1 && !told.has(meant[0]) && agree(meant[0], refusal)) told.set(meant[0], refusal);
  }
  const joined = new Set(told.values());
  return records.filter((record) => !joined.has(record))
    .map((record) => {
      if (!told.has(record)) return record;
      const { id, asked } = told.get(record);
      return { ...record, id: record.id || (id === record.name ? null : id), asked };
    });
}

function agree(server, refusal) {
  if (refusal.vm_state !== null) return server.vm_state === null || server.vm_state === refusal.vm_state;
  if (refusal.task_state !== null) return !server.has_task || server.task_state === refusal.task_state;
  return true;
}

/** Whether it was refused for what the user may do: the states of a server do not matter. */
function isDenied({ read }) {
  return DENIED.includes(read?.error);
}

/** Put the only message of a failure to the action whose record it stands beside: how that ended, and why. */
export function faultOfAction(findings, text) {
  const { records } = findings;
  const faults = records.filter(([, { record }]) => record === "fault");
  const actions = records.filter(([, { record, read }]) =>
    record === "event" && !read.result && !read.message && !read.events?.length);
  if (faults.length !== 1 || !actions.length || actions.length + 1 !== records.length) return;
  const fault = faults[0][1].read?.fault;
  if (!fault?.message) return;
  const count = ({ id }) => text.split(String(id ?? "None").slice(0, SHORT_REQUEST)).length;
  const began = ({ read }) => read.start_time ?? "";
  const chosen = actions.map(([, record]) => record).reduce((one, other) => {
    const more = count(other) - count(one);
    return more > 0 || (more === 0 && began(other) > began(one)) ? other : one;
  });
  const read = { ...chosen.read, result: "Error", message: fault.message, error: fault.error ?? null };
  findings.records = records.filter(([, record]) => record !== faults[0][1])
    .map(([line, record]) => [line, record === chosen ? { ...chosen, read } : record]);
}
