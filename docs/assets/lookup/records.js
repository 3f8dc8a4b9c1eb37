// Answers about records that tell of no server's states: migrations, events, domains, volumes and services.
// Mirrors generator/nova_states/lookup/other_records.py; the tests hold both to the same answers.

import { chooseHelp } from "./helping.js";

const FIELDS = {
  migration: ["status", "migration_type", "server", "source", "destination"],
  event: ["action", "event", "result", "message", "request_id", "server", "host"],
  hypervisor: ["domain", "state", "reason"],
  volume: ["status", "server"],
  service: ["binary", "host", "status", "state", "forced_down"],
};
const RESULTS = ["success", "error"];

export const OTHER_RECORDS = new Set(Object.keys(FIELDS));

const lower = (value) => (typeof value === "string" ? value.toLowerCase() : null);
const stem = (name) => name.toLowerCase().replace(/[ ()]+/g, "-").replace(/^-+|-+$/g, "");

/** What is said of a record; commands have their placeholders. */
export function explainRecord(report, view, texts) {
  const read = report.read ?? {};
  const situation = situationOf(report, view);
  const given = view.advice(situation, []);
  const found = {
    record: report.record,
    release: view.version,
    ...Object.fromEntries(FIELDS[report.record].map((name) => [name, read[name] ?? null])),
    verdict: view.verdictOn(situation) ?? "unknown",
    advice: given.map((id) => ({ id, text: texts.advice[id] })),
    ...chooseHelp(namesOf(report, given), texts, null, null),
  };
  return report.record === "hypervisor" ? { ...found, power_state: report.power_state } : found;
}

function situationOf(report, view) {
  const read = report.read ?? {};
  const found = { record: report.record };
  if (report.record === "migration") {
    Object.assign(found, { migration_status: lower(read.status), migration_type: lower(read.migration_type) });
  } else if (report.record === "event") {
    const result = lower(read.result) ?? lower(read.message);
    const isKnown = "result" in read || "message" in read;
    found.result = RESULTS.includes(result) ? result : read.event && isKnown ? "running" : null;
    found.action = read.action ?? null;
  } else if (report.record === "hypervisor") {
    const power = view.powerStates.find(([number]) => number === report.power_state);
    Object.assign(found, { hypervisor: power ? power[1] : null, status: lower(read.reason) });
  } else if (report.record === "volume") {
    found.status = lower(read.status);
  } else {
    found.service = serviceOf(read);
  }
  return Object.fromEntries(Object.entries(found).filter(([, word]) => word !== null));
}

/** What is known of a service: it is down whatever its status, and one that is up may take no new servers. */
function serviceOf(read) {
  const state = lower(read.state);
  if (state === "down" || read.forced_down === true) return "down";
  if (state !== "up") return null;
  return lower(read.status) === "disabled" ? "maintenance" : "up";
}

/** What may help: advice first, then what is said of the value itself. */
function namesOf(report, given) {
  const read = report.read ?? {};
  const names = given.map((advice) => `advice:${advice}`);
  if (report.record === "migration" && read.status) names.push(`migration_status:${stem(read.status)}`);
  if (report.record === "event") {
    names.push(...["event", "action"].filter((name) => read[name]).map((name) => `event:${stem(read[name])}`));
  }
  return names;
}
