// In which order and at which lines each release does what happens by itself: a page has that of the latest, and
// fetches the others once somebody asks for one. generator/nova_states/lookup/page_tables.py parts them.

/** Whether the tables tell that of a release. */
export function hasStepLines({ parts, versions, steps }, version) {
  return steps.sequences[versions[version][parts.indexOf("steps")]] !== 0;
}

/** Put that of all releases into the tables. */
export function addStepLines(tables, lines) {
  Object.assign(tables.steps, lines);
  return tables;
}

/** What is fetched once; what did not come is asked for again the next time. */
export class StepLines {
  #fetch;
  #coming = null;

  constructor(fetch) {
    this.#fetch = fetch;
  }

  /** Let the tables tell that of a release; gives whether they do. */
  async takeInto(tables, version) {
    if (hasStepLines(tables, version)) return true;
    try {
      this.#coming ??= this.#fetch();
      addStepLines(tables, await this.#coming);
      return true;
    } catch {
      this.#coming = null;
      return false;
    }
  }
}
