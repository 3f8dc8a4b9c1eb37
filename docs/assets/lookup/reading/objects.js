// Finds records in objects. Mirrors generator/nova_states/lookup/reading/objects.py.

import { allocationsIn } from "./allocations.js";
import { clean, newReport } from "../report.js";
import { readByKind } from "./by_kind.js";
import { externalEventsIn } from "./external_events.js";
import { isObject, pattern, size } from "./grammar.js";
import { isCode, readObjects } from "./literals.js";
import { areOfEntry, loggedIn } from "./logged_objects.js";
import { findMessages, onOneLine, readText, readTexts } from "./messages.js";
import { Findings, upTo } from "./pieces.js";
import { textOf } from "./values.js";
import { FOREIGN, readRecord, tells } from "./records.js";

const MOST_OBJECTS = 20_000;
// Characters of a message, and of an object in one.
const SHORTEST = 9;
const LONGEST_QUOTED = 200;
const LONGEST_BEFORE = 600;
const [FEWEST_VALUES, MOST_VALUES] = [2, 12];
const STATES = ["status", "vm_state", "task_state", "power_state"];

/** Add the records of a value of JSON. */
export function readValue(value, line, findings) {
  walk(value, null, 0, line, findings);
}

function walk(value, wrapper, depth, line, findings) {
  const { grammar } = findings;
  if (depth > grammar.limit("deepest")) return;
  if (Array.isArray(value)) {
    readValues(value, line, findings);
    for (const item of value) walk(item, wrapper, depth + 1, line, findings);
    return;
  }
  if (!isObject(value)) return;
  const members = Object.entries(value);
  for (const told of [allocationsIn(value, grammar), externalEventsIn(value, grammar)]) {
    if (!told.length) continue;
    for (const report of told) findings.add(line, report);
    return;
  }
  if (grammar.layout(members.map(([name]) => name), wrapper).kind !== "server") {
    const logged = loggedIn(members, grammar);
    if (logged.length) {
      addLogged(logged, line, findings);
      return;
    }
  }
  const inner = members.filter(([name, member]) =>
    grammar.wrappers.has(name) && typeof member === "object" && member !== null && !isOwn(name, members, grammar));
  if (inner.length) {
    walkInto(inner, members, depth, line, findings);
    return;
  }
  if (readInside(members, wrapper, depth, line, findings) || readMessage(members, wrapper, depth, line, findings)) return;
  const record = readRecord(members, grammar, wrapper);
  if (record === FOREIGN) {
    const inner = new Findings(grammar);
    for (const [name, member] of members) walk(member, name, depth + 1, line, inner);
    // What holds servers is named as little as a list of them.
    const held = inner.records.filter(([, report]) => report.record === "server" && isSure(report));
    for (const [place, report] of held) findings.add(place, report);
    if (held.length) return;
    readTexts(line, members.map(([, member]) => member), findings);
    findings.leave(line, members.map(([name]) => name).join(", "));
  } else if (record !== null) {
    findings.add(line, record);
  } else if (!members.length && (wrapper === null || grammar.wrappers.get(wrapper) === "server") && depth < 2) {
    findings.add(line, newReport());
  } else {
    walkInto(members, members, depth, line, findings);
  }
}

/** Whether what is told is a server's: a status alone is one of anything. */
const isSure = (server) => server.has_task || server.vm_state !== null || server.power_state !== null;

/** Add the record whose values alone are a list, as a filter of JSON prints them. */
function readValues(values, line, findings) {
  if (values.length < FEWEST_VALUES || values.length > MOST_VALUES) return;
  if (values.some((value) => typeof value === "object" && value !== null)) return;
  const cells = values.map((value) => (value === null ? "None" : textOf(value) || ""));
  const record = readByKind(cells, findings.grammar, false);
  if (record !== null) findings.add(line, record);
}

function walkInto(inner, members, depth, line, findings) {
  const known = findings.records.length;
  for (const [name, member] of inner) walk(member, name, depth + 1, line, findings);
  if (findings.records.length === known + 1) giveFault(members, findings);
  else if (findings.records.length === known) readQuoted(members, line, findings);
}

