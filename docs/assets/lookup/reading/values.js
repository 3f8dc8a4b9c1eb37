// What a value of a field says, however it was printed. Mirrors generator/nova_states/lookup/reading/values.py.

import { clean, fold } from "../report.js";
import { cut, own, strip } from "./grammar.js";

const NUMBER = /^(0[xX][0-9a-fA-F]{1,2}|[0-9]{1,3})(?:\.0)?(?:\s*[(:/-](?!\d).*|\s+[A-Za-z].*)?$/;
const WORD = /^([A-Za-z][A-Za-z _-]{1,30}?)\s*\(.*\)$/;
const IN_BRACKETS = /\(([A-Za-z][A-Za-z _-]{1,30})\)$/;
const TRUE = ["true", "yes", "1", "on"];
const FALSE = ["false", "no", "0", "off"];
// Labels under which Skyline shows several tasks → the status that all of them have, and the task by its status.
const RESUMING = [null, { PAUSED: "unpausing", SUSPENDED: "resuming" }];
const SHARED = {
  "rebooting": ["REBOOT", {}], "재부팅-중": ["REBOOT", {}],
  "hard-rebooting": ["HARD_REBOOT", {}], "강제-재부팅": ["HARD_REBOOT", {}],
  "resizing-or-migrating": ["RESIZE", {}], "크기-조정-또는-마이그레이션-중": ["RESIZE", {}],
  "resuming": RESUMING, "재개-중": RESUMING,
};
const LARGEST = 2 ** 53;
const FEWEST = 1e-4;
const MOST = 1e16;

function numberText(value) {
  const size = Math.abs(value);
  if (Number.isInteger(value)) return size < LARGEST ? String(value) : null;
  return size >= FEWEST && size < MOST ? String(value) : null;
}

/** A single value as clean text; null for what is no single value. */
export function textOf(value) {
  if (typeof value === "number") return numberText(value);
  return typeof value === "string" ? clean(value).trim() : null;
}

export function wordOf(value, grammar) {
  let text = textOf(value);
  if (text === null) return null;
  text = cut(text, grammar.limit("longest_word")).trim();
  return grammar.words("nothing").includes(text.toLowerCase()) ? null : text;
}

export function messageOf(value, grammar) {
  let text = textOf(value);
  if (text === null) return null;
  text = cut(text.split(/\s+/).filter(Boolean).join(" "), grammar.limit("longest_message")).trim();
  return grammar.words("nothing").includes(text.toLowerCase()) ? null : text;
}

export function flagOf(value) {
  if (typeof value === "boolean") return value;
  const text = (textOf(value) ?? "").toLowerCase();
  if (TRUE.includes(text)) return true;
  return FALSE.includes(text) ? false : null;
}

/** The value of a state's field without what somebody wrote behind it, where what is left is a word of that field. */
export function withoutRemark(kind, text, grammar) {
  const head = beforeRemark(text, grammar);
  return head !== text && isState(kind, head, grammar) ? head : text;
}

function beforeRemark(text, grammar) {
  const found = grammar.shape("remark").exec(text);
  return (found && strip(text.slice(0, found.index), grammar.plain.shapes.around)) || text;
}

/** Whether a text is a word of a state's field. */
export function isState(kind, text, grammar) {
  if (kind === "power_state") return isPower(text, grammar);
  if (kind === "task_state") return grammar.isTask(text) || grammar.words("nothing").includes(text.toLowerCase());
  return kind === "vm_state" ? grammar.vocabulary.vmStates.has(fold(text)) : grammar.isStatus(text);
}

export function vmStateOf(value, grammar) {
  const text = textOf(value);
  return text === null ? null : wordOf(withoutRemark("vm_state", text, grammar), grammar);
}

export function statusOf(value, grammar) {
  return labelled(value, "status", grammar.vocabulary.statuses, grammar);
}

export function taskOf(value, grammar) {
  return labelled(value, "task_state", grammar.vocabulary.taskStates, grammar);
}

function labelled(value, kind, known, grammar) {
  let text = wordOf(value, grammar);
  if (text === null || known.has(fold(text))) return text;
  // A dashboard in another language has Nova's own word in brackets: that one is exact.
  const inner = IN_BRACKETS.exec(text);
  if (inner && known.has(fold(inner[1])) && !known.has(fold(text.slice(0, inner.index).trim()))) return inner[1];
  text = wordOf(withoutRemark(kind, text, grammar), grammar);
  if (text === null || known.has(fold(text))) return text;
  // A narrow column tears a word apart: "ACTI VE".
  const whole = text.replaceAll(" ", "");
  return grammar.label(kind, text) ?? (known.has(fold(whole)) ? whole : text);
}

/** What is told by a label that stands for several tasks, the status and the task; null for any other. */
export function sharedTask(value, status) {
  const text = textOf(value) || "";
  // Nova's own words are in small letters.
  // eslint-disable-next-line no-control-regex
  if (/^[\x00-\x7f]*$/.test(text) && text === text.toLowerCase()) return null;
  const shared = own(SHARED, fold(text));
  return shared ? [status || shared[0], own(shared[1], (status || "").toUpperCase()) ?? null] : null;
}

export function powerOf(value, grammar) {
  let text = wordOf(value, grammar);
  if (text === null) return null;
  if (!grammar.vocabulary.powerStates.has(fold(text))) text = beforeRemark(text, grammar);
  const number = NUMBER.exec(text);
  if (number) return number[1].startsWith("0x") || number[1].startsWith("0X") ? Number.parseInt(number[1], 16) : Number(number[1]);
  const word = WORD.exec(text);
  if (word && !grammar.vocabulary.powerStates.has(fold(text))) text = word[1];
  if (grammar.vocabulary.powerStates.has(fold(text))) return text;
  return grammar.label("power_state", text) ?? text;
}

export function isPower(text, grammar) {
  const found = powerOf(text, grammar);
  return typeof found === "number" || (found !== null && grammar.vocabulary.powerStates.has(fold(found)));
}
