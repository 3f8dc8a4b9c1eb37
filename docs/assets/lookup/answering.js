// A server's report and a release in, an answer out: looking up in the compiled tables, nothing else.
// Mirrors generator/nova_states/lookup/explainer.py; the tests hold both to the same answers.

import { ASK, helpWith, OLD } from "./answer_help.js";
import { common, overdueOf } from "./candidates.js";
import { findDetails, withDetails } from "./details.js";
import { fill, filledSteps, valuesOf } from "./filling.js";
import { isFinding, textOf } from "./helping.js";
import { helpOf, lineOf, LOG, slugOf } from "./log_lines.js";
import { pastedOf } from "./pasted.js";
import { explainRecord, fieldsOf, keyOf, OTHER_RECORDS } from "./records.js";
import { lackOf } from "./reach.js";
import { askedAction, refusalOf, wishOf } from "./refusals.js";
import { fold, nearest } from "./report.js";
import { isFound, toldCauses, verdictOf } from "./root_causes.js";
import { ageOf, changedOf, errorsOf, secondsOf, situationOf, timeOf, UNKNOWN, wordsOf } from "./situation.js";
import { ELSEWHERE } from "./tables_view.js";

export { findVersion, View } from "./tables_view.js";

export const VERDICTS = ["needs-attention", "inconsistent", "unknown", "in-progress", "stable"];
export const NEED_AN_OPERATOR = VERDICTS.slice(0, 3);
// What heads an answer in place of an unknown verdict: why a request was refused is known, and the server is not.
const REFUSED = "refused";
const FAULT = "if_fault";
const DELETED = "deleted";
// Of a guest that is off until it is reclaimed, whatever is known of its power.
const KEPT = "soft-delete";
// Records of a failure, of which a known cause tells whether somebody has to do something.
const FAILED = ["fault", "log", "tool"];
// What of `read` only answers rest on.
const INNER = ["also", "around", "beside", "follows", "origin", "said", "tried", "wondered", "words"];

const own = (object, key) => (Object.hasOwn(object, key) ? object[key] : undefined);
const unique = (values) => [...new Set(values)];

/** The present, in whole seconds since 1970. */
export const present = () => Math.floor(Date.now() / 1000);

/** The answer, in the shape that `nova-states explain --format json` prints. */
export function explain(view, texts, report, now = present()) {
  const shared = explainShared(view, texts, report, now);
  return { id: report.id, name: report.name, ...shared, ...ownOf(report, shared, now) };
}

/** What records in one situation share: the same text for the same situation. */
export function situationKey(view, texts, report, now) {
  const details = findDetails(toldNames(report, texts), report, texts);
  if (OTHER_RECORDS.has(report.record)) return JSON.stringify([keyOf(report, view, now), details]);
  const age = ageOf(report, now);
  const { patience } = view.tables;
  const limits = [...new Set([patience.default, ...Object.values(patience.tasks)])];
  const passed = age === null ? null : limits.filter((limit) => age > limit).length;
  const { id, name, read, unread, ...states } = report;
  const told = [
    ...errorsOf(report), slugOf(report), read?.http ?? null, read?.cause ?? null, read?.also ?? null,
    read?.wondered ?? null, read?.tried ?? null, [...pastedOf(report)].sort(), details,
  ];
  return JSON.stringify([states, wordsOf(report, view.tables.causes), passed, told]);
}

/** Names among what helps of all that may say why a record failed. */
function toldNames(report, texts) {
  const errors = errorsOf(report).map((name) => `error:${name}`);
  const lines = [lineOf(report, texts).help, helpOf(report.read?.words?.log, texts)];
  return [...toldCauses(report, texts), ...errors, ...lines];
}

