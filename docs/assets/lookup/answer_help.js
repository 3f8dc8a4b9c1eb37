// Why, what to do in steps, and the runbook of an answer. Mirrors generator/nova_states/lookup/answer_help.py.

import { endsOf, hiddenTasks, namedTasks } from "./candidates.js";
import { chooseHelp, joinedSteps, MOST_STEPS } from "./helping.js";
import { helpOf } from "./log_lines.js";
import { stem } from "./naming.js";
import { pastedOf } from "./pasted.js";
import { isAllowedNow, stepsInstead, whyRefused } from "./refusals.js";
import { NONE, SOMEWHERE } from "./situation.js";

export const ASK = "openstack server show {server} -c status -c OS-EXT-STS:vm_state -c OS-EXT-STS:task_state" +
  " -c OS-EXT-STS:power_state";
const DELETE = "delete";
// vm_states of what may never have been built.
const UNBUILT = ["building", "error"];

/** Why, what to do, and the runbook; where the paste cannot tell, first the command that would. */
export function helpWith({ view, texts, report, answer, names, pairs, words, ownAdvice, line, error, cause }) {
  const service = words.service ?? null;
  const { task_state: task, refusal } = answer;
  const isCaused = cause !== null;
  const pasted = pastedOf(report);
  if (line.help) return helpWithLine(line.help, error, texts, isCaused, pasted);
  const isAnyTold = Boolean(task || answer.vm_state || answer.status);
  // What says to delete it is for a server that was never built.
  const wasBuilt = report.launched || ![null, ...UNBUILT].includes(answer.vm_state);
  const isBuilt = wasBuilt && error !== null && names.includes(error);
  const allowed = isAnyTold ? answer.allowed.filter((action) => !isBuilt || action !== DELETE) : null;
  const whyNot = refusal && whyRefused(refusal, answer, texts, endsOf(view, pairs));
  // What is said of an exception is about any server; why this one was refused says more.
  // So does what is said of a log's message itself.
  const message = report.read?.log_message;
  const isByMessage = message && view.advice({ record: report.record, log_message: message }, []).length > 0;
  const told = report.record === "server" || whyNot || isByMessage ? null : error;
  const sure = answer.next.filter(({ cause, condition }) => cause === "startup" && condition === null)
    .map(({ effect }) => effect);
  const starts = answer.vm_state ? (sure.length ? sure : [NONE]) : null;
  const choose = (listed) => chooseHelp(listed, texts, allowed, service, starts, answer.vm_state, isCaused, pasted);
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
  const isEnough = ownAdvice.length || (isCaused && (report.record !== "server" || !isAnyTold)) || words.listed === SOMEWHERE;
  if (answer.ask === null || isEnough) return found;
  const hidden = report.has_task || answer.status === null ? [] : hiddenTasks(view, pairs);
  const why = hidden.length
    ? texts.words.may_hide.replace("{status}", () => answer.status).replace("{tasks}", () => namedTasks(hidden))
    : texts.words.cannot_tell;
  return { ...found, why, steps: [asking, ...found.steps.slice(0, MOST_STEPS - 1)] };
}

/** What is said of a line of a log, and of the exception that it has. */
function helpWithLine(line, error, texts, isCaused, pasted) {
  const choose = (name) => chooseHelp([name], texts, null, null, null, null, isCaused, pasted);
  const found = choose(line);
  if (error === null) return found;
  const ofError = choose(error);
  return { ...found, why: `${found.why} ${ofError.why}`, steps: joinedSteps(ofError.steps, found.steps) };
}
