// The list of releases: a native one, which every keyboard and phone knows. Its entries come when it is turned to.

import { element } from "../elements.js";
import { groupsOf } from "./groups.js";
import { words } from "./words.js";

export class Picker {
  #list;

  constructor(bar, releases, choose) {
    this.#list = element("select", {}, ...groupsOf(releases));
    bar.prepend(element("label", { class: "lens__pick" }, element("span", {}, words.release), this.#list));
    this.#list.addEventListener("change", () => choose(this.#list.value));
  }

  get version() {
    return this.#list.value;
  }

  show(version) {
    this.#list.value = version;
  }
}
