// Why a record is as it is and what to do about it: of the first advice that has steps left in its situation.
// Mirrors generator/nova_states/lookup/helping.py; the tests hold both to the same answers.

import { isPasted } from "./pasted.js";

export const MOST_STEPS = 3;
const own = (object, key) => (Object.hasOwn(object, key) ? object[key] : undefined);

/** Why, what to do in steps, and the runbook; `allowed` is null where the record tells of no states. */
export function chooseHelp(
  names, texts, allowed, service, starts = null, vmState = null, isCaused = false, pasted = new Set(),
) {
  const known = names.filter((name) => own(texts.help, name) && texts.help[name][1] !== null)
    .map((name) => (isCaused && isFinding(name, texts) ? [null, texts.help[name][1], null] : texts.help[name]));
  let first = null;
  for (const [why, told, runbook] of known) {
    const isStarted = (effects) => !effects?.length || starts === null || effects.some((effect) => starts.includes(effect));
    const isRight = (states) => !states?.length || vmState === null || states.includes(vmState);
    const isThere = (services) => !services?.length || service === null || services.includes(service);
    const steps = told.filter(([, , , action, effects, states, untilCause, services]) => isThere(services) &&
      isOffered(action ?? null, texts.uses, allowed, service) && isRight(states) && isStarted(effects) &&
      !(isCaused && untilCause));
    const shown = steps.map((step) => shownOf(step, pasted)).filter((step) => step !== null);
    // What is said first stays said.
    if (shown.length) {
      return { why: first ? first[0] : why, steps: shown.slice(0, MOST_STEPS), runbook: first ? first[1] : runbook };
    }
    if (steps.length && first === null) first = [why, runbook];
  }
  first ??= [known[0]?.[0] ?? null, known[0]?.[2] ?? null];
  return { why: first[0], steps: [], runbook: first[1] };
}

/** A step as it is told: without a command that shows what was pasted; null where it has nothing else to say. */
function shownOf([text, command, caution, , , , , , shows], pasted) {
  const told = { text, command: command ?? null, caution: caution ?? null };
  if (!isPasted(told.command, pasted, Boolean(shows))) return told;
  return shows && !caution ? null : { ...told, command: null };
}

/** Whether an advice is how the cause of a failure is found: its first step. All else tells of a failure. */
export const isFinding = (name, texts) => name.startsWith("advice:") && Boolean(texts.help[name][1]?.[0]?.[6]);

/** Steps of two, those without a caution before those with one; what the first leave room for is of the others. */
export function joinedSteps(first, others) {
  const commands = first.map(({ command }) => command);
  const safe = others.filter(({ command, caution }) => caution === null && !commands.includes(command));
  const told = [...first, ...safe.slice(0, Math.max(0, MOST_STEPS - first.length))];
  return [...told.filter(({ caution }) => caution === null), ...told.filter(({ caution }) => caution !== null)];
}

/** A text without the sentences at its beginning that were said as why, or within it. */
export function notSaid(text, why) {
  if (why.includes(text)) return "";
  if (why && text.startsWith(why)) return text.slice(why.length);
  const ends = [...text.matchAll(/[.] /g)].map(({ index }) => index + 2).filter((end) => why.includes(text.slice(0, end).trimEnd()));
  return text.slice(Math.max(0, ...ends));
}

/** All that is said under a name: why, and what else there is to it. */
export function textOf(name, texts) {
  const [why, , , more] = texts.help[name];
  return more ? `${why} ${more}` : why;
}

/** Whether a step with this action can be taken: the states allow it, and its host is as it has to be. */
export function isOffered(action, uses, allowed, service) {
  if (action === null) return true;
  if (allowed !== null && !allowed.includes(action)) return false;
  const [, host] = own(uses, action) ?? [null, "any"];
  if (host === "up") return service !== "down";
  return host !== "down" || service !== "up";
}
