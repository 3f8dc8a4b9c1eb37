// A server's report and a release in, an answer out: looking up in the compiled tables, nothing else.
// Mirrors generator/nova_states/lookup/tables_view.py and explain.py; the tests hold both to the same answers.

import { fill, filledSteps, valuesOf } from "./filling.js";
import { chooseHelp, joinedSteps, MOST_STEPS, textOf } from "./helping.js";
import { helpOf, lineOf, LOG, slugOf } from "./log_lines.js";
import { stem } from "./naming.js";
import { pastedOf } from "./pasted.js";
import { explainRecord, fieldsOf, keyOf, OTHER_RECORDS } from "./records.js";
import { askedAction, isAllowedNow, refusalOf, stepsInstead, whyRefused, wishOf } from "./refusals.js";
import { actionsByName, fold, foldAction, nearest } from "./report.js";
import { toldCause, verdictOf, withCauseTold } from "./root_causes.js";
import { ageOf, errorsOf, fits, NONE, secondsOf, SOMEWHERE, situationOf, timeOf, UNKNOWN, wordsOf } from "./situation.js";

export const VERDICTS = ["needs-attention", "inconsistent", "unknown", "in-progress", "stable"];
export const NEED_AN_OPERATOR = VERDICTS.slice(0, 3);
const ATTRIBUTES = [null, "vm_state", "task_state", "launched_at"];
const ANY = -1;
export const ELSEWHERE = "startup_elsewhere";
const EVACUATED = ["destroy"];
const MOST_ENDS = 3;
const MOST_NAMED = 4;
const USUAL = ["deleting", "powering-on", "powering-off", "image_snapshot", "migrating", "spawning", "rebuilding"];
const FAULT = "if_fault";
const DELETE = "delete";
const DELETED = "deleted";
// Records of a failure, of which a known cause tells whether somebody has to do something.
const FAILED = ["fault", "log", "tool"];
// vm_states of what may never have been built.
const UNBUILT = ["building", "error"];
// What of `read` only answers rest on.
const INNER = ["around", "beside", "words"];
const ASK = "openstack server show {server} -c status -c OS-EXT-STS:vm_state -c OS-EXT-STS:task_state" +
  " -c OS-EXT-STS:power_state";

const own = (object, key) => (Object.hasOwn(object, key) ? object[key] : undefined);
const unique = (values) => [...new Set(values)];

/** The version a user means: exact, `latest`, a series by either of its names, or the beginning of a version. */
export function findVersion(tables, wanted) {
  const sought = wanted.trim().toLowerCase();
  if (Object.hasOwn(tables.versions, sought)) return sought;
  if (sought === "latest") return tables.latest;
  const series = tables.series.find((names) => names.slice(0, 2).includes(sought));
  const beginnings = series ? series[2] : [`${sought}.`];
  return Object.keys(tables.versions).filter((version) => beginnings.some((text) => `${version}.`.startsWith(text))).at(-1)
    ?? null;
}

const placesOf = (values) => new Map(values.map((value, place) => [value, place]));

/** The tables as one release sees them. */
export class View {
  constructor(tables, version) {
    const part = (name) => {
      const place = tables.versions[version][tables.parts.indexOf(name)];
      return name === "steps" ? tables.steps.sequences[place] : tables[name][place];
    };
    this.tables = tables;
    this.version = version;
    const states = part("states");
    this.vmStates = states.vm_state;
    this.taskStates = states.task_state;
    this.powerStates = states.power_state;
    this.statuses = part("statuses");
    this.decided = part("decisions");
    this.actions = this.decided.actions;
    this.allNotes = part("notes");
    this.allWays = part("ways");
    this.statusWords = this.statuses.rows;
    this.unguarded = new Set(this.decided.unguarded);
    this.vmPlaces = placesOf(this.vmStates);
    this.taskPlaces = placesOf(this.taskStates);
    // By row of their tables: they are asked for again and again.
    this.known = new Map();
    this.refusing = new Map();
    const { rows, orders } = tables.steps;
    const [number, distances] = part("steps");
    const lines = new Map();
    let line = 0;
    [...orders[number]].sort((a, b) => a - b).forEach((row, place) => lines.set(row, (line += distances[place])));
    this.allSteps = orders[number].map((row) => [rows[row], lines.get(row)]);
  }

