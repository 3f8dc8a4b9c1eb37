// Reads messages: refusals, faults, messages of tools, lines of a log. Mirrors reading/messages.py.

import { clean, fold, newReport } from "../report.js";
import { all, cut, own, pattern, size } from "./grammar.js";
import { causesIn, CREATE, knownMessages } from "./known_messages.js";
import { areApart, between, isBroken, widths } from "./line_ends.js";
import { withServer } from "./named_servers.js";
import { part, remaining, upTo } from "./pieces.js";
import { statusOf, wordOf } from "./values.js";

const QUOTES = /[\u2018\u2019\u201c\u201d`\\]/g;
const QUOTING = ["tool", "server"];
const BEFORE = 100;
const BEGINNING = 40;
const REQUEST = /req-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/;
const MOST_BRACKETS = 6;
const LONGEST_CONTEXT = 300;
const MOST_FOUND = 200;

/** The records that the messages in a text make, in their order. */
export function readText(text, grammar) {
  return findMessages(onOneLine(text, grammar), grammar).map(({ record }) => record);
}

/** Add the records of messages in cells or members of something that is no record of Nova. */
export function readTexts(line, texts, findings) {
  const { grammar } = findings;
  for (const text of texts) {
    if (typeof text !== "string" || text.length <= 8) continue;
    for (const record of readText(clean(cut(text, grammar.limit("longest_text"))), grammar)) findings.add(line, record);
  }
}

export function onOneLine(text, grammar) {
  return cut(text, grammar.limit("longest_text")).replace(QUOTES, "'").split(/\s+/).filter(Boolean).join(" ")
    .replaceAll("''", "'");
}

/** All messages in a text on one line; where it is no entry of a log, the words of one may quote a refusal. */
export function findMessages(line, grammar, isLog = false) {
  const matches = [...refusals(line, grammar), ...tools(line, grammar), ...knownMessages(line, grammar)];
  matches.push(...causesIn(line, matches, grammar));
  // What ends further on at one start is the whole.
  matches.sort((one, other) => one.start - other.start || other.end - one.end);
  const kept = [];
  for (const match of matches.slice(0, MOST_FOUND)) {
    const last = kept.at(-1);
    if (last && match.record.record === "fault" && QUOTING.includes(last.record.record) && !last.record.read?.fault) {
      kept[kept.length - 1] = withFault(last, match);
    } else if (last && !isLog && isRefusedIn(match, last)) {
      kept[kept.length - 1] = match;
    } else if ((!last || match.start >= last.end) && !isRepeated(match, kept)) {
      kept.push(match);
    }
  }
  return withAnswers(line, kept, grammar)
    .map((found) => ({ ...found, record: withServer(found.record, around(found, line)) }));
}

/** Whether what looks like a message of a log only stands around what the API refused. */
function isRefusedIn(refusal, log) {
  const isWithin = log.start < refusal.start && refusal.start < log.end && log.record.record === "log";
  return isWithin && refusal.record.record === "refusal";
}

/** The text of the paragraph in which a message stands. */
function around({ start }, line) {
  const end = line.indexOf("\n", start);
  return line.slice(start ? line.lastIndexOf("\n", start - 1) + 1 : 0, end < 0 ? line.length : end);
}

/** Beside the messages that are known, what the API answered in words that no release has any more. */
function withAnswers(line, kept, grammar) {
  for (const found of [...all(grammar.plain.errors.answer, line)].slice(0, MOST_FOUND)) {
    const end = found.index + found[0].length;
    if (kept.some((match) => match.start < end && found.index < match.end)) continue;
    const read = { message: found.groups.message, error: null, errors: [], http: Number(found.groups.code) };
    kept.push({ start: found.index, end, record: newReport({ record: "refusal", read }) });
  }
  return kept.sort((a, b) => a.start - b.start);
}

function withFault(tool, fault) {
  const read = { ...(tool.record.read ?? {}), fault: within(tool.record, fault.record.read?.fault ?? null) };
  const record = { ...tool.record, read, id: tool.record.id || fault.record.id };
  return { start: tool.start, end: Math.max(tool.end, fault.end), record };
}

/** A fault without what a tool has behind its message. */
function within(tool, fault) {
  const said = tool.read?.message;
  if (!fault?.message || !said) return fault;
  const place = said.indexOf(cut(fault.message, BEGINNING));
  return place >= 0 && size(said.slice(place)) < size(fault.message) ? { ...fault, message: said.slice(place) } : fault;
}

function isRepeated(match, kept) {
  if (match.record.record === "fault") {
    const names = errorsOf(match.record);
    return kept.some((other) => names.some((name) => errorsOf(other.record).includes(name)));
  }
  const text = JSON.stringify(match.record);
  return kept.some((other) => JSON.stringify(other.record) === text);
}

function errorsOf(record) {
  const read = record.read ?? {};
  return [...(read.errors ?? []), ...(read.fault?.error ? [read.fault.error] : [])];
}

function* refusals(line, grammar) {
  for (const [wording, names] of grammar.vocabulary.messages) {
    for (const found of line.matchAll(new RegExp(wording.source, "gi"))) {
      yield refusal(found, Object.fromEntries(names.map((name, place) => [name, found[place + 1]])), grammar);
    }
  }
  for (const older of grammar.plain.refusals) {
    for (const found of all(older.pattern, line)) yield refusal(found, { ...found.groups }, grammar);
  }
}

function refusal(found, values, grammar) {
  const attribute = values.attr?.toLowerCase() ?? null;
  const value = values.state ?? null;
  const record = newReport({
    record: "refusal",
    id: wordOf(values.server_id, grammar),
    vm_state: attribute === "vm_state" ? wordOf(value, grammar) : null,
    task_state: attribute === "task_state" ? wordOf(value, grammar) : null,
    has_task: attribute === "task_state",
    asked: { action: values.action, attribute, value },
  });
  return { start: found.index, end: found.index + found[0].length, record };
}

function* tools(line, grammar) {
  const wanted = pattern(grammar.plain.sentence.wanted, "i");
  for (const tool of grammar.plain.tools) {
    for (const found of all(tool.pattern, line)) {
      const values = found.groups ?? {};
      if (tool.record === "volume") {
        const name = values.name ?? null;
        const read = { id: null, name, status: values.status, server: null, attached_to: null, device: null };
        yield { start: found.index, end: found.index + found[0].length, record: newReport({ record: "volume", name, read }) };
        continue;
      }
      const status = values.status || values.built || (values.label ? "ERROR" : null);
      const known = statusOf(status, grammar);
      const before = line.slice(Math.max(0, found.index - BEFORE), found.index);
      if (tool.prose && wanted.test(before)) continue;
      const isNamed = tool.name !== undefined && Boolean(values.server || values.name || (tool.sure && values.message));
      if (status !== null && !isNamed && !isOfServer(before, grammar)) continue;
      if (status !== null && (known === null || !grammar.vocabulary.statuses.has(fold(known)))) continue;
      const message = values.message || values.cause || null;
      const read = tool.name === undefined ? null : {
        tool: values.other ? tool.other : tool.name,
        server: values.server ?? null,
        wanted: values.wanted ?? null,
        operation: tool.operation ?? null,
        message: message && cut(message, grammar.limit("longest_message")),
      };
      const id = [values.server, values.name].find((word) => word && grammar.shape("uuid").test(word)) ?? null;
      const record = newReport({
        record: read === null ? "server" : "tool",
        id,
        name: (values.name === id ? null : values.name) || (read === null && id === null ? values.server : null) || null,
        status: known,
        task_state: wordOf(values.task_state, grammar),
        has_task: values.task_state !== undefined,
        read,
      });
      yield { start: found.index, end: found.index + found[0].length, record };
    }
  }
}

/** Whether a state behind a text is a server's: what the text is about last is no volume, port or the like. */
export function isOfServer(before, grammar) {
  return lastNamed("other", before, grammar) <= lastNamed("subject", before, grammar);
}

/** Whether a text is about a server, or ends in what only a state follows. */
export function namesServer(before, grammar) {
  return lastNamed("subject", before, grammar) >= 0 || pattern(grammar.plain.sentence.stated, "i").test(before);
}

/** Where a text last names such a thing; what it names only beside another ("on host a") does not count. */
function lastNamed(name, before, grammar) {
  const { [name]: text, beside } = grammar.plain.sentence;
  return [...before.matchAll(pattern(text, "gi"))]
    .filter((found) => !pattern(beside, "i").test(before.slice(0, found.index)))
    .reduce((most, found) => Math.max(most, found.index + found[0].length), -1);
}

/** Read the log lines and the messages of a piece. */
export function readMessages(piece, findings) {
  const { grammar } = findings;
  const taken = [];
  let place = 0;
  while (place < piece.lines.length) {
    const logged = loggedIn(piece.lines[place], grammar);
    let end = place + 1;
    if (logged === null) {
      while (end < piece.lines.length && loggedIn(piece.lines[end], grammar) === null) end++;
      taken.push(...readProse(part(piece, place, end), place, findings));
    } else {
      let text;
      [end, text] = whole(piece.lines, place, logged.text, grammar);
      if (readLog(piece.start + place, logged, text, findings)) taken.push([place, end]);
    }
    place = end;
  }
  return remaining(piece, taken);
}

function loggedIn(line, grammar) {
  const { log } = grammar.plain;
  const text = cut(line, grammar.limit("longest_line"));
  const found = pattern(log.line).exec(text);
  if (!found) {
    const bare = pattern(log.bare).exec(text);
    return bare && { level: null, module: null, time: null, ...bare.groups };
  }
  const time = pattern(log.time).exec(found.groups.before);
  return { time: time ? time.groups.time : null, ...found.groups };
}

export function withoutContext(text, grammar) {
  const context = pattern(grammar.plain.log.context);
  let server = null;
  for (let count = 0; count < MOST_BRACKETS; count++) {
    const found = context.exec(text);
    if (!found) break;
    server = server || found.groups.server || null;
    text = text.slice(found[0].length);
  }
  return [server, text];
}

function whole(lines, place, text, grammar) {
  const parts = [text ?? ""];
  let end = place + 1;
  while (end < lines.length && lines[end].trim() && loggedIn(lines[end], grammar) === null) {
    if (!isOpen(parts.join("")) && !isBroken(lines[end - 1], lines[end], grammar)) break;
    parts.push(between(parts.at(-1), lines[end], grammar), lines[end].replace(/^\s+/, ""));
    end++;
  }
  return [end, cut(parts.join(""), grammar.limit("longest_text"))];
}

const isOpen = (text) => text.startsWith("[") && text.length < LONGEST_CONTEXT && !text.includes("]");

function readLog(line, logged, text, findings) {
  const { grammar } = findings;
  const [named, rest] = withoutContext(text, grammar);
  const server = named || logged.server || null;
  const one = onOneLine(rest, grammar);
  const matches = findMessages(one, grammar, true);
  const states = mentioned(one, grammar);
  const isRead = grammar.plain.log.levels_read.includes(logged.level);
  if (!matches.length && !states.size && !isRead && server === null) return false;
  if (findings.records.filter(([, record]) => record.record === "log").length >= grammar.limit("most_logs")) return false;
  const fault = matches.find(({ record }) => record.record === "fault")?.record ?? null;
  const first = matches.find(({ record }) => record.record !== "fault")?.record ?? fault ?? newReport();
  const errors = fault?.read?.errors ?? null;
  findings.add(line, {
    ...first,
    record: "log",
    id: wordOf(server, grammar) || first.id,
    // An exception in a log does not say what became of the server.
    status: first === fault ? null : first.status,
    vm_state: first.vm_state || states.get("vm_state") || null,
    task_state: first.task_state || states.get("task_state") || null,
    has_task: first.has_task || states.has("task_state"),
    read: {
      level: logged.level,
      module: logged.module,
      time: logged.time,
      message: cut(one, grammar.limit("longest_message")),
      log_message: first.read?.log_message ?? null,
      error: errors && errors.length === 1 ? errors[0] : null,
      ...(REQUEST.test(text) ? { request: REQUEST.exec(text)[0] } : {}),
      ...(pattern(grammar.plain.errors.build).test(one) ? { operation: CREATE } : {}),
    },
  });
  return true;
}

/** States that a text names beside the name of their field; a task that is None is there with null. */
export function mentioned(line, grammar) {
  const found = new Map();
  const known = { vm_state: grammar.vocabulary.vmStates, task_state: grammar.vocabulary.taskStates };
  for (const [kind, text] of grammar.plain.log.mentions) {
    for (const match of all(text, line)) {
      if (found.has(kind)) break;
      if (own(known, kind).has(fold(match[1]))) found.set(kind, match[1]);
      else if (kind === "task_state" && grammar.words("no_task").includes(match[1])) found.set(kind, null);
    }
  }
  return found;
}

function readProse(prose, first, findings) {
  const { grammar } = findings;
  const parts = [];
  const starts = [];
  let length = 0;
  let last = "";
  const wide = widths(prose.lines);
  for (const [place, line] of prose.lines.entries()) {
    const one = onOneLine(line, grammar);
    if (one && parts.length) {
      // A line end stands where a paragraph ends: what is filled in last goes no further.
      parts.push(last && !areApart(last, one, wide[place]) ? between(last, one, grammar) : "\n");
      length += parts.at(-1).length;
    }
    last = one;
    starts.push(length);
    if (!one) continue;
    parts.push(one);
    length += one.length;
    if (length > grammar.limit("longest_text")) break;
  }
  const text = cut(parts.join(""), grammar.limit("longest_text"));
  const taken = [];
  for (const found of findMessages(text, grammar)) {
    const begun = upTo(starts, found.start) - 1;
    const ended = upTo(starts, Math.max(found.end, found.start + 1) - 1) - 1;
    findings.add(prose.start + begun, found.record);
    taken.push([first + begun, first + ended + 1]);
  }
  return taken;
}
