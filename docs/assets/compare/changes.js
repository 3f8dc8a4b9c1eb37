// What changed between two releases, as `nova-states diff` finds it: the twin of catalog/noticed_changes.py over the tables
// of catalog/change_tables.py. A change is { area, kind, subject, word, values, backported }.

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
  const gone = [...old].filter(([id]) => !now.has(id)).map(([, guard]) => checked(guard));
  const come = [...now].filter(([id]) => !old.has(id)).map(([, guard]) => checked(guard));
  const [goneKeys, comeKeys] = [gone.map(key), come.map(key)];
  for (const [id, row] of new Map([...gone, ...come].map((one) => [key(one), one]))) {
    const word = row.mode === "allow" ? "accepts" : "rejects";
    const states = { vm_states: row.vm_states, task_states: row.task_states };
    if (goneKeys.includes(id) && comeKeys.includes(id)) found.push([`${word}_case`, states]);
    else found.push([`${word}_${comeKeys.includes(id) ? "new" : "gone"}`, { ...states, in_a_case: row.in_a_case }]);
  }
  return found;
}

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
    .map(({ host, must_be, exception, when }) => [word, { host, must_be, exception, in_a_case: when !== null }]);
  return [...said("host_gone", old, now), ...said("host_new", now, old)];
}

function options(before, after) {
  if (before === null) return after.map((row) => ["option_new", { default: row.default }]);
  const found = cameOrWent(before, after);
  before.slice(0, after?.length ?? 0).forEach((old, place) => {
    for (const name of ["default", "choices", "minimum", "maximum", "mutable", "acts_on"]) {
      if (key(old[name]) !== key(after[place][name])) found.push(field(name, old[name], after[place][name]));
    }
  });
  return found;
}

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
  return found.length ? found : [["conditions", {}]];
}

function errors(before, after) {
  const found = cameOrWent(before, after);
  (before ?? []).slice(0, after?.length ?? 0).forEach((old, place) => {
    const told = ["code", "pattern"].filter((name) => old[name] !== after[place][name]);
    for (const name of told) found.push(field(name, old[name], after[place][name]));
    if (!told.length) found.push(["other", {}]);
  });
  return found;
}

function ways(before, after, rows) {
  const [old, now] = [before ?? [], after ?? []];
  const said = (word, one, others) => minus(one, others).map((number) => [word, { row: rows[number] }]);
  const found = [...said("way_gone", old, now), ...said("way_new", now, old)];
  if (old.some((number) => now.includes(number))) found.push(["conditions", {}]);
  return found;
}

const SAID = {
  groups, actions, guards, host_checks: hostChecks, options, refusals, errors, states: value, statuses: value, fallback_status: value,
  max_microversion: value, power_sync: ways, startup: ways, transitions: ways,
};
const WAYS = ["power_sync", "startup", "transitions"];
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
  for (const { kind, area, rows, values, names } of kinds) {
    const said = SAID[kind] ?? other;
    const whole = (number) => (rows.length && !WAYS.includes(kind) ? values[number]?.map((row) => rows[row]) ?? null : values[number]);
    for (const [subject, changes] of names) {
      const numbers = [before, after].map((place) => numberAt(changes, place));
      if (numbers[0] === numbers[1] || (OF_ACTIONS.includes(kind) && gone.has(subject))) continue;
      for (const [word, told] of said(...numbers.map(whole), rows)) found.push({ area, kind, subject, word, values: told });
    }
  }
  return found;
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
