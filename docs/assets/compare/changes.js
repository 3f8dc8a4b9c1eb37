// What changed between two releases, as `nova-states diff` finds it: the twin of catalog/noticed_changes.py over the tables
// of catalog/change_tables.py. A change is { area, kind, subject, word, values, backported }.

import { wayChanges } from "./ways.js";

const key = (value) => JSON.stringify(value);
const minus = (one, other) => one.filter((item) => !other.includes(item));
const delta = (before, after) => [...minus(before, after).map((item) => `−${item}`), ...minus(after, before).map((item) => `+${item}`)];
const unique = (items) => [...new Set(items)].sort();

function cameOrWent(before, after) {
  if (before === null) return [["new", {}]];
  return after === null ? [["removed", {}]] : [];
}

function other(before, after) {
  if (before === null || after === null) return cameOrWent(before, after);
  return Array.isArray(before) && Array.isArray(after) ? [["other", {}]] : [["value", { before, after }]];
}

const groups = (before, after) => (before === null || after === null ? cameOrWent(before, after) : [["other", {}]]);

const value = (before, after) => [["value", { before, after }]];

function actions(before, after) {
  const said = cameOrWent(before, after);
  if (said.length) return said;
  const found = delta(before.flat(), after.flat());
  return found.length ? [["requests", { delta: found }]] : [];
}

function field(name, before, after) {
  return ["field", { field: name, before, after }];
}

function guards(before, after) {
  const [old, now] = [before, after].map((side) => new Map((side ?? []).map((guard) => [key([guard.mode, guard.when, guard.method]), guard])));
  const found = [...old].filter(([id]) => now.has(id)).flatMap(([id, guard]) => sameGuard(guard, now.get(id)));
  const alone = (one, others) => new Map([...one].filter(([id]) => !others.has(id)).map(([, guard]) => [key(checked(guard)), guard]));
  const [gone, come] = [alone(old, now), alone(now, old)];
  for (const [id, row] of new Map([...gone, ...come])) {
    const word = row.mode === "allow" ? "accepts" : "rejects";
    const states = { vm_states: row.vm_states, task_states: row.task_states };
    if (!gone.has(id) || !come.has(id)) found.push([`${word}_${come.has(id) ? "new" : "gone"}`, { ...states, ...inCase(row) }]);
    else if (key(inCase(gone.get(id))) === key(inCase(come.get(id)))) found.push(...sameGuard(gone.get(id), come.get(id)));
    else found.push([`${word}_case`, { ...states, when: come.get(id).cases, was: gone.get(id).cases }]);
  }
  return found;
}

const inCase = ({ when, cases }) => (when === null ? {} : { when: cases });

function checked({ mode, vm_states, task_states, when }) {
  return { mode, vm_states, task_states, in_a_case: when !== null };
}

function sameGuard(old, now) {
  const found = [];
  for (const name of ["vm_states", "task_states"]) {
    if (key(old[name]) !== key(now[name])) found.push(field(name.slice(0, -1), old[name], now[name]));
  }
  if (old.must_have_launched !== now.must_have_launched) found.push([now.must_have_launched === "True" ? "launched" : "launched_any", {}]);
  const checks = delta(old.conditions, now.conditions);
  if (checks.length) found.push(["checks", { delta: checks }]);
  return found;
}

function hostChecks(before, after) {
  const [old, now] = [before ?? [], after ?? []];
  const said = (word, rows, others) => rows.filter((row) => !others.some((one) => one.key === row.key))
    .map(({ host, must_be, exception, ...row }) => [word, { host, must_be, exception, ...inCase(row) }]);
  return [...said("host_gone", old, now), ...said("host_new", now, old)];
}

function options(before, after) {
  if (before === null) return after.map((row) => ["option_new", { default: row.default }]);
  const found = cameOrWent(before, after);
  before.slice(0, after?.length ?? 0).forEach((old, place) => {
    for (const name of ["default", "choices", "minimum", "maximum", "mutable", "acts_on"]) {
      if (key(asSet(old[name])) !== key(asSet(after[place][name]))) found.push(field(name, old[name], after[place][name]));
    }
  });
  return found;
}

// Choices in whichever order the code names them.
const asSet = (value) => (Array.isArray(value) ? [...value].sort() : value);

function refusals(before, after) {
  const [old, now] = [before ?? [], after ?? []];
  const named = (code) => (code === null ? "None" : String(code));
  const codes = [...new Set([...old, ...now].map(({ code }) => code))].sort((a, b) => (named(a) < named(b) ? -1 : 1));
  const found = [];
  for (const code of codes) {
    const sides = [old, now].map((rows) => rows.filter((row) => row.code === code));
    for (const [word, of] of [["errors", (row) => row.errors], ["text", (row) => (row.text ? [row.text] : [])]]) {
      const differs = delta(...sides.map((side) => unique(side.flatMap(of))));
      if (differs.length) found.push([word, { code, delta: differs }]);
    }
  }
  return found.length ? found : [["cases", {}]];
}

