// Names what of a paste nobody has read, cut to what one can look at.
// Mirrors generator/nova_states/lookup/reading/unread.py.

import { cut, pattern, size } from "./grammar.js";
import { sorted } from "./pieces.js";

// A heading above an output, of a word or two.
const HEADING = /^(?:[-=]{2,3} [^|:]{1,40}|[^\s|=0-9"'{}\\]{2,40}(?: [^\s|=0-9"'{}\\]{1,20})?:)$/;

/** A text without those of its sentences of which something is so. */
export function withoutSentences(text, isTold) {
  return text.split(/(?<=[.!?])\s+/).filter((sentence) => !isTold(sentence)).join(" ");
}

/** Whether a sentence greets, thanks or asks for help and says nothing else. */
function isCourtesy(sentence, courtesy) {
  return sentence.split(",").filter((part) => part.trim()).every((part) => courtesy.test(part));
}

/** Name what nobody has read, but for lines that mean nothing of their own. */
export function leave(pieces, findings) {
  const { grammar } = findings;
  const noise = grammar.plain.unwrapping.noise.map((text) => pattern(text));
  const courtesy = pattern(grammar.plain.unwrapping.courtesy, "i");
  for (const piece of pieces) {
    for (const [place, line] of piece.lines.entries()) {
      if (findings.used.has(piece.start + place)) continue;
      const text = withoutSentences(cut(line, grammar.limit("longest_line")).trim(), (one) => isCourtesy(one, courtesy));
      if (!text || HEADING.test(text) || noise.some((known) => known.test(text))) continue;
      findings.leave(piece.start + place, text);
      if (findings.unread.length > grammar.limit("most_lines")) return;
    }
  }
}

/** Parts that were not read, cut to what one can look at. */
export function named(findings) {
  const [longest, most] = [findings.grammar.limit("longest_unread"), findings.grammar.limit("most_unread")];
  const parts = [...new Set(sorted(findings.unread).map((text) => text.split(/\s+/).filter(Boolean).join(" ")))];
  const told = parts.slice(0, most).map((text) =>
    (size(text) <= longest ? text : `${cut(text, longest - 1).replace(/\s+$/, "")}…`));
  return parts.length > most ? [...told, `… +${parts.length - most}`] : told;
}
