// Reads what libvirt's client says of domains. Mirrors generator/nova_states/lookup/reading/hypervisor.py.

import { pattern, size } from "./grammar.js";
import { remaining } from "./pieces.js";
import { domainReport } from "./records.js";

const NEAR = 3;

/** Read lines that give a domain's state. */
export function readDomains(piece, findings) {
  const texts = findings.grammar.plain.hypervisor;
  const find = (name, line) => pattern(texts[name]).exec(line)?.groups ?? null;
  const taken = [];
  piece.lines.forEach((line, place) => {
    if (size(line) > findings.grammar.limit("longest_line")) return;
    if (pattern(texts.head).test(line)) {
      taken.push([place, place + 1]);
      return;
    }
    const missing = find("missing", line);
    if (missing) {
      const gone = domainReport(missing.domain, null, "missing", findings.grammar);
      const last = findings.records.at(-1)?.[1];
      // The client says so twice.
      if (last?.record !== gone.record || last.name !== gone.name || last.power_state !== null) {
        findings.add(piece.start + place, gone);
      }
      taken.push([place, place + 1]);
      return;
    }
    let found = find("row", line);
    let domain = found ? found.domain : askedOf(piece.start + place, texts, findings);
    let reason = null;
    if (!found) {
      found = find("state", line);
      if (found) reason = found.reason;
      else found = find(domain ? "any" : "bare", line);
    }
    if (found) {
      findings.add(piece.start + place, domainReport(domain, found.state, reason, findings.grammar));
      taken.push([place, place + 1]);
    }
  });
  return remaining(piece, taken);
}

function askedOf(line, texts, findings) {
  for (let above = line - 1; above > Math.max(-1, line - 1 - NEAR); above--) {
    const command = findings.commands.get(above);
    if (command !== undefined) return pattern(texts.asked).exec(command)?.groups.domain ?? null;
  }
  return null;
}
