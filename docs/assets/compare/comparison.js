// Two releases compared: tables of all areas, the words of a language, and the series joined.

import { changesBetween, laterPlaces } from "./changes.js";
import { Wording } from "./wording.js";

export class Comparison {
  #tables;
  #seriesOf;

  /** `tables`: of each area, in the order in which they are noticed; `seriesOf`: the versions of a version's series. */
  constructor(tables, words, seriesOf) {
    this.#tables = tables;
    this.#seriesOf = seriesOf;
    this.wording = new Wording(words);
  }

  changes(before, after) {
    const { versions } = this.#tables[0];
    const [from, to] = [before, after].map((version) => versions.indexOf(version));
    const later = laterPlaces(versions, from, to, this.#seriesOf);
    return changesBetween(this.#tables, from, to, later);
  }

  markdown(before, after) {
    return this.wording.markdown(this.changes(before, after), before, after);
  }
}
