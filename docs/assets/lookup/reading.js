// Finds servers in whatever people paste: JSON, tables, lines, a 409 message, a word.
// Mirrors generator/nova_states/lookup/paste_reader.py and pasted.py; nothing of a paste is ever run or put into a page as markup.

import { clean, fieldOf, fold, newReport, power, reportOf, word } from "./report.js";

const DEEPEST = 6;
const LONGEST_MESSAGE = 200_000;
const LARGEST_PASTE = 30_000_000;
const LINE = /^[\s-]{0,40}["']?([A-Za-z0-9_:. -]{1,40}?)["']?\s{0,8}(?:=|:(?=[\s"'0-9]|$))(.*)$/;
const LINE_ENDS = /\n|,\s{0,8}(?=["'])|[{[]/;
const AROUND = /^[ \t"',}\]]+|[ \t"',}\]]+$/g;
const UUID = /^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$/i;
const RULE = /^[-:=+ ]*$/;
const MENTIONED = /(?:vm|task|power)[ _]state|status/i;
const LONGEST_LINE = 400;
const LONGEST_ROW = 100_000;
const LONGEST_HEAD = 100;
const MOST_LINES = 100_000;
const DEEPEST_BRACKET = 500;
const LONGEST_WORDS = 200;
const MOST_WORDS = 8;
const FIELD_HEADS = ["field", "property", "key"];
const TOLD = ["status", "vm_state", "task_state", "power_state"];
const NO_TASK = ["None", "none", "-", "null"];

/** The servers a text tells of: {reports}, or {problem, nearest} where nothing could be read. */
export function readReports(text, vocabulary) {
  if (!text.trim()) return problem("problem_empty");
  if (text.length > LARGEST_PASTE) return problem("problem_large");
  const start = text.replace(/^[\ufeff \t\r\n]+/, "");
  const isJson = start.startsWith("{") || start.startsWith("[");
  if (isJson) {
    const documents = parseAll(start);
    if (documents) return ofDocuments(documents, vocabulary);
  }
  const cleaned = clean(text);
  const asked = findMessage(cleaned.slice(0, LONGEST_MESSAGE), vocabulary);
  for (const read of [readTable, readLines, readValues, readWords]) {
    const reports = read(cleaned, vocabulary);
    if (reports.length) {
      return { reports: asked ? reports.map((report) => ({ ...report, asked: asked.asked })) : reports };
    }
  }
  if (asked) return { reports: [asked] };
  if (isJson) return problem("problem_json");
  return problem("problem_unreadable", vocabulary.nearest(cleaned.trim()));
}

function problem(id, nearest = []) {
  return { problem: id, nearest };
}

/** One JSON value or several, as pages of the API come one after the other; null if it is not JSON. */
function parseAll(text) {
  try {
    return [JSON.parse(text)];
  } catch {
    try {
      return splitDocuments(text).map((part) => JSON.parse(part));
    } catch {
      return null;
    }
  }
}

function splitDocuments(text) {
  const parts = [];
  let depth = 0;
  let start = 0;
  let inString = false;
  for (let place = 0; place < text.length; place++) {
    const char = text[place];
    if (inString) {
      if (char === "\\") place++;
      else if (char === '"') inString = false;
    } else if (char === '"') {
      inString = true;
    } else if (char === "{" || char === "[") {
      if (depth++ === 0) start = place;
      if (depth > DEEPEST_BRACKET) throw new SyntaxError("too deep");
    } else if (char === "}" || char === "]") {
      if (--depth === 0) parts.push(text.slice(start, place + 1));
      if (depth < 0) throw new SyntaxError("closed before it was opened");
    } else if (depth === 0 && !" \t\r\n,".includes(char)) {
      throw new SyntaxError("text between values");
    }
  }
  if (depth || inString) throw new SyntaxError("cut off");
  return parts;
}

function ofDocuments(documents, vocabulary) {
  const reports = [];
  for (const value of documents) collect(value, vocabulary, 0, reports);
  const isEmpty = (value) =>
    (Array.isArray(value) && !value.length) ||
    (isObject(value) && Array.isArray(own(value, "servers")) && !value.servers.length);
  return reports.length || documents.every(isEmpty) ? { reports } : problem("problem_no_server");
}

function collect(value, vocabulary, depth, reports) {
  if (depth > DEEPEST) return;
  if (Array.isArray(value)) {
    for (const item of value) collect(item, vocabulary, depth + 1, reports);
  } else if (isObject(value)) {
    const inner = Object.hasOwn(value, "servers") ? value.servers : own(value, "server");
    if (isObject(inner) || Array.isArray(inner)) {
      collect(inner, vocabulary, depth + 1, reports);
      return;
    }
    const entries = Object.entries(value);
    const report = messageIn(value, vocabulary) ?? (entries.length ? reportOf(entries) : newReport());
    if (report) reports.push(report);
  }
}

function messageIn(value, vocabulary) {
  for (const item of [value, ...Object.values(value).filter(isObject)]) {
    const text = own(item, "message");
    const found = typeof text === "string" ? findMessage(clean(text), vocabulary) : null;
    if (found) return found;
  }
  return null;
}

function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function own(object, key) {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** What the first 409 in a text says: the action that was refused and the state that refused it. */
function findMessage(text, vocabulary) {
  const line = text
    .replace(/&#39;|&quot;|[\u2018\u2019\u201c\u201d`\\]/g, "'")
    .trim().split(/\s+/).join(" ")
    .replaceAll("''", "'");
  for (const [pattern, names] of vocabulary.messages) {
    const found = pattern.exec(line);
    if (!found) continue;
    const values = Object.fromEntries(names.map((name, place) => [name, found[place + 1]]));
    const state = values.attr ? [[values.attr, values.state]] : [];
    const report = reportOf([...state, ["id", values.server_id]]);
    const asked = { action: values.action, attribute: values.attr?.toLowerCase() ?? null, value: values.state ?? null };
    const { id, vm_state, task_state, has_task } = report;
    return newReport({ id, vm_state, task_state, has_task, asked });
  }
  return null;
}

/** A table drawn with bars: field and value of one server, or a row a server. */
function readTable(text) {
  const lines = text.split("\n").filter((line) => /^\s*[|│]/.test(line));
  const isRow = (row) => !row.every((cell) => RULE.test(cell));
  const first = lines.slice(0, LONGEST_HEAD).findIndex((line) => isRow(cells(line)));
  if (first < 0) return [];
  const head = cells(lines[first]).map((cell) => cell.toLowerCase());
  const rest = () => lines.slice(first + 1).map(cells).filter((row) => isRow(row) && row[0]);
  if (head.length === 2 && FIELD_HEADS.includes(head[0]) && head[1] === "value") {
    const report = reportOf(rest().map((row) => [row[0], row.slice(1).join("|").trim()]));
    return report ? [report] : [];
  }
  if (!head.some(fieldOf)) return [];
  return rest()
    .map((row) => fit(row, head.length))
    .map((row) => reportOf(head.map((name, place) => [name, row[place]])))
    .filter(Boolean);
}

function cells(line) {
  return line.slice(0, LONGEST_ROW).trim().replace(/^[|│]+|[|│]+$/g, "").split(/[|│]/).map((cell) => cell.trim());
}

/** A row with as many cells as the head: a bar inside a name, the second column, has torn it apart. */
function fit(row, width) {
  const surplus = row.length - width;
  if (surplus > 0) return [row[0], row.slice(1, surplus + 2).join("|"), ...row.slice(surplus + 2)];
  return [...row, ...Array(-surplus).fill("")];
}

/** Lines of a name and a value: YAML, `-f shell`, the attributes of an object, JSON that is broken. */
function readLines(text) {
  if (!MENTIONED.test(text)) return [];
  const servers = [];
  for (const line of text.split(LINE_ENDS)) {
    const found = LINE.exec(line.slice(0, LONGEST_LINE));
    const field = found ? fieldOf(found[1]) : null;
    if (!field) continue;
    if (!servers.length || servers.at(-1).has(field)) servers.push(new Map());
    servers.at(-1).set(field, found[2].replace(AROUND, ""));
  }
  return servers.filter((server) => TOLD.some((field) => server.has(field))).map(reportOf).filter(Boolean);
}

/** `-f value`: a server a line that begins with its id, or power_state, task_state, vm_state on lines in a row. */
function readValues(text, vocabulary) {
  const lines = text.split("\n", MOST_LINES).map((line) => line.trim()).filter(Boolean);
  const listed = lines.map((line) => readListed(line, vocabulary)).filter(Boolean);
  if (listed.length) return listed;
  for (let place = 0; place + 2 < lines.length; place++) {
    const [power_state, task_state, vm_state] = lines.slice(place, place + 3);
    const hasTask = word(task_state) === null || vocabulary.taskStates.has(fold(task_state));
    if (vocabulary.vmStates.has(fold(vm_state)) && hasTask && isPower(power_state, vocabulary)) {
      return [reportOf(Object.entries({ vm_state, task_state, power_state }))];
    }
  }
  return [];
}

function readListed(line, vocabulary) {
  const parts = line.slice(0, LONGEST_LINE).split(/\s+/).filter(Boolean);
  if (!parts.length || !UUID.test(parts[0])) return null;
  const place = parts.findIndex((part, number) => number > 0 && vocabulary.statusWords.has(part));
  if (place < 0) return null;
  const fields = [["id", parts[0]], ["name", parts.slice(1, place).join(" ")], ["status", parts[place]]];
  const [task, powerWord] = parts.slice(place + 1);
  if (task !== undefined && (task === "None" || task === "-" || vocabulary.taskStates.has(fold(task)))) {
    fields.push(["task_state", task]);
    if (powerWord !== undefined && isPower(powerWord, vocabulary)) fields.push(["power_state", powerWord]);
  }
  return reportOf(fields);
}

function isPower(text, vocabulary) {
  return typeof power(text) === "number" || vocabulary.powerStates.has(fold(text));
}

/** A few words all of which are known: "SHUTOFF", "0x04", "active powering-off 1", or an action. */
function readWords(text, vocabulary) {
  if (text.length > LONGEST_WORDS) return [];
  if (vocabulary.actions.has(fold(text)) && !isUpper(text)) {
    return [newReport({ asked: { action: text.trim(), attribute: null, value: null } })];
  }
  const parts = text.trim().split(/[\s,;/|]+/);
  if (parts.length > MOST_WORDS) return [];
  const fields = new Map();
  let named = null;
  for (const part of parts) {
    const field = fieldOf(part.replace(/[:=]+$/, ""));
    if (field) {
      named = field;
      continue;
    }
    const kind = named ?? kindOf(part, fields, vocabulary);
    if (!kind) return [];
    fields.set(kind, part);
    named = null;
  }
  const report = reportOf(fields);
  return report ? [report] : [];
}

/** Which field a word is: in capitals a status, else a state; the next kind where that one is told already. */
function kindOf(part, taken, vocabulary) {
  const folded = fold(part);
  const kinds = {
    status: vocabulary.statuses.has(folded),
    vm_state: vocabulary.vmStates.has(folded),
    task_state: vocabulary.taskStates.has(folded) || NO_TASK.includes(part),
    power_state: isPower(part, vocabulary),
  };
  const order = isUpper(part)
    ? ["status", "power_state", "vm_state", "task_state"]
    : ["vm_state", "task_state", "power_state", "status"];
  return order.find((kind) => kinds[kind] && !taken.has(kind)) ?? null;
}

function isUpper(text) {
  return text === text.toUpperCase() && text !== text.toLowerCase();
}
