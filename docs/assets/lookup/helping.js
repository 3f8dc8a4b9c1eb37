// Why a record is as it is and what to do about it: of the first advice that has steps left in its situation.
// Mirrors generator/nova_states/lookup/helping.py; the tests hold both to the same answers.

export const MOST_STEPS = 3;
const own = (object, key) => (Object.hasOwn(object, key) ? object[key] : undefined);

/** Why, what to do in steps, and the runbook; `allowed` is null where the record tells of no states. */
export function chooseHelp(names, texts, allowed, service, starts = null, vmState = null, isCaused = false) {
  const known = names.map((name) => own(texts.help, name)).filter((helping) => helping && helping[1] !== null);
  for (const [why, told, runbook] of known) {
    const isStarted = (effects) => !effects?.length || starts === null || effects.some((effect) => starts.includes(effect));
    const isRight = (states) => !states?.length || vmState === null || states.includes(vmState);
    const left = told.filter(([, , , action, effects, states, untilCause]) =>
      isOffered(action ?? null, texts.uses, allowed, service) && isRight(states) && isStarted(effects) &&
      !(isCaused && untilCause))
      .map(([text, command, caution]) => ({ text, command: command ?? null, caution: caution ?? null })).slice(0, MOST_STEPS);
    if (left.length) return { why, steps: left, runbook };
  }
  return { why: known[0]?.[0] ?? null, steps: [], runbook: known[0]?.[2] ?? null };
}

/** Steps of two, those without a caution before those with one; what the first leave room for is of the others. */
export function joinedSteps(first, others) {
  const commands = first.map(({ command }) => command);
  const safe = others.filter(({ command, caution }) => caution === null && !commands.includes(command));
  const told = [...first, ...safe.slice(0, Math.max(0, MOST_STEPS - first.length))];
  return [...told.filter(({ caution }) => caution === null), ...told.filter(({ caution }) => caution !== null)];
}

/** All that is said under a name: why, and what else there is to it. */
export function textOf(name, texts) {
  const [why, , , ...more] = texts.help[name];
  return [why, ...more].join(" ");
}

/** Whether a step with this action can be taken: the states allow it, and its host is as it has to be. */
export function isOffered(action, uses, allowed, service) {
  if (action === null) return true;
  if (allowed !== null && !allowed.includes(action)) return false;
  const [, host] = own(uses, action) ?? [null, "any"];
  if (host === "up") return service !== "down";
  return host !== "down" || service !== "up";
}
