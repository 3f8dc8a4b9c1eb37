// Answers a refusal as a refusal: what was asked, why not, what is allowed instead, or that it is so already.
// Mirrors generator/nova_states/lookup/refusal_answers.py; the tests hold both to the same answers.

import { filledIn } from "../elements.js";

const MOST_INSTEAD = 2;
const own = (object, key) => (Object.hasOwn(object, key) ? object[key] : undefined);

/** The action that was refused: of several that a word means one that is refused in all states that may be meant. */
export function askedAction(report, view, pairs) {
  if (!report.asked) return null;
  const names = view.names(report.asked.action).filter((name) => view.actions.includes(name));
  const decided = pairs.map((pair) => view.decisions(...pair, report.launched !== false));
  const isRefused = (name) => decided.every((decisions) => decisions[view.actions.indexOf(name)]);
  return (decided.length ? names.find(isRefused) : undefined) ?? names[0] ?? null;
}

/** Whether who asked for an action has what it would bring about. */
export function wishOf(action, vmState, view, hasTask) {
  if (action === null) return null;
  return (own(view.tables.wishes, action) ?? []).includes(vmState) && !hasTask ? "fulfilled" : "open";
}

/** The key `refusal` of an answer; null where nothing was refused. */
export function refusalOf(report, action, wish, answer, view) {
  const read = report.read ?? {};
  if (!report.asked && report.record !== "refusal" && !read.refused) return null;
  const refused = answer.refused.find((refusal) => refusal.action === action);
  const told = report.asked && report.asked.attribute !== null ? report.asked : refused;
  return {
    action,
    error: read.error ?? null,
    http: (read.refused ?? read).http ?? null,
    attribute: told?.attribute ?? null,
    value: told?.value ?? null,
    fulfilled: wish === "fulfilled",
    instead: wish === "open" ? instead(action, answer, view.tables.wishes) : [],
  };
}

function instead(action, answer, wishes) {
  const ends = own(wishes, action) ?? [];
  return Object.keys(wishes).filter((name) => name !== action && answer.allowed.includes(name))
    .filter((name) => wishes[name].some((state) => ends.includes(state)));
}

/** Whether a state was given for a reason that does not refuse the action in this release. */
export function isAllowedNow(refusal, answer) {
  return refusal.attribute !== null && answer.allowed.includes(refusal.action);
}

/** Why not, in words. */
export function whyRefused(refusal, answer, { words }, ends) {
  if (refusal.action === null) return null;
  const values = { release: answer.release, action: refusal.action, state: answer.vm_state, task: answer.task_state };
  if (refusal.fulfilled) return filledIn(words.refusal_fulfilled, values);
  if (isAllowedNow(refusal, answer)) return filledIn(words.refusal_allowed, values);
  if (answer.task_state !== null) {
    const told = filledIn(words.refusal_task, values);
    return ends.length ? `${told} ${filledIn(words.refusal_after, { states: ends.join(", ") })}` : told;
  }
  if (answer.vm_state !== null && refusal.attribute === "vm_state") return filledIn(words.refusal_state, values);
  return null;
}

/** What to ask for instead, as steps. */
export function stepsInstead(refusal, texts) {
  return refusal.instead.map((name) => [name, own(texts.actions, name)?.[1]]).filter(([, command]) => command)
    .map(([action, command]) => ({ text: filledIn(texts.words.instead_step, { action }), command, caution: null }))
    .slice(0, MOST_INSTEAD);
}
