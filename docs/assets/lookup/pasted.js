// What a paste has already: no step asks for it again.
// Mirrors generator/nova_states/lookup/pasted.py; the tests hold both to the same answers.

import { resultOf } from "./situation.js";

const SHOW = "openstack server show {server}";
const COLUMN = / -c ([A-Za-z_:-]+)/g;
// Columns without which nobody has shown a server as a whole.
const SHOWN = ["OS-EXT-STS:vm_state", "OS-EXT-STS:power_state"];
// Beginning of a command → the word for what it would show.
const COMMANDS = [
  ["openstack server event show ", "event"],
  ["openstack server event list ", "events"],
  ["openstack server migration list ", "migrations"],
  ["openstack volume show ", "volume"],
  ["openstack --os-compute-api-version 2.73 server show ", "locked_reason"],
  ["virsh domstate --reason ", "reason"],
  ["virsh domuuid ", "uuid"],
  ["virsh domblkerror ", "disk_error"],
];
const SERVICES = "openstack compute service list";
const OF_HOSTS = "--service nova-compute";
const LONG = " --long ";
const CONTROLLERS = ["nova-conductor", "nova-scheduler"];
const ABOUT_SERVERS = ["refusal", "fault", "log", "tool"];
const FAILED = "error";
const COLUMNS = { status: "status", "OS-EXT-STS:vm_state": "vm_state", "OS-EXT-STS:power_state": "power_state" };
const DETAILS = {
  fault: "fault", created: "created", updated: "updated", "OS-EXT-SRV-ATTR:host": "host", locked_reason: "locked_reason",
};

/** The records, each knowing which services the paste lists, and what it shows of its server. */
export function withSurroundings(reports) {
  const binaries = new Set(reports.filter(({ record }) => record === "service").map(({ read }) => read?.binary));
  const around = binaries.has("nova-compute") ? ["hosts"] : [];
  if (CONTROLLERS.some((name) => binaries.has(name))) around.push("services");
  const shown = new Map(reports.filter(({ record }) => record === "server").map((server) => [server.id, ofRecord(server)]));
  return reports.map((report) => {
    const ofServer = ABOUT_SERVERS.includes(report.record) && report.id ? shown.get(report.id) ?? [] : [];
    const known = [...new Set([...around, ...ofServer])].sort();
    return known.length ? { ...report, read: { ...(report.read ?? {}), around: known } } : report;
  });
}

/** Words for what the paste shows of a record, of those beside it and of its surroundings. */
export function pastedOf(report) {
  const read = report.read ?? {};
  const known = new Set([report, ...(read.beside ?? [])].flatMap(ofRecord));
  if ((report.id || report.name) && read.hypervisor) known.add("uuid");
  if (read.around?.includes("hosts") && read.host_status) known.add("service");
  for (const word of read.around ?? []) known.add(word);
  return known;
}

function ofRecord(report) {
  const read = report.read ?? {};
  const isTold = (value) => value !== null && value !== undefined && value !== "";
  if (report.record === "event") {
    if (!read.result && !read.events?.length) return ["events"];
    return resultOf(read) === FAILED ? ["event", "events"] : ["event"];
  }
  if (report.record === "migration") return ["migrations"];
  if (report.record === "hypervisor") return ["reason", "disk_error"].filter((word) => read[word]);
  if (report.record === "volume") return read.status ? ["volume"] : [];
  if (report.record !== "server" && report.record !== "fault") return [];
  return [
    ...Object.keys(COLUMNS).filter((column) => report[COLUMNS[column]] !== null),
    ...(report.has_task ? ["OS-EXT-STS:task_state"] : []),
    ...Object.keys(DETAILS).filter((column) => isTold(read[DETAILS[column]])),
    // It follows from the states.
    ...(report.vm_state !== null && report.has_task ? ["status"] : []),
    // Of a server that has not failed there is none to be shown.
    ...(report.vm_state !== null && report.vm_state !== FAILED ? ["fault"] : []),
  ];
}

/** Whether what a command would show is there already; `isAll`: its step is for nothing else. */
export function isPasted(command, pasted, isAll) {
  if (command === null || !pasted.size || command.includes(LONG)) return false;
  if (command.startsWith(SHOW)) {
    const columns = [...command.matchAll(COLUMN)].map(([, column]) => column);
    return isAll && (columns.length ? columns : SHOWN).every((column) => pasted.has(column));
  }
  if (command.startsWith(SERVICES)) {
    return pasted.has(isAll ? "service" : command.includes(OF_HOSTS) ? "hosts" : "services");
  }
  return COMMANDS.some(([start, word]) => command.startsWith(start) && pasted.has(word));
}
