// Tells what is of another product. Mirrors generator/nova_states/lookup/reading/products.py.

import { cut, own, pattern } from "./grammar.js";

const LOOKED_AT = 20_000;
// Where it is certain that it is of another service, and not of which: the key of the words for it.
const SOME_OTHER = "other_service";
const ANYBODYS = ["refusal", "fault", "log"];
// Of a server's `read`: who keeps a copy of its status, and shows that.
export const COPIED = "copied_by";

/** The product of which a text is that has signs of one and none of OpenStack. */
export function productOf(text, grammar) {
  const part = cut(text, LOOKED_AT);
  const { own: known, signs } = grammar.plain.products;
  if (pattern(known, "i").test(part)) return null;
  return Object.keys(signs).find((name) => pattern(signs[name]).test(part)) ?? null;
}

/** The other service of OpenStack of which a text is, where no record is about a server of Nova's; `idle` of each record. */
export function neighbourOf(text, reports, idle, grammar) {
  const only = reports.length ? null : onlyService(text, grammar);
  if (only !== null) return only;
  if (!reports.every(mayBeAnybodys)) return null;
  const { nova, neighbours } = grammar.plain.products;
  const part = cut(text, LOOKED_AT);
  const hasNova = pattern(nova).test(part);
  const named = new Set(reports.map((report, at) =>
    (idle[at] || !(hasNova || isExplained(report)) ? serviceOfLog(report, grammar) : null)));
  if (named.size === 1 && [...named][0]) return [...named][0];
  // What is told of a cause says more than whose it is.
  if (hasNova || reports.some(isExplained)) return null;
  const found = Object.entries(neighbours).map(([name, sign]) => [name, pattern(sign).exec(part)]).filter(([, sign]) => sign);
  if (!found.length) return null;
  // One of them has told what the other answered: whose it is, only a command at its head tells.
  const [name, { 0: sign }] = found.reduce((one, other) => (other[1].index < one[1].index ? other : one));
  return found.length > 1 && !sign.startsWith("openstack ") ? SOME_OTHER : name;
}

/** Whether a cause is told that is the same wherever it is met; what is said of an exception names services of Nova's. */
const isExplained = ({ read }) => Boolean(read?.cause) && !read.error;

/** Whether a record is a message, of no server that it names, which any service may have printed. */
function mayBeAnybodys({ record, id, status, vm_state: vmState, task_state: taskState }) {
  return ANYBODYS.includes(record) && id === null && !status && !vmState && !taskState;
}

/** The other service of OpenStack whose log a line is from; what it says of states is not of servers. */
export function ofNeighbour(line, grammar) {
  const found = pattern(grammar.plain.log.line).exec(cut(line, grammar.limit("longest_line")));
  return found ? serviceOf(found.groups.module, grammar) : null;
}

/** The other service whose log a text is that says nothing of Nova. */
function onlyService(text, grammar) {
  const part = cut(text, LOOKED_AT);
  if (pattern(grammar.plain.products.nova).test(part)) return null;
  const named = new Set(part.split("\n").map((line) => ofNeighbour(line, grammar)).filter((service) => service !== null));
  return named.size === 1 ? [...named][0] : null;
}

function serviceOfLog({ record, read }, grammar) {
  return record === "log" ? serviceOf(read?.module || "", grammar) : null;
}

function serviceOf(module, grammar) {
  return own(grammar.plain.products.services, module.split(".")[0]) ?? null;
}

/** Drop servers as others keep a copy of them where Nova's own word stands beside: theirs may be late. */
export function dropCopies(findings) {
  const known = new Set(findings.records.map(([, record]) => record)
    .filter(({ record, id, read }) => record === "server" && id !== null && !(COPIED in (read ?? {})))
    .map(({ id }) => id));
  const kept = [];
  for (const [line, record] of findings.records) {
    const { [COPIED]: copied, ...read } = record.read ?? {};
    if (copied && known.has(record.id)) findings.leave(line, `${copied} ${record.name || record.id}: ${record.status}`);
    else kept.push([line, copied ? { ...record, read: Object.keys(read).length ? read : null } : record]);
  }
  findings.records = kept;
}
