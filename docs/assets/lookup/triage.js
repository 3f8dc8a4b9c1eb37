// Many records as a table for triage: the worst first, those of one advice together. The same table as Markdown.
// Mirrors generator/nova_states/lookup/triage.py; the tests hold both to the same tables.

import { stepsForAll } from "./filling.js";

const COLUMNS = ["verdict", "states", "servers", "to_do"];
const TELLING = {
  migration: ["migration_type", "status", "source", "destination", "server"],
  event: ["action", "event", "result", "server"],
  hypervisor: ["domain", "state", "reason"],
  volume: ["status", "server"],
  allocation: ["provider", "resources", "server"],
  service: ["binary", "host", "status", "state"],
  log: ["level", "message"],
};
const FAILED = ["Error", "error"];
const BESIDE_SHOWN = 6;
const SIGNS = /[\\`*_[\]<>|#~&]/g;

/** What is told of a record that is no server. */
export function tellingOf(answer) {
  return TELLING[answer.record].map((name) => answer[name] ?? null).filter((value) => value !== null).map(String).join(" ");
}

/** What is told of a server elsewhere in the paste, a line a record. */
export function besideLines(records, words) {
  const lines = records.slice(0, BESIDE_SHOWN).map((record) => {
    const failed = (record.events ?? []).find(({ result }) => FAILED.includes(result));
    return [words[`record_${record.record}`], tellingOf(record), failed?.message].filter(Boolean).join(": ");
  });
  const others = records.length - BESIDE_SHOWN;
  return others > 0 ? [...lines, words.rest.replace("{count}", () => String(others))] : lines;
}

/** What an answer begins with: its verdict, or that a request was refused. */
export const headlineOf = ({ headline, verdict }) => headline ?? verdict;

/** The action that was refused, as it was asked for; empty where nothing was, or nobody knows what. */
export function refusedOf({ record, refusal, asked }) {
  const word = asked ? asked.word : refusal?.action;
  return refusal && word && record === "refusal" ? [word] : [];
}

/** What states a record is in: STATUS vm_state / task_state / number CONSTANT; of other records what they tell. */
export function stateOf(answer, texts, powerStates) {
  if (!("vm_state" in answer)) return `${texts.words[`record_${answer.record}`]}: ${tellingOf(answer)}`;
  const vmState = answer.vm_state ?? ((answer.vm_state_candidates ?? []).join("|") || "?");
  const power = powerStates.find(([number]) => number === answer.power_state);
  const parts = [vmState, answer.task_state ?? (answer.task_known ? "-" : "?"), power ? `${power[0]} ${power[1]}` : String(answer.power_state ?? "?")];
  return `${answer.status ?? "?"} ${parts.join(" / ")}`;
}

/** Answers of one advice: {verdict, why, steps, runbook, states, answers}, the worst first, then those of the most records. */
export function triage(answers, texts, powerStates) {
  const verdicts = Object.keys(texts.verdicts);
  const groups = new Map();
  for (const answer of answers) {
    const { verdict, runbook, shared } = answer;
    const headline = headlineOf(answer);
    const why = shared.why ?? texts.verdicts[headline][1];
    const key = JSON.stringify([headline, why, shared.steps, runbook]);
    if (!groups.has(key)) groups.set(key, { verdict, headline, why, runbook, shared, states: new Set(), answers: [] });
    groups.get(key).answers.push(answer);
    groups.get(key).states.add(stateOf(answer, texts, powerStates));
  }
  return [...groups.values()]
    .map((group) => ({
      ...group, states: [...group.states],
      steps: stepsForAll(group.shared.steps, group.answers.map(({ values }) => values)),
    }))
    .sort((a, b) => verdicts.indexOf(a.verdict) - verdicts.indexOf(b.verdict) || b.answers.length - a.answers.length);
}

/** The table as Markdown, for a ticket: whatever was pasted stands there as text. */
export function markdownOf(groups, texts) {
  const rows = groups.map(({ headline, states, answers, why, steps }) => [
    `${texts.verdicts[headline][0]} (${answers.length})`,
    states.map(escaped).join("<br>"),
    answers.map((answer) => escaped(nameOf(answer))).filter(Boolean).join("<br>"),
    [inCell(why), ...steps.map((step, place) => `${place + 1}. ${stepIn(step, texts)}`)].join("<br>"),
  ]);
  const table = [COLUMNS.map((name) => texts.words[name]), COLUMNS.map(() => "---"), ...rows];
  return table.map((cells) => `| ${cells.join(" | ")} |\n`).join("");
}

function stepIn({ text, command, caution }, { words }) {
  const told = [inCell(text)];
  if (caution) told.push(inCell(words.caution.replace("{text}", () => caution)));
  if (command) told.push(...command.split("\n").map(coded));
  return told.join(" ");
}

const oneLine = (text) => text.split(/\s+/).filter(Boolean).join(" ");
const inCell = (text) => oneLine(text).replaceAll("|", "\\|");
const escaped = (text) => oneLine(text).replace(SIGNS, "\\$&");

/** A command as code, whatever signs it has. */
function coded(command) {
  const text = inCell(command);
  return text.includes("`") ? `\`\`\` ${text} \`\`\`` : `\`${text}\``;
}

export function nameOf({ id, name }) {
  return [...new Set([name, id].filter(Boolean))].join(" ");
}
