// Finds what somebody asks about doing beside what was pasted: whether to evacuate, to reboot, to wait.
// Mirrors generator/nova_states/lookup/reading/wondering.py; nothing of a paste is ever run.

import { pattern, size } from "./grammar.js";
import { onOneLine } from "./messages.js";
import { withoutSentences } from "./unread.js";

const ABOUT = ["server", "refusal", "fault", "log", "tool"];

/** Records that know what is asked about doing; nothing is where a paste has more servers than one. */
export function withWondered(records, text, grammar) {
  if (records.filter(({ record }) => record === "server").length > 1) return records;
  const { front, back, before, after, words } = grammar.plain.wondered;
  // Who asks of two is answered about the graver, which stands first in the table.
  const asking = (english, korean) => [`${front}(?:${english})\\b${back}`, `${before}(?:${korean})${after}`];
  const [action] = saidOf(text, grammar, words, asking);
  if (action === undefined) return records;
  const row = words.filter(([name]) => name === action);
  const isAnswered = (sentence) => saidOf(sentence, grammar, row, asking).length > 0;
  const left = ({ unread }) => unread.map((part) => withoutSentences(part, isAnswered)).filter(Boolean);
  return records.map((record) => (ABOUT.includes(record.record)
    ? { ...record, read: { ...(record.read ?? {}), wondered: action }, unread: left(record) } : record));
}

/** The first words of the rows that a text says something of, in their order; none of a text that is no sentence. */
export function saidOf(text, grammar, rows, patterns) {
  const said = onOneLine(text, grammar);
  if (size(said) > grammar.limit("longest_sentence")) return [];
  return rows.filter(([, english, korean]) => patterns(english, korean).some((one) => pattern(one, "i").test(said)))
    .map(([action]) => action);
}
