// Reads tables drawn with bars. Mirrors generator/nova_states/lookup/reading/tables.py.

import { readCells } from "./cells.js";
import { foldName, size } from "./grammar.js";
import { readTexts } from "./messages.js";
import { part, remaining } from "./pieces.js";
import { readRecord } from "./records.js";

const BAR = "|\u2502";
const BLOCK = /^[^|\u2502]*: ?[|]$/;
const BARS = /[|\u2502]/;
const AROUND = /^[|\u2502]+|[|\u2502]+$/g;
const MOST_BROKEN = 60;
const REQUEST = "req-";
const MOST_FOLDS = 40;
const IDS = ["request_id", "uuid", "id"];
const KEYS = ["status", "vm_state", "instance_state", "state", "action", "event"];
const SHORTEST = 8;
const ONCE = ["id", "vm_state", "task_state", "power_state", "status"];

const hasBar = (char) => char !== undefined && BAR.includes(char);
const startsWithBar = (text) => text !== "" && hasBar(text[0]);
const endsWithBar = (text) => text !== "" && hasBar(text.at(-1));
const trimEnd = (text) => text.replace(/\s+$/, "");
const bare = (cell) => cell.trim().replace(/^`+|`+$/g, "").trim();

/** Read all tables of a piece. */
export function readTables(piece, findings) {
  const taken = [];
  let place = 0;
  while (place < piece.lines.length) {
    const [end, hasRows] = endOfTable(piece.lines, place, findings.grammar);
    if (hasRows) {
      const known = findings.records.length;
      readTable(part(piece, place, end), findings);
      dropOthers(piece.start + place, known, findings);
      taken.push([place, end]);
    }
    place = Math.max(end, place + 1);
  }
  return remaining(piece, taken);
}

/** Drop the servers of a table that a command for something else has printed; `known`: records before it. */
function dropOthers(line, known, findings) {
  let at = line - 1;
  while (at > line - MOST_BROKEN && !findings.commands.has(at)) at--;
  const command = at > line - MOST_BROKEN ? findings.commands.get(at) : "";
  if (!findings.grammar.shape("of_others").test(command)) return;
  const added = findings.records.splice(known);
  const kept = added.filter(([, { record }]) => record !== "server");
  findings.records.push(...kept);
  if (kept.length < added.length) findings.leave(line, command);
}

function endOfTable(lines, place, grammar) {
  let end = place;
  let [broken, bars, rules] = [0, 0, 0];
  for (; end < lines.length; end++) {
    const line = lines[end].trim();
    if (!bars && BLOCK.test(line)) break;
    if (isRow(line)) {
      bars++;
      broken = 0;
    } else if (isRule(line, grammar)) {
      rules++;
      broken = 0;
    } else if (bars && broken < MOST_BROKEN && line && goesOn(lines, end, grammar)) {
      broken++;
    } else if (isOpenRow(line) && (rules || bars || hasTableNear(lines, end, grammar))) {
      bars++;
      broken = 0;
    } else {
      break;
    }
  }
  return [end, bars > 0];
}

function isRow(line) {
  if (line.length < 2 || !(startsWithBar(line) || endsWithBar(line))) return false;
  return BARS.test(line.slice(startsWithBar(line) ? 1 : 0));
}

const isOpenRow = (line) => line.includes(" | ") || line.endsWith(" |");
const isRule = (line, grammar) => grammar.shape("drawn").test(line) && /[-\u2500=]/.test(line);

function hasTableNear(lines, place, grammar) {
  if (lines.length > place + 1 && isRow(lines[place + 1].trim())) return true;
  return lines.slice(Math.max(0, place - 1), place + 2)
    .some((line) => isRule(line.trim(), grammar) || grammar.shape("row_marker").test(line));
}

function goesOn(lines, place, grammar) {
  const before = lines[place - 1].trim();
  if (endsWithBar(before) || !startsWithBar(before)) return false;
  for (const following of lines.slice(place, place + 20)) {
    const text = following.trim();
    if (endsWithBar(text)) return true;
    if (!text || isRule(text, grammar)) return false;
  }
  return false;
}

