// Finds what somebody has tried already beside what was pasted: a hard reboot, a reset of the state, a restart.
// Mirrors generator/nova_states/lookup/reading/trying.py; nothing of a paste is ever run.

import { readSentence } from "./sentences.js";
import { saidOf, withWondered } from "./wondering.js";

const ABOUT = ["server", "fault", "log", "tool"];

/** Records that know what was tried, and what is asked about doing, where a paste has no more servers than one. */
export function withTried(given, text, grammar) {
  const records = withWondered(given, text, grammar);
  if (records.filter(({ record }) => record === "server").length > 1) return records;
  const tried = triedIn(text, grammar);
  if (!tried.length) return records;
  return records.map((record) => (ABOUT.includes(record.record) ? {
    ...record, read: { ...(record.read ?? {}), tried }, unread: record.unread.filter((part) => !triedIn(part, grammar).length),
  } : record));
}

/** The server of a sentence that says what was tried: nothing else is rebooted hard, or has its state reset. */
export const readTried = (text, grammar) =>
  (triedIn(text, grammar).length ? readSentence(text, grammar, true) : null);

/** Ids of the actions that somebody says to have tried in vain. */
export function triedIn(text, grammar) {
  const { front, end, back, after, more } = grammar.plain.tried;
  return saidOf(text, grammar, [...grammar.plain.wondered.words, ...more],
    (english, korean) => [`${front}(?:${english})${end}`, `\\b(?:${english})${back}`, `(?:${korean})${after}`]);
}
