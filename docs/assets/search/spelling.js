// How near two words are: for typing errors only, in words that nothing is called by.

import { isHangul, letters } from "./hangul.js";

const SHORTEST = 5;
const LONG = 8;

/** Edits between two words (a swap of neighbours is one), or Infinity beyond `most`. */
function distance(one, other, most) {
  if (Math.abs(one.length - other.length) > most) return Infinity;
  let before = [];
  let last = Array.from({ length: other.length + 1 }, (_, place) => place);
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= other.length; j++) {
      const isSame = one[i - 1] === other[j - 1];
      row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (isSame ? 0 : 1));
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) {
        row[j] = Math.min(row[j], before[j - 2] + 1);
      }
      least = Math.min(least, row[j]);
    }
    if (least > most) return Infinity;
    before = last;
    last = row;
  }
  return last[other.length] > most ? Infinity : last[other.length];
}

/** Whether two words begin alike: their first letters are the same, or were swapped. */
function beginAlike(one, other) {
  return one[0] === other[0] || (one[0] === other[1] && one[1] === other[0]);
}

/** How many edits a word of this length may be away from what was meant. */
function mostEdits(length) {
  if (length < SHORTEST) return 0;
  return length < LONG ? 1 : 2;
}

/** The word that was meant, of those that names have (`spellings`: letters, key, how many names): {key, surface}, or null. */
export function nearest({ key, surface }, spellings) {
  const typed = letters(isHangul(key[0]) ? key : surface);
  let least = mostEdits(typed.length);
  let meant = null;
  let most = -1;
  if (!least) return null;
  for (const [spelling, part, count] of spellings) {
    const edits = beginAlike(typed, spelling) ? distance(typed, spelling, least) : Infinity;
    if (edits === Infinity) continue;
    if (meant && edits === least && count <= most) continue;
    meant = { key: part, surface: isHangul(key[0]) ? part : spelling };
    most = count;
    least = edits;
  }
  return meant;
}