/** Add the messages that the members of an object quote which is no record: an entry of a tool's log. */
function readQuoted(members, line, findings) {
  const inner = new Findings(findings.grammar);
  readTexts(line, members.map(([, text]) => text).filter((text) => typeof text === "string" && text.includes(" ")), inner);
  for (const [place, record] of inner.records) if (record.record !== "log") findings.add(place, record);
}

/** Add entries of a log, as long as these are not too many to be told one by one. */
function addLogged(logged, line, findings) {
  let count = findings.records.filter(([, { record }]) => record === "log").length;
  for (const report of logged) {
    if (count++ < findings.grammar.limit("most_logs")) findings.add(line, report);
    else findings.leave(line, report.read.message);
  }
}

/** Put to the server that was read last the fault that a tool tells of in a text beside it. */
function giveFault(members, findings) {
  const [line, record] = findings.records.at(-1);
  if (record.record !== "server" || record.read?.fault) return;
  for (const [, text] of members) {
    if (typeof text !== "string" || size(text) < SHORTEST || size(text) >= findings.grammar.limit("longest_text")) continue;
    const fault = readText(clean(text), findings.grammar).map(({ read }) => read?.fault).find(Boolean);
    if (fault === undefined) continue;
    findings.records[findings.records.length - 1] = [line, { ...record, read: { ...(record.read ?? {}), fault } }];
    return;
  }
}

