// Reads entries of a log that collectors keep as objects. Mirrors reading/logged_objects.py.

import { clean } from "../report.js";
import { cut, foldName, pattern, size } from "./grammar.js";
import { readMessages } from "./messages.js";
import { Findings } from "./pieces.js";

const MODULES = [" nova.", " oslo"];
const SHORTEST = 20;
const PARTS = ["time", "level", "module", "text"];

/** The entries of a log that an object holds: each in a text of its own, or one in its parts. */
export function loggedIn(members, grammar) {
  const longest = grammar.limit("longest_text");
  const isLine = (text) => pattern(grammar.plain.log.line).test(cut(text, grammar.limit("longest_line")).split("\n", 1)[0]);
  let found = members.map(([, text]) => text)
    .filter((text) => typeof text === "string" && text.length > SHORTEST && MODULES.some((name) => text.includes(name)))
    .filter((text) => size(text) > SHORTEST && size(text) < longest)
    .map(clean).filter(isLine);
  const parts = partsOf(members, grammar.plain.log.members);
  if (!found.length && parts.level && parts.module && parts.text) {
    found = [clean(PARTS.map((part) => parts[part]).filter(Boolean).join(" "))].filter(isLine);
  }
  const inner = new Findings(grammar);
  for (const text of found) readMessages({ start: 0, lines: text.replace(/\n+$/, "").split("\n") }, inner);
  return inner.records.map(([, report]) => report);
}

/** Whether printed objects are what another service answered Nova, in the entry that says for what. */
export function areOfEntry(records, before, grammar) {
  const isAnswer = records.length > 0 && records.every(([, { record }]) => record === "refusal");
  return isAnswer && pattern(grammar.plain.log.line).test(before);
}

function partsOf(members, names) {
  const told = new Map(members.filter(([, value]) => typeof value === "string").map(([name, value]) => [foldName(name), value]));
  return Object.fromEntries(PARTS.map((part) => [part, names[part].filter((name) => told.has(name)).map((name) => told.get(name))[0] ?? ""]));
}
