// Keeps the last of several looks at one server where the paste tells that time went by between them.
// Mirrors generator/nova_states/lookup/reading/later_looks.py.

import { pattern, size } from "./grammar.js";

const STATES = ["status", "vm_state", "power_state"];
const LONGEST = 60;

/** Drop servers that a later look tells as much of: words of time, or the same command again, stand between them. */
export function dropEarlierLooks(lines, findings) {
  const looks = new Map();
  for (const [line, report] of findings.records) {
    if (report.record !== "server" || report.id === null) continue;
    if (!looks.has(report.id)) looks.set(report.id, []);
    looks.get(report.id).push([line, report]);
  }
  const left = new Set();
  for (const told of looks.values()) {
    const areLater = told.slice(1).every((other, at) => isLater(lines, told[at], other, findings));
    if (told.length < 2 || !areLater) continue;
    for (const [line, report] of told.slice(0, -1)) {
      left.add(report);
      const { id, name, status, vm_state: vmState, task_state: task } = report;
      findings.leave(line, [name || id, status, vmState, task].filter(Boolean).join(" "));
    }
  }
  findings.records = findings.records.filter(([, report]) => !left.has(report));
}

function isLater(lines, [first, before], [second, after], { commands, grammar }) {
  if (STATES.some((name) => before[name] !== null && after[name] === null)) return false;
  const typed = new Set([...commands].filter(([place]) => place <= first).map(([, command]) => command));
  const passed = pattern(grammar.plain.sentence.passed, "i");
  for (let place = first + 1; place < second; place += 1) {
    if (commands.has(place) && typed.has(commands.get(place))) return true;
    if (place < lines.length && size(lines[place]) <= LONGEST && passed.test(lines[place])) return true;
  }
  return false;
}
