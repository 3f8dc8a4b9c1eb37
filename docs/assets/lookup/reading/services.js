// Reads services: what `nova-manage service list` printed until Rocky, and who says beside records that one is down.
// Mirrors generator/nova_states/lookup/reading/services.py.

import { cut, pattern, size } from "./grammar.js";
import { remaining } from "./pieces.js";
import { readRecord } from "./records.js";

const STATES = { ":-)": "up", xxx: "down" };
const TOLD = new RegExp(
  "\\b(?<binary>nova-(?:compute|conductor|scheduler))(?![A-Za-z0-9_-])"
  + "(?:(?: services?| process(?:es)?)?(?: (?:on|of|at) (?<host>[A-Za-z][A-Za-z0-9_.-]{0,80}))?"
  + " (?:is|are|was|were|has|have|went|looks?|seems?|shows?|as)(?: (?:been|to be|as|also|both|all|completely|now|again))*"
  + " (?:down|dead|crashed|not running|died)\\b"
  + "|(?: ?서비스| ?프로세스)?(?:들)? ?[이가은는도]?(?: (?:갑자기|계속|완전히|전부|모두))? ?(?:죽[어었은]|다운|내려가|뻗[어었]))",
  "i",
);
// What the name of a host has and no common word.
const NAMED = /[\d.-]/;
// A label of an alert that stands on a line of its own.
const LABEL = /^\s*(?:[-*]\s*)?(?<name>alertname|hostname|host|service|binary)["']?\s*[=:]\s*["']?(?<value>[A-Za-z0-9_.-]{1,80})["']?,?\s*$/;
// Characters of a line in which somebody tells.
const LINE = 600;

/** Read lines of services. */
export function readServices(piece, findings) {
  const { row, head } = findings.grammar.plain.services;
  readAlerts(piece, findings);
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

/** Add the services that monitoring says to be down, each once, unless it says as well that this is over. */
function readAlerts(piece, findings) {
  const { alerts, alert_head: begins, over } = findings.grammar.plain.services;
  const lines = piece.lines.map((line) => cut(line, LINE));
  const isAlert = lines.some((line) => pattern(begins, "i").test(line));
  if (!isAlert || lines.some((line) => pattern(over, "i").test(line))) return;
  const told = new Set();
  const labels = labelsOf(lines);
  for (const [place, line] of lines.entries()) {
    const shape = Object.values(alerts).find((alert) => pattern(alert, "i").test(line));
    const { binary, host } = shape === undefined ? labels[place] : pattern(shape, "i").exec(line).groups;
    // Whatever names no host repeats what does.
    if (!binary || told.has(host ?? "") || (told.size && !host)) continue;
    told.add(host ?? "");
    const named = [["binary", binary.toLowerCase()], ...(host ? [["host", host]] : [])];
    const record = readRecord([...named, ["state", "down"]], findings.grammar);
    if (record !== null && typeof record !== "string") findings.add(piece.start + place, record);
  }
}

/** Of each line the binary and the host, where it is the last label of an alert that tells both and that it is down. */
function labelsOf(lines) {
  let labels = new Map();
  return lines.map((line) => {
    const { name, value } = LABEL.exec(line)?.groups ?? {};
    if (name && labels.has(name)) labels = new Map();
    if (name) labels.set(name, value);
    const binary = labels.get("service") || labels.get("binary") || "";
    const host = labels.get("hostname") || labels.get("host");
    const isDown = (labels.get("alertname") ?? "").toLowerCase().includes("down");
    return name && host && binary.startsWith("nova-") && isDown ? { binary, host } : {};
  });
}

/** Add the services that a sentence says to be down, but for those that are listed; alone, those of a host by name. */
export function readToldServices(pieces, findings) {
  const isAlone = !findings.records.length;
  const { over } = findings.grammar.plain.services;
  const services = findings.records.filter(([, { record }]) => record === "service");
  const listed = new Set(services.map(([, { read }]) => read?.binary ?? null));
  for (const { start, lines } of pieces) {
    for (const [place, line] of lines.entries()) {
      const found = TOLD.exec(cut(line, LINE))?.groups;
      const binary = found?.binary.toLowerCase();
      if (!found || listed.has(binary)) continue;
      if (isAlone && (pattern(over, "i").test(line) || !NAMED.test(found.host ?? ""))) continue;
      const named = [["binary", binary], ...(found.host ? [["host", found.host]] : [])];
      const record = readRecord([...named, ["state", "down"]], findings.grammar);
      if (record === null || typeof record === "string") continue;
      listed.add(binary);
      findings.add(start + place, record);
    }
  }
}
