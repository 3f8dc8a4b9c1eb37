// Puts what was pasted into commands: a UUID bare, anything else quoted for the shell, nothing that an option could be.
// Mirrors generator/nova_states/lookup/filling.py; the tests hold both to the same answers.

import { objectsIn } from "./named_objects.js";
import { messageOf } from "./root_causes.js";

const UUID = /^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$/i;
const NAMES = { instance_name: "DOMAIN", migration: "MIGRATION_ID", request: "REQUEST_ID", suspect: "HOST" };
const PLACEHOLDER = /\{([a-z_]+)\}/g;
// An object in the text of a step: it stands in brackets, and goes with them where it is not known.
const SAID = / ?\(`\{([a-z_]+)\}`\)/g;
const MOST_IN_LOOP = 20;
// Commands for several records that are written out: more nobody reads before typing them.
const MOST_APART = 5;

const OF_SERVERS = ["server", "refusal", "fault", "log", "tool"];
const UNSAFE = /[^A-Za-z0-9_@%+=:,./-]/;
// What Python's str.isprintable() refuses, but for the blank: separators, marks of control and what is not assigned.
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u;

/** What of a record goes into commands, quoted. */
export function valuesOf(report) {
  const read = report.read ?? {};
  const found = {
    server: OF_SERVERS.includes(report.record) ? best(report.id, report.name) : best(read.server),
    host: quoted(read.host),
    instance_name: quoted(read.domain || read.instance_name),
    source: quoted(read.source),
    destination: quoted(read.destination),
    migration: quoted(report.record === "migration" ? report.id : read.migration),
    request: quoted(read.request_id || read.request),
    volume: report.record === "volume" ? best(report.id, report.name) : best(read.volume),
    suspect: quoted(read.suspect),
    disk_error: read.disk_error ?? null,
  };
  const known = (entries) => Object.fromEntries(entries.filter(([, value]) => value !== null));
  // What a record is about says more than what its message names, and that more than what stands around it.
  const said = [messageOf(report), ...(read.beside ?? []).map((one) => one.read?.message), read.fault?.message]
    .filter((text) => typeof text === "string");
  const quotedAll = (names) => known(Object.entries(names).map(([name, value]) => [name, quoted(value)]));
  const named = (text) => quotedAll(objectsIn(text));
  const told = known(Object.entries(found));
  const around = quotedAll(report.given ?? {});
  const objects = [...(read.origin ? said : said.slice(0, 1)), ...(read.said ?? [])].map(named);
  const all = { ...around, ...objects.reduceRight((before, one) => ({ ...before, ...one }), {}), ...told };
  if (!read.origin || !objects.length) return all;
  // What tells why was said of something else: of a move, which of its hosts is the one in question.
  const { server, ...why } = objects[0];
  return { ...all, ...why };
}

/** The command with its placeholders filled in; a word in capitals for what was not told. */
export function fill(command, values) {
  if (command === null) return null;
  const own = (object, name) => (Object.hasOwn(object, name) ? object[name] : null);
  return command.replace(PLACEHOLDER, (_, name) => own(values, name) ?? own(NAMES, name) ?? name.toUpperCase());
}

/** The text of a step with the objects that it speaks of; without them where they are not known. */
function fillText(text, values) {
  return text.replace(SAID, (all, name) => (Object.hasOwn(values, name) ? all.replace(`{${name}}`, () => values[name]) : ""));
}

/** Steps with their texts and commands filled in. */
export function filledSteps(steps, values) {
  return steps.map((step) => ({ ...step, text: fillText(step.text, values), command: fill(step.command, values) }));
}

/** Steps for several records at once: in a loop, or each on a line of its own where one has to look at it first. */
export function stepsForAll(steps, values) {
  const alike = Object.fromEntries(Object.entries(values[0])
    .filter(([name, value]) => values.every((one) => one[name] === value)));
  return steps.map((step) => ({ ...step, text: fillText(step.text, alike), command: forAll(step.command, values, step.caution !== null) }));
}

function forAll(command, values, isApart) {
  if (command === null) return null;
  const names = [...new Set([...command.matchAll(PLACEHOLDER)].map(([, name]) => name))];
  const isAlike = (name) => Object.hasOwn(values[0], name) && new Set(values.map((one) => one[name])).size === 1;
  const alike = Object.fromEntries(names.filter(isAlike).map((name) => [name, values[0][name]]));
  const others = names.filter((name) => !isAlike(name));
  const filled = [...new Set(values.map((one) => fill(command, one)))];
  const areKnown = others.every((name) => values.every((one) => Object.hasOwn(one, name)));
  if (filled.length === 1) return filled[0];
  if (areKnown && (isApart || others.length > 1) && filled.length <= MOST_APART) return filled.join("\n");
  if (areKnown && !isApart && others.length === 1 && filled.length <= MOST_IN_LOOP) {
    const [name] = others;
    const words = [...new Set(values.map((one) => one[name]))].join(" ");
    return `for ${name} in ${words}; do ${fill(command, { ...alike, [name]: `"$${name}"` })}; done`;
  }
  return fill(command, alike);
}

/** A UUID if there is one, else the first that can stand in a command. */
function best(...names) {
  return names.find((name) => typeof name === "string" && UUID.test(name)) ??
    names.map(quoted).find((text) => text !== null) ?? null;
}

/** A value for the shell; null for what would be read as an option, or as more than a line. */
export function quoted(value) {
  if (typeof value !== "string" || !value || value.startsWith("-") || UNPRINTABLE.test(value)) return null;
  return UUID.test(value) || !UNSAFE.test(value) ? value : `'${value.replaceAll("'", `'"'"'`)}'`;
}
