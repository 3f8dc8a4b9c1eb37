// A matrix as a grid: one tab stop, arrow keys from cell to cell, each cell spoken with its row, column and meaning, and
// an address for each: "#guards/resize/paused" names the matrix, the row and the column.

const PAGE = 10; // rows that Page Up and Page Down pass
const CALM = 300; // milliseconds after which the address follows the focus

const nameOf = (head) => head.textContent.trim();

export class Grid {
  #frame;
  #rows;
  #tip;
  #stop = null; // what the Tab key reaches
  #writing = 0;

  constructor(frame, tip) {
    this.#frame = frame;
    this.#tip = tip;
    const table = frame.querySelector("table");
    this.#rows = [...table.rows];
    this.id = frame.getAttribute("aria-labelledby");
    table.setAttribute("role", "grid");
    table.setAttribute("aria-labelledby", this.id);
    frame.removeAttribute("tabindex");
    const [corner] = this.#rows[0].cells;
    // What gets the focus must not lie below the heads, which stay in view.
    frame.style.scrollPadding = `${corner.offsetHeight}px 0 0 ${corner.offsetWidth}px`;
    for (const link of table.querySelectorAll("a")) this.#quieten(link);
    this.#setStop(this.#target(this.#rows[1]?.cells[1] ?? corner));
    frame.addEventListener("keydown", (event) => this.#press(event));
    frame.addEventListener("focusin", ({ target }) => this.#enter(target));
    frame.addEventListener("focusout", () => this.#tip.leave());
    frame.addEventListener("pointerover", ({ target, pointerType }) => pointerType === "mouse" && this.#hover(target));
    frame.addEventListener("pointerleave", () => this.#tip.leave());
    frame.addEventListener("click", (event) => this.#tap(event));
  }

  // The cell at names of a row and a column, or nothing.
  find(row, column) {
    const place = [...this.#rows[0].cells].findIndex((head, number) => number && nameOf(head) === column);
    return place < 0 ? null : this.#rows.slice(1).find(({ cells }) => nameOf(cells[0]) === row)?.cells[place];
  }

  // Show the cell that an address names.
  visit(cell) {
    document.querySelector(".matrix .is-addressed")?.classList.remove("is-addressed");
    cell.classList.add("is-addressed");
    const target = this.#target(cell);
    target.focus();
    target.scrollIntoView({ block: "center", inline: "center" });
  }

  // After rows or columns were hidden, the tab stop is one that is shown.
  refresh() {
    if (this.#stop.offsetParent) return;
    const shown = this.#rows.slice(1).flatMap((row) => [...row.cells].slice(1)).find((cell) => cell.offsetParent);
    if (shown) this.#setStop(this.#target(shown));
  }

  #quieten(link) {
    link.tabIndex = -1;
    const { title } = link;
    if (!title) return;
    link.dataset.tip = title;
    link.removeAttribute("title");
    const text = nameOf(link);
    link.setAttribute("aria-label", link.closest("td") || text === title ? title : `${text}, ${title}`);
  }

  // What is focused for a cell: its first link, or the cell itself.
  #target(cell) {
    const target = cell.querySelector("a") ?? cell;
    target.tabIndex = target === this.#stop ? 0 : -1;
    return target;
  }

  #setStop(target) {
    if (this.#stop) this.#stop.tabIndex = -1;
    this.#stop = target;
    target.tabIndex = 0;
  }

  #addressOf(cell) {
    const row = cell.parentElement;
    if (row === this.#rows[0] || !cell.cellIndex) return "";
    const names = [row.cells[0], this.#rows[0].cells[cell.cellIndex]].map((head) => encodeURIComponent(nameOf(head)));
    return `#${[this.id, ...names].join("/")}`;
  }

  #explain(target) {
    const cell = target.closest("td, th");
    if (!cell) return;
    const address = this.#addressOf(cell);
    const owner = this.#target(cell);
    const heads = address ? [cell.parentElement.cells[0], this.#rows[0].cells[cell.cellIndex]] : [cell];
    const text = owner.dataset.tip ?? heads.map(nameOf).filter(Boolean).join(" · ");
    if (text) this.#tip.show(owner, text, address);
  }

  #enter(target) {
    this.#setStop(target);
    this.#explain(target);
    const address = this.#addressOf(target.closest("td, th"));
    clearTimeout(this.#writing);
    if (address) this.#writing = setTimeout(() => history.replaceState(null, "", address), CALM);
  }

  #hover(target) {
    const cell = target.closest("td, th");
    if (cell && !this.#tip.isOf(this.#target(cell))) this.#explain(cell);
  }

  // A finger has nothing to hover with: the first tap explains, the link to go on is in the tip.
  #tap(event) {
    const link = event.target.closest("td a");
    if (!link || event.pointerType !== "touch") return;
    event.preventDefault();
    link.focus();
    this.#explain(link);
  }

  #press(event) {
    if (event.altKey || event.metaKey || event.shiftKey) return;
    const cell = event.target.closest("td, th");
    const rows = this.#rows.filter((row) => !row.hidden);
    const columns = [...rows[0].cells].filter((head) => !head.hidden).map((head) => head.cellIndex);
    const row = rows.indexOf(cell.parentElement);
    const column = columns.indexOf(cell.cellIndex);
    const [lastRow, lastColumn] = [rows.length - 1, columns.length - 1];
    const goals = {
      ArrowDown: [row + 1, column],
      ArrowUp: [row - 1, column],
      ArrowRight: [row, column + 1],
      ArrowLeft: [row, column - 1],
      PageDown: [Math.min(row + PAGE, lastRow), column],
      PageUp: [Math.max(row - PAGE, 0), column],
      Home: [event.ctrlKey ? 0 : row, 0],
      End: [event.ctrlKey ? lastRow : row, lastColumn],
    };
    const goal = goals[event.key];
    if (!goal) return;
    event.preventDefault();
    if (goal[0] < 0 || goal[0] > lastRow || goal[1] < 0 || goal[1] > lastColumn) return;
    this.#target(rows[goal[0]].cells[columns[goal[1]]]).focus();
  }
}
