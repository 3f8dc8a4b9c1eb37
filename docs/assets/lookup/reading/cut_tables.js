// Joins what somebody has cut apart of one show of a server: the part that names it has what the others lack.
// Mirrors generator/nova_states/lookup/reading/cut_tables.py.

import { sortedPairs } from "./pieces.js";

const VALUES = ["id", "name", "status", "vm_state", "power_state", "launched"];

/** Put servers without a name to the only one that has one, where no field of them is there twice. */
export function joinCutTables(findings) {
  const servers = findings.records.filter(([, { record }]) => record === "server");
  const named = servers.filter(([, { id, name }]) => id || name);
  if (named.length !== 1 || servers.length === 1) return;
  let whole = named[0][1];
  for (const [, part] of servers) {
    if (part === named[0][1]) continue;
    const known = fields(whole);
    if ([...fields(part)].some((name) => known.has(name)) || whole.asked || part.asked) return;
    whole = joined(whole, part);
  }
  const first = Math.min(...servers.map(([place]) => place));
  const parts = new Set(servers.map(([, report]) => report));
  findings.records = sortedPairs([...findings.records.filter(([, report]) => !parts.has(report)), [first, whole]]);
}

/** What a record tells, by the names of its fields. */
function fields(report) {
  const told = VALUES.filter((name) => report[name] !== null);
  return new Set([...told, ...(report.has_task ? ["task_state"] : []), ...Object.keys(report.read ?? {})]);
}

function joined(whole, part) {
  const values = Object.fromEntries(VALUES.filter((name) => part[name] !== null).map((name) => [name, part[name]]));
  const task = part.has_task ? { task_state: part.task_state, has_task: true } : {};
  const read = { ...(part.read ?? {}), ...(whole.read ?? {}) };
  return { ...whole, ...values, ...task, read: Object.keys(read).length ? read : null };
}
