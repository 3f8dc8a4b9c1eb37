// What is said of lines of Nova's log, from the table that only a paste needs.
// Mirrors generator/nova_states/lookup/log_lines.py; the tests hold both to the same answers.

import { linesOf } from "./reading/message_packing.js";

export const LOG = "log";
export const ONE_OF = "|";

const own = (object, key) => (Object.hasOwn(object, key) ? object[key] : undefined);

/** Which of Nova's lines a record is; null for any other record. */
export function slugOf(report) {
  return report.record === LOG ? report.read?.log_message ?? null : null;
}

/** What Nova does after the line that a record is, what the line alone says, and its name among what helps. */
export function lineOf(report, texts) {
  const [effect, verdict, name] = own(texts.lines ?? {}, slugOf(report) ?? "") ?? [null, null, null];
  return { effect, verdict, help: name === null ? null : `log_message:${name}` };
}

/** What helps with one of Nova's lines, by name; null: nobody has written of it. */
export function helpOf(slug, texts) {
  const [, , name] = own(texts.lines ?? {}, slug ?? "") ?? [null, null, null];
  // What is said of lines comes later, or not at all.
  return name !== null && Object.hasOwn(texts.help, `log_message:${name}`) ? `log_message:${name}` : null;
}

/** The texts with which line is which; what is said of them and of causes comes once one was recognised. */
export function withLines(texts, messages, told = {}) {
  return { ...texts, help: { ...texts.help, ...told }, lines: linesOf(messages) };
}
