// Makes entries of a log whole that were broken or wrapped. Mirrors reading/wrapped_logs.py.

import { pattern, size } from "./grammar.js";
import { between } from "./line_ends.js";
import { withoutContext } from "./messages.js";
import { isState } from "./values.js";

const MOST_LINES = 60;
const TERMINAL = 79;
const WIDTHS = [80, 100, 120, 132, 160, 180, 200];
const FULL_LINES = 2;
const LONGEST = 600;
const STATE_FIELDS = ["status", "vm_state", "task_state", "power_state"];

const trimEnd = (text) => text.replace(/\s+$/, "");
const isLonger = (line) => line.length > LONGEST && size(line) > LONGEST;

/** Lines, in which each entry of a log stands in its first line alone; those that it took are empty. */
export function wholeEntries(lines, grammar) {
  const begun = pattern(grammar.plain.log.begun);
  const told = [...lines];
  let place = 0;
  while (place < lines.length) {
    let count = 1;
    if (!isLonger(lines[place]) && begun.test(lines[place])) {
      const block = blockOf(lines, place, grammar);
      const [text, taken] = brokenEntry(block) ?? wrappedEntry(block, grammar) ?? ["", 1];
      count = taken;
      if (count > 1) {
        told[place] = text;
        told.fill("", place + 1, place + count);
      }
    }
    place += count;
  }
  return told;
}

/** The lines from the first of an entry on up to one that is none of it. */
function blockOf(lines, place, grammar) {
  const begun = pattern(grammar.plain.log.begun);
  let end = place + 1;
  while (end < Math.min(lines.length, place + MOST_LINES)) {
    const line = lines[end];
    if (!line.trim() || isLonger(line) || begun.test(line) || isDrawn(line, grammar)) break;
    end++;
  }
  return lines.slice(place, end);
}

/** Whether a line is a row or a rule of a table. */
function isDrawn(line, grammar) {
  const text = line.trim();
  return "|\u2502".includes(text[0]) || grammar.shape("drawn").test(text);
}

/** Whether a line is a field of a server, which a line that mail wrapped may follow. */
function isField(line, grammar) {
  const found = grammar.shape("pair").exec(line.trim())?.groups;
  const named = found ? grammar.fieldOf(found.name) : null;
  return STATE_FIELDS.includes(named) && isState(named, found.value.trim(), grammar);
}

/** The entry that a terminal broke, each line but the last as long as it is wide, and of how many lines it is. */
function brokenEntry(block) {
  const depths = block.slice(1).map((line) => line.length - line.replace(/^ +/, "").length);
  const least = depths.length ? Math.min(...depths) : 0;
  const depth = least > 1 ? least : 0;
  const parts = [block[0], ...block.slice(1).map((line) => line.slice(depth))];
  const sizes = parts.map(size);
  const width = Math.max(...sizes.slice(0, 2));
  // A blank at the end of a line may have been taken away.
  const other = sizes.findIndex((length) => length < width - 1 || length > width);
  const full = other < 0 ? parts.length : other;
  const needed = width >= TERMINAL ? FULL_LINES : FULL_LINES + 1;
  if (full < needed && !(full === 1 && parts.length > 1 && WIDTHS.includes(width))) return null;
  const count = Math.min(full + 1, parts.length);
  const padded = parts.slice(0, count).map((part, place) => part + " ".repeat(Math.max(0, width - sizes[place])));
  return [trimEnd(padded.join("")), count];
}

/** The entry that was wrapped before its text began: then all that follows it is of it. */
function wrappedEntry(block, grammar) {
  if (block.length === 1 || !isBegunOnly(block[0], grammar)) return null;
  const field = block.findIndex((line, place) => place && isField(line, grammar));
  const count = field < 0 ? block.length : field;
  let text = trimEnd(block[0]);
  for (const line of block.slice(1, count)) text += between(text, line, grammar) + line.trim();
  return [text, count];
}

/** Whether a line ends before the text of its entry does: behind the logger, or in brackets that are still open. */
function isBegunOnly(line, grammar) {
  const found = pattern(grammar.plain.log.line).exec(line)?.groups;
  if (!found) return true;
  const [, text] = withoutContext(found.text, grammar);
  return !text || (text.startsWith("[") && !text.includes("]"));
}
