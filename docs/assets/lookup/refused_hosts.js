// Puts to a refusal what the services beside it tell of the host that it names.
// Mirrors generator/nova_states/lookup/refused_hosts.py; the tests hold both to the same answers.

import { areOneHost } from "./hosts.js";
import { objectsIn } from "./named_objects.js";
import { messageOf } from "./root_causes.js";

// An evacuation that is refused, for the host still counts as up.
const IN_USE = "ComputeServiceInUse";

/** The records without the nova-compute of the host from which nothing may be evacuated, which its refusal knows. */
export function withRefusedHosts(reports) {
  const refusals = reports.filter(({ record, read }) => record === "refusal" && read?.error === IN_USE);
  const host = refusals.length === 1 ? objectsIn(messageOf(refusals[0])).host ?? null : null;
  if (host === null) return reports;
  const own = reports.filter((report) => isOf(report, host));
  const [refusal] = refusals;
  const unread = [...refusal.unread, ...own.flatMap((report) => report.unread)];
  const told = { ...refusal, read: { ...(refusal.read ?? {}), host }, unread };
  return reports.filter((report) => !own.includes(report)).map((report) => (report === refusal ? told : report));
}

function isOf({ record, read }, host) {
  const isService = record === "service" && (read?.binary ?? "nova-compute") === "nova-compute";
  return isService && areOneHost(read.host || "", host) && (read.state ?? "").toLowerCase() === "up";
}