/** What is said of all records that are in the same situation; commands have their placeholders. */
export function explainShared(view, general, report, now) {
  const details = findDetails(toldNames(report, general), report, general);
  const texts = withDetails(general, details, isFound(toldCauses(report, general)));
  if (OTHER_RECORDS.has(report.record)) return explainRecord(report, view, texts, now);
  const unknown = [];
  const noteUnknown = (attribute, value, words) =>
    unknown.push({ attribute, value, nearest: nearest(String(value), words) });
  const known = (attribute, value, words) => {
    if (value === null) return null;
    const sought = fold(value);
    const found = words.find((name) => fold(name) === sought);
    if (found === undefined) noteUnknown(attribute, value, words);
    return found ?? value;
  };
  const vmState = known("vm_state", report.vm_state, view.vmStates);
  const task = known("task_state", report.task_state, view.taskStates);
  const given = known("status", report.status, view.statusWords);
  const words = wordsOf(report, view.tables.causes);
  const [number, recorded] = findPower(view, report.power_state, noteUnknown);
  // What the hypervisor says is newer than what Nova has on record.
  const power = words.hypervisor ?? recorded;
  const pairs = findPairs(view, report, vmState, task, given);
  const statuses = unique(pairs.map((pair) => view.status(...pair)));
  const status = vmState === null && given ? given : statuses.length === 1 ? statuses[0] : null;
  const vmStates = unique(pairs.map(([state]) => state));
  const action = askedAction(report, view, pairs);
  const wish = wishOf(action, vmState, view, task !== null);
  const beside = Object.fromEntries([["action", action], ["wish", wish]].filter(([, word]) => word !== null));
  const age = ageOf(report, now);
  const situations = pairs.map((pair) => (
    { ...situationOf(report, [...pair, power], words, age, view.tables.patience), ...beside }));
  const isAnyTold = vmState !== null || task !== null || given !== null;
  const line = lineOf(report, texts);
  const error = errorsOf(report).map((name) => `error:${name}`).find((name) => Object.hasOwn(texts.help, name)) ?? null;
  // Without its vm_state a status and a task may still leave one open: those that are left have to agree.
  // Where there is no host, nothing has a power_state.
  const needNoPower = pairs.length > 0 && pairs.every(([state]) => [...view.tables.hostless, KEPT].includes(state));
  const areAllTold = report.has_task && (power !== null || needNoPower);
  const isServer = report.record === "server";
  const ownSituation = { record: report.record, ...words };
  const ownAdvice = isServer ? [] : view.advice(ownSituation, []);
  const verdicts = pairs.map((pair, place) => view.verdictOn(situations[place]) ?? view.verdict(...pair, power));
  const mildest = unknown.length || !pairs.length || !isAnyTold
    ? UNKNOWN : VERDICTS.findLast((verdict) => verdicts.includes(verdict));
  const isCertain = mildest !== "stable" || (areAllTold && unique(verdicts).length === 1);
  const causes = toldCauses(report, texts);
  const [cause = null] = causes;
  const isSaid = report.record === "refusal" && cause !== null && Boolean(texts.help[cause][3]);
  // A tool stops at states in which nothing has failed.
  const isFailure = FAILED.includes(report.record) && !(report.record === "tool" && isAnyTold);
  const caused = cause !== null && (isFailure || isSaid) ? verdictOf(cause, texts) : null;
  const found = (isServer ? null : view.verdictOn(ownSituation)) ?? line.verdict ?? caused ??
    (isCertain ? mildest : UNKNOWN);
  const isContradicted = Boolean(report.vm_state && report.status) && report.status !== status;
  // Which of both holds, nobody can tell.
  const verdict = found === "stable" && isContradicted ? UNKNOWN : found;
  // Why it was refused is told: that is settled, whatever else is not known of the server.
  const isSettled = verdict === UNKNOWN && report.record === "refusal" && !unknown.length && !(report.read?.http >= 500) &&
    (isFound(causes) || error !== null || Boolean(report.asked?.attribute));
  const areAllNamed = report.has_task && power !== null && vmState !== null;
  const isAsking = verdict === UNKNOWN && !isSettled && !unknown.length && !areAllNamed;
  const { allowed, refused } = decide(view, pairs, report, unknown);
  const ways = vmStates.length === 1 ? view.ways(vmStates[0]) : {};
  const service = words.service ?? null;
  const advice = giveAdvice(
    { view, texts, report, pairs, situations, unknown, status, verdict, isAsking, allowed, service, ownAdvice, line, error, cause });
  const steps = common((pair) => view.steps(...pair, power), pairs);
  const byFact = { [FAULT]: error, if_stuck: `task_state:${onlyTask(pairs)}` };
  const names = advice.map((id) => own(byFact, id) || `advice:${id}`);
  const isKnown = isFound(causes) && !names.includes(OLD);
  const lacks = lackOf(report, pairs, words);
  const answer = {
    record: report.record,
    ...(report.record === LOG ? { effect: line.effect } : {}),
    release: view.version,
    vm_state: vmState,
    task_state: task,
    task_known: report.has_task,
    power_state: number,
    vm_state_candidates: vmState !== null || given === null ? null : vmStates,
    status,
    allowed,
    refused,
    next: [...steps.filter(({ cause }) => cause !== ELSEWHERE), ...steps.filter(({ cause }) => cause === ELSEWHERE)],
    verdict,
    ...(isSettled ? { headline: REFUSED } : {}),
    overdue: overdueOf(situations),
    launched: report.launched,
    ask: isAsking ? ASK : null,
    unknown,
    ...(lacks === null ? {} : { lacks }),
    // Nobody reads how to find what is known.
    advice: advice.map((id, place) => ({ id, text: textOf(names[place], texts) }))
      .filter((_, place) => !(isKnown && isFinding(names[place], texts))),
    ways: Object.fromEntries(refused.map((refusal) => refusal.action)
      // Nobody is led away to come back to where the server is.
      .filter((name) => Object.hasOwn(ways, name) && allowed.includes(ways[name][0]) &&
        !(own(view.tables.wishes, name) ?? []).includes(vmStates[0]))
      .map((name) => [name, ways[name]])),
    notes: allowed.map((name) => ({
      action: name,
      conditions: view.notes(name, ...pairs[0])[0],
      when: common((pair) => view.notes(name, ...pair)[1], pairs),
    })).filter(({ conditions, when }) => conditions.length || when.length),
    asked: report.asked && {
      word: report.asked.action,
      actions: view.names(report.asked.action).filter((name) => view.actions.includes(name)),
      attribute: report.asked.attribute,
      value: report.asked.value,
    },
  };
  answer.refusal = refusalOf(report, action, wish, answer, view);
  const helping = helpWith({ view, texts, report, answer, names, pairs, words, ownAdvice, line, error, causes });
  return { ...answer, ...helping };
}

