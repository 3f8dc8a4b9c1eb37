// Finds what somebody asks about doing beside what was pasted: whether to evacuate, to reboot, to wait.
// Mirrors generator/nova_states/lookup/reading/wondering.py; nothing of a paste is ever run.

import { pattern, size } from "./grammar.js";
import { onOneLine } from "./messages.js";

const ABOUT = ["server", "refusal", "fault", "log", "tool"];

/** Records that know what is asked about doing; nothing is where a paste has more servers than one. */
export function withWondered(records, text, grammar) {
  if (records.filter(({ record }) => record === "server").length > 1) return records;
  const said = onOneLine(text, grammar);
  const action = size(said) <= grammar.limit("longest_sentence") ? asked(said, grammar.plain.wondered) : null;
  if (action === null) return records;
  return records.map((record) =>
    (ABOUT.includes(record.record) ? { ...record, read: { ...(record.read ?? {}), wondered: action } } : record));
}

/** The action that is asked about first in the table: who asks of two is answered about the graver. */
function asked(said, { front, back, before, after, words }) {
  const row = words.find(([, english, korean]) =>
    [`${front}(?:${english})\\b${back}`, `${before}(?:${korean})${after}`].some((one) => pattern(one, "i").test(said)));
  return row ? row[0] : null;
}
