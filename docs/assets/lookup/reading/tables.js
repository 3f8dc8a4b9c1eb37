// Reads tables drawn with bars. Mirrors generator/nova_states/lookup/reading/tables.py.

import { readCells } from "./cells.js";
import { endOfTable, groupsOf, made } from "./drawn_rows.js";
import { foldName, size } from "./grammar.js";
import { readTexts } from "./messages.js";
import { readInside } from "./objects.js";
import { part, remaining } from "./pieces.js";
import { readRecord } from "./records.js";
import { isState } from "./values.js";

const REQUEST = "req-";
const MOST_FOLDS = 40;
const IDS = ["request_id", "uuid", "id"];
const KEYS = ["status", "vm_state", "instance_state", "state", "action", "event"];
const SHORTEST = 8;
const NAME_AND_VALUE = 2;
// Of a row that is one of a list, wherever it stands.
const FEWEST_COLUMNS = 4;
const ONCE = ["id", "vm_state", "task_state", "power_state", "status"];

const EXTENSION = "OS-";
const STATE_FIELDS = ["status", "vm_state", "task_state", "power_state"];

const ID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;
const WORD = /^['"(]*[A-Za-z]+[.,;:'")}\]]*$/;

const trimEnd = (text) => text.replace(/\s+$/, "");

/** Read all tables of a piece. */
export function readTables(piece, findings) {
  const taken = [];
  let place = 0;
  while (place < piece.lines.length) {
    const [end, hasRows] = endOfTable(piece.lines, place, findings.grammar);
    if (hasRows) {
      readTable(part(piece, place, end), findings);
      taken.push([place, end]);
    }
    place = Math.max(end, place + 1);
  }
  return remaining(piece, taken);
}

function readTable(table, findings) {
  const { grammar } = findings;
  const groups = groupsOf(table, grammar);
  let rows = groups.flat();
  if (!rows.length) return;
  if (groups.length > 1 && groups[0].length > 1 && !isFieldHead(rows[0], grammar)) {
    // The head itself may be wrapped: then it has no fewer fields than its first line has.
    const whole = joined(groups[0]);
    if (namedIn(whole, grammar) >= Math.max(1, namedIn(rows[0], grammar))) rows = [whole, ...groups.slice(1).flat()];
  }
  for (const part of apart(rows, grammar)) readRows(part, findings);
}

/** Tables that stand one right below the other: another one begins with names where the one above has values. */
function apart(rows, grammar) {
  const parts = [];
  let begun = 0;
  for (let place = 1; place < rows.length; place++) {
    if (!beginsTable(rows[begun], rows[place], grammar)) continue;
    parts.push(rows.slice(begun, place));
    begun = place;
  }
  return [...parts, rows.slice(begun)];
}

const namedIn = (row, grammar) => row.cells.filter((cell) => grammar.fieldOf(cell)).length;

/** Whether a row is no row of the table with a head: it has other names, or name and value below columns. */
function beginsTable(head, row, grammar) {
  const { cells } = row;
  if (isFieldHead(row, grammar)) return JSON.stringify(cells) !== JSON.stringify(head.cells);
  if (cells.length === head.cells.length || !cells.slice(0, NAME_AND_VALUE).every(Boolean)) return false;
  if (cells.length === NAME_AND_VALUE) {
    const isPair = grammar.fieldOf(cells[0]) !== null && grammar.fieldOf(cells[1]) === null;
    return isPair && head.cells.length >= FEWEST_COLUMNS;
  }
  const isBelowFields = head.cells.length === NAME_AND_VALUE && grammar.fieldOf(cells[0]) === null;
  if (isBelowFields && cells.length >= FEWEST_COLUMNS && readCells(cells, grammar) !== null) return true;
  return cells.length > NAME_AND_VALUE && cells.every(Boolean) && namedIn(row, grammar) > cells.length / 2;
}

function readRows(rows, findings) {
  const { grammar } = findings;
  const [head, ...body] = rows;
  if (isFieldHead(head, grammar)) readFields(body, findings);
  else if (head.cells.length > 1 && isHead(head, body, grammar)) readList(head, body, findings);
  else if (rows.some((row) => row.cells.length > 1 && grammar.fieldOf(row.cells[0]))) readFields(rows, findings);
  else unbroken(unfolded(rows, 0, 0, grammar), grammar).forEach((row) => readBare(row, findings));
}

/** Rows without a head, of which one that ends in a status goes on in one that begins with a task. */
function unbroken(rows, grammar) {
  const whole = [];
  for (const row of rows) {
    const above = whole.at(-1);
    const last = above?.cells.findLast(Boolean) ?? "";
    const first = row.cells.find(Boolean) ?? "";
    if (above && grammar.vocabulary.statusWords.has(last) && grammar.isTask(first)) {
      whole[whole.length - 1] = made(above.line, [...above.raw, ...row.raw].filter((cell) => cell.trim()));
    } else {
      whole.push(row);
    }
  }
  return whole;
}

function joined([first, ...others]) {
  const cells = [...first.raw];
  for (const row of others) {
    row.raw.slice(0, cells.length).forEach((raw, place) => {
      if (raw.trim()) cells[place] = join(cells[place], raw);
    });
  }
  return made(first.line, cells);
}

function join(before, more) {
  const text = trimEnd(before);
  // Only a word that is longer than the column was broken; any other would stand on the next line.
  const told = text.trim();
  const last = told.slice(told.lastIndexOf(" ") + 1);
  const [first] = more.trim().split(" ");
  // Two words of a sentence are two, however long they are.
  const areTwo = told.includes(" ") && WORD.test(last) && WORD.test(first);
  const isFull = ID.test(last + first)
    || (before.length - text.length <= 1 && text !== "" && size(last) + size(first) > size(more) - 2 && !areTwo);
  const padding = " ".repeat(more.length - trimEnd(more).length);
  return text + (isFull || text.endsWith("-") ? "" : " ") + more.trim() + padding;
}

function below(before, more) {
  return `${trimEnd(before)}\n${more.trim()}`;
}

function isFieldHead(row, grammar) {
  const [name, value] = row.cells.map((cell) => cell.toLowerCase());
  return row.cells.length > 1 && grammar.words("field_heads").includes(name) && grammar.words("value_heads").includes(value);
}

function isHead(row, body, grammar) {
  // What somebody called a server may be the name of a field, as may be a word that a service has.
  if (row.cells.some((cell) => grammar.shape("uuid").test(cell)) || readCells(row.cells, grammar) !== null) return false;
  const named = row.cells.filter((cell) => grammar.fieldOf(cell));
  if (row.cells.length === 2) return named.length === 2 && !(body.length && grammar.fieldOf(body[0].cells[0]));
  return named.length > 1 || (named.length === 1 && grammar.fieldOf(row.cells[0]) === null);
}

function readFields(rows, findings) {
  const { grammar } = findings;
  let pairs = [];
  let seen = new Set();
  let begun = rows.length ? rows[0].line : 0;
  const names = rows.map((row) => row.cells[0]);
  const isCutOff = !names.some((name) => name.startsWith(EXTENSION)) && names.some((name) => isCut(name, grammar));
  for (const row of rows) {
    const [name] = row.cells;
    const value = row.raw.slice(1).map((cell) => cell.trim()).join("|").trim().replace(/^`+|`+$/g, "");
    const raw = row.raw.slice(1).join("|");
    const last = pairs.at(-1);
    if (isCutOff && size(name) < SHORTEST) {
      // The end of a longer name, "id" of "project_id", or nothing of it.
      findings.leave(row.line, row.cells.join(" | "));
      continue;
    }
    if (!name) {
      if (last) last[1] = (grammar.fieldOf(last[0]) === "events" ? below : join)(last[1], raw);
      continue;
    }
    if (last && !grammar.fieldOf(last[0]) && (grammar.fieldOf(last[0] + name) || isBegun(last[0], name, grammar))) {
      pairs[pairs.length - 1] = [last[0] + name, value ? join(last[1], raw) : last[1]];
      continue;
    }
    const named = grammar.fieldOf(name) || cutField(name, isCutOff ? [] : pairs, grammar);
    if (named && seen.has(named) && ONCE.includes(named)) {
      finish(pairs, begun, findings);
      [pairs, seen, begun] = [[], new Set(), row.line];
    }
    if (named) seen.add(named);
    pairs.push([named && !grammar.fieldOf(name) ? named : name, row.raw.length > 1 ? raw : ""]);
  }
  finish(pairs, begun, findings);
}

/** Whether the name of a field begins on two lines and ends further down. */
function isBegun(above, name, grammar) {
  const begun = foldName(above + name);
  if (grammar.fieldOf(name) || size(begun) < SHORTEST) return false;
  return [...grammar.spellings.keys()].some((spelling) => spelling.startsWith(begun));
}

function cutField(name, pairs, grammar) {
  if (pairs.length || [...name].length < 4) return null;
  const found = [...grammar.spellings].filter(([spelling]) => spelling.endsWith(foldName(name)));
  if (new Set(found.map(([, field]) => field)).size !== 1) return null;
  return found.map(([spelling]) => spelling).reduce((best, one) => (size(one) < size(best) ? one : best));
}

/** Whether a name has lost its beginning within the name of an extension: "XT-STS:vm_state". */
function isCut(name, grammar) {
  const folded = foldName(name);
  if (name.indexOf(":") < 1 || grammar.spellings.has(folded)) return false;
  return [...grammar.spellings.keys()].some((spelling) => spelling.endsWith(folded));
}

function finish(pairs, line, findings) {
  const record = readRecord(pairs.map(([name, value]) => [name, bareValue(value)]), findings.grammar);
  if (record !== null && typeof record !== "string") {
    findings.add(line, record);
  } else if (pairs.length && !readInside(pairs, null, 0, line, findings)) {
    readTexts(line, pairs.map(([, value]) => value), findings);
    findings.leave(line, pairs.map(([name]) => name).join(", "));
  }
}

function bareValue(value) {
  return value.split("|").map((text) => text.trim()).join("|").trim().replace(/^`+|`+$/g, "");
}

function readList(head, body, findings) {
  const { grammar } = findings;
  const names = head.cells;
  const fields = names.map((name) => grammar.fieldOf(name));
  const place = (known, otherwise) => {
    const field = known.find((one) => fields.includes(one));
    return field ? fields.indexOf(field) : otherwise;
  };
  const key = place(KEYS, 0);
  const heads = JSON.stringify(names);
  const fitted = body.filter((row) => JSON.stringify(row.cells) !== heads).map((row) => fit(row, fields, grammar));
  const whole = unfolded(fitted, place(IDS, key), key, grammar);
  let isRead = true;
  for (const row of whole) {
    const record = readRecord(names.map((name, place) => [name, row.cells[place]]), grammar);
    if (record !== null && typeof record !== "string") {
      findings.add(row.line, record);
    } else {
      isRead = false;
      readTexts(row.line, row.cells, findings);
    }
  }
  if (!isRead) findings.leave(head.line, names.join(" | "));
}

/** Rows that are whole: those folded to the width of the terminal go on in lines that leave short cells empty. */
function unfolded(rows, named, key, grammar) {
  const whole = [];
  let lacking = 0;
  rows.forEach((row, place) => {
    if (lacking || (whole.length && isRest(whole.at(-1), row, named, key, grammar))) {
      whole[whole.length - 1] = joined([whole.at(-1), row]);
      lacking = Math.max(0, lacking - 1);
    } else {
      whole.push(row);
      lacking = linesOfId(rows.slice(place, place + MOST_FOLDS).map((other) => other.raw[named] ?? ""), grammar) - 1;
    }
  });
  return whole;
}

/** How many cells below each other make one id; 1 where the first is no part of any. */
function linesOfId(cells, grammar) {
  let found = cells[0].trim();
  for (let count = 2; count <= cells.length; count++) {
    const cell = cells[count - 1].trim();
    if (!cell || !grammar.shape("cut_id").test(found)) return 1;
    found += cell;
    const id = found.startsWith(REQUEST) ? found.slice(REQUEST.length) : found;
    if (grammar.shape("uuid").test(id) && found.includes("-")) return count;
  }
  // The end of the table was cut off.
  return found.includes("-") && grammar.shape("cut_id").test(found) ? cells.length : 1;
}

function isRest(above, row, named, key, grammar) {
  if (row.cells.length <= Math.max(named, key)) return false;
  if (!row.cells[key] || (above.cells[named] && !row.cells[named] && !grammar.isStatus(row.cells[key]))) return true;
  return row.cells[named] || named === key ? isRestOfStatus(above, row, key, grammar) : false;
}

function isRestOfStatus(above, row, key, grammar) {
  if (grammar.isStatus(row.cells[key]) || grammar.isStatus(above.cells[key])) return false;
  const together = join(above.raw[key], row.raw[key]);
  return grammar.isStatus(together) || grammar.beginsStatus(together);
}

/**
 * A row with as many cells as the head: a bar inside a name has torn it apart. Where its states stand below their names
 * as they are, the last names of the head were cut off instead.
 */
function fit(row, fields, grammar) {
  const surplus = row.raw.length - fields.length;
  if (surplus > 0) {
    const whole = made(row.line, row.raw.slice(0, fields.length));
    const torn = row.raw.slice(1, surplus + 2).map((cell) => cell.trim()).join("|");
    const joinedName = made(row.line, [row.raw[0], torn, ...row.raw.slice(surplus + 2)]);
    return fits(whole, fields, grammar) > fits(joinedName, fields, grammar) ? whole : joinedName;
  }
  return surplus ? made(row.line, [...row.raw, ...Array(-surplus).fill("")]) : row;
}

function fits(row, fields, grammar) {
  return fields.filter((field, place) => STATE_FIELDS.includes(field) && isState(field, row.cells[place], grammar)).length;
}

function readBare(row, findings) {
  const record = readCells(row.cells, findings.grammar);
  if (record !== null) findings.add(row.line, record);
  else {
    readTexts(row.line, row.cells, findings);
    findings.leave(row.line, row.cells.join(" | "));
  }
}
