// Puts to a nova-compute that is down that its host goes on under another name: one host that was renamed is not dead.
// Mirrors generator/nova_states/lookup/renamed_hosts.py; the tests hold both to the same answers.

import { areOneHost } from "./hosts.js";
import { putCauses } from "./root_causes.js";
import { stateOfService } from "./situation.js";

const RENAMED = "host-renamed";

/** The records, where one of two services of one host, by its short and by its whole name, is down. */
export function withRenamedHosts(reports) {
  const up = reports.filter(isCompute).filter(({ read }) => ![null, "down"].includes(stateOfService(read)))
    .map(({ read }) => read.host);
  const isFormer = (report) => isCompute(report) && stateOfService(report.read) === "down" && up.some((other) =>
    areOneHost(report.read.host, other) && report.read.host.toLowerCase() !== other.toLowerCase());
  return reports.map((report) => (isFormer(report) ? putCauses(report, RENAMED, null) : report));
}

const isCompute = ({ record, read }) => record === "service" && read?.binary === "nova-compute" && Boolean(read.host);
