// The matrices of a page: grids that keys walk, and a box above each large one that narrows rows and columns to those whose
// heads hold one of the words typed. A word that is a head's whole name keeps that one alone. Words that no row holds leave
// the rows alone, and likewise the columns: "stop" narrows rows, "stop error" both. All boxes of a page say the same, and
// it is in the address: "?show=stop error".

import { Grid } from "./matrix/grid.js";
import { Tip } from "./matrix/tip.js";
import { words } from "./matrix/words.js";

const FEW = 8;
const SHOW = "show";
const LATER = 50; // milliseconds after which what is shown below is made a grid

const filters = [];
const grids = new Map();

const nameOf = (head) => head.textContent.trim().toLowerCase();

function narrow(heads, typed, names) {
  const holds = (name) => typed.some((word) => (names.includes(word) ? name === word : name.includes(word)));
  const found = heads.map((head) => holds(nameOf(head)));
  return found.includes(true) ? found : found.map(() => true);
}

class Filter {
  constructor(frame, grid) {
    this.grid = grid;
    this.columns = [...frame.querySelectorAll("thead th")];
    this.rows = [...frame.querySelectorAll("tbody tr")];
    if (this.rows.length <= FEW && this.columns.length <= FEW) return;
    this.box = document.createElement("input");
    Object.assign(this.box, { type: "search", className: "matrix-filter" });
    this.box.placeholder = `${words.label} (${words.example})`;
    this.box.setAttribute("aria-label", words.label);
    this.box.addEventListener("input", () => show(this.box.value));
    frame.before(this.box);
  }

  apply(text, typed) {
    if (!this.box) return;
    if (this.box.value !== text) this.box.value = text;
    const heads = this.rows.map((row) => row.cells[0]);
    const names = [...heads, ...this.columns].map(nameOf);
    const shownRows = narrow(heads, typed, names);
    const shownColumns = narrow(this.columns, typed, names);
    this.columns.forEach((column, place) => (column.hidden = !shownColumns[place]));
    this.rows.forEach((row, place) => {
      row.hidden = !shownRows[place];
      [...row.cells].slice(1).forEach((cell, column) => (cell.hidden = !shownColumns[column]));
    });
    this.grid.refresh();
  }
}

function apply(text) {
  const typed = text.toLowerCase().split(/[\s,]+/).filter(Boolean);
  for (const filter of filters) filter.apply(text, typed);
}

function show(text) {
  apply(text);
  const address = new URL(location);
  if (text.trim()) address.searchParams.set(SHOW, text.trim());
  else address.searchParams.delete(SHOW);
  history.replaceState(null, "", address);
}

function visitAddress() {
  if (waiting) start();
  const [id, ...named] = location.hash.slice(1).split("/");
  document.querySelector(".matrix-lost")?.remove();
  if (!grids.has(id) || !named.length) return;
  const names = named.map(read);
  const cell = names.length === 2 && grids.get(id).find(...names);
  if (cell) {
    unfold(cell);
    return grids.get(id).visit(cell);
  }
  const lost = document.createElement("p");
  lost.className = "matrix-lost";
  lost.setAttribute("role", "status");
  lost.textContent = words.lost + names.join(" · ");
  document.getElementById(id).after(lost);
  lost.scrollIntoView();
}

/** Opens what a matrix is folded into: what an address names is to be seen. */
function unfold(part) {
  part.closest("details")?.setAttribute("open", "");
}

function read(name) {
  try {
    return decodeURIComponent(name);
  } catch {
    return name; // written by hand
  }
}

// The matrices that are shown now: those of another release take the place of the page's own. Of these only the first is
// made a grid at once, as the others lie below it.
const tip = new Tip(document.querySelector("article"));
const known = new WeakMap();
let waiting = 0;

function make(frame) {
  if (known.has(frame)) return;
  const grid = new Grid(frame, tip);
  known.set(frame, { grid, filter: new Filter(frame, grid) });
}

function start() {
  clearTimeout(waiting);
  waiting = 0;
  const frames = [...document.querySelectorAll(".matrix")];
  frames.forEach(make);
  const shown = frames.map((frame) => known.get(frame));
  grids.clear();
  for (const { grid } of shown) grids.set(grid.id, grid);
  filters.splice(0, filters.length, ...shown.map(({ filter }) => filter));
  const asked = new URLSearchParams(location.search).get(SHOW);
  if (asked) frames.forEach(unfold);
  if (asked || filters.some(({ box }) => box?.value)) apply(asked ?? "");
}

function startAgain() {
  const [first, ...others] = document.querySelectorAll(".matrix");
  if (first) make(first);
  clearTimeout(waiting);
  if (others.length) waiting = setTimeout(start, LATER);
  else start();
}

start();
visitAddress();
addEventListener("hashchange", visitAddress);
document.addEventListener("lens", startAgain);
