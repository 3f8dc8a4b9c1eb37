// Told together: what the hypervisor says of a server stands beside what Nova says of it.
// Mirrors generator/nova_states/lookup/joining.py; the tests hold both to the same answers.

/** The records, with the word of the hypervisor put to the one server that it is about. */
export function joinRecords(reports, powerStates) {
  const domains = reports.filter(({ record }) => record === "hypervisor");
  const servers = reports.filter(({ record }) => record === "server");
  if (domains.length !== 1 || servers.length !== 1) return reports;
  const [[domain], [server]] = [domains, servers];
  const [told, read] = [domain.read ?? {}, server.read ?? {}];
  const names = [told.domain, read.instance_name].filter(Boolean);
  const power = powerStates.find(([number]) => number === domain.power_state)?.[1];
  if (!power || new Set(names).size > 1) return reports;
  const beside = { hypervisor: power, reason: told.reason ?? null };
  if (names.length) beside.instance_name = names[0];
  return reports.map((report) => (report === server ? { ...report, read: { ...read, ...beside } } : report));
}
