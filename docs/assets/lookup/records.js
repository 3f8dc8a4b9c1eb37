// Answers about records that tell of no server's states: migrations, events, domains, volumes and services.
// Mirrors generator/nova_states/lookup/other_records.py; the tests hold both to the same answers.

import { copiedOf } from "./copied_memory.js";
import { chooseHelp, isFinding, joinedSteps, textOf } from "./helping.js";
import { stem } from "./naming.js";
import { pastedOf } from "./pasted.js";
import { nearest } from "./report.js";
import { isFound, toldCauses, withCauseTold } from "./root_causes.js";
import { lower, markedOf, reasonOf, resultOf, secondsOf, stateOfService } from "./situation.js";

const FIELDS = {
  migration: ["status", "migration_type", "server", "source", "destination"],
  event: ["action", "event", "result", "message", "request_id", "server", "host", "events"],
  hypervisor: ["domain", "state", "reason"],
  volume: ["status", "server"],
  allocation: ["server", "provider", "resources"],
  service: ["binary", "host", "status", "state", "forced_down"],
};
const OF_LOGS = ["level", "message", "error", "request"];
const [CREATE, DELETE] = ["create", "delete"];
const OF_NOVA = /\bopenstack |\bnova-manage |\/var\/lib\/nova/;

// What stands for a value that no release has.
const OTHER = "other";

export const OTHER_RECORDS = new Set(Object.keys(FIELDS));

/** What is said of all records in one situation; commands have their placeholders. */
export function explainRecord(report, view, texts, now) {
  const situation = situationOf(report, view, now);
  const given = view.advice(situation, []);
  const causes = toldCauses(report, texts);
  const pasted = pastedOf(report);
  const isCaused = isFound(causes);
  const choose = (names, allowed) => chooseHelp(names, texts, allowed, null, null, null, isCaused, pasted);
  const helping = choose([...given.map((id) => `advice:${id}`), ...valuesOf(report)], null);
  // Nobody reads how to find what is known.
  const isSaid = given.length && !(isCaused && isFinding(`advice:${given[0]}`, texts));
  let why = helping.why ?? (isSaid ? textOf(`advice:${given[0]}`, texts) : null);
  const error = `error:${report.read?.error}`;
  if (Object.hasOwn(texts.help, error)) {
    // What says to delete it is for a server that was never built.
    const allowed = report.read.action === CREATE ? null : view.actions.filter((action) => action !== DELETE);
    const ofError = choose([error], allowed);
    why = [ofError.why, why].filter(Boolean).join(" ");
    helping.steps = joinedSteps(ofError.steps, helping.steps);
  }
  const told = withCauseTold({ ...helping, why }, causes, texts,
    (names) => chooseHelp(names, texts, null, null, null, null, false, pasted),
    // Where its guest is comes before why it did not move; what is asked is answered first.
    report.record === "migration" && isFound(causes));
  // Of a guest that Nova has not made Nova knows nothing.
  if (report.read?.foreign) told.steps = told.steps.filter(({ command }) => !OF_NOVA.test(command ?? ""));
  return {
    record: report.record,
    release: view.version,
    verdict: view.verdictOn(situation) ?? "unknown",
    advice: given.map((id) => ({ id, text: textOf(`advice:${id}`, texts) })),
    unknown: unknownOf(report, situation, view),
    ...told,
  };
}

/** The status of a migration that no release has, as it was told, with those that are spelled almost like it. */
function unknownOf({ read }, situation, { migrationStatuses }) {
  if (situation.migration_status !== OTHER) return [];
  return [{ attribute: "status", value: read.status, nearest: nearest(read.status, migrationStatuses) }];
}

/** What an answer repeats of the record itself. */
export function fieldsOf(report) {
  const read = report.read ?? {};
  const found = Object.fromEntries((FIELDS[report.record] ?? OF_LOGS).map((name) => [name, read[name] ?? null]));
  return report.record === "hypervisor" ? { ...found, power_state: report.power_state } : found;
}

/** What an answer rests on. */
export function keyOf(report, view, now) {
  return [report.record, situationOf(report, view, now), valuesOf(report), report.read?.error ?? null,
    report.read?.cause ?? null, report.read?.also ?? null, [...pastedOf(report)].sort()];
}

/** Whether a migration's record has not changed for longer than a task may last in which memory is copied. */
function ageOf(read, { tables: { patience } }, now) {
  const changed = secondsOf(read.updated) ?? secondsOf(read.created);
  const told = changed === null || now === null ? read.age_seconds ?? null : now - changed;
  if (told === null) return null;
  return told > Math.max(patience.default, ...Object.values(patience.tasks)) ? "overdue" : "recent";
}

function situationOf(report, view, now) {
  const read = report.read ?? {};
  const found = { record: report.record };
  if (report.record === "migration") {
    const status = lower(read.status);
    const isKnown = status === null || view.migrationStatuses.includes(status);
    Object.assign(found, { migration_status: isKnown ? status : OTHER, migration_type: lower(read.migration_type) });
    Object.assign(found, { age: ageOf(read, view, now), copied: copiedOf(read) });
  } else if (report.record === "event") {
    found.result = resultOf(read);
    found.action = read.action ?? null;
  } else if (report.record === "hypervisor") {
    const power = view.powerStates.find(([number]) => number === report.power_state);
    const said = { domain_state: read.state ?? null, reason: reasonOf(read) };
    Object.assign(found, { hypervisor: power ? power[1] : null, ...said, domain: ["foreign", "twice", "elsewhere"].find((word) => read[word]) ?? null });
  } else if (report.record === "volume") {
    found.status = lower(read.status);
  } else if (report.record === "service") {
    Object.assign(found, { service: stateOfService(read), marked: markedOf(read), ...(read.words ?? {}) });
  }
  return Object.fromEntries(Object.entries(found).filter(([, word]) => word !== null));
}

/** What is said of a record's values: of a migration's status, of the name of an event or an action. */
function valuesOf(report) {
  const read = report.read ?? {};
  if (report.record === "migration" && read.status) return [`migration_status:${stem(read.status)}`];
  if (report.record !== "event") return [];
  return ["event", "action"].filter((name) => read[name]).map((name) => `event:${stem(read[name])}`);
}