/** What is said of this record alone. */
export function ownOf(report, shared, now) {
  const read = report.read ?? {};
  const values = valuesOf(report);
  const found = { steps: filledSteps(shared.steps, values), unread: report.unread };
  if (report.record === "server" || read.beside) {
    found.beside = (read.beside ?? []).map((one) => ({ record: one.record, id: one.id, ...fieldsOf(one) }));
  }
  if (OTHER_RECORDS.has(report.record)) return { ...fieldsOf(report), ...found };
  const told = report.record === "server"
    ? {} : Object.fromEntries(Object.entries(read).filter(([name]) => !Object.hasOwn(shared, name) && !INNER.includes(name)));
  const { fault } = read;
  const updated = secondsOf(changedOf(report));
  return {
    ...told,
    ...found,
    ask: fill(shared.ask, values),
    since: updated === null ? null : timeOf(updated),
    age_seconds: ageOf(report, now),
    fault: fault
      ? { message: fault.message ?? null, error: fault.error ?? null, created: fault.created ?? null } : null,
    host_status: read.host_status ?? null,
    host: read.host ?? null,
    locked: read.locked ?? null,
    locked_reason: read.locked_reason ?? null,
    ...(read.earlier?.length ? { earlier: [...read.earlier] } : {}),
  };
}

function findPower(view, value, noteUnknown) {
  for (const [number, name, label] of view.powerStates) {
    if (value === number || (typeof value === "string" && [fold(name), fold(label || name)].includes(fold(value)))) {
      return [number, name];
    }
  }
  if (value !== null) noteUnknown("power_state", value, view.powerStates.map(([, name]) => name));
  return [value, null];
}

/** The vm_state and task_state the server may be in, given what was told of it. */
function findPairs(view, report, vmState, task, status) {
  // Whatever task the record of a deleted server has been left with, none runs.
  const possible = view.vmStates.filter((state) => task === null || state !== DELETED);
  const vmStates = vmState === null ? possible : [vmState];
  if (status === null || (vmState !== null && report.has_task)) return vmStates.map((state) => [state, task]);
  const tasks = report.has_task ? [task] : [null, ...view.taskStates];
  const pairs = vmStates.flatMap((state) => tasks.map((name) => [state, name]))
    .filter((pair) => view.status(...pair) === status);
  if (!pairs.length && vmState !== null) return [[vmState, task]];
  const idle = pairs.filter(([, name]) => name === null);
  return idle.length && !report.has_task ? idle : pairs;
}

