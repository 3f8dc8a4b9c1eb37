// Reads what libvirt's client says of a migration that goes on: `virsh domjobinfo`.
// Mirrors generator/nova_states/lookup/reading/domain_jobs.py; the tests hold both to the same answers.

import { newReport } from "../report.js";
import { remaining } from "./pieces.js";

const HEAD = /^\s*Job type:\s+(?:Bounded|Unbounded)\s*$/;
const ROW = /^\s*([A-Z][A-Za-z/ -]{2,30}):\s+(\S.{0,60}?)\s*$/;
const SIZE = /^([0-9]{1,9})(?:\.([0-9]{1,3}))?\s{1,8}(B|KiB|MiB|GiB|TiB)$/;
const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"];
const WORDS = ["total", "processed", "remaining"];

/** Read jobs that move a guest; any other, such as a backup, is left. */
export function readJobs(piece, findings) {
  const taken = [];
  piece.lines.forEach((line, place) => {
    if (!HEAD.test(line)) return;
    const rows = new Map();
    let end = place + 1;
    for (let row; end < piece.lines.length && (row = ROW.exec(piece.lines[end])); end++) rows.set(row[1], row[2]);
    if ((rows.get("Operation") ?? "migration").includes("migration") && rows.has("Memory total")) {
      findings.add(piece.start + place, move(rows));
      taken.push([place, end]);
    }
  });
  return remaining(piece, taken);
}

function move(rows) {
  const sizes = WORDS.map((word) => [`memory_${word}`, bytesOf(rows.get(`Memory ${word}`) ?? "")]);
  const told = Object.fromEntries(sizes.filter(([, size]) => size !== null));
  return newReport({ record: "migration", read: { status: "running", migration_type: "live-migration", ...told } });
}

/** How many bytes a size has, as Nova's client tells them. */
function bytesOf(text) {
  const found = SIZE.exec(text);
  if (!found) return null;
  const thousandths = BigInt(found[1]) * 1000n + BigInt((found[2] ?? "").padEnd(3, "0"));
  return String(thousandths * 1024n ** BigInt(UNITS.indexOf(found[3])) / 1000n);
}
