// What changed about steps and reactions: the twin of catalog/ways.py over the tables of catalog/way_tables.py. A case is
// [way, start, clauses], all by number; clauses are in the order in which they are told.

const ANY = "*";
const FIELDS = ["vm_states", "task_states", "power_states"];
const MEANT = ["progress", "success"];
const key = (value) => JSON.stringify(value);
const inOrder = (one, other) => one - other;
const isWithin = (some, all) => some.every((item) => all.includes(item));

/** The changes of one name: [word, values]; `before` and `after` are numbers of cases, or null. */
export function wayChanges(before, after, table) {
  const [old, now] = [before, after].map((numbers) => byWay((numbers ?? []).map((number) => table.cases[number])));
  const told = [];
  for (const [word, ways, others] of [["way_gone", old, now], ["way_new", now, old]]) {
    for (const way of [...ways.keys()].sort(inOrder)) if (!others.has(way)) told.push([word, { row: table.rows[way] }]);
  }
  for (const way of [...old.keys()].sort(inOrder)) {
    const row = table.rows[way];
    if (now.has(way) && MEANT.includes(row.outcome)) {
      for (const [word, values] of starts(old.get(way), now.get(way), table)) told.push([word, { row, ...values }]);
    }
  }
  for (const [words, one, other] of [[["when_new", "only_new"], now, old], [["when_gone", "only_gone"], old, now]]) {
    came(one, other, table).forEach((groups, place) => {
      for (const [row, when] of labelled(groups, table)) told.push([words[place], { row, when }]);
    });
  }
  return told.length ? told : [["conditions", {}]];
}

function byWay(cases) {
  const found = new Map();
  for (const [way, start, clauses] of cases) {
    if (!found.has(way)) found.set(way, []);
    found.get(way).push({ start, clauses });
  }
  return found;
}

function* starts(old, now, table) {
  for (const name of FIELDS) {
    const [before, after] = [old, now].map((cases) => statesOf(cases, name, table));
    if (before === null || after === null || key(before) === key(after)) continue;
    const field = name.slice(0, -1);
    if (before === ANY || after === ANY) {
      yield [before === ANY ? "starts_only" : "starts_any", { field, states: after }];
      continue;
    }
    for (const [word, one, other] of [["starts_new", after, before], ["starts_gone", before, after]]) {
      const states = one.filter((state) => !other.includes(state));
      if (states.length) yield [word, { field, states }];
    }
  }
}

function statesOf(cases, name, table) {
  const found = cases.map(({ start }) => table.starts[start]).filter((start) => name in start).map((start) => start[name]);
  if (!found.length) return null;
  if (found.includes(ANY)) return ANY;
  const named = (state) => state ?? "None";
  return [...new Set(found.flat())].sort((one, other) => (named(one) < named(other) ? -1 : 1));
}

/** What is told together → its conditions, by key: on which something is done as well; and what it is bound to besides. */
function came(now, old, table) {
  const had = new Set([...table.untold, ...[...old.values()].flat().flatMap(({ clauses }) => clauses)]);
  const [alone, bound] = [new Map(), new Map()];
  const add = (groups, label, group) => {
    if (!groups.has(label)) groups.set(label, new Map());
    groups.get(label).set(key(group), group);
  };
  for (const way of [...now.keys()].sort(inOrder)) {
    const { outcome } = table.rows[way];
    const label = outcome === undefined ? way : outcome;
    const [cases, others] = [now.get(way), old.get(way) ?? []];
    for (const { start, clauses } of cases) {
      const hasStart = others.some((one) => one.start === start);
      const here = cases.filter((one) => one.start === start);
      const required = clauses.filter((clause) => here.every((one) => one.clauses.includes(clause)));
      const binding = hasStart ? required.filter((clause) => !had.has(clause)) : [];
      if (binding.length) add(bound, label, binding);
      if (others.some((one) => isWithin(one.clauses, clauses) && startsWithin(start, one.start, table))) continue;
      const left = clauses.filter((clause) => !had.has(clause) && !binding.includes(clause));
      if (left.length) add(alone, label, left);
    }
  }
  for (const [label, groups] of bound) {
    const enough = new Set([...(alone.get(label)?.values() ?? [])].flat());
    for (const clause of [...enough]) contraries(clause, table).forEach((other) => enough.add(other));
    for (const [id, group] of [...groups]) if (group.some((clause) => enough.has(clause))) groups.delete(id);
  }
  return [alone, bound];
}

function startsWithin(one, other, table) {
  if (one === other) return true;
  const [start, wider] = [table.starts[one], table.starts[other]];
  if (key(Object.keys(start)) !== key(Object.keys(wider))) return false;
  return Object.keys(start).every((name) => wider[name] === ANY || (start[name] !== ANY && isWithin(start[name], wider[name])));
}

function contraries(clause, { opposite }) {
  return opposite.filter(([one]) => one === clause).map(([, other]) => other);
}

function labelled(found, table) {
  const alike = new Map();
  for (const label of [...found.keys()].sort((one, other) => (one < other ? -1 : 1))) {
    const groups = [...found.get(label).values()].sort(byClauses);
    const least = groups.filter((group) => !groups.some((one) => one.length < group.length && isWithin(one, group)));
    const singles = groups.filter((group) => group.length === 1).flat();
    const told = least.filter((group) => group.length > 1 || !contraries(group[0], table).some((other) => singles.includes(other)));
    if (!told.length) continue;
    if (!alike.has(key(told))) alike.set(key(told), { told, labels: [] });
    alike.get(key(told)).labels.push(label);
  }
  return [...alike.values()].flatMap(({ told, labels }) => {
    if (typeof labels[0] === "number") return labels.map((way) => [table.rows[way], told]);
    return [[{ outcome: labels }, told]];
  });
}

function byClauses(one, other) {
  for (let place = 0; place < Math.min(one.length, other.length); place += 1) {
    if (one[place] !== other[place]) return one[place] - other[place];
  }
  return one.length - other.length;
}