  status(vmState, task) {
    return this.row(this.statuses, vmState, task);
  }

  /** What each of `actions` is refused for; null: it is allowed. */
  decisions(vmState, task, launched) {
    const row = this.row(this.decided, vmState, task);
    const key = `${launched} ${row}`;
    const shift = launched ? 2 : 0;
    if (!this.known.has(key)) {
      this.known.set(key, [...row].map((digit) => ATTRIBUTES[(Number.parseInt(digit, 16) >> shift) & 3]));
    }
    return this.known.get(key);
  }

  names(sought) {
    this.actionNames ??= actionsByName(this.tables.names);
    return this.actionNames.get(foldAction(sought)) ?? [];
  }

  ways(vmState) {
    return own(this.allWays, vmState) ?? {};
  }

  notes(action, vmState, task) {
    const row = this.row(this.allNotes, vmState, task);
    if (!this.refusing.has(row)) {
      const guards = new Map();
      for (const [name, when] of row.map((number) => this.allNotes.guards[number])) {
        guards.set(name, [...guards.get(name) ?? [], when]);
      }
      this.refusing.set(row, guards);
    }
    return [own(this.allNotes.conditions, action) ?? [], this.refusing.get(row).get(action) ?? []];
  }

  /** What a table says of two states; those that the release does not know stand last in it. */
  row(table, vmState, task) {
    const column = task === null ? 0 : (this.taskPlaces.get(task) ?? this.taskStates.length) + 1;
    return table.rows[table.cells[this.vmPlaces.get(vmState) ?? this.vmStates.length][column]];
  }

  /** What happens by itself; where the power_state is not known, what any of them brings about. */
  steps(vmState, task, power) {
    const fits = ([, vmStates, tasks, powers]) =>
      this.fits(vmStates, vmState) && this.fits(tasks, task) && (power === null || this.fits(powers, power));
    return this.allSteps.filter(([row]) => fits(row)).map(([row, line]) => {
      const [cause, , , powers, effect, to, what, condition, certainty, place] = row;
      const [file, name] = this.tables.steps.places[place];
      return {
        cause: cause === "startup" && EVACUATED.includes(effect) ? ELSEWHERE : cause,
        effect, what,
        to: to && { vm_state: to[0], task_state: to[1] },
        power_states: powers === ANY ? null : this.tables.sets[powers],
        condition, certainty,
        evidence: { file, line, function: name },
      };
    });
  }

  /** What the first rule that fits says. */
  verdict(vmState, task, power) {
    const [says] = this.tables.verdicts.find(([, vmStates, tasks, powers]) =>
      this.fits(vmStates, vmState) && this.fits(tasks, task) && this.fits(powers, power));
    return says;
  }

  /** What is to be said of a record for more than its states; null where those alone decide. */
  verdictOn(situation) {
    const found = this.tables.verdicts_beside.find(([, record, when]) =>
      record === situation.record && fits(when, situation));
    return found ? found[0] : null;
  }

  /** Ids of the advice that fits a situation, in the order in which it is given. */
  advice(situation, allowed) {
    const found = [];
    for (const [advice, record, when, allows, isFinal] of this.tables.advice) {
      const isGiven = record === situation.record && allows.every((action) => allowed.includes(action)) &&
        fits(when, situation);
      if (isGiven && !found.includes(advice)) found.push(advice);
      if (isGiven && isFinal) break;
    }
    return found;
  }

  fits(place, value) {
    return place === ANY || this.tables.sets[place].includes(value);
  }
}

/** The present, in whole seconds since 1970. */
export const present = () => Math.floor(Date.now() / 1000);

/** The answer, in the shape that `nova-states explain --format json` prints. */
export function explain(view, texts, report, now = present()) {
  const shared = explainShared(view, texts, report, now);
  return { id: report.id, name: report.name, ...shared, ...ownOf(report, shared, now) };
}

