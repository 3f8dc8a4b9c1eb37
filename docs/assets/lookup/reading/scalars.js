// Reads a value that goes on in the lines below its name. Mirrors generator/nova_states/lookup/reading/scalars.py.

import { cut } from "./grammar.js";

const BLOCKS = new Map([["|", "\n"], ["|-", "\n"], ["|+", "\n"], [">", " "], [">-", " "], [">+", " "]]);
const QUOTES = new Map([["'", "single"], ['"', "double"]]);
const FOLDED = 80;
const MOST_LINES = 2_000;
const ESCAPE = /\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[\s\S])/gu;
const ESCAPES = new Map([
  ["n", "\n"], ["t", "\t"], ["r", "\n"], ["0", ""], ["a", ""], ["b", ""], ["e", ""], ["f", ""], ["v", ""], ["_", " "],
  ["N", "\n"], ["L", "\n"], ["P", "\n"],
]);
const LARGEST = 0x10ffff;

const bareOf = (text) => text.replace(/^[ \t]+|[ \t]+$/g, "");
const depthOf = (line) => line.length - line.replace(/^[ \t]+/, "").length;

/** The value that begins in a line of a name, {text, end}; null where it ends with its line and has no quotes. */
export function readScalar(lines, place, indent, sign, value, grammar) {
  const start = bareOf(value);
  const quote = QUOTES.get(start[0]);
  if (sign === ":" && BLOCKS.has(start)) return block(lines, place, indent, BLOCKS.get(start), grammar);
  if (quote && (sign === ":" || (sign === "=" && start[0] === '"'))) {
    return quoted(lines, place, sign === ":" ? indent : null, start.slice(1), quote, grammar);
  }
  if (sign === ":" && start && !"[{&*!%@`".includes(start[0])) return plain(lines, place, indent, start, grammar);
  return null;
}

function lineOf(lines, place, grammar) {
  return cut(lines[place], grammar.limit("longest_row"));
}

function block(lines, place, indent, joint, grammar) {
  let end = place + 1;
  while (end < lines.length && (!bareOf(lines[end]) || depthOf(lines[end]) > indent)) end++;
  while (end > place + 1 && !bareOf(lines[end - 1])) end--;
  const told = lines.slice(place + 1, end).map((line) => bareOf(cut(line, grammar.limit("longest_row"))));
  return { text: told.join(joint), end };
}

function quoted(lines, place, indent, start, quote, grammar) {
  const [isEnd, isOpen] = [grammar.shape(`${quote}_end`), grammar.shape(`${quote}_open`)];
  let text = "";
  let end = place;
  let part = start;
  for (;;) {
    const found = isEnd.exec(part);
    if (found) {
      text = end > place ? folded(text, found.groups.text, quote, indent) : found.groups.text;
      return { text: unquoted(text, quote, indent), end: end + 1 };
    }
    if (!isOpen.test(part)) return null;
    text = end > place ? folded(text, part, quote, indent) : part;
    end++;
    if (end >= lines.length || end - place > MOST_LINES) return null;
    part = lineOf(lines, end, grammar);
    if (indent !== null) {
      if (bareOf(part) && depthOf(part) <= indent) return null;
      part = bareOf(part);
    }
  }
}

function folded(text, part, quote, indent) {
  if (indent === null) return `${text}\n${part}`;
  if (quote === "double" && /\\*$/.exec(text)[0].length % 2) return text.slice(0, -1) + part;
  if (!part) return `${text}\n`;
  return text.endsWith("\n") ? text + part : `${text} ${part}`;
}

function unquoted(text, quote, indent) {
  if (indent === null) return text.replaceAll('\\"', '"');
  if (quote === "single") return text.replaceAll("''", "'");
  return text.replace(ESCAPE, (_, escape) => {
    if ([...escape].length > 1) {
      const code = Number.parseInt(escape.slice(1), 16);
      return code <= LARGEST && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : "";
    }
    return ESCAPES.get(escape) ?? escape;
  });
}

function plain(lines, place, indent, start, grammar) {
  let text = start;
  let end = place + 1;
  while (end < lines.length && [...lines[end - 1]].length > FOLDED && end - place <= MOST_LINES) {
    const part = lineOf(lines, end, grammar);
    const found = grammar.shape("pair").exec(cut(part, grammar.limit("longest_line")))?.groups;
    if (!bareOf(part) || depthOf(part) <= indent || (found && (found.sign === ":" || found.dash))) break;
    text = `${text} ${bareOf(part)}`;
    end++;
  }
  return end > place + 1 ? { text, end } : null;
}
