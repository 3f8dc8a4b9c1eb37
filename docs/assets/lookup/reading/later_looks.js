// Keeps the last of several looks at one server where the paste tells that time went by between them.
// Mirrors generator/nova_states/lookup/reading/later_looks.py.

import { pattern, size } from "./grammar.js";

const STATES = ["status", "vm_state", "power_state"];
const LONGEST = 60;
// Lines above a look in which stands of when it is.
const NEAR = 2;
// Earlier looks that are told of.
const MOST = 5;
const LONGEST_POLL = 200;
const POLLED = ["server", "tool"];

/** The lines, where of several that differ in their time and in a status alone only the last is left. */
export function withoutPolls(lines, findings) {
  const { sentence } = findings.grammar.plain;
  const statuses = new Set(findings.grammar.vocabulary.statuses.values());
  const [clock, polled, named] = ["clock", "polled", "polled_of"].map((name) => pattern(sentence[name]));
  const found = new Map();
  lines.forEach((line, place) => {
    const isPoll = size(line) <= LONGEST_POLL && !line.includes("|");
    const words = isPoll ? (line.match(/[A-Z_]{4,}/g) ?? []).filter((word) => statuses.has(word)) : [];
    if (words.length !== 1 || ![clock, polled, named].some((known) => known.test(line))) return;
    const bare = line.replace(clock, "").replaceAll(words[0], "#").replace(pattern(sentence.polled, "g"), "#");
    if (!found.has(bare)) found.set(bare, []);
    found.get(bare).push([place, words[0]]);
  });
  const left = [...lines];
  for (const polls of found.values()) {
    for (const [place, word] of polls.slice(0, -1)) {
      left[place] = "";
      if (word !== polls.at(-1)[1]) findings.polled.push(word);
    }
  }
  return left;
}

/** Drop servers that a later look tells as much of, or otherwise; the last knows what they were, as `read.earlier`. */
export function dropEarlierLooks(lines, findings) {
  const left = new Set();
  const last = new Map();
  for (const looks of looksOf(findings)) {
    const areLater = looks.slice(1).every((other, at) => isLater(lines, looks[at], other, findings));
    if (looks.length < 2 || !areLater) continue;
    const before = looks.slice(0, -1).map(([, report]) => report);
    const now = looks.at(-1)[1];
    const told = [...before, now].map(toldOf);
    const earlier = told.slice(0, -1).filter((text, at) => text !== told[at + 1]).slice(-MOST);
    before.forEach((report) => left.add(report));
    const known = { id: now.id || before.at(-1).id, name: now.name || before.at(-1).name };
    last.set(now, { ...now, ...known, read: { ...(now.read ?? {}), earlier } });
    for (const [line] of looks) heads(lines, line).forEach((place) => findings.used.add(place));
  }
  const servers = findings.records.map(([, report]) => report).filter(({ record }) => POLLED.includes(record));
  if (servers.length === 1 && findings.polled.length) {
    const earlier = [...new Set(findings.polled)].slice(-MOST);
    last.set(servers[0], { ...servers[0], read: { ...(servers[0].read ?? {}), earlier } });
  }
  findings.records = findings.records.filter(([, report]) => !left.has(report))
    .map(([line, report]) => [line, last.get(report) ?? report]);
}

/** What is told of each server, in the order of the paste; of a name that two have nobody knows which is meant. */
function looksOf({ records }) {
  const servers = records.filter(([, { record }]) => record === "server");
  const ids = new Map();
  for (const [, { id, name }] of servers) {
    if (!id || !name) continue;
    if (!ids.has(name)) ids.set(name, new Set());
    ids.get(name).add(id);
  }
  const found = new Map();
  for (const [line, report] of [...servers].sort((one, other) => one[0] - other[0])) {
    const known = [...(ids.get(report.name || "") ?? [])];
    const key = report.id || (known.length === 1 ? known[0] : known.length ? null : report.name);
    if (key === null) continue;
    if (!found.has(key)) found.set(key, []);
    found.get(key).push([line, report]);
  }
  return [...found.values()];
}

function isLater(lines, [first, before], [second, after], { commands, grammar }) {
  const isOther = differ(before, after);
  const isLess = STATES.some((name) => before[name] !== null && after[name] === null);
  if (isLess && !(isOther && (after.status || after.vm_state))) return false;
  const [one, other] = [before.read?.updated, after.read?.updated];
  if (one && other && one !== other) return one < other;
  const { sentence } = grammar.plain;
  const places = Array.from({ length: Math.max(second - first - 1, 0) }, (_, at) => first + 1 + at);
  const between = places.filter((place) => place < lines.length && size(lines[place]) <= LONGEST);
  if (between.some((place) => pattern(sentence.before_look, "i").test(lines[place]))) return false;
  const times = [first, second].map((place) =>
    (place < lines.length ? pattern(sentence.clock).exec(lines[place])?.groups.time : undefined));
  if (times.every((time) => time !== undefined)) return times[0] < times[1];
  const typed = new Set([...commands].filter(([place]) => place <= first).map(([, command]) => command));
  const asked = places.filter((place) => commands.has(place)).map((place) => commands.get(place));
  return asked.some((command) => typed.has(command)) || (isOther && typed.size > 0 && asked.length > 0)
    || between.some((place) => pattern(sentence.passed, "i").test(lines[place]));
}

/** Whether both cannot be so at one time. */
function differ(one, other) {
  if (one.has_task && other.has_task && one.task_state !== other.task_state) return true;
  return STATES.some((name) => one[name] !== null && other[name] !== null && one[name] !== other[name]);
}

/** How a server was, in the words of Nova. */
function toldOf({ status, vm_state: vmState, task_state: task, read }) {
  return [status, vmState, task, read?.host && `host ${read.host}`].filter(Boolean).join(" / ");
}

/** The line above a look that tells of when it is. */
function heads(lines, line) {
  const first = Math.max(line - NEAR, 0);
  return lines.slice(first, Math.min(line, lines.length)).map((text, at) => [text, first + at])
    .filter(([text]) => text.trimEnd().endsWith(":") && size(text) <= LONGEST).map(([, place]) => place);
}
