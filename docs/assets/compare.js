// The page that compares two releases: two lists, what changed between them by area, and the same as Markdown to copy. What is
// compared is in the address: "?from=33.0.2&to=34.0.0".

import { Comparison } from "./compare/comparison.js";
import { Result } from "./compare/result.js";
import { element, filledIn } from "./elements.js";
import { groupsOf } from "./lens/groups.js";
import { Releases } from "./lens/releases.js";

const AREAS = ["allowed", "statuses", "options", "by_itself", "refusals", "steps", "rest"];
const LONGEST = 40;
const SHOWN = 2000; // milliseconds that a button says what it did

const frame = document.querySelector("[data-compared]");
const labels = JSON.parse(frame.dataset.labels);
const folder = new URL(frame.dataset.compared, location.href);

async function read(file) {
  const answer = await fetch(file);
  if (!answer.ok) throw new Error(`${file}: ${answer.status}`);
  return answer.json();
}

class Page {
  #releases;
  #comparison = null;
  #lists;
  #status = element("p", { class: "compare__status", role: "status" });
  #result;
  #copy = element("button", { type: "button", class: "md-button", hidden: "" }, labels.copy);
  #problem = "";

  constructor(releases) {
    this.#releases = releases;
    this.#lists = ["from", "to"].map((name) => this.#list(name));
    this.#result = new Result(labels, new URL(frame.dataset.root, location.href), frame.dataset.actions.split(" "));
    const swap = element("button", { type: "button", class: "md-button compare__swap", title: labels.swap, "aria-label": labels.swap }, "⇄");
    swap.addEventListener("click", () => this.#pick(...this.#picked().reverse()));
    this.#copy.addEventListener("click", () => this.#copyText());
    const [from, to] = this.#lists.map((list) => element("label", { class: "compare__pick" }, element("span", {}, labels[list.name]), list));
    const bar = element("div", { class: "compare__bar" }, from, swap, to, this.#copy);
    frame.append(bar, this.#status, this.#result.frame);
  }

  /** What the address asks for; where it names what is no release, the newest pair. */
  start() {
    const { series } = this.#releases;
    const newest = [series.at(-2).versions.at(-1), this.#releases.newest];
    const asked = ["from", "to"].map((name) => new URLSearchParams(location.search).get(name));
    const found = asked.map((word, place) => (word ? this.#releases.find(word) : newest[place]));
    const unknown = asked.filter((word, place) => found[place] === null);
    if (unknown.length) this.#problem = filledIn(labels.unknown, { word: unknown.map((word) => `“${word.slice(0, LONGEST)}”`).join(", ") });
    return this.#pick(...(unknown.length ? newest : found));
  }

  #list(name) {
    const list = element("select", { name }, ...groupsOf(this.#releases));
    list.addEventListener("change", () => {
      this.#problem = "";
      this.#pick(...this.#picked());
    });
    return list;
  }

  #picked() {
    return this.#lists.map((list) => list.value);
  }

  async #pick(...pair) {
    this.#lists.forEach((list, place) => (list.value = pair[place]));
    const address = new URL(location);
    this.#lists.forEach((list) => address.searchParams.set(list.name, list.value));
    history.replaceState(null, "", address);
    try {
      if (!this.#comparison) {
        this.#status.textContent = labels.waiting;
        this.#comparison = await this.#load();
      }
    } catch (error) {
      this.#status.textContent = labels.failed;
      console.warn(error);
      return;
    }
    const [before, after] = this.#picked();
    const changes = this.#comparison.changes(before, after);
    this.#status.textContent = this.#problem;
    this.#copy.hidden = false;
    const titles = [before, after].map((version) => `${version} (${this.#releases.nameOf(this.#releases.seriesOf(version))})`);
    this.#result.show(this.#comparison.wording, changes, ...titles);
  }

  async #load() {
    const files = [...AREAS, `words_${document.documentElement.lang}`].map((name) => read(new URL(`${name}.json`, folder)));
    const found = await Promise.all(files);
    return new Comparison(found.slice(0, -1), found.at(-1), (version) => this.#releases.seriesOf(version).versions);
  }

  async #copyText() {
    const text = this.#comparison.markdown(...this.#picked());
    try {
      await navigator.clipboard.writeText(text);
      this.#copy.textContent = labels.copied;
      setTimeout(() => (this.#copy.textContent = labels.copy), SHOWN);
    } catch {
      this.#result.offer(text, labels.copy); // where the clipboard may not be written, the text is there to be taken
    }
  }
}

try {
  await new Page(new Releases(await read(document.querySelector("[data-lens]").dataset.list))).start();
} catch (error) {
  frame.append(element("p", { role: "status" }, labels.failed));
  console.warn(error);
}
