// What a message says in particular, with the values that stand in it: put into what is said of its cause in general.
// Mirrors generator/nova_states/lookup/details.py; the tests hold both to the same answers.

import { quoted } from "./filling.js";
import { cut, pattern } from "./reading/grammar.js";
import { messageOf } from "./root_causes.js";

// Where details stand in what helps, behind why, steps, runbook, verdict and whether that is all.
const DETAILS = 5;
// Where stands what is said in place of why where a cause is told: that one knows none would contradict it.
const CAUSED = 6;
const SLOT = /\{([a-z_]+)(:gib)?\}/g;
const GIB = 2 ** 30;
const LONGEST = 200;

/** The first detail that fits of each of what is told of a record: names among what helps, place and values. */
export function findDetails(names, report, texts) {
  const known = [...new Set(names)].filter((name) => name && Object.hasOwn(texts.help, name) && texts.help[name][DETAILS]);
  if (!known.length) return [];
  const text = [...toldBy(report)].filter(Boolean).join("\n");
  return known.flatMap((name) => firstOf(name, texts.help[name][DETAILS], text, report.record));
}

/** The texts, what is told in particular being part of what helps; where a cause is told, of all else only what came
 *  of it is said. */
export function withDetails(texts, details, isCaused) {
  // Without a value it says in general what has failed: what has caused it says more.
  const told = Object.fromEntries(details
    .filter(([name, , values]) => values.length || !(isCaused && texts.help[name][CAUSED]))
    .map(([name, place, values]) => [name, detailed(texts.help[name], place, values)]));
  for (const [name, known] of isCaused ? Object.entries(texts.help) : []) {
    const [, steps, runbook] = known;
    if (!Object.hasOwn(told, name) && known[CAUSED]) told[name] = [known[CAUSED], steps, runbook];
  }
  return Object.keys(told).length ? { ...texts, help: { ...texts.help, ...told } } : texts;
}

/** All that a record quotes, and what stands beside it. */
function* toldBy(report) {
  yield messageOf(report);
  yield report.read?.failure?.message;
  yield* report.read?.said ?? [];
  for (const one of report.read?.beside ?? []) yield messageOf(one);
}

function firstOf(name, rows, text, record) {
  for (const [place, [words, , , , , records]] of rows.entries()) {
    if (records.length && !records.includes(record)) continue;
    const found = [...text.matchAll(pattern(words, "gi"))].at(-1);
    if (found && found.slice(1).every((value) => value !== undefined)) return [[name, place, found.slice(1).map(plain)]];
  }
  return [];
}

/** A value on one line, which closes no code that it stands in. */
const plain = (value) => cut(value.replaceAll("`", "'").split(/\s+/).filter(Boolean).join(" "), LONGEST);

function detailed(helping, place, values) {
  const [why, steps, ...others] = helping;
  const [, names, said, isInstead, more] = helping[DETAILS][place];
  const byName = Object.fromEntries(names.map((name, index) => [name, values[index]]));
  const told = filled(said, byName);
  const own = more.map((step) => filledStep(step, byName));
  return [isInstead ? told : `${told} ${why}`, own.length ? own : steps, ...others];
}

function filledStep([text, command, caution, ...others], values) {
  const safe = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, quoted(value) ?? "VALUE"]));
  const told = [filled(text, values), command && filled(command, safe), caution && filled(caution, values), ...others];
  return told;
}

function filled(text, values) {
  return text.replace(SLOT, (all, name, unit) => {
    const value = Object.hasOwn(values, name) ? values[name] : all;
    return unit && /^[0-9]+$/.test(value) ? gib(value) : value;
  });
}

/** Bytes in GiB, to a hundredth; in whole numbers, which Python rounds alike. */
function gib(value) {
  const parts = (BigInt(value) * 100n + BigInt(GIB) / 2n) / BigInt(GIB);
  return `${parts / 100n}.${String(parts % 100n).padStart(2, "0")}`;
}
