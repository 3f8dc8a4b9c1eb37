// Takes off what mail, issues, terminals and tools put around a text. Mirrors reading/unwrapping.py.

import { clean } from "../report.js";
import { cut, pattern, size } from "./grammar.js";

const ROUNDS = 4;
const LONGEST_COMMAND = 1000;
const LONGEST_LITERAL = 2000;
// What stands in a sentence before a row that has lost its left border.
const QUOTED_ROW = /^[^|\n]{3,160}(?<=[ '"([])(?=[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12} ?\|[^|\n]{1,120}\|[^|\n]{1,60}\|)/;
const LINE_END = /\r\n?|\x85|\u2028|\u2029/g;
// eslint-disable-next-line no-control-regex
const TITLE = /\x1b\][^\x07\x1b\n]{0,200}(?:\x07|\x1b\\)?/g;
const HALVES = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

// Letters and signs as wide as a Korean syllable, and how far they stand behind those of ASCII.
const WIDE = /[\uff01-\uff5e]/g;
const WIDER = 0xfee0;

export function tidy(text) {
  const narrow = text.replace(LINE_END, "\n").replace(WIDE, (letter) => String.fromCharCode(letter.charCodeAt(0) - WIDER));
  return clean(narrow.replace(TITLE, "").replace(HALVES, ""));
}

export function unwrap(text, grammar) {
  const unwrapping = grammar.plain.unwrapping;
  if (text.includes("\\") && pattern(unwrapping.escaped).test(text)) {
    text = text.split("\n").map((line) => written(line, pattern(unwrapping.literal))).join("\n");
    text = text.replace(/\\+"/g, '"').replace(/\\+n/g, "\n");
  }
  for (const [needed, rewritten, replacement] of unwrapping.rewrites) {
    if (text.includes(needed)) text = text.replace(pattern(rewritten, "gi"), () => replacement);
  }
  text = text.replace(pattern(unwrapping.listed, "g"), (found) => `${found.replace(/, ?/g, "\n")}\n`);
  const prefixes = unwrapping.prefixes.map((prefix) => pattern(prefix));
  const prompts = unwrapping.prompts.map((prompt) => pattern(prompt));
  const fence = pattern(unwrapping.fence);
  const lines = [];
  const commands = new Map();
  // Place of a command → the host that its prompt names.
  const hosts = new Map();
  for (const raw of text.split("\n").slice(0, grammar.limit("most_lines"))) {
    let line = unprefixed(cut(raw, grammar.limit("longest_row")), prefixes);
    const command = fence.test(line) ? null : commandOf(line, prompts);
    if (fence.test(line)) {
      line = "";
    } else if (command !== null) {
      commands.set(lines.length, command);
      const typed = pattern(unwrapping.host).exec(line);
      if (typed) hosts.set(lines.length, typed.groups.host);
      line = "";
    }
    lines.push(line);
  }
  return { lines, commands, hosts };
}

function written(line, literal) {
  const found = size(line) <= LONGEST_LITERAL ? literal.exec(line) : null;
  return found && found.groups.text.includes('\\"') ? found.groups.text : line;
}

function unprefixed(given, prefixes) {
  let line = given.replace(QUOTED_ROW, "");
  for (let round = 0; round < ROUNDS; round++) {
    const before = line;
    for (const prefix of prefixes) {
      const found = prefix.exec(line);
      if (found) line = line.slice(found.index + found[0].length);
    }
    if (line === before) break;
  }
  return line;
}

function commandOf(line, prompts) {
  if (size(line) > LONGEST_COMMAND) return null;
  for (const prompt of prompts) {
    const found = prompt.exec(line);
    if (found) return found[1];
  }
  return null;
}
