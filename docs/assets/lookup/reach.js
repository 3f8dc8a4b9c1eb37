// What cannot be done to a server whatever its states allow: it has no host, is deleted, or was never made.
// Mirrors generator/nova_states/lookup/reach.py; the tests hold both to the same answers.

import { QUESTION } from "./root_causes.js";
import { errorsOf, isOfBuild, NONE } from "./situation.js";

const HOST = "host";
export const SERVER = "server";
// vm_states of what may never have been built.
export const UNBUILT = ["building", "error"];
const DELETES = "openstack server delete";
// Among what helps, what says how a server that never ran is made anew, and when not.
const REMADE = "advice:fault_no_host";
// The cause of what fails before a server has a host: the one that was chosen is in no cell.
const UNMAPPED = "cell_mapping";
const BUILDING = "building";
// Codes of HTTP from which on a request may have been carried out.
const FROM_SERVER = 500;
// The check of an action that a lock refuses to all but administrators (nova/compute/api.py).
const OF_LOCK = "check_instance_lock";
// The question that is asked of a server that is gone.
const OF_DELETED = "asked-undelete";

/** Whether in all states that it may be in a server has been built. */
export const areBuilt = (pairs) => pairs.length > 0 && pairs.every(([state]) => !UNBUILT.includes(state));

/** Whether a record tells of a server that is gone: no request about it is answered but with 404. */
export function isDeleted(report, pairs) {
  const { record, read } = report;
  const isMarked = record === "log" && typeof read?.message === "string" && /\bmarked as DELETED\b/.test(read.message);
  if (report.status || report.vm_state || report.task_state) {
    // What is asked beside states is of them: one that is soft deleted is still there.
    return isMarked || (pairs.length > 0 && pairs.every(([state]) => state === "deleted"));
  }
  return isMarked || [read?.cause, read?.also].includes(OF_DELETED);
}

/** What is missing for actions that the states allow: SERVER, HOST; null: nothing that is known. */
export function lackOf(report, pairs, words) {
  const isUnfound = report.record === "refusal" && errorsOf(report).includes("InstanceNotFound");
  if (isUnmade(report) || isUnfound || isDeleted(report, pairs)) return SERVER;
  const isOpen = pairs.length > 0 && pairs.every(([state]) => UNBUILT.includes(state));
  // One that never ran gives its host back when its build has failed.
  const isFailed = pairs.every(([state]) => state !== BUILDING) && !report.launched &&
    (report.launched === false || isOfBuild(report) || words.cause === UNMAPPED);
  return isOpen && (words.host === NONE || (isFailed && !report.read?.host)) ? HOST : null;
}

const isAnywhere = (action, uses) => !Object.hasOwn(uses, action) || uses[action][1] === "any";

/** Whether a server was refused before it was made. */
function isUnmade({ record, asked, read }) {
  const operation = asked ? asked.action : read?.operation;
  return record === "refusal" && operation === "create" && (read?.http || 0) < FROM_SERVER;
}

/** Of actions that the states allow, those that nothing else stands against. */
export function openActions(answer, uses) {
  const { lacks, allowed } = answer;
  if (lacks === SERVER) return [];
  // Whoever asks for no kind of reboot gets the soft one.
  const closed = [...lockedActions(answer), ...(allowed.includes("soft_reboot") ? [] : ["reboot"])];
  return allowed.filter((action) => !closed.includes(action) && (lacks !== HOST || isAnywhere(action, uses)));
}

/** Of actions that the states allow, those that a lock refuses to all but administrators; none if it is not locked. */
export function lockedActions({ locked, refusal, notes }) {
  if (!locked && refusal?.error !== "InstanceIsLocked") return [];
  return notes.filter(({ conditions }) => conditions.includes(OF_LOCK)).map(({ action }) => action);
}

/** Of causes, by name, those that are not questions about a server that is still there, or else one that is gone. */
export const fittingCauses = (causes, isGone) =>
  causes.filter((name) => (name === `cause:${OF_DELETED}`) === isGone || !name.startsWith(`cause:${QUESTION}`));

/** Help without steps that would fail on the server that it is for. */
export function withinReach(found, report, answer, pairs, texts) {
  const without = (isWrong) => ({ ...found, steps: found.steps.filter(({ command }) => !isWrong(command ?? "")) });
  if (answer.lacks === SERVER && (isDeleted(report, pairs) || isUnmade(report))) return without((command) => command.includes("{server}"));
  const isBuilding = pairs.length > 0 && pairs.every(([state]) => state === BUILDING);
  if (answer.lacks !== HOST && !isBuilding) return found;
  const left = without((command) => wantsHost(command, texts));
  const isLess = left.steps.length < found.steps.length;
  // What never ran is made anew.
  if (isLess && !left.steps.some(({ command }) => command?.startsWith(DELETES))) left.steps.push(anew(texts));
  return left;
}

/** The step that has a server which never ran deleted and made anew. */
function anew({ help }) {
  const [text, command, caution] = help[REMADE][1].find((step) => step[1]?.startsWith(DELETES));
  return { text, command, caution: caution ?? null };
}

/** Whether a command asks for an action that is done on the host of the server. */
function wantsHost(command, { actions, uses }) {
  if (command.startsWith("openstack server reboot")) return true;
  const told = verbOf(command);
  if (told === null) return false;
  const names = Object.keys(actions).filter((name) => verbOf(actions[name][1] ?? "") === told);
  return names.length > 0 && names.every((name) => !isAnywhere(name, uses));
}

/** What a command of the client does; of two words some are an object and its verb. */
const verbOf = (command) => /^openstack server [a-z]+(?: [a-z]+\b)?/.exec(command)?.[0] ?? null;