function readTable(table, findings) {
  const { grammar } = findings;
  const groups = groupsOf(table, grammar);
  let rows = groups.flat();
  if (!rows.length) return;
  const namedIn = (row) => row.cells.filter((cell) => grammar.fieldOf(cell)).length;
  if (groups.length > 1 && groups[0].length > 1 && !isFieldHead(rows[0], grammar)) {
    // The head itself may be wrapped: then it has no fewer fields than its first line has.
    const whole = joined(groups[0]);
    if (namedIn(whole) >= Math.max(1, namedIn(rows[0]))) rows = [whole, ...groups.slice(1).flat()];
  }
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

function groupsOf(table, grammar) {
  const groups = [[]];
  let whole = "";
  let begun = 0;
  let width = 0;
  const ahead = table.lines.map((line) => line.trim()).filter(isClosed)
    .reduce((most, line) => Math.max(most, barsIn(line)), 0);
  table.lines.forEach((line, place) => {
    const text = line.trim();
    if (!whole && (isRule(text, grammar) || grammar.shape("row_marker").test(text))) {
      if (groups.at(-1).length) groups.push([]);
      return;
    }
    if (!whole) begun = table.start + place;
    whole += whole ? trimEnd(line) : text;
    const following = place + 1 < table.lines.length ? table.lines[place + 1].trim() : "|";
    const isOpen = startsWithBar(whole) && !endsWithBar(whole);
    if (isOpen && (!begins(following, grammar) || completes(whole, following, width))) return;
    whole = withoutRemark(whole, width || ahead, grammar);
    width = width || barsIn(whole);
    const row = rowOf(begun, whole);
    if (!row.cells.every((cell) => grammar.shape("rule").test(cell))) groups.at(-1).push(row);
    whole = "";
  });
  return groups.filter((group) => group.length);
}

const isClosed = (line) => isRow(line) && startsWithBar(line) && endsWithBar(line);

/** A row without what somebody wrote behind its last bar; `width`: bars of a row that is closed, 0 if none is. */
function withoutRemark(row, width, grammar) {
  const text = trimEnd(row);
  if (!startsWithBar(text) || endsWithBar(text)) return row;
  const bars = [...text.matchAll(/[|\u2502]/g)].map(({ index }) => index + 1);
  const isField = bars.length > 2 && grammar.fieldOf(text.slice(1, bars[1] - 1).trim()) !== null;
  return bars.length === (width || (isField ? bars.length : 0)) ? text.slice(0, bars.at(-1)) : row;
}

const barsIn = (text) => (text.match(/[|\u2502]/g) ?? []).length;

function completes(row, following, width) {
  return endsWithBar(following) && barsIn(row) + barsIn(following) === width && width > barsIn(following);
}

const begins = (line, grammar) => startsWithBar(line) || isRule(line, grammar) || !line;
const made = (line, raw) => ({ line, raw, cells: raw.map(bare) });
const rowOf = (line, text) => made(line, text.replace(AROUND, "").split(BARS));

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
  const last = text.slice(text.lastIndexOf(" ") + 1);
  const [first] = more.trim().split(" ");
  const isFull = before.length - text.length <= 1 && text !== "" && size(last) + size(first) > size(more) - 2;
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
  const named = row.cells.filter((cell) => grammar.fieldOf(cell));
  if (row.cells.length === 2) return named.length === 2 && !(body.length && grammar.fieldOf(body[0].cells[0]));
  return named.length > 1 || (named.length === 1 && grammar.fieldOf(row.cells[0]) === null);
}

function readFields(rows, findings) {
  const { grammar } = findings;
  let pairs = [];
  let seen = new Set();
  let begun = rows.length ? rows[0].line : 0;
  for (const row of rows) {
    const [name] = row.cells;
    const value = row.raw.slice(1).map((cell) => cell.trim()).join("|").trim().replace(/^`+|`+$/g, "");
    const raw = row.raw.slice(1).join("|");
    const last = pairs.at(-1);
    if (!name) {
      if (last) last[1] = (grammar.fieldOf(last[0]) === "events" ? below : join)(last[1], raw);
      continue;
    }
    if (last && !grammar.fieldOf(last[0]) && (grammar.fieldOf(last[0] + name) || isBegun(last[0], name, grammar))) {
      pairs[pairs.length - 1] = [last[0] + name, value ? join(last[1], raw) : last[1]];
      continue;
    }
    const named = grammar.fieldOf(name) || cutField(name, pairs, grammar);
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
  const fields = new Set([...grammar.spellings]
    .filter(([spelling]) => spelling.endsWith(name.toLowerCase())).map(([, field]) => field));
  return fields.size === 1 ? [...fields][0] : null;
}

function finish(pairs, line, findings) {
  const record = readRecord(pairs.map(([name, value]) => [name, bareValue(value)]), findings.grammar);
  if (record !== null && typeof record !== "string") {
    findings.add(line, record);
  } else if (pairs.length) {
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
  const fitted = body.filter((row) => JSON.stringify(row.cells) !== heads).map((row) => fit(row, names.length));
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

function fit(row, width) {
  const surplus = row.raw.length - width;
  if (surplus > 0) {
    const torn = row.raw.slice(1, surplus + 2).map((cell) => cell.trim()).join("|");
    return made(row.line, [row.raw[0], torn, ...row.raw.slice(surplus + 2)]);
  }
  return surplus ? made(row.line, [...row.raw, ...Array(-surplus).fill("")]) : row;
}

function readBare(row, findings) {
  const record = readCells(row.cells, findings.grammar);
  if (record !== null) findings.add(row.line, record);
  else findings.leave(row.line, row.cells.join(" | "));
}