/** What records in one situation share: the same text for the same situation. */
export function situationKey(view, report, now) {
  if (OTHER_RECORDS.has(report.record)) return JSON.stringify(keyOf(report, view, now));
  const age = ageOf(report, now);
  const { patience } = view.tables;
  const limits = [...new Set([patience.default, ...Object.values(patience.tasks)])];
  const passed = age === null ? null : limits.filter((limit) => age > limit).length;
  const { id, name, read, unread, ...states } = report;
  const told = [
    ...errorsOf(report), slugOf(report), read?.http ?? null, read?.cause ?? null, [...pastedOf(report)].sort(),
  ];
  return JSON.stringify([states, wordsOf(report, view.tables.causes), passed, told]);
}

/** What is said of all records that are in the same situation; commands have their placeholders. */
export function explainShared(view, texts, report, now) {
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
  const areHostless = pairs.length > 0 && pairs.every(([state]) => view.tables.hostless.includes(state));
  const areAllTold = report.has_task && (power !== null || areHostless);
  const isServer = report.record === "server";
  const ownSituation = { record: report.record, ...words };
  const ownAdvice = isServer ? [] : view.advice(ownSituation, []);
  const verdicts = pairs.map((pair, place) => view.verdictOn(situations[place]) ?? view.verdict(...pair, power));
  const mildest = unknown.length || !pairs.length || !isAnyTold
    ? UNKNOWN : VERDICTS.findLast((verdict) => verdicts.includes(verdict));
  const isCertain = mildest !== "stable" || (areAllTold && unique(verdicts).length === 1);
  const cause = toldCause(report, texts);
  const isSaid = report.record === "refusal" && cause !== null && Boolean(texts.help[cause][3]);
  const caused = cause !== null && (FAILED.includes(report.record) || isSaid) ? verdictOf(cause, texts) : null;
  const verdict = (isServer ? null : view.verdictOn(ownSituation)) ?? line.verdict ?? caused ??
    (isCertain ? mildest : UNKNOWN);
  const areAllNamed = report.has_task && power !== null && vmState !== null;
  const isAsking = verdict === UNKNOWN && !unknown.length && !areAllNamed;
  const { allowed, refused } = decide(view, pairs, report.launched !== false);
  const ways = vmStates.length === 1 ? view.ways(vmStates[0]) : {};
  const service = words.service ?? null;
  const advice = giveAdvice(
    { view, texts, report, pairs, situations, unknown, status, isAsking, allowed, service, ownAdvice, line, error, cause });
  const steps = common((pair) => view.steps(...pair, power), pairs);
  const byFact = { [FAULT]: error, if_stuck: `task_state:${onlyTask(pairs)}` };
  const names = advice.map((id) => own(byFact, id) || `advice:${id}`);
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
    overdue: overdueOf(situations),
    launched: report.launched,
    ask: isAsking ? ASK : null,
    unknown,
    advice: advice.map((id, place) => ({ id, text: textOf(names[place], texts) })),
    ways: Object.fromEntries(refused.map((refusal) => refusal.action)
      // Nobody is led away to come back to where the server is.
      .filter((name) => Object.hasOwn(ways, name) && !(own(view.tables.wishes, name) ?? []).includes(vmStates[0]))
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
  const helping = help({ view, texts, report, answer, names, pairs, words, ownAdvice, line, error, cause });
  return { ...answer, ...withCauseTold(helping, cause, texts) };
}

/** What is said of this record alone. */
export function ownOf(report, shared, now) {
  const read = report.read ?? {};
  const values = valuesOf(report);
  const found = { steps: filledSteps(shared.steps, values), unread: report.unread };
  if (OTHER_RECORDS.has(report.record)) return { ...fieldsOf(report), ...found };
  const told = report.record === "server"
    ? {} : Object.fromEntries(Object.entries(read).filter(([name]) => !Object.hasOwn(shared, name) && !INNER.includes(name)));
  if (report.record === "server") {
    found.beside = (read.beside ?? []).map((one) => ({ record: one.record, id: one.id, ...fieldsOf(one) }));
  }
  const { fault } = read;
  const updated = secondsOf(read.updated);
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
  };
}