function errors(before, after) {
  const found = cameOrWent(before, after);
  (before ?? []).slice(0, after?.length ?? 0).forEach((old, place) => {
    const now = after[place];
    for (const name of ["code", "pattern"]) if (old[name] !== now[name]) found.push(field(name, old[name], now[name]));
    const faults = delta(old.faults_of, now.faults_of);
    if (faults.length) found.push(["faults", { delta: faults }]);
    if (old.pattern === now.pattern && old.translations !== now.translations) found.push(["translations", {}]);
    if (old.rest !== now.rest) found.push(["other", {}]);
  });
  return found;
}

function logMessages(before, after) {
  if (before === null || after === null) return cameOrWent(before, after);
  const [old, now] = [before[0], after[0]];
  return before.length === 1 && after.length === 1 && old !== now ? [field("level", old, now)] : [["other", {}]];
}

function migrationStatuses(before, after) {
  const found = cameOrWent(before, after);
  (before ?? []).slice(0, after?.length ?? 0).forEach((old, place) => {
    const now = after[place];
    if (old.in_progress !== now.in_progress) found.push(field("in_progress", old.in_progress, now.in_progress));
    for (const [word, name] of [["types", "types"], ["wanted", "wanted_by"]]) {
      const differs = delta(old[name], now[name]);
      if (differs.length) found.push([word, { delta: differs }]);
    }
    if (old.written !== now.written) found.push(["written", {}]);
  });
  return found;
}

function events(before, after) {
  if (before === null || after === null) return cameOrWent(before, after);
  const found = delta(before, after);
  return [found.length ? ["events", { delta: found }] : ["other", {}]];
}

const SAID = {
  groups, actions, guards, host_checks: hostChecks, options, refusals, errors, states: value, statuses: value, fallback_status: value,
  max_microversion: value, log_messages: logMessages, migration_statuses: migrationStatuses, events,
};
const WAYS = ["power_sync", "startup", "transitions"];
const REST = "rest";
// The word for rows that tell the same otherwise, which nobody notices.
const REGROUPED = "conditions";
// Kinds whose facts are of an action and end with it: that it is gone says more, and "no longer refused" the contrary.
const OF_ACTIONS = ["guards", "host_checks", "refusals"];

/** The number of the value that a name has in the release at a place. */
function numberAt(changes, place) {
  let number = 0;
  for (let at = 0; at < changes.length && changes[at] <= place; at += 2) number = changes[at + 1];
  return number;
}

function between(tables, before, after) {
  const kinds = tables.flatMap((table) => table.kinds);
  const gone = new Set(goneActions(kinds, before, after));
  const found = [];
  for (const table of kinds) {
    const { kind, area, rows, values, names } = table;
    const isWays = WAYS.includes(kind);
    const said = isWays ? (...sides) => wayChanges(...sides, table) : SAID[kind] ?? other;
    const whole = (number) => (rows.length && !isWays ? values[number]?.map((row) => rows[row]) ?? null : values[number]);
    for (const told of usual(table, before, after)) found.push({ area, kind, subject: "", word: "usual", values: told });
    for (const [subject, changes] of names) {
      const numbers = [before, after].map((place) => numberAt(changes, place));
      if (numbers[0] === numbers[1] || (OF_ACTIONS.includes(kind) && gone.has(subject))) continue;
      for (const [word, told] of said(...numbers.map(whole))) found.push({ area: word === REGROUPED ? REST : area, kind, subject, word, values: told });
    }
  }
  return [...found.filter(({ area }) => area !== REST), ...found.filter(({ area }) => area === REST)];
}

/** In which states another reaction is usual. */
function usual({ usual: told }, before, after) {
  return told?.pairs[[before, after].map((place) => numberAt(told.numbers, place)).join(" ")] ?? [];
}

function goneActions(kinds, before, after) {
  const { names, values } = kinds.find(({ kind }) => kind === "actions") ?? { names: [] };
  const has = (changes, place) => (values[numberAt(changes, place)] ?? null) !== null;
  return names.filter(([, changes]) => has(changes, before) && !has(changes, after)).map(([subject]) => subject);
}

const identity = ({ kind, subject, word, values }) => key([kind, subject, word, values]);

/**
 * What changed between the releases at two places of the tables, what is noticed first first.
 * `later`: the places of the later point releases of the older one's series, the oldest first; what one of them has as well
 * is backported.
 */
export function changesBetween(tables, before, after, later) {
  const first = new Map();
  for (const place of later) {
    for (const change of between(tables, before, place)) {
      if (!first.has(identity(change))) first.set(identity(change), tables[0].versions[place]);
    }
  }
  return between(tables, before, after).map((change) => ({ ...change, backported: first.get(identity(change)) ?? null }));
}

/** The places of the later point releases of the older one's series that may have what the newer one has. */
export function laterPlaces(versions, before, after, seriesOf) {
  const series = seriesOf(versions[before]);
  if (series.includes(versions[after]) || after < before) return [];
  return versions.map((_, place) => place).filter((place) => place > before && series.includes(versions[place]));
}