/**
 * Actions allowed, and refused, in all states the server may be in; those that depend are in neither. Of a server of
 * which nothing is told, nobody knows that it has no task.
 */
function decide(view, pairs, report, unknown) {
  const isIdle = report.has_task || report.vm_state !== null || report.status !== null;
  const isNew = new Set(unknown.map(({ attribute }) => attribute).filter((name) => name !== "power_state" && name !== "status"));
  const decided = (states) => states.map((pair) => view.decisions(...pair, report.launched !== false));
  const found = decided(pairs);
  const known = isNew.size ? decided(widened(view, pairs, isNew)) : found;
  const allowed = [];
  const refused = [];
  view.actions.forEach((action, place) => {
    const attributes = found.map((decisions) => decisions[place]);
    if (!attributes.length) return;
    const reasons = known.map((decisions) => decisions[place]);
    if (attributes.every((attribute) => attribute === null)) allowed.push(action);
    else if ([...attributes, ...reasons].every(Boolean) && (isIdle || !attributes.includes("task_state"))) {
      // Of a value that no release has, nobody knows that it is the reason.
      const others = reasons.filter((one) => !isNew.has(one));
      refused.push({ action, ...reason(isNew.size && others.length ? others : attributes, pairs) });
    }
  });
  return { allowed, refused };
}

/** States with any value of the release in place of one that it does not have: that may be like any of them. */
function widened(view, pairs, isNew) {
  return pairs.flatMap(([state, task]) => (isNew.has("vm_state") ? view.vmStates : [state]).flatMap((known) =>
    (isNew.has("task_state") ? view.taskStates : [task]).map((running) => [known, running])));
}

/** The task that runs in all states the server may be in; null: none, or it is open which. */
function onlyTask(pairs) {
  const tasks = unique(pairs.map(([, task]) => task));
  return tasks.length === 1 ? tasks[0] : null;
}

function reason(attributes, pairs) {
  const attribute = unique(attributes).length === 1 ? attributes[0] : null;
  const column = { vm_state: 0, task_state: 1 }[attribute];
  const values = unique(pairs.map((pair) => (column === undefined ? null : pair[column])));
  return { attribute, value: values.length === 1 ? values[0] : null };
}

function giveAdvice({
  view, texts, report, pairs, situations, unknown, status, verdict, isAsking, allowed, service, ownAdvice, line, error, cause,
}) {
  // Its states are those of a moment that has passed.
  if (line.help) return [];
  const found = [...ownAdvice];
  if (unknown.length) found.push("unknown_value");
  if (status === "UNKNOWN" && !unknown.length) found.push("status_unknown");
  const isTold = report.vm_state || report.task_state || report.status;
  if (!pairs.length || (!isTold && (isAsking || report.record !== "server"))) {
    if (isAsking && !unknown.length && !ownAdvice.length && cause === null && status !== "UNKNOWN") found.push("nothing_known");
    return found;
  }
  const shown = (pair) => view.status(...pair) === view.status(pair[0], null);
  const isContradicted = Boolean(report.vm_state && report.status) && report.status !== status;
  if (isContradicted && verdict === UNKNOWN) found.push("status_differs");
  if (pairs.length > 1) found.push("several_candidates");
  if (pairs.some((pair) => pair[0] === "error" && !shown(pair))) {
    found.push(pairs.length === 1 ? "hidden_error" : "may_hide_error");
  } else if (pairs.every((pair) => pair[1] && shown(pair))) {
    found.push("hidden_task");
  }
  const fitting = common((situation) => view.advice(situation, allowed), situations);
  found.push(...fitting.filter((id) => !ownAdvice.includes(id) && (id !== FAULT || error)));
  if (isContradicted && verdict !== UNKNOWN) found.push("status_differs");
  const isUntold = !report.has_task && onlyTask(pairs) === null;
  if (isUntold && pairs.every(([, name]) => name)) found.push("task_untold");
  // What frees a task is done by nova-compute on the host, or asked of it.
  const isGone = pairs.every(([state]) => state === DELETED);
  if (!isGone && Object.hasOwn(texts.help, `task_state:${onlyTask(pairs)}`) && service !== "down") found.push("if_stuck");
  return found;
}
