// Marks in a part what the newest release does not say: rows, entries, paragraphs and states that its part does not have.

import { words } from "./words.js";

const ROWS = "tr, li, dl > div, p, pre, .pill";
const CELLS = ".matrix tbody td";
const UNSAID = ".since, .as-of, a[href*='/src/tag/'], a[href*='/src/tag/'] + code";
const MARK = "lens__other";

// Without what tells how it is known: seen running, or read from the source.
const plain = (text) => words.known.reduce((left, known) => left.replace(known, ""), text.replace(/\s+/g, " ")).trim();

// Without marks of time, without evidence, and without the rows inside, which are looked at by themselves.
function saying(row) {
  if (!row.querySelector(`${ROWS}, ${UNSAID}`)) return plain(row.textContent);
  const copy = row.cloneNode(true);
  for (const one of copy.querySelectorAll(`${ROWS}, ${UNSAID}`)) one.remove();
  for (const folded of copy.querySelectorAll("details")) {
    if (plain(folded.textContent) === plain(folded.querySelector("summary").textContent)) folded.remove();
  }
  return plain(copy.textContent);
}

const headOf = (cell) => cell.closest("table").rows[0].cells[cell.cellIndex];
const placed = (cell) => [cell.parentElement.cells[0], headOf(cell), cell].map((one) => one.textContent.trim()).join("\n");

function* rowsIn(element) {
  for (const row of element.querySelectorAll(ROWS)) {
    if (!row.closest(".matrix")) yield [row, saying(row)];
  }
  for (const cell of element.querySelectorAll(CELLS)) yield [cell, placed(cell)];
}

/** Marks what `element` shows and `own`, nodes of the newest release, do not; tells whether there is any. */
export function mark(element, own) {
  const frame = document.createElement("div");
  frame.append(...own.map((node) => node.cloneNode(true)));
  const known = new Set([...rowsIn(frame)].map(([, text]) => text));
  const others = [...rowsIn(element)].filter(([, text]) => text && !known.has(text));
  for (const [row] of others) row.classList.add(MARK);
  return others.length > 0;
}
