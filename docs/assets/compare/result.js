// What changed, shown by area: what an operator notices first is open, long lists of the rest can be opened.

import { element } from "../elements.js";
import { byArea } from "./wording.js";

const OPEN = ["allowed", "statuses", "options", "by_itself"];
const FEW = 12;

export class Result {
  frame = element("div", { class: "compare__result" });
  #labels;
  #root;
  #actions;

  constructor(labels, root, actions) {
    this.#labels = labels;
    this.#root = root;
    this.#actions = new Set(actions);
  }

  show(wording, changes, before, after) {
    const areas = [...byArea(changes)].map(([area, members]) => [area, members, wording.lines(members)]);
    this.frame.replaceChildren(element("h2", { id: "changes" }, wording.title(before, after, changes.length)));
    if (!changes.length) this.frame.append(element("p", {}, wording.nothing));
    else this.frame.append(this.#contents(wording, areas));
    for (const [area, members, lines] of areas) this.frame.append(...this.#area(wording.area(area), area, members.length, lines));
  }

  /** A text to be copied by hand. */
  offer(text, label) {
    this.frame.querySelector("textarea")?.remove();
    const box = element("textarea", { class: "compare__text", readonly: "", rows: "8", "aria-label": label });
    box.value = text;
    this.frame.prepend(box);
    box.focus();
    box.select();
  }

  #contents(wording, areas) {
    const links = areas.map(([area, members]) => element("li", {}, element("a", { href: `#${area}` }, `${wording.area(area)} ${members.length}`)));
    return element("nav", { "aria-label": this.#labels.areas }, element("ul", { class: "compare__areas" }, ...links));
  }

  #area(title, area, count, lines) {
    const list = element("ul", { class: "compare__changes" }, ...lines.map((line) => this.#line(line)));
    const name = [title, " ", element("small", {}, String(count))];
    if (OPEN.includes(area) || lines.length <= FEW) return [element("h3", { id: area }, ...name), list];
    return [element("details", { id: area }, element("summary", {}, ...name), list)];
  }

  #line({ place, subjects, says, mark, isList, rest }) {
    const names = [...subjects.flatMap((subject, number) => [number ? ", " : " ", this.#subject(subject)]), ...(rest ? [rest] : [])];
    const parts = isList ? [says, ...(names.length ? [":", ...names] : [])] : [...names, subjects.length ? ": " : " ", says];
    const line = element("li", {}, element("span", { class: "compare__kind" }, place), " ", ...parts);
    if (mark) line.append(" ", element("span", { class: "compare__mark" }, mark));
    return line;
  }

  #subject(subject) {
    const code = element("code", {}, subject);
    if (!this.#actions.has(subject)) return code;
    return element("a", { href: new URL(`action/${subject.toLowerCase()}/`, this.#root) }, code);
  }
}
