// Answers whether to do what somebody asks about: what the states and the host decide, and what it costs.
// Mirrors generator/nova_states/lookup/wondered.py; the tests hold both to the same answers.

import { OF_CELL } from "./report.js";
import { QUESTION } from "./root_causes.js";

const STATES = ["vm_state", "task_state"];

/** The answer to what is asked about doing; null: nothing is asked, or nothing of it is certain. */
export function answerWondered({ read }, answer, service, { words, uses }) {
  const action = read?.wondered;
  if (!action) return null;
  if (action === "wait") return aboutWaiting(answer, words);
  if (answer.status === OF_CELL && answer.vm_state === null) return filledIn(words.wondered_cell, { action });
  const [, host = "any", loses] = Object.hasOwn(uses, action) ? uses[action] : [];
  const refused = answer.refused.find((one) => one.action === action);
  if (refused) {
    if (!STATES.includes(refused.attribute) || refused.value === null) return null;
    return filledIn(words.wondered_no, refused);
  }
  if (host === "down" && service === "up") return filledIn(words.wondered_host_up, { action });
  const isTold = [...STATES, "status"].some((name) => answer[name] !== null);
  // Somebody has written of what is asked.
  if ([read.cause, read.also].some((cause) => cause?.startsWith(QUESTION)) || !isTold) return null;
  const said = [filledIn(words[answer.allowed.includes(action) ? "wondered_yes" : "wondered_open"], { action })];
  if (loses) said.push(filledIn(words.wondered_loses, { loses }));
  if (host === "down") said.push(words.wondered_fence);
  else if (host === "up" && service === "down") said.push(words.wondered_hangs);
  return said.join(" ");
}

const filledIn = (text, values) => text.replace(/\{([a-z_]+)\}/g, (_, name) => values[name]);

function aboutWaiting({ task_state: task, task_known: isKnown, vm_state: state, overdue }, words) {
  if (task !== null) return filledIn(words[overdue ? "wait_overdue" : "wait_task"], { task });
  return isKnown && state !== null && state !== "building" ? words.wait_no : null;
}
