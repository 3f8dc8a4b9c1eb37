// Leaves objects under the name of a class that is no server's. Mirrors generator/nova_states/lookup/reading/others.py.

import { size } from "./grammar.js";
import { remaining } from "./pieces.js";

const MOST_LINES = 60;

/** Take the lines of such objects, and name them as unread. */
export function readOthers(piece, findings) {
  const { grammar } = findings;
  const taken = [];
  piece.lines.forEach((line, place) => {
    if ((taken.length && place < taken.at(-1)[1]) || size(line) > grammar.limit("longest_line")) return;
    if (!grammar.shape("of_class").test(line) || grammar.shape("of_server_class").test(line)) return;
    let end = place + 1;
    if (/[{(]$/.test(line.trimEnd())) {
      const behind = piece.lines.slice(place + 1, place + MOST_LINES).findIndex((one) => /^[})]/.test(one.trim()));
      end = behind < 0 ? place + 1 : place + behind + 2;
    }
    findings.leave(piece.start + place, line.trim());
    taken.push([place, end]);
  });
  return remaining(piece, taken);
}
