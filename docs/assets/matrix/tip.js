// What a cell means, beside it: on hover, on focus, and on a tap, where there is neither. One for all matrices of a page.
// It stays while the pointer is on it, and goes on Escape.

import { words } from "./words.js";

const GAP = 4;
const PATIENCE = 200; // milliseconds to get from a cell to its tip

export class Tip {
  #box = document.createElement("div");
  #text = document.createElement("p");
  #open = document.createElement("a");
  #address = document.createElement("a");
  #owner = null;
  #leaving = 0;

  constructor(article) {
    this.#box.className = "matrix-tip";
    this.#box.popover = "manual";
    this.#box.id = "matrix-tip";
    this.#open.textContent = words.open;
    this.#address.textContent = words.address;
    const links = document.createElement("p");
    links.append(this.#open, " · ", this.#address);
    this.#box.append(this.#text, links);
    this.#box.addEventListener("pointerenter", () => clearTimeout(this.#leaving));
    this.#box.addEventListener("pointerleave", () => this.leave());
    article.append(this.#box);
    const follow = () => this.#place();
    document.addEventListener("scroll", follow, { capture: true, passive: true });
    addEventListener("resize", follow);
    document.addEventListener("keydown", (event) => event.key === "Escape" && this.hide());
    document.addEventListener("pointerdown", ({ target }) => {
      if (!this.#box.contains(target) && !this.#owner?.contains(target)) this.hide();
    });
  }

  isOf(owner) {
    return this.#owner === owner;
  }

  // `owner` is the element that the tip explains; `address` is the fragment of its cell, if it has one.
  show(owner, text, address) {
    clearTimeout(this.#leaving);
    this.#owner = owner;
    this.#text.textContent = text;
    this.#open.hidden = !owner.href;
    if (owner.href) this.#open.href = owner.href;
    this.#address.parentElement.hidden = !address;
    if (address) this.#address.href = address;
    this.#box.showPopover();
    this.#place();
  }

  leave() {
    clearTimeout(this.#leaving);
    this.#leaving = setTimeout(() => this.hide(), PATIENCE);
  }

  hide() {
    clearTimeout(this.#leaving);
    this.#owner = null;
    this.#box.hidePopover();
  }

  #place() {
    if (!this.#owner) return;
    const cell = (this.#owner.closest("td, th") ?? this.#owner).getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = this.#box;
    const isBelow = cell.bottom + GAP + height <= innerHeight;
    this.#box.style.left = `${Math.max(GAP, Math.min(cell.left, innerWidth - width - GAP))}px`;
    this.#box.style.top = `${isBelow ? cell.bottom + GAP : Math.max(GAP, cell.top - height - GAP)}px`;
  }
}
