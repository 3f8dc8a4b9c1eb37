// Finds the rows of tables drawn with bars. Mirrors generator/nova_states/lookup/reading/drawn_rows.py.

import { size } from "./grammar.js";

const BAR = "|\u2502";
const BLOCK = /^[^|\u2502]*: ?[|]$/;
const BARS = /[|\u2502]/;
const AROUND = /^[|\u2502]+|[|\u2502]+$/g;
const MOST_BROKEN = 60;
const OF_FIELD = 3;
// Cells among which is the status of a row that begins with a name.
const MOST_BEFORE = 2;

const startsWithBar = (text) => text !== "" && BAR.includes(text[0]);
const endsWithBar = (text) => text !== "" && BAR.includes(text.at(-1));
const isBar = (text) => text.length === 1 && BAR.includes(text);
const trimEnd = (text) => text.replace(/\s+$/, "");
const bare = (cell) => cell.trim().replace(/^`+|`+$/g, "").trim();

/** A row of cells with their padding, and where it stands. */
export const made = (line, raw) => ({ line, raw, cells: raw.map(bare) });

/** Behind the last of the lines from one on that are drawn, and whether any is a row. */
export function endOfTable(lines, place, grammar) {
  let end = place;
  let [bars, rules, rest] = [0, 0, 0];
  for (; end < lines.length; end++) {
    const line = lines[end].trim();
    if (!bars && BLOCK.test(line)) break;
    if (isRow(line)) bars++;
    else if (isRule(line, grammar)) rules++;
    else if (bars && (rest = endOfRow(lines, end, grammar, true))) end = rest - 1;
    else if (isOpenRow(line) && (rules || bars || hasTableNear(lines, end, grammar) || isRowAlone(line, grammar))) bars++;
    else break;
  }
  return [end, bars > 0];
}

function isRow(line) {
  if (line.length < 2 || !(startsWithBar(line) || endsWithBar(line))) return false;
  return BARS.test(line.slice(startsWithBar(line) ? 1 : 0));
}

/** Whether a line begins a row that does not end in it. */
const isOpen = (line) => startsWithBar(line) && !(line.length > 1 && endsWithBar(line));
const isOpenRow = (line) => line.includes(" | ") || line.endsWith(" |");
const isRule = (line, grammar) => grammar.shape("drawn").test(line) && /[-\u2500=]/.test(line);

/** Whether a row without borders is one wherever it stands: it has an id or a status, or is a field and its value. */
function isRowAlone(line, grammar) {
  const [first, value, ...more] = line.split(" | ");
  if (more.length) {
    const hasStatus = [value, ...more].slice(0, MOST_BEFORE).some((cell) => grammar.vocabulary.statusWords.has(cell.trim()));
    return hasStatus || grammar.shape("uuid").test(first.trim());
  }
  if (!value?.trim() || grammar.fieldOf(value.trim()) !== null) return false;
  return grammar.fieldOf(first.trim()) !== null;
}

function hasTableNear(lines, place, grammar) {
  if (lines.length > place + 1 && isRow(lines[place + 1].trim())) return true;
  return lines.slice(Math.max(0, place - 1), place + 2)
    .some((line) => isRule(line.trim(), grammar) || grammar.shape("row_marker").test(line));
}

/** Behind the line in which a row ends that the terminal broke before a line; 0 where none of the next ends it. */
function endOfRow(lines, place, grammar, hasCorners) {
  const before = lines[place - 1].trim();
  if (!startsWithBar(before) || !(isOpen(before) || hasCorners)) return 0;
  let [blanks, found] = [0, 0];
  for (let end = place; end < Math.min(lines.length, place + MOST_BROKEN); end++) {
    const text = lines[end].trim();
    if (isBar(text)) return end + 1;
    const isEnd = endsWithBar(text);
    if (begins(text, grammar) || (found && !isEnd) || (text && !isEnd && !isOpen(before))) break;
    if (isEnd) {
      // An empty line divides what somebody wrote from the next table.
      if (blanks && !lines[end].startsWith(" ")) break;
      found = end + 1;
    }
    if (!text) blanks++;
  }
  return found;
}

/** Rows between the rules that divide them; a row that the terminal broke is whole again. */
export function groupsOf(table, grammar) {
  const groups = [[]];
  const { lines } = table;
  const begun = lines.map((line) => line.trim()).filter(startsWithBar);
  const closed = begun.filter(isClosed);
  // Where most have no right border, what ends with a bar is a row whose last cell is empty.
  const ahead = 2 * closed.length > begun.length ? closed.reduce((most, line) => Math.max(most, barsIn(line)), 0) : 0;
  // Without its left border, a line that begins with no bar is a row of its own.
  const hasCorners = !/^[-=\u2500]/.test(lines.map((line) => line.trim()).find((line) => isRule(line, grammar)) ?? "-");
  let [place, width] = [0, 0];
  while (place < lines.length) {
    const text = lines[place].trim();
    if (isRule(text, grammar) || grammar.shape("row_marker").test(text)) {
      if (groups.at(-1).length) groups.push([]);
      place++;
      continue;
    }
    const [joined, end] = wholeRow(lines, place, width, grammar, hasCorners);
    const whole = withoutRemark(joined, ahead && (width || ahead), grammar);
    if (isClosed(whole.trim())) width = width || barsIn(whole);
    const row = made(table.start + place, whole.replace(AROUND, "").split(BARS));
    if (!row.cells.every((cell) => grammar.shape("rule").test(cell))) groups.at(-1).push(row);
    place = end;
  }
  return groups.filter((group) => group.length);
}

/** A row, and the place behind its last line. */
function wholeRow(lines, place, width, grammar, hasCorners) {
  const whole = lines[place].trim();
  let end = place + 1;
  if (end === lines.length) return [whole, end];
  if (!(isOpen(whole) && completes(whole, lines[end].trim(), width))) {
    const rest = endOfRow(lines, end, grammar, hasCorners);
    if (!rest) return [whole, end];
    end = rest - 1;
  }
  // A blank at the end of a line is one of its cell; mail and chats take it away.
  const screen = lines.reduce((most, line) => (line.length > most ? Math.max(most, size(line)) : most), 0);
  const parts = [lines[place].replace(/^\s+/, ""), ...lines.slice(place + 1, end)]
    .map((line) => line + " ".repeat(Math.max(0, screen - size(line))));
  return [parts.join("") + trimEnd(lines[end]), end + 1];
}

function completes(row, following, width) {
  return endsWithBar(following) && barsIn(row) + barsIn(following) === width && width > barsIn(following);
}

const isClosed = (line) => isRow(line) && startsWithBar(line) && endsWithBar(line);

/** A row without what somebody wrote behind its last bar; `width`: bars of a row that is closed, 0 if none is. */
function withoutRemark(row, width, grammar) {
  const text = trimEnd(row);
  if (!startsWithBar(text) || endsWithBar(text)) return row;
  const bars = [...text.matchAll(/[|\u2502]/g)].map(({ index }) => index + 1);
  let limit = width;
  if (!limit && bars.length === OF_FIELD) {
    const [, name, value] = text.split(BARS).map((cell) => cell.trim());
    limit = grammar.fieldOf(name) && !grammar.fieldOf(value) ? OF_FIELD : 0;
  }
  return bars.length === limit ? text.slice(0, bars.at(-1)) : row;
}

const barsIn = (text) => (text.match(/[|\u2502]/g) ?? []).length;
const begins = (line, grammar) => (startsWithBar(line) && line.length > 1) || (line !== "" && isRule(line, grammar));
