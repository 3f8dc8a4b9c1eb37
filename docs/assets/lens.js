// The release as a lens: a picker in the head of each page. What a page says of other releases is fetched when one is chosen,
// and takes the place of what stands there for the newest.

import { keep, wanted } from "./lens/choice.js";
import { Picker } from "./lens/picker.js";
import { Releases } from "./lens/releases.js";
import { Telling } from "./lens/telling.js";
import { words } from "./lens/words.js";

class Lens {
  #bar;
  #releases;
  #hasParts = document.querySelector("article [data-part]") !== null;
  #parts = null; // a promise: what shows them is loaded when another release is chosen
  #picker;
  #telling;
  #form = document.querySelector("form[data-lookup]");
  #turn = 0;

  constructor(bar, releases) {
    this.#bar = bar;
    this.#releases = releases;
    this.#picker = new Picker(bar, releases, (version) => this.choose(version));
    this.#telling = new Telling(bar, releases);
    this.#form?.elements.release.addEventListener("change", ({ target }) => {
      const version = releases.find(target.value || "latest");
      keep(version === releases.newest ? null : version, false);
      this.#picker.show(version);
      this.#telling.tell(version, {});
    });
    document.addEventListener("click", (event) => this.#savePicture(event));
  }

  start() {
    const { word, isStored } = wanted();
    const version = word ? this.#releases.find(word) : this.#releases.newest;
    if (version) return this.choose(version, { isFirst: true });
    return this.choose(this.#releases.newest, { isFirst: true, problem: words[isStored ? "stale" : "unknown"](word) });
  }

  async choose(version, { isFirst = false, problem = "" } = {}) {
    const turn = ++this.#turn;
    const isNewest = version === this.#releases.newest;
    // The address of the lookup is that of an answer.
    keep(isNewest ? null : version, !this.#form);
    this.#picker.show(version);
    this.#choose(version, isFirst);
    let found = { problem };
    if (this.#hasParts) {
      if (!isNewest) this.#telling.wait(version);
      try {
        found = { ...(await this.#show(isNewest ? null : this.#releases.place(version))), problem };
      } catch (error) {
        if (turn !== this.#turn) return;
        this.#picker.show(this.#releases.newest);
        await this.#restore();
        this.#telling.tell(this.#releases.newest, { problem: words.failed(version) });
        console.warn(error);
        document.dispatchEvent(new CustomEvent("lens", { detail: { version: this.#releases.newest } }));
        return;
      }
      if (turn !== this.#turn) return this.#show(this.#shown());
    }
    document.body.toggleAttribute("data-lens-on", !isNewest && this.#hasParts && found.had !== false);
    this.#telling.tell(version, found);
    this.#namePictures(found.had === false ? this.#releases.newest : version);
    document.dispatchEvent(new CustomEvent("lens", { detail: { version } }));
    if (isFirst && !isNewest && location.hash && this.#hasParts) dispatchEvent(new HashChangeEvent("hashchange"));
  }

  // Releases that share a picture share no name: it is written here.
  #namePictures(version) {
    const series = this.#releases.seriesOf(version).name;
    const name = `Nova ${version} (${series[0].toUpperCase()}${series.slice(1)}) ·`;
    for (const text of document.querySelectorAll(".machine-map .map-subtitle, .machine-map > title")) {
      text.textContent = text.textContent.replace(/Nova( [^·]+)? ·/, name);
    }
  }

  // The links beside a picture lead to that of the newest release.
  async #savePicture(event) {
    const link = event.target.closest(".map figcaption a");
    if (!link || !document.body.hasAttribute("data-lens-on")) return;
    event.preventDefault();
    const { save } = await import("./lens/picture.js");
    save(link, this.#picker.version);
  }

  async #show(place) {
    if (place === null && !this.#parts) return {};
    this.#parts ??= import("./lens/parts.js").then(({ Parts }) => new Parts(document.querySelector("article")));
    return (await this.#parts).show(place);
  }

  async #restore() {
    const parts = await this.#parts.catch(() => null);
    if (parts) parts.restore();
    else this.#parts = null; // the next choice tries again
  }

  #shown() {
    const version = this.#picker.version;
    return version === this.#releases.newest ? null : this.#releases.place(version);
  }

  // The lookup answers for the release that is looked at.
  #choose(version, isFirst) {
    const list = this.#form?.elements.release;
    if (!list || (isFirst && new URLSearchParams(location.search).has("release"))) return;
    const value = version === this.#releases.newest ? "" : version;
    if (list.value === value) return;
    if (![...list.options].some((option) => option.value === value)) list.append(new Option(version, value));
    list.value = value;
    if (!isFirst) list.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

const bar = document.querySelector("[data-lens]");
try {
  const releases = new Releases(await (await fetch(bar.dataset.list)).json());
  await new Lens(bar, releases).start();
} catch (error) {
  console.warn(error); // without the list there is nothing to choose: the page stays as it is
  document.dispatchEvent(new CustomEvent("lens", { detail: { version: null } }));
}
