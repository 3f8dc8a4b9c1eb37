// Labels of dashboards in sentences. Mirrors generator/nova_states/lookup/reading/dashboard_labels.py.

import { pattern } from "./grammar.js";

const BEFORE = 80;
const PART = /^[A-Za-z0-9_/-]/;

// Letters and joints folded one by one: places stay.
const folded = (line) => line.replace(/[A-Z]/g, (letter) => letter.toLowerCase()).replace(/[ _]/g, "-");

/** A line with Nova's word in place of each label, the longest that fits: "Shelved Offloaded" is not SHELVED. */
export function withWords(given, grammar) {
  let line = given;
  const { before, after } = grammar.plain.sentence;
  const labels = Object.entries(grammar.plain.labels.status).filter(([label]) => !/[^\x00-\x7f]/.test(label));
  const known = [...new Map([...labels, ...grammar.vocabulary.statuses])]
    .sort(([one], [other]) => other.length - one.length || (one < other ? -1 : 1));
  for (const [label, word] of known) {
    const place = folded(line).indexOf(label);
    if (place < 0) continue;
    const ahead = line.slice(0, place);
    const said = line.slice(place, place + label.length);
    const behind = line.slice(place + label.length);
    if (!/^[A-Z]/.test(said) || said.toUpperCase() === said || PART.test(ahead.slice(-1)) || PART.test(behind)) continue;
    const isQuoted = /['"“‘]$/.test(ahead) && /^['"”’]/.test(behind);
    const isSaid = () => pattern(before).test(ahead.slice(-BEFORE)) || pattern(after).test(behind.slice(0, BEFORE));
    if (isQuoted || (/[-/]/.test(label) && isSaid())) line = `${ahead}${word}${behind}`;
  }
  return line;
}
