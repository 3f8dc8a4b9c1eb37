// The list of releases: a native one, which every keyboard and phone knows. Its entries come when it is turned to.

import { words } from "./words.js";

export class Picker {
  #list = document.createElement("select");
  #releases;

  constructor(bar, releases, choose) {
    this.#releases = releases;
    const label = document.createElement("label");
    const name = document.createElement("span");
    name.textContent = words.release;
    label.className = "lens__pick";
    label.append(name, this.#list);
    bar.prepend(label);
    this.#fill();
    this.#list.addEventListener("change", () => choose(this.#list.value));
  }

  get version() {
    return this.#list.value;
  }

  show(version) {
    this.#list.value = version;
  }

  #fill() {
    for (const series of this.#releases.series.toReversed()) {
      const group = document.createElement("optgroup");
      const isOver = this.#releases.isOver(series);
      group.label = this.#releases.nameOf(series) + (series.eol ? ` · ${words.end(series.eol, isOver)}` : "");
      for (const version of series.versions.toReversed()) group.append(new Option(version, version));
      this.#list.append(group);
    }
  }
}
