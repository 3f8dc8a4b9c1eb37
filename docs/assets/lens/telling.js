// The line that says what a reader looks at: whether its series is over, and what is another here than in the newest release.

import { words } from "./words.js";

const SILENT = ["series", "section", "about"]; // kinds of pages that speak of no one release, or of one of their own
const CHOOSING = "compare"; // the page on which other releases are chosen than this one
const WORDED = { "": "prose", guide: "prose", home: "home", lookup: "home" };

export class Telling {
  #bar;
  #line = document.createElement("p");
  #releases;

  constructor(bar, releases) {
    this.#bar = bar;
    this.#releases = releases;
    this.#line.className = "lens__tells";
    this.#line.setAttribute("role", "status");
    bar.append(this.#line);
  }

  wait(version) {
    this.#line.textContent = words.waiting(version);
  }

  /**
   * `had`: whether the release has what the page is about; `differing`: names of parts; `isMarked`: whether rows of them are;
   * `isMoved`: whether others are read from elsewhere; all unset where the page has no parts.
   */
  tell(version, found) {
    const { differing, problem } = found;
    const { newest } = this.#releases;
    this.#head(version);
    if (this.#bar.dataset.lens === CHOOSING) return;
    this.#bar.classList.toggle("lens--on", version !== newest);
    if (version === newest) {
      this.#line.textContent = problem ?? "";
      return;
    }
    const series = this.#releases.seriesOf(version);
    const life = this.#releases.lifeOf(series);
    const texts = [words[differing && !this.#says ? "looking" : "chosen"](this.#releases.nameOf(series), version)];
    if (life.phase !== "maintained") texts.push(words.life(life));
    this.#line.replaceChildren(`${texts.join(" · ")}. `, ...this.#difference(version, found));
  }

  /** What is said on this kind of page, whatever differs: most of it is of the newest. */
  get #says() {
    return WORDED[this.#bar.dataset.lens];
  }

  // What stands above a printed page: its address, and the newest release, as the line tells of any other.
  #head(version) {
    const { lens } = this.#bar.dataset;
    const release = version === this.#releases.newest && ![...SILENT, CHOOSING].includes(lens) ? ` · Nova ${version}` : "";
    this.#bar.dataset.sheet = location.href.split("#")[0] + release;
  }

  #difference(version, { had, differing, isMarked, isMoved }) {
    const { newest } = this.#releases;
    if (had === false) return [strong(words.missing(version, newest))];
    if (this.#says) return [words[this.#says](newest)];
    if (!differing) {
      if (SILENT.includes(this.#bar.dataset.lens) || document.querySelector("[data-all-releases]")) return [];
      return [strong(words.fixed(newest))];
    }
    const compare = this.#compare(version);
    if (!differing.length) return [words[isMoved ? "alike" : "same"](newest), ...compare];
    const links = differing.flatMap(({ text, id, isThere }, number) => {
      const name = isThere ? nameOf(text, id) : `${text} (${words.nothing})`;
      return number ? [", ", name] : [name];
    });
    return [words.differs(newest, differing.length), ...links, ". ", isMarked ? words.marked(newest) : "", words.lines, ...compare];
  }

  #compare(version) {
    const { compare } = this.#bar.dataset;
    if (!compare) return [];
    const address = new URL(compare, document.baseURI);
    address.search = new URLSearchParams({ from: version, to: this.#releases.newest });
    return [" ", Object.assign(document.createElement("a"), { href: address, textContent: words.compare })];
  }
}

function nameOf(text, id) {
  return id ? Object.assign(document.createElement("a"), { href: `#${id}`, textContent: text }) : text;
}

function strong(text) {
  return Object.assign(document.createElement("strong"), { textContent: text });
}
