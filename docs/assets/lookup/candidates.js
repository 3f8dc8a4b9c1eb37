// What holds for every state that a server may be in, where its paste leaves several open. Mirrors
// generator/nova_states/lookup/candidates.py.

const MOST_ENDS = 3;
const MOST_NAMED = 4;
const USUAL = ["deleting", "powering-on", "powering-off", "image_snapshot", "migrating", "spawning", "rebuilding"];

const unique = (values) => [...new Set(values)];

/** Whether the task has lasted too long; null: none runs, or it is not known. */
export function overdueOf(situations) {
  const ages = unique(situations.map(({ age }) => age));
  return ages.length === 1 && ages[0] ? ages[0] === "overdue" : null;
}

/** The vm_states in which the running task can end well, where they are few. */
export function endsOf(view, pairs) {
  const steps = pairs.filter(([, task]) => task).flatMap((pair) => view.steps(...pair, null))
    .filter(({ cause, effect, to }) => cause === "task" && effect === "success" && to && to.vm_state !== "=");
  const ends = unique(steps.map(({ to }) => to.vm_state)).sort();
  return ends.length <= MOST_ENDS ? ends : [];
}

/** A few of them by name, the usual first, and how many others there are. */
export function namedTasks(tasks) {
  const usual = USUAL.filter((task) => tasks.includes(task));
  const named = [...usual, ...tasks.filter((task) => !usual.includes(task))].slice(0, MOST_NAMED);
  const others = tasks.length - named.length;
  return named.join(", ") + (others ? `, … +${others}` : "");
}

/** Tasks that may run without the status telling of it. */
export function hiddenTasks(view, pairs) {
  return common((pair) => view.taskStates.filter((task) => view.status(pair[0], task) === view.status(...pair) &&
    view.steps(pair[0], task, null).some(({ cause }) => cause === "task")), pairs);
}

/** What holds for all pairs, in the order of the first. */
export function common(find, pairs) {
  if (!pairs.length) return [];
  if (pairs.length === 1) return find(pairs[0]);
  const [first, ...others] = pairs.map((pair) => find(pair).map((item) => JSON.stringify(item)));
  return first.filter((item) => others.every((other) => other.includes(item))).map((item) => JSON.parse(item));
}
