// Tells what the end of a line stands for: a blank where a text was broken, nothing inside an id, or an end.
// Mirrors generator/nova_states/lookup/reading/line_ends.py.

import { size } from "./grammar.js";

const LONGEST_ID = 40;
const [NARROW, WIDE] = [72, 160];
// Characters of the narrowest column into which anything breaks a text.
const LEAST = 60;
// When a line of a log was written, whose ever it is; QEMU's stands in messages as well.
const STAMP = new RegExp("^\\[?(?:(?:[MTWFS][a-z]{2} )?[JFMASOND][a-z]{2} [ \\d]?\\d \\d\\d:\\d\\d:\\d\\d "
  + "|\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d:\\d\\d(?!\\S*Z qemu)|[IWEF]\\d{4} \\d\\d:\\d\\d:\\d\\d|level=[a-z])");
const KOREAN = /[\uac00-\ud7a3]/;
// How somebody begins to tell or to ask; no message goes on so.
const SENTENCE = new RegExp("^(?:(?:but|and|so) )?(?:(?:I|we|it|he|she|they|my|our|there|please|help|now|then)(?:'[A-Za-z0-9_]+)? [a-z]"
  + "|(?:is|can|could|should|does|do) (?:it|this|that|there|I|we|you|the) |(?:why|how|what)\\b"
  + "|(?:nova|openstack|horizon|virsh|skyline) (?:still )?(?:shows?|says?|reports?|list[A-Za-z0-9_]*|thinks?) )", "i");

const tailOf = (text) => text.replace(/\s+$/, "").slice(-LONGEST_ID);

/** Whether a line is no rest of the one above: a line of a log, in another script, or what would have had room there. */
export function areApart(before, line, width) {
  if (!before || !line) return false;
  if (STAMP.test(line)) return true;
  if (KOREAN.test(before) !== KOREAN.test(line)) return true;
  const [first] = line.split(" ");
  const hasRoom = size(before) + 1 + size(first) <= Math.max(width, LEAST);
  const hasEnded = size(before) > WIDE || /[.!?)]["']?$/.test(before);
  return (hasRoom || hasEnded) && SENTENCE.test(line);
}

/** The characters of the widest line of the paragraph that each line stands in. */
export function widths(lines) {
  const found = [];
  let begun = 0;
  lines.forEach((line, place) => {
    if (line.trim()) found[begun] = Math.max(found[begun] ?? 0, size(line.trim()));
    else begun = place + 1;
  });
  let width = 0;
  return lines.map((line, place) => (line.trim() ? (width = found[place] ?? width) : 0));
}

/** Whether a line is the rest of the one above: that was long, or ended inside an id. */
export function isBroken(before, line, grammar) {
  const isLong = before.length >= NARROW && size(before) >= NARROW && size(before) <= WIDE && !line.startsWith("  ") && !line.startsWith("\t");
  return (isLong && !areApart(before, line.trim(), 0)) || grammar.shape("wrapped_tail").test(tailOf(before));
}

/** What stands between two lines that are one: nothing where an id was broken, else a blank. */
export function between(before, line, grammar) {
  const isInside = grammar.shape("wrapped_tail").test(tailOf(before)) && grammar.shape("wrapped_head").test(line.replace(/^\s+/, ""));
  return isInside ? "" : " ";
}
