// The parts of a page that are others in other releases: `data-part` elements, and the file beside the page that holds what
// they show (generator/nova_states/rendering/lens.py says how).

import { words } from "./words.js";

const AS_SHOWN = -1;

const at = (runs, place) => {
  let left = place;
  return runs.find(([count]) => (left -= count) < 0)[1];
};

const nameOf = (details) => details.querySelector("summary [id]")?.id ?? details.querySelector("summary")?.textContent.trim();

class Part {
  #element;
  #own = []; // what stands there for the newest release, while another is shown
  #shown = AS_SHOWN;

  constructor(element) {
    this.#element = element;
    this.name = element.dataset.part;
  }

  show(number, html) {
    if (number === this.#shown) return;
    if (this.#shown === AS_SHOWN) this.#own = [...this.#element.childNodes];
    this.#shown = number;
    const open = new Set([...this.#element.querySelectorAll("details[open]")].map(nameOf));
    if (number === AS_SHOWN) this.#element.replaceChildren(...this.#own);
    else {
      this.#element.innerHTML = html();
      for (const table of this.#element.querySelectorAll("table:not([class])")) this.#frame(table);
      requestAnimationFrame(() => this.#reachCode());
    }
    for (const details of this.#element.querySelectorAll("details:not([open])")) details.open = open.has(nameOf(details));
  }

  /** Whether what is shown is another than in the newest release: a bar stands beside it. */
  set differs(yes) {
    this.#element.classList.toggle("lens__differs", yes);
  }

  /** Marks what the newest release does not say; tells whether there is any. */
  mark(mark) {
    return this.#shown !== AS_SHOWN && mark(this.#element, this.#own);
  }

  // What the part is called, and its id: as the template says, or else by its heading, as it is shown or as the newest has it.
  get title() {
    const { called } = this.#element.dataset;
    if (called) return { text: called, id: this.#element.id, isThere: this.#element.childElementCount > 0 };
    const own = this.#own.filter((node) => node instanceof Element);
    const heading = this.#element.querySelector("h2[id]") ?? own.map((one) => (one.matches("h2[id]") ? one : one.querySelector("h2[id]"))).find(Boolean);
    if (!heading) return { text: words.part, isThere: true };
    const text = [...heading.childNodes].filter((node) => !(node instanceof Element && node.matches("a, small")));
    return { text: text.map((node) => node.textContent).join("").trim(), id: heading.id, isThere: heading.isConnected };
  }

  // Material lets keys reach code that scrolls, once as well.
  #reachCode() {
    for (const code of this.#element.querySelectorAll("pre > code")) {
      if (code.scrollWidth > code.clientWidth) code.tabIndex = 0;
    }
  }

  // Material puts each table into a frame that scrolls, once, when a page is loaded.
  #frame(table) {
    const wrap = document.createElement("div");
    const inner = document.createElement("div");
    wrap.className = "md-typeset__scrollwrap";
    inner.className = "md-typeset__table";
    table.replaceWith(wrap);
    wrap.append(inner);
    inner.append(table);
  }
}

export class Parts {
  #parts;
  #file = null;

  constructor(article) {
    this.#parts = [...article.querySelectorAll("[data-part]")].map((element) => new Part(element));
  }

  /** Shows a release by its place among all, or the newest (null); tells which parts are others, by what they are called. */
  async show(place) {
    if (place === null) {
      this.restore();
      return { differing: [] };
    }
    const [file, { mark }] = await Promise.all([this.#load(), import("./marks.js")]);
    file.versions ??= file.had.reduce((sum, [count]) => sum + count, 0);
    if (!at(file.had, place)) {
      this.restore();
      return { had: false };
    }
    const differing = [];
    let isMarked = false;
    let isMoved = false; // whether anything is read from elsewhere
    for (const part of this.#parts) {
      const number = at(file.parts[part.name], place);
      part.show(number, () => file.contents[number].map((piece) => file.pieces[piece]).join(""));
      const isOther = number !== at(file.parts[part.name], file.versions - 1);
      const isAlike = isOther && Boolean(file.alike[part.name]?.includes(number));
      isMoved ||= isAlike;
      part.differs = isOther && !isAlike;
      if (!isOther || isAlike) continue;
      differing.push(part.title);
      isMarked = part.mark(mark) || isMarked;
    }
    this.#adjustContents();
    return { had: true, differing, isMarked, isMoved };
  }

  restore() {
    for (const part of this.#parts) {
      part.show(AS_SHOWN);
      part.differs = false;
    }
    this.#adjustContents();
  }

  async #load() {
    if (!this.#file) {
      const answer = await fetch(new URL("releases.json", document.baseURI.split(/[?#]/)[0]));
      if (!answer.ok) throw new Error(`${answer.url}: ${answer.status}`);
      this.#file = await answer.json();
    }
    return this.#file;
  }

  // The table of contents leads nowhere that is not there.
  #adjustContents() {
    for (const link of document.querySelectorAll(".md-nav--secondary .md-nav__link[href*='#']")) {
      const id = decodeURIComponent(link.hash.slice(1));
      const entry = link.closest("li");
      if (entry && id) entry.hidden = !document.getElementById(id);
    }
  }
}
