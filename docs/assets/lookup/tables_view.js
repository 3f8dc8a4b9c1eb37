// The compiled tables as one release sees them. Mirrors generator/nova_states/lookup/tables_view.py.

import { actionsByName, foldAction } from "./report.js";
import { fits } from "./situation.js";

const ATTRIBUTES = [null, "vm_state", "task_state", "launched_at"];
const ANY = -1;
export const ELSEWHERE = "startup_elsewhere";
const EVACUATED = ["destroy"];

const own = (object, key) => (Object.hasOwn(object, key) ? object[key] : undefined);

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
    const apart = distances.split(",");
    let line = 0;
    [...orders[number]].sort((a, b) => a - b).forEach((row, place) => lines.set(row, (line += Number(apart[place]))));
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

  /** All statuses that a migration may have: a verdict is given on each. */
  get migrationStatuses() {
    const rules = this.tables.verdicts_beside.filter(([, record]) => record === "migration");
    return [...new Set(rules.flatMap(([, , when]) => when.migration_status ?? []))].sort();
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