/** Add the records of objects in the strings of something that is none, as a log or a gateway has them. */
export function readInside(members, wrapper, depth, line, findings) {
  const { grammar } = findings;
  const texts = members.map(([, text]) => text).filter((text) => typeof text === "string" && text.includes("{"));
  if (!texts.length || grammar.layout(members.map(([name]) => name), wrapper).kind !== null) return false;
  const inner = new Findings(grammar);
  for (const given of texts) {
    if (size(given) >= grammar.limit("longest_text")) continue;
    let text = clean(given);
    let found = grammar.shape("object").exec(text);
    if (!found && pattern(grammar.plain.unwrapping.escaped).test(text)) {
      text = text.replace(/\\+"/g, '"');
      found = grammar.shape("object").exec(text);
    }
    if (found) for (const value of readObjects(text, found.index)[0]) walk(value, null, depth + 1, line, inner);
  }
  const telling = tellingIn(inner);
  for (const [place, record] of telling) findings.add(place, record);
  return telling.length > 0;
}

/** The records but for servers of which nothing is told. */
function tellingIn(inner) {
  return inner.records.filter(([, record]) => record.record !== "server" || tells(record));
}

function isOwn(name, members, grammar) {
  const { kind, fields } = grammar.layout(members.map(([member]) => member).filter((member) => member !== name));
  if (grammar.wrappers.get(name) === "fault" && fields.some((field) => STATES.includes(field))) return true;
  return kind !== null && !(kind === "server" && (name === "server" || name === "servers"));
}

/** The code of a request that the API refused, as clients write it behind the message; a fault has a time as well. */
function refusing(members) {
  const { code, created } = Object.fromEntries(members);
  const isRefused = Number.isInteger(code) && code >= 400 && code < 500 && created === undefined;
  return isRefused ? ` (HTTP ${code})` : "";
}

/** Whether a server of which something is told stands inside an object. */
function hasServer(members, depth, line, grammar) {
  const inner = new Findings(grammar);
  for (const [name, member] of members) walk(member, name, depth + 1, line, inner);
  return tellingIn(inner).some(([, { record }]) => record === "server");
}

function readMessage(members, wrapper, depth, line, findings) {
  if (members.length > 4) return false;
  const { kind, fields } = findings.grammar.layout(members.map(([name]) => name), wrapper);
  // The fields of a server tell what it is, whatever words stand in them.
  if (kind === "server" || fields.some((field) => STATES.includes(field))) return false;
  const inner = members.filter(([, member]) => isObject(member)).flatMap(([, member]) => Object.entries(member));
  const told = [...members, ...inner];
  const code = refusing(told);
  const hasInner = members.some(([, member]) => typeof member === "object" && member !== null);
  for (const [, member] of told) {
    if (typeof member !== "string" || size(member) >= findings.grammar.limit("longest_text")) continue;
    const records = readText(`${clean(member)}${code}`, findings.grammar);
    // What says more stands inside.
    if (!records.length || (hasInner && !records.some((record) => record.record !== "tool" || tells(record)))) continue;
    if (hasInner && records.every(({ record }) => record === "fault") && hasServer(members, depth, line, findings.grammar)) continue;
    for (const record of records) findings.add(line, record);
    return true;
  }
  return false;
}

/** Read objects that stand somewhere in the lines of a piece. */
export function readPrinted(piece, findings) {
  const text = piece.lines.join("\n");
  const starts = startsIn(text, findings.grammar);
  if (!starts.length) return [piece];
  const offsets = [];
  let offset = 0;
  for (const line of piece.lines) {
    offsets.push(offset);
    offset += line.length + 1;
  }
  const left = [];
  let end = 0;
  let done = 0;
  let held = 0;
  for (const start of starts) {
    // Members of a value are not read apart from it.
    if (start < end || (start < held && "u\"'".includes(text[start])) || isCode(text, start)) continue;
    const place = upTo(offsets, start) - 1;
    if (isValue(text.slice(offsets[place], start), findings.grammar)) {
      [, held] = readObjects(text, start);
      continue;
    }
    const [values, behind] = readObjects(text, start);
    end = Math.max(behind, start + 1);
    const before = text.slice(Math.max(offsets[place], start - LONGEST_BEFORE), start);
    if (before.trimEnd().endsWith(":") && isQuoted(before, text.slice(start, end), findings.grammar)) continue;
    if (addAll(values, piece.start + place, before, findings)) {
      left.push(...pieceOf(piece, text.slice(done, start), done, offsets));
      done = end;
    }
  }
  return [...left, ...pieceOf(piece, text.slice(done), done, offsets)];
}

function addAll(values, line, before, findings) {
  const inner = new Findings(findings.grammar);
  for (const value of values) readValue(value, line, inner);
  const telling = areOfEntry(inner.records, before, findings.grammar) ? [] : tellingIn(inner);
  for (const [place, record] of telling) findings.add(place, record);
  if (telling.length) findings.unread.push(...inner.unread);
  return telling.length > 0;
}

function pieceOf(piece, text, offset, offsets) {
  if (!text.replace(/[ \t\n[\](){}<>,;'"]/g, "")) return [];
  return [{ start: piece.start + upTo(offsets, offset) - 1, lines: text.split("\n") }];
}

function isValue(before, grammar) {
  if (/(?:  |\t)$/.test(before) && grammar.fieldOf(before.trim()) !== null) return true;
  const found = grammar.shape("pair").exec(before)?.groups;
  return Boolean(found) && !found.value.replace(/[ \t"']/g, "") && grammar.fieldOf(found.name) !== null;
}

/** Whether an object on one line is a part of one of Nova's messages, which has begun before it. */
function isQuoted(before, printed, grammar) {
  const head = onOneLine(before, grammar);
  if (size(head) < SHORTEST || printed.includes("\n")) return false;
  // What Placement and others answer with.
  if (printed.startsWith('{"errors":')) return true;
  if (size(printed) > LONGEST_QUOTED) return false;
  return findMessages(onOneLine(`${before}${printed}`, grammar), grammar)
    .some((match) => match.start < head.length && head.length < match.end);
}

function startsIn(text, grammar) {
  const found = [];
  for (const match of text.matchAll(pattern(grammar.plain.shapes.object, "g"))) {
    found.push(match.index);
    if (found.length >= MOST_OBJECTS) break;
  }
  // Behind the first object members have a line of their own: what stands before them there has them as its value.
  const first = found.length ? found[0] : text.length;
  let place = 0;
  for (const line of text.split("\n")) {
    if (found.length > MOST_OBJECTS) break;
    const member = line.includes(":") ? grammar.shape("member").exec(line) : null;
    if (member && (place + member.index < first || !line.slice(0, member.index).trim())) found.push(place + member.index);
    place += line.length + 1;
  }
  return found.sort((a, b) => a - b);
}
