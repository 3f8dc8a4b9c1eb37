// Which parts of what is said of some records a paste needs, and what has come of them.
// How they are cut tells generator/nova_states/lookup/page_tables.py; the tests answer with no parts but these.

import { lineOf } from "./log_lines.js";
import { errorsOf } from "./situation.js";

const BY_NAME = ["cause", "error", "log_message"];
const PARTS = 24;
const OTHERS = "records";
/** The part that has what tells a question: for pastes that have more than records. */
export const QUESTIONS = "questions";
const DOMAINS = "domains";
const DOMAIN = "advice:domain_";
/** Records of which what is said is in one part, whichever of them they are; that of domains, and what only they tell. */
const OF_OTHERS = ["allocation", "event", "migration", "service", "volume"];
const OF_DOMAINS = ["hypervisor", "domain_state", "reason"];

function partOf(name) {
  const sum = [...name].reduce((total, letter) => total + letter.codePointAt(0), 0);
  if (BY_NAME.includes(name.split(":", 1)[0])) return String(sum % PARTS);
  return name.startsWith(DOMAIN) ? DOMAINS : OTHERS;
}

/** The parts in which what is said of records stands. */
export function partsFor(reports, texts) {
  const all = reports.flatMap((report) => [report, ...(report.read?.beside ?? [])]);
  const names = all.flatMap((one) => [
    ...[...errorsOf(one), ...(one.read?.errors ?? [])].map((name) => `error:${name}`).filter((name) => Object.hasOwn(texts.help, name)),
    ...[one.read?.cause, one.read?.also].filter(Boolean).map((name) => `cause:${name}`),
    lineOf(one, texts).help ?? [],
    OF_OTHERS.includes(one.record) ? OTHERS : [],
    one.record === "hypervisor" || OF_DOMAINS.some((name) => (one.read?.words ?? {})[name] ?? one.read?.[name]) ? DOMAIN : [],
  ].flat());
  return new Set(names.map(partOf));
}

/** What is said, as far as it was asked for. */
export class SaidParts {
  #address;
  #fetch;
  #coming = new Map();
  #here = new Set();
  /** All that has come. */
  said = {};

  /** `address` has {part} to fill in; `fetch` gives what is at an address. */
  constructor(address, fetch) {
    this.#address = address;
    this.#fetch = fetch;
  }

  /** Fetch parts; one that does not come is asked for again the next time. Gives those that did not. */
  async load(parts) {
    const missing = [];
    await Promise.all([...parts].map(async (part) => {
      if (!this.#coming.has(part)) this.#coming.set(part, this.#fetch(this.#address.replace("{part}", part)));
      try {
        Object.assign(this.said, await this.#coming.get(part));
        this.#here.add(part);
      } catch {
        this.#coming.delete(part);
        missing.push(part);
      }
    }));
    return missing;
  }

  /** Those of some parts that are not here yet, whether they are on their way or not. */
  missing(parts) {
    return [...parts].filter((part) => !this.#here.has(part));
  }
}
