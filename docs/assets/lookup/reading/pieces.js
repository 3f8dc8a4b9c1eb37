// Stretches of lines that nobody has read yet, and what has been found. Mirrors reading/pieces.py.

/** The lines of a piece from one place to before another. */
export function part(piece, first, end) {
  return { start: piece.start + first, lines: piece.lines.slice(first, end) };
}

export class Findings {
  constructor(grammar) {
    Object.assign(this, { grammar, commands: new Map(), hosts: new Map(), records: [], unread: [], mayAsk: false, polled: [] });
    this.used = new Set();
  }

  add(line, report) {
    for (const text of report.unread) this.leave(line, text);
    report = report.unread.length ? { ...report, unread: [] } : report;
    if (this.records.length < this.grammar.limit("most_records")) this.records.push([line, report]);
  }

  leave(line, text) {
    this.unread.push([line, text]);
  }
}

/** What is left of a piece where some stretches of it, in order, have been read. */
export function remaining(piece, taken) {
  const left = [];
  let place = 0;
  for (const [first, end] of taken) {
    if (first > place) left.push(part(piece, place, first));
    place = Math.max(place, end);
  }
  if (place < piece.lines.length) left.push(part(piece, place, piece.lines.length));
  return left;
}

/** How many of sorted numbers are not larger than one. */
export function upTo(numbers, limit) {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle] <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Pairs in the order of their lines; the values of these. */
export const sortedPairs = (pairs) => [...pairs].sort((a, b) => a[0] - b[0]);
export const sorted = (pairs) => sortedPairs(pairs).map(([, value]) => value);
