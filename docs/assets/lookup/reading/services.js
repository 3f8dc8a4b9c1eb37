// Reads what `nova-manage service list` printed until Rocky. Mirrors generator/nova_states/lookup/reading/services.py.

import { pattern, size } from "./grammar.js";
import { remaining } from "./pieces.js";
import { readRecord } from "./records.js";

const STATES = { ":-)": "up", xxx: "down" };

/** Read lines of services. */
export function readServices(piece, findings) {
  const { row, head } = findings.grammar.plain.services;
  const taken = [];
  piece.lines.forEach((line, place) => {
    if (size(line) > findings.grammar.limit("longest_line")) return;
    const found = pattern(row, "i").exec(line)?.groups;
    if (found) {
      const pairs = ["binary", "host", "status"].map((name) => [name, found[name]]);
      const record = readRecord([...pairs, ["state", STATES[found.state.toLowerCase()]]], findings.grammar);
      if (record !== null && typeof record !== "string") findings.add(piece.start + place, record);
    }
    if (found || pattern(head, "i").test(line)) taken.push([place, place + 1]);
  });
  return remaining(piece, taken);
}
