// Reads columns that nothing is drawn around. Mirrors generator/nova_states/lookup/reading/columns.py.

import { readByKind } from "./by_kind.js";
import { readCells, readCopiedRow } from "./cells.js";
import { cut, size, strip } from "./grammar.js";
import { readTexts } from "./messages.js";
import { remaining } from "./pieces.js";
import { readRecord } from "./records.js";

const GAP = /\t+|\s{2,}/;
const BLANKS = /\s+/;
const MOST_COLUMNS = 120;
const FEWEST_OF_DASHBOARD = 4;
const MOST_TRIED = 5;
const ENABLED = ["enabled", "disabled"];
const LONGEST_NAME = 3;
const isReport = (record) => record !== null && typeof record !== "string";
const pairsOf = (names, cells) => names.map((name, place) => [name, cells[place]]);

/** Read all columns of a piece. */
export function readColumns(piece, findings) {
  const taken = [];
  let place = 0;
  while (place < piece.lines.length) {
    const end = gapped(piece, place, findings) ?? csv(piece, place, findings) ?? aligned(piece, place, findings) ?? place;
    if (end > place) taken.push([place, end]);
    place = Math.max(end, place + 1);
  }
  return remaining(piece, taken);
}

function csv(piece, place, findings) {
  const { grammar } = findings;
  let head = splitLine(piece.lines[place], grammar);
  if (head.length < 2) return null;
  const named = head.filter((cell) => grammar.fieldOf(cell.trim())).length;
  if (named < 2) {
    // A line of cells in quotes, or of cells between tabs as they are copied out of a dashboard.
    if (!piece.lines[place].replace(/^\s+/, "").startsWith('"')) {
      head = strip(piece.lines[place], " \t\n").split("\t").map((cell) => cell.trim()).slice(0, MOST_COLUMNS);
      if (head.length < FEWEST_OF_DASHBOARD) return null;
    }
    const record = readByKind(head, grammar, false) ?? readCells(head, grammar);
    if (record === null) return null;
    findings.add(piece.start + place, record);
    return place + 1;
  }
  const rows = [];
  for (let end = place + 1; end < piece.lines.length; end++) {
    const row = splitLine(piece.lines[end], grammar);
    if (row.length !== head.length) break;
    rows.push(row);
  }
  if (!rows.length) return null;
  keep(head.map((name) => name.trim()), rows, piece.start + place, findings);
  return place + 1 + rows.length;
}

/** Behind a row that was copied out of a dashboard without its head, wide gaps between its cells. */
function gapped(piece, place, findings) {
  const { grammar } = findings;
  const line = piece.lines[place];
  const cells = line.includes("\t") ? [] : cut(line.trim(), grammar.limit("longest_line")).split(GAP);
  const isRow = cells.length >= FEWEST_OF_DASHBOARD && cells.length <= MOST_COLUMNS;
  const record = isRow ? readCopiedRow(cells, grammar) : null;
  if (record === null) return null;
  findings.add(piece.start + place, record);
  return place + 1;
}

function splitLine(line, grammar) {
  const text = cut(line.trim(), grammar.limit("longest_row"));
  if (!/[,;\t]/.test(text)) return [];
  const cells = [];
  let place = 0;
  let sign = "";
  const pattern = new RegExp(grammar.plain.shapes.csv_cell, "y");
  while (cells.length < MOST_COLUMNS) {
    pattern.lastIndex = place;
    const found = pattern.exec(text);
    if (!found) return [];
    const { quoted, plain, end } = found.groups;
    if (end && sign && end !== sign) {
      const after = text.indexOf(sign, place);
      cells.push(text.slice(place, after >= 0 ? after : text.length));
      if (after < 0) return cells;
      place = after + 1;
      continue;
    }
    cells.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (!end) return cells;
    sign = end;
    place = found.index + found[0].length;
  }
  return [];
}

function keep(names, rows, line, findings) {
  let isRead = true;
  rows.forEach((row, place) => {
    const record = readRecord(pairsOf(names, row.map((cell) => cell.trim())), findings.grammar);
    if (isReport(record)) {
      findings.add(line + 1 + place, record);
    } else {
      isRead = false;
      readTexts(line + 1 + place, row, findings);
    }
  });
  if (!isRead) findings.leave(line, names.join(", "));
}

