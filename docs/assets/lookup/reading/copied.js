// Reads what is copied out of a dashboard. Mirrors generator/nova_states/lookup/reading/copied.py.

import { size } from "./grammar.js";
import { remaining } from "./pieces.js";
import { readRecord } from "./records.js";
import { isState } from "./values.js";

const FEWEST = 4;
const FEWEST_NAMES = 3;
const MOST_COLUMNS = 60;
const MOST_LINES = 12;
const MOST_NAMED = 160;
const LONGEST_NAME = 40;
const IDS = ["id", "uuid"];
const SECTION = "fault";
const MESSAGE = "message";
const STATE_FIELDS = ["status", "vm_state", "task_state", "power_state"];

const isReport = (record) => record !== null && typeof record !== "string";

/** Read the lists and the details of dashboards in a piece. */
export function readCopied(piece, findings) {
  const taken = [];
  let place = 0;
  while (place < piece.lines.length) {
    let end = place;
    if (piece.lines[place].includes("\t")) end = tabbed(piece, place, findings);
    else if (fieldIn(piece.lines[place], findings.grammar) !== null) {
      end = stacked(piece, place, findings) || namedAbove(piece, place, findings);
    }
    if (end > place) taken.push([place, end]);
    place = Math.max(end, place + 1);
  }
  return remaining(piece, taken);
}

function fieldIn(line, grammar) {
  const text = line.trim();
  return text && size(text) <= LONGEST_NAME ? grammar.fieldOf(text) : null;
}

/** Behind the list whose names stand between tabs in a line; 0 where they do not, or nothing of it is a server. */
function tabbed(piece, place, findings) {
  const { grammar } = findings;
  const { lines } = piece;
  const names = lines[place].split("\t").map((name) => name.trim());
  const fields = new Set(names.map((name) => (name ? grammar.fieldOf(name) : null)).filter((field) => field !== null));
  if (names.length < FEWEST || names.length > MOST_COLUMNS || fields.size < FEWEST) return 0;
  if (!STATE_FIELDS.some((field) => fields.has(field))) return 0;
  const found = [];
  let end = place + 1;
  while (end < lines.length) {
    const count = linesOfRow(lines, end, names.length - 1);
    const cells = lines.slice(end, end + count).join("\n").split("\t");
    const record = cells.length === names.length ? readRecord(pairsOf(names, cells, grammar), grammar) : null;
    if (!isReport(record)) break;
    found.push([end + count - 1, record]);
    end += count;
  }
  for (const [at, record] of found) findings.add(piece.start + at, record);
  return found.length ? end : 0;
}

/** How many lines have as many tabs as the head; a cell may have several lines. */
function linesOfRow(lines, place, tabs) {
  let found = 0;
  for (let count = 1; count <= MOST_LINES && place + count <= lines.length; count++) {
    const line = lines[place + count - 1];
    if (!line.trim()) break;
    found += line.split("\t").length - 1;
    if (found >= tabs) return count;
  }
  return 1;
}

/** Named cells; of a cell of several lines the id, or the last: what stands before it was the end of the row above. */
function pairsOf(names, cells, grammar) {
  return names.flatMap((name, place) => {
    const parts = cells[place].split("\n").map((part) => part.trim()).filter(Boolean);
    const last = parts.at(-1) ?? "";
    const id = parts.find((part) => grammar.shape("uuid").test(part));
    if (!IDS.includes(grammar.fieldOf(name)) || id === undefined) return [[name, last]];
    return last === id ? [[name, id]] : [[name, id], ["name", last]];
  });
}

/** Behind the list of which every cell is a line of its own, the names of its columns first; 0 where none is. */
function stacked(piece, place, findings) {
  const { grammar } = findings;
  const { lines } = piece;
  let width = 0;
  while (place + width < lines.length && width < MOST_COLUMNS && fieldIn(lines[place + width], grammar)) width++;
  if (width < FEWEST) return 0;
  // The last column, of what one may do, is no field.
  for (const count of [width, width + 1]) {
    const names = lines.slice(place, place + count).map((line) => line.trim());
    const found = [];
    let end = place + count;
    while (end + width <= lines.length) {
      const pairs = names.map((name, at) => [name, (lines[end + at] ?? "").trim()]);
      const record = areStates(pairs, grammar) ? readRecord(pairs, grammar) : null;
      if (!isReport(record)) break;
      found.push([end, record]);
      end += count;
    }
    if (!found.length) continue;
    for (const [at, record] of found) findings.add(piece.start + at, record);
    return Math.min(end, lines.length);
  }
  return 0;
}

/** Whether there are states, and each is a word of its field. */
function areStates(pairs, grammar) {
  const states = pairs.map(([name, value]) => [grammar.fieldOf(name), value]).filter(([field]) => STATE_FIELDS.includes(field));
  return states.length > 0 && states.every(([field, value]) => isState(field, value, grammar));
}

/** Behind the names that stand each in a line above its value; 0 where they are too few, or tell of no state. */
function namedAbove(piece, place, findings) {
  const { grammar } = findings;
  const { lines } = piece;
  const pairs = [];
  let section = null;
  let end = place;
  while (end + 1 < Math.min(lines.length, place + MOST_NAMED)) {
    const [name, value] = [lines[end].trim(), lines[end + 1].trim()];
    const field = fieldIn(name, grammar);
    if (!name || !value || (field === null && !isUnknownName(lines, end, grammar))) break;
    if (field !== null && fieldIn(value, grammar) !== null) {
      // A heading: what follows belongs to it.
      section = field;
      end++;
      continue;
    }
    pairs.push([section === SECTION && field === MESSAGE ? SECTION : name, value]);
    end += 2;
  }
  const known = pairs.filter(([name]) => grammar.fieldOf(name) !== null);
  const told = known.filter(([name]) => STATE_FIELDS.includes(grammar.fieldOf(name)));
  const record = known.length >= FEWEST_NAMES && areStates(told, grammar) ? readRecord(known, grammar) : null;
  if (!isReport(record)) return 0;
  findings.add(piece.start + place, record);
  return end;
}

/** Whether a line may be a name that nothing here knows: another name follows its value. */
function isUnknownName(lines, place, grammar) {
  return place + 2 < lines.length && fieldIn(lines[place + 2], grammar) !== null;
}
