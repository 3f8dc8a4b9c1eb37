// Why, what to do in steps, and the runbook of an answer. Mirrors generator/nova_states/lookup/answer_help.py.

import { endsOf, hiddenTasks, namedTasks } from "./candidates.js";
import { chooseHelp, joinedSteps, MOST_STEPS } from "./helping.js";
import { helpOf } from "./log_lines.js";
import { stem } from "./naming.js";
import { pastedOf } from "./pasted.js";
import { areBuilt, fittingCauses, isDeleted, UNBUILT, withinReach } from "./reach.js";
import { isAllowedNow, stepsInstead, whyRefused } from "./refusals.js";
import { isFound, withCauseTold } from "./root_causes.js";
import { NONE, SOMEWHERE } from "./situation.js";
import { withTriedTold } from "./tried.js";
import { answerWondered } from "./wondered.js";

export const ASK = "openstack server show {server} -c status -c OS-EXT-STS:vm_state -c OS-EXT-STS:task_state" +
  " -c OS-EXT-STS:power_state";
const DELETE = "delete";
const NEEDS_ATTENTION = "needs-attention";
// Said of a fault that is not of now, and so is the cause that it quotes.
export const OLD = "advice:fault_old";
// What is said before anything else: a guest may run on two hosts.
const TWO = ["advice:domain_twice", "advice:runs_elsewhere"];
const LOCKED = "advice:locked_note";
const IS_LOCKED = "error:InstanceIsLocked";

/** Why, what to do, and the runbook; where the paste cannot tell, first the command that would. */
export function helpWith(known) {
  const { view, texts, report, answer, names, pairs, words, line, error } = known;
  const causes = fittingCauses(known.causes, isDeleted(report, pairs));
  const pasted = pastedOf(report);
  const isOld = names.includes(OLD);
  const isCaused = isFound(causes) && !isOld;
  const isAnyTold = Boolean(answer.task_state || answer.vm_state || answer.status);
  // What says to delete it is for a server that was never built.
  // A status alone may leave no vm_state open in which it was never built.
  const wasBuilt = report.launched || areBuilt(pairs);
  const isBuilt = wasBuilt && error !== null && names.includes(error);
  // So is what is to be moved, or made again of what it has.
  const isMade = ![null, "create"].includes(report.read?.operation ?? null);
  const open = isAnyTold ? answer.allowed : isMade ? view.actions : null;
  const allowed = open && open.filter((action) => !(isBuilt || isMade) || action !== DELETE);
  const sure = answer.next.filter(({ cause, condition }) => cause === "startup" && condition === null)
    .map(({ effect }) => effect);
  const starts = answer.vm_state ? (sure.length ? sure : [NONE]) : null;
  const choose = (listed, isKnown = isCaused) =>
    chooseHelp(listed, texts, allowed, words.service ?? null, starts, answer.vm_state, isKnown, pasted);
  const found = line.help ? helpWithLine(line.help, error, texts, isCaused, pasted)
    : chosen({ ...known, choose, isAnyTold });
  const said = answerWondered(report, answer, words.service ?? null, texts);
  // What is said in general of what is asked is for states in which it can be done.
  const isNo = said !== null && answer.refused.some(({ action }) => action === report.read.wondered);
  const isTwo = names.some((name) => TWO.includes(name));
  const told = withCauseTold(found, isNo ? causes.filter((name) => isFound([name])) : causes, texts, (listed) => choose(listed, false), isTwo || isOld);
  // What is said of a refusal for the lock has it among its own steps.
  const locked = error === IS_LOCKED ? told : withLock(told, names, texts, pasted);
  const whole = withinReach(withTriedTold(locked, report, answer, texts), report, answer, pairs, texts);
  // What is asked is answered first, unless that loses data.
  const first = isTwo ? [whole.why, said] : [said, whole.why];
  return said === null ? whole : { ...whole, why: first.filter(Boolean).join(" ") };
}

/** The same without causes. */
function chosen({
  view, texts, report, answer, names, pairs, words, ownAdvice, error, causes, choose, isAnyTold,
}) {
  const { task_state: task, refusal } = answer;
  const whyNot = refusal && whyRefused(refusal, answer, texts, endsOf(view, pairs));
  // What is said of an exception is about any server; why this one was refused says more.
  // So does what is said of a log's message itself.
  const message = report.read?.log_message;
  const isByMessage = message && view.advice({ record: report.record, log_message: message }, []).length > 0;
  const told = report.record === "server" || whyNot || isByMessage ? null : error;
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
  const isEnough = ownAdvice.length || (causes.length && (report.record !== "server" || !isAnyTold)) || words.listed === SOMEWHERE;
  if (answer.ask === null || isEnough) {
    // What is to be done differs between the vm_states that it may have.
    const isUnplaced = answer.verdict === NEEDS_ATTENTION && answer.vm_state === null && isAnyTold;
    return isUnplaced && !found.steps.length && !isEnough ? { ...found, steps: [asking] } : found;
  }
  const asked = fittingCauses(causes, isDeleted(report, pairs));
  const isNo = answer.refused.some(({ action }) => action === report.read?.wondered);
  // Somebody asks something else: that its states are not all told is not what is to be read first.
  if (asked.length && !isFound(asked) && !isNo) {
    return { ...found, steps: [...found.steps.slice(0, MOST_STEPS - 1), asking] };
  }
  const hidden = report.has_task || answer.status === null ? [] : hiddenTasks(view, pairs);
  const why = hidden.length
    ? texts.words.may_hide.replace("{status}", () => answer.status).replace("{tasks}", () => namedTasks(hidden))
    : texts.words.cannot_tell;
  return { ...found, why, steps: [asking, ...found.steps.slice(0, MOST_STEPS - 1)] };
}

/** What helps with a locked server: first who locked it and why, whatever is to be done to it. */
function withLock(found, names, texts, pasted) {
  if (!names.includes(LOCKED) || !found.steps.length) return found;
  const ofLock = chooseHelp([LOCKED], texts, null, null, null, null, false, pasted);
  const isOther = ({ text, command }) => ofLock.steps.every((step) => step.text !== text || step.command !== command);
  const why = [...new Set([ofLock.why, found.why])].filter(Boolean).join(" ");
  const most = Math.max(MOST_STEPS, found.steps.length);
  return { ...found, why, steps: [...ofLock.steps, ...found.steps.filter(isOther)].slice(0, most) };
}

/** What is said of a line of a log, and of the exception that it has. */
function helpWithLine(line, error, texts, isCaused, pasted) {
  const choose = (name) => chooseHelp([name], texts, null, null, null, null, isCaused, pasted);
  const found = choose(line);
  if (error === null) return found;
  const ofError = choose(error);
  const why = [found.why, ofError.why].filter(Boolean).join(" ") || null;
  return { ...found, why, steps: joinedSteps(ofError.steps, found.steps) };
}
