// How near two words are: for typing errors only, in words that nothing is called by.

const SHORTEST = 5;
const LONG = 8;

/** Edits between two words (a swap of neighbours is one), or Infinity beyond `most`. */
export function distance(one, other, most) {
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
export function beginAlike(one, other) {
  return one[0] === other[0] || (one[0] === other[1] && one[1] === other[0]);
}

/** How many edits a word of this length may be away from what was meant. */
export function mostEdits(length) {
  if (length < SHORTEST) return 0;
  return length < LONG ? 1 : 2;
}
