// Told together: what the hypervisor says of a server stands beside what Nova says of it.
// Mirrors generator/nova_states/lookup/joining.py; the tests hold both to the same answers.

/** The records, with the word of the hypervisor put to the one server that it is about. */
export function joinRecords(given, powerStates) {
  const reports = besideServices(given);
  const domains = reports.filter(({ record }) => record === "hypervisor");
  const servers = reports.filter(({ record }) => record === "server");
  if (domains.length !== 1 || servers.length !== 1) return reports;
  const [[domain], [server]] = [domains, servers];
  const [told, read] = [domain.read ?? {}, server.read ?? {}];
  const names = [told.domain, read.instance_name].filter(Boolean);
  const power = powerStates.find(([number]) => number === domain.power_state)?.[1];
  if (!power || new Set(names).size > 1) return reports;
  const beside = { hypervisor: power, domain_state: told.state ?? null, reason: told.reason ?? null };
  if (names.length) beside.instance_name = names[0];
  return reports.map((report) => (report === server ? { ...report, read: { ...read, ...beside } } : report));
}

/** The records, with what is known of the only host's nova-compute put to the only server that may be on it. */
function besideServices(reports) {
  const hosts = reports.filter(({ record, read }) => record === "service" && read?.binary === "nova-compute");
  const meant = reports.filter(({ record }) => record === "server" || record === "refusal");
  if (hosts.length !== 1 || meant.length !== 1 || "host_status" in (meant[0].read ?? {})) return reports;
  const [[{ read: service }], [report]] = [hosts, meant];
  const isDown = service.state === "down" || service.forced_down === true;
  if (!isDown || !service.host || ![null, service.host].includes(report.read?.host ?? null)) return reports;
  const read = { ...(report.read ?? {}), host: service.host, host_status: "DOWN" };
  return reports.map((one) => (one === report ? { ...one, read } : one));
}

const STATES = ["vm_state", "task_state", "power_state", "status"];

/** Servers that are told of more than once and not in the same states, each with all that is told of it. */
export function contradicting(reports) {
  const byId = new Map();
  for (const report of reports) {
    if (report.record !== "server" || report.id === null) continue;
    if (!byId.has(report.id)) byId.set(report.id, []);
    byId.get(report.id).push(report);
  }
  return [...byId.values()].filter(([first, ...others]) => others.some((other) => differ(first, other)));
}

function differ(one, other) {
  if (one.has_task && other.has_task && one.task_state !== other.task_state) return true;
  return STATES.some((name) => one[name] !== null && other[name] !== null && one[name] !== other[name]);
}
