// How much memory a live migration has copied: rows that the client shows of it, put to its record.
// Mirrors generator/nova_states/lookup/copied_memory.py; the tests hold both to the same answers.

export const MEMORY = ["memory_total", "memory_processed", "memory_remaining"];
// So many times all memory was sent, and the copy has not ended: the guest changes it faster.
const CIRCLING = 2;
const NUMBER = /^[0-9]{1,15}$/;

/** The records, with rows that tell nothing but memory put to the only migration beside them. */
export function withCopied(reports) {
  const moves = reports.filter(({ record }) => record === "migration");
  const rows = moves.filter(isOnlyMemory);
  const others = moves.filter((move) => !isOnlyMemory(move));
  if (rows.length !== 1 || others.length !== 1) return reports;
  const [[row], [move]] = [rows, others];
  const told = { ...move, read: { ...(move.read ?? {}), ...memoryOf(row.read ?? {}) }, unread: [...move.unread, ...row.unread] };
  return reports.filter((report) => report !== row).map((report) => (report === move ? told : report));
}

/** `circling` where the guest changes its memory faster than it is copied. */
export function copiedOf(read) {
  const [total, processed, remaining] = MEMORY.map((name) => (NUMBER.test(read[name] ?? "") ? Number(read[name]) : 0));
  return total && remaining && processed > CIRCLING * total ? "circling" : null;
}

function isOnlyMemory({ read }) {
  const told = read ?? {};
  return Object.keys(memoryOf(told)).length > 0 && !Object.keys(told).some((name) => told[name] && !MEMORY.includes(name));
}

const memoryOf = (read) => Object.fromEntries(MEMORY.filter((name) => Object.hasOwn(read, name)).map((name) => [name, read[name]]));
