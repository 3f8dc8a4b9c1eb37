// Why a record is as it is and what to do about it: of the first advice that has steps left in its situation.
// Mirrors generator/nova_states/lookup/helping.py; the tests hold both to the same answers.

export const MOST_STEPS = 3;
const own = (object, key) => (Object.hasOwn(object, key) ? object[key] : undefined);

/** Why, what to do in steps, and the runbook; `allowed` is null where the record tells of no states. */
export function chooseHelp(names, texts, allowed, service, starts = null, vmState = null) {
  const known = names.map((name) => own(texts.help, name)).filter(Boolean);
  for (const { why, steps, runbook } of known) {
    const isStarted = (effects) => !effects.length || starts === null || effects.some((effect) => starts.includes(effect));
    const isRight = (states) => !states.length || vmState === null || states.includes(vmState);
    const left = steps.filter(({ action, on_start: effects, vm_states: states }) =>
      isOffered(action, texts.uses, allowed, service) && isRight(states) && isStarted(effects))
      .map(({ text, command, caution }) => ({ text, command, caution })).slice(0, MOST_STEPS);
    if (left.length) return { why, steps: left, runbook };
  }
  return { why: known[0]?.why ?? null, steps: [], runbook: known[0]?.runbook ?? null };
}

/** Whether a step with this action can be taken: the states allow it, and its host is as it has to be. */
export function isOffered(action, uses, allowed, service) {
  if (action === null) return true;
  if (allowed !== null && !allowed.includes(action)) return false;
  const [, host] = own(uses, action) ?? [null, "any"];
  if (host === "up") return service !== "down";
  return host !== "down" || service !== "up";
}