function aligned(piece, place, findings) {
  const { grammar } = findings;
  const line = piece.lines[place];
  if (size(line) > grammar.limit("longest_line") || !line.trim()) return null;
  const names = headOf(line, grammar);
  if (!names.length) return null;
  const rows = [];
  let hasRecord = false;
  let end = place + 1;
  for (; end < piece.lines.length && rows.length < grammar.limit("most_records"); end++) {
    const text = piece.lines[end];
    if (!text.trim()) break;
    if (grammar.shape("drawn").test(text.trim())) continue;
    const cells = cellsOf(text, line, names, grammar);
    if (cells === null) break;
    rows.push(cells);
    // One of something else is not read by its values either.
    hasRecord = hasRecord || readRecord(pairsOf(names, cells), grammar) !== null;
    if (!hasRecord && rows.length >= MOST_TRIED) return null;
  }
  if (!hasRecord) return null;
  keep(names, rows, piece.start + place, findings);
  return end;
}

function headOf(line, grammar) {
  const text = line.trim();
  let names = text.split(GAP).map((name) => name.trim());
  if (names.length < 2 || names.length > MOST_COLUMNS) names = wordsOf(text, grammar);
  const named = names.filter((name) => grammar.fieldOf(name)).length;
  const isShort = names.every((name) => size(name) <= 40 && !/[:.,=]$/.test(name));
  return named > 1 && isShort && 2 * named >= Math.min(names.length, 4) ? names : [];
}

function wordsOf(text, grammar) {
  const words = text.split(BLANKS);
  const names = [];
  let place = 0;
  while (place < words.length && names.length < MOST_COLUMNS) {
    let length = LONGEST_NAME;
    while (length && !grammar.fieldOf(words.slice(place, place + length).join(" "))) length--;
    if (!length && text !== text.toUpperCase()) return [];
    // A head in capitals may have columns that nothing here knows.
    length ||= 1;
    names.push(words.slice(place, place + length).join(" "));
    place += length;
  }
  return names;
}

function cellsOf(line, head, names, grammar) {
  if (line.includes("\t")) {
    return whole(line.replace(/^\n+|\n+$/g, "").split("\t").map((cell) => cell.trim()), names, grammar);
  }
  const starts = [];
  let after = 0;
  for (const name of names) {
    after = head.indexOf(name, after);
    starts.push(after);
    after += name.length;
  }
  if (starts[0] > 0 && !line.slice(0, starts[0]).trim()) starts[0] = 0;
  const fits = starts.every((start) => start === 0 || ["", " "].includes(line.slice(start - 1, start)));
  const byPlace = starts.map((start, place) => line.slice(start, starts[place + 1] ?? line.length + 1).trim());
  if (fits && starts[0] === 0 && byPlace[0] && byPlace.filter(Boolean).length > 1) return byPlace;
  const wide = whole(line.trim().split(GAP), names, grammar);
  if (wide !== null) return wide;
  const cells = line.trim().split(BLANKS);
  return cells.length === names.length && isRow(names, cells, grammar) ? cells : null;
}

/** Cells of as many columns as there are names; the last may be missing where it holds the buttons of a dashboard. */
function whole(cells, names, grammar) {
  const hasButtons = cells.length === names.length - 1 && !grammar.fieldOf(names.at(-1));
  const all = hasButtons ? [...cells, ""] : cells;
  return all.length === names.length ? all : null;
}

/** Whether words with one blank between are cells of a row, and no sentence: what is below a status is one. */
function isRow(names, cells, grammar) {
  const isKnown = (cell) => ENABLED.includes(cell) || grammar.words("statuses_of_volumes").includes(cell)
    || grammar.migrationStatuses.has(cell) || grammar.isStatus(cell);
  return names.every((name, place) => grammar.fieldOf(name) !== "status" || isKnown(cells[place])
    || cells[place] !== cells[place].toLowerCase() || !/^[A-Za-z]+$/.test(cells[place]));
}