function overdueOf(situations) {
  const ages = unique(situations.map(({ age }) => age));
  return ages.length === 1 && ages[0] ? ages[0] === "overdue" : null;
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

/** Actions allowed, and refused, in all states the server may be in; those that depend are in neither. */
function decide(view, pairs, launched) {
  const found = pairs.map((pair) => view.decisions(...pair, launched));
  const allowed = [];
  const refused = [];
  view.actions.forEach((action, place) => {
    const attributes = found.map((decisions) => decisions[place]);
    if (!attributes.length) return;
    if (attributes.every((attribute) => attribute === null)) allowed.push(action);
    else if (attributes.every((attribute) => attribute !== null)) refused.push({ action, ...reason(attributes, pairs) });
  });
  return { allowed, refused };
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
  view, texts, report, pairs, situations, unknown, status, isAsking, allowed, service, ownAdvice, line, error, cause,
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
  if (report.vm_state && report.status && report.status !== status) found.push("status_differs");
  if (pairs.length > 1) found.push("several_candidates");
  if (pairs.some((pair) => pair[0] === "error" && !shown(pair))) {
    found.push(pairs.length === 1 ? "hidden_error" : "may_hide_error");
  } else if (pairs.every((pair) => pair[1] && shown(pair))) {
    found.push("hidden_task");
  }
  const fitting = common((situation) => view.advice(situation, allowed), situations);
  found.push(...fitting.filter((id) => !ownAdvice.includes(id) && (id !== FAULT || error)));
  // What frees a task is done by nova-compute on the host, or asked of it.
  const isGone = pairs.every(([state]) => state === DELETED);
  if (!isGone && Object.hasOwn(texts.help, `task_state:${onlyTask(pairs)}`) && service !== "down") found.push("if_stuck");
  return found;
}

/** Why, what to do, and the runbook; where the paste cannot tell, first the command that would. */
function help({ view, texts, report, answer, names, pairs, words, ownAdvice, line, error, cause }) {
  const service = words.service ?? null;
  const { task_state: task, refusal } = answer;
  const isCaused = cause !== null;
  const pasted = pastedOf(report);
  if (line.help) return helpWithLine(line.help, error, texts, isCaused, pasted);
  const isAnyTold = Boolean(task || answer.vm_state || answer.status);
  // What says to delete it is for a server that was never built.
  const wasBuilt = report.launched || ![null, ...UNBUILT].includes(answer.vm_state);
  const isBuilt = wasBuilt && error !== null && names.includes(error);
  const allowed = isAnyTold ? answer.allowed.filter((action) => !isBuilt || action !== DELETE) : null;
  const whyNot = refusal && whyRefused(refusal, answer, texts, endsOf(view, pairs));
  // What is said of an exception is about any server; why this one was refused says more.
  // So does what is said of a log's message itself.
  const message = report.read?.log_message;
  const isByMessage = message && view.advice({ record: report.record, log_message: message }, []).length > 0;
  const told = report.record === "server" || whyNot || isByMessage ? null : error;
  const sure = answer.next.filter(({ cause, condition }) => cause === "startup" && condition === null)
    .map(({ effect }) => effect);
  const starts = answer.vm_state ? (sure.length ? sure : [NONE]) : null;
  const choose = (listed) => chooseHelp(listed, texts, allowed, service, starts, answer.vm_state, isCaused, pasted);
  const found = choose(told ? [error, ...names] : names);
  const asking = { text: texts.words.ask_step, command: ASK, caution: null };
  if (told) {
    // A fault does not say how its server is.
    const isAsking = report.record === "fault" && !isAnyTold && found.steps.length < MOST_STEPS;
    return { ...found, why: texts.help[told][0], steps: isAsking ? [asking, ...found.steps] : found.steps };
  }
  if (error !== null && names.includes(error)) {
    // The state's own steps follow those of the exception, if that came first.
    const isFirst = found.why === texts.help[error][0];
    if (!isFirst && words.migration_status !== undefined) {
      // What may be lost comes first, and then why it failed.
      const ofError = choose([error]);
      found.why = `${found.why} ${ofError.why}`;
      found.steps = joinedSteps(found.steps, ofError.steps);
    }
    for (const name of isFirst ? names.filter((one) => one !== error) : []) {
      found.steps = joinedSteps(found.steps, choose([name]).steps);
    }
  }
  // The runbook of the exception is for servers that have failed with it.
  if (words.event === "error" && !UNBUILT.includes(answer.vm_state)) found.runbook = null;
  const logged = helpOf(words.log, texts);
  if (logged) {
    const said = texts.words.log_said.replace("{text}", () => texts.help[logged][0]);
    found.why = found.why ? `${found.why} ${said}` : said;
    found.steps = joinedSteps(found.steps, choose([logged]).steps);
  }
  if (task && words.migration_status) {
    found.steps = joinedSteps(found.steps, choose([`migration_status:${stem(words.migration_status)}`]).steps);
  }
  if (whyNot) {
    if (refusal.fulfilled) return { why: whyNot, steps: [], runbook: null };
    const steps = stepsInstead(refusal, texts);
    const isNew = isAllowedNow(refusal, answer);
    const others = task === null && !isNew ? found.steps : [asking, ...found.steps];
    if (isNew) return { ...found, why: whyNot, steps: others.slice(0, MOST_STEPS) };
    return { ...found, why: whyNot, steps: steps.length ? steps : others.slice(0, MOST_STEPS) };
  }
  const isEnough = ownAdvice.length || (isCaused && (report.record !== "server" || !isAnyTold)) || words.listed === SOMEWHERE;
  if (answer.ask === null || isEnough) return found;
  const hidden = report.has_task || answer.status === null ? [] : hiddenTasks(view, pairs);
  const why = hidden.length
    ? texts.words.may_hide.replace("{status}", () => answer.status).replace("{tasks}", () => namedTasks(hidden))
    : texts.words.cannot_tell;
  return { ...found, why, steps: [asking, ...found.steps.slice(0, MOST_STEPS - 1)] };
}

/** What is said of a line of a log, and of the exception that it has. */
function helpWithLine(line, error, texts, isCaused, pasted) {
  const choose = (name) => chooseHelp([name], texts, null, null, null, null, isCaused, pasted);
  const found = choose(line);
  if (error === null) return found;
  const ofError = choose(error);
  return { ...found, why: `${found.why} ${ofError.why}`, steps: joinedSteps(ofError.steps, found.steps) };
}

/** The vm_states in which the running task can end well, where they are few. */
function endsOf(view, pairs) {
  const steps = pairs.filter(([, task]) => task).flatMap((pair) => view.steps(...pair, null))
    .filter(({ cause, effect, to }) => cause === "task" && effect === "success" && to && to.vm_state !== "=");
  const ends = unique(steps.map(({ to }) => to.vm_state)).sort();
  return ends.length <= MOST_ENDS ? ends : [];
}

/** A few of them by name, the usual first, and how many others there are. */
function namedTasks(tasks) {
  const usual = USUAL.filter((task) => tasks.includes(task));
  const named = [...usual, ...tasks.filter((task) => !usual.includes(task))].slice(0, MOST_NAMED);
  const others = tasks.length - named.length;
  return named.join(", ") + (others ? `, … +${others}` : "");
}

/** Tasks that may run without the status telling of it. */
function hiddenTasks(view, pairs) {
  return common((pair) => view.taskStates.filter((task) => view.status(pair[0], task) === view.status(...pair) &&
    view.steps(pair[0], task, null).some(({ cause }) => cause === "task")), pairs);
}

/** What holds for all pairs, in the order of the first. */
function common(find, pairs) {
  if (!pairs.length) return [];
  if (pairs.length === 1) return find(pairs[0]);
  const [first, ...others] = pairs.map((pair) => find(pair).map((item) => JSON.stringify(item)));
  return first.filter((item) => others.every((other) => other.includes(item))).map((item) => JSON.parse(item));
}
