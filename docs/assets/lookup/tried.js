// What is said to who has tried something in vain: what its failing means, how it ended, and last what repeats it.
// Mirrors generator/nova_states/lookup/tried.py; the tests hold both to the same answers.

import { MOST_OF_BOTH } from "./root_causes.js";

const RECORDED = "openstack server event list";
// What leaves no event of the server, with the command that does it.
const NOT_RECORDED = new Map([
  ["reset_state", "openstack server set --state"], ["restart_compute", "systemctl restart nova-compute"],
]);

/** Help that does not begin with what was tried. */
export function withTriedTold(found, { read }, answer, { words, actions }) {
  const tried = (read?.tried ?? []).filter((action) => action !== "wait");
  if (!tried.length) return found;
  const commandOf = (action) => NOT_RECORDED.get(action)
    ?? ((Object.hasOwn(actions, action) ? actions[action][1] : null) ?? action).replace(/(?<=\{).*$/, "");
  const commands = tried.map(commandOf);
  const isOf = ({ command }) => commands.some((one) => (command ?? "").startsWith(one));
  const others = found.steps.filter((step) => !isOf(step));
  if (tried.some((action) => !NOT_RECORDED.has(action)) && !others.some(({ command }) => command?.startsWith(RECORDED))) {
    others.unshift({ text: words.tried_step, command: `${RECORDED} --long {server}`, caution: null });
  }
  // What an action does rests on the state that it finds.
  const isTold = ["vm_state", "task_state", "status"].some((name) => answer[name] !== null);
  const said = isTold ? tried.map((action) => words[`tried_${action}`]).filter(Boolean) : [];
  return {
    ...found,
    why: [...said, words.tried, found.why].filter(Boolean).join(" "),
    steps: [...others, ...found.steps.filter(isOf)].slice(0, MOST_OF_BOTH),
  };
}
