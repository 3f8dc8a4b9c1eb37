// Reads sentences about a server. Mirrors generator/nova_states/lookup/reading/sentences.py.

import { fold, OF_CELL } from "../report.js";
import { withWords } from "./dashboard_labels.js";
import { all, own, pattern, size } from "./grammar.js";
import { saidWithReason } from "./hypervisor.js";
import { isOfServer, mentioned, namesServer, onOneLine } from "./messages.js";
import { readRecord } from "./records.js";
import { isPower } from "./values.js";
import { isUpper } from "./words.js";

const QUOTE = /(?:^|\s)['"([]$/;
const BEFORE = 80;
const FIELDS = { "작업 상태": ["task_state"], "전원 상태": ["power_state"], "상태": ["status", "task_state"] };
const LABELLED = /(?<field>작업 상태|전원 상태|상태)[은는이가]?[ ]?[:=]?[ ]?['"]?/g;
const LONGEST_LABEL = 24;
const ID = /(?<![\w-])[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}(?![\w-])/g;
// What stands before a state that has been left.
const FORMER = /\bfrom ['"(]?$/;
// What stands before a state of several servers that is over, where they are in another now.
const ONCE = /\bwere (?:(?:still|just|only|in) ){0,2}['"(]?$/;
// The same in Korean, behind the state; it may also have stopped there.
const LEFT = /^[)'"]*에서 /;
const ONLY = /\b(?:an?|one|last|past|over) \w+$|^한/;
const SOME = 2;
const HALF_A_DAY = 43_200;

/** The states that a sentence about a server names; `isTold`: what stands beside it tells that it is about one. */
export function readSentence(text, grammar, isTold = false) {
  const whole = onOneLine(text, grammar);
  if (!whole || size(whole) > grammar.limit("longest_sentence")) return null;
  const [guest, said] = guestIn(whole, grammar);
  const line = withWords(said, grammar);
  const { sentence } = grammar.plain;
  const fields = mentioned(line, grammar);
  const named = serverIn(line, grammar);
  const isAbout = isTold || pattern(sentence.about, "i").test(line) || named !== null || fields.size > 0;
  const labels = [...labelsOf(line, grammar), ...labelsSaid(line, grammar, !isAbout)];
  for (const [name, word] of [...labels, ...statesOf(line, grammar, isAbout)]) {
    if (!fields.has(name)) fields.set(name, word);
  }
  const power = pattern(sentence.power).exec(line);
  if (power && isPower(power[1], grammar) && !fields.has("power_state")) fields.set("power_state", power[1]);
  if (!fields.size) return null;
  const record = readRecord([...fields], grammar);
  if (record === null || typeof record === "string") return null;
  // Of a server whose cell does not answer nobody knows the host.
  const host = record.status !== OF_CELL && isHostDown(line, grammar) ? { host_status: "UNKNOWN" } : {};
  const read = { ...host, ...(record.read ?? {}), ...guest };
  return withAge({ ...record, id: named, read: Object.keys(read).length ? read : null }, line, grammar);
}

/** The record of a migration whose status a sentence names. */
export function readMigration(text, grammar) {
  const line = onOneLine(text, grammar);
  if (size(line) > grammar.limit("longest_sentence")) return null;
  for (const { groups: { status, live, ko } } of line.matchAll(pattern(grammar.plain.sentence.migration, "gi"))) {
    if (!grammar.migrationStatuses.has(status)) continue;
    const told = [["status", status], ["migration_type", live || ko ? "live-migration" : null]];
    const record = readRecord(told, grammar, "migration");
    if (record === null || typeof record === "string") return null;
    // How long it has been copying is not for how long its record has stayed the same.
    return status === "running" ? record : withAge(record, line, grammar);
  }
  return null;
}

/** Whether somebody says that the host of a server is dead: who asks whether it is does not, and RabbitMQ has nodes too. */
export function isHostDown(line, grammar) {
  const { host_down: down, host_other: elsewhere, host_source: source, host_asked: asked, host_back: back, resized } = grammar.plain.sentence;
  const said = line.replace(/ 전원[이도]? /g, " ");
  const other = pattern(resized, "i").test(said) ? `${elsewhere}|${source}` : elsewhere;
  return [...said.matchAll(pattern(down, "gi"))].some(({ 0: found, index }) =>
    !pattern(other, "i").test(said.slice(Math.max(0, index - BEFORE), index))
    && !pattern(back, "i").test(said.slice(index + found.length)) && !pattern(asked).test(said.slice(index + found.length)));
}

/** What virsh is said to show of the guest. */
export const hypervisorIn = (line, grammar) => guestIn(line, grammar)[0];

/** What virsh is said to show, and the line without these words: they are no states of Nova. */
function guestIn(line, grammar) {
  const powers = grammar.plain.hypervisor.power_states;
  const said = saidWithReason(line, grammar);
  if (said) {
    const state = said.groups.state.toLowerCase();
    const told = { hypervisor: powers[state], domain_state: state, reason: said.groups.reason.toLowerCase() };
    return [told, `${line.slice(0, said.index)} ${line.slice(said.index + said[0].length)}`];
  }
  const virsh = line.indexOf("virsh");
  const found = virsh < 0 ? [] :
    Object.keys(powers).map((word) => [line.indexOf(word, virsh), word]).filter(([at]) => at >= 0);
  if (!found.length) {
    const isDead = pattern(grammar.plain.sentence.guest_dead, "i").test(line);
    return [isDead ? { hypervisor: "SHUTDOWN", domain_state: "shut off" } : {}, line];
  }
  const [place, state] = found.reduce((one, other) => (other[0] < one[0] ? other : one));
  const told = { hypervisor: powers[state], domain_state: state };
  // It may say so twice: "is paused in virsh".
  const before = line.slice(0, place).replaceAll(`${state} in virsh`, "virsh");
  return [told, `${before} ${line.slice(place + state.length)}`];
}

/** The only id in a text, if it is a server's. */
export function serverIn(line, grammar) {
  const found = [...line.matchAll(ID)];
  if (new Set(found.map(([id]) => id)).size !== 1) return null;
  const [{ 0: id, index }] = found;
  const ahead = line.slice(Math.max(0, index - BEFORE), index);
  return isOfServer(ahead, grammar) && !grammar.shape("id_of_other").test(ahead) ? id : null;
}

/** A record with the time for which it has been so, where a text tells that and the record does not. */
export function withAge(report, line, grammar) {
  const { lasting } = grammar.plain;
  const found = pattern(lasting.pattern).exec(line);
  const read = report.read ?? {};
  if (read.updated) return report;
  const changed = pattern(lasting.changed).exec(line);
  if (changed) return { ...report, read: { ...read, updated: changed.groups.at } };
  if (!found) {
    return pattern(lasting.stuck).test(line) ? { ...report, read: { ...read, age_seconds: HALF_A_DAY } } : report;
  }
  const { count: english, number, unit, span } = found.groups;
  const told = english || number;
  const count = told ? Number(told) : ONLY.test(found[0]) ? 1 : SOME;
  const seconds = own(lasting.units, unit || span);
  return { ...report, read: { ...read, age_seconds: seconds === undefined ? HALF_A_DAY : count * seconds + 1 } };
}

function* labelsOf(line, grammar) {
  for (const found of line.matchAll(LABELLED)) {
    const end = found.index + found[0].length;
    let told = null;
    const behind = fold(line.slice(end, end + LONGEST_LABEL));
    for (const field of FIELDS[found.groups.field]) {
      const labels = grammar.plain.labels[field];
      const fitting = Object.keys(labels).filter((label) => /[^\x00-\x7f]/.test(label) && behind.startsWith(label));
      if (!fitting.length) continue;
      const label = fitting.reduce((one, other) => (other.length > one.length ? other : one));
      // Of a status and of a task alike, it says no more than the status.
      const isTold = label === told;
      told = label;
      if (!isTold && !pattern(grammar.plain.sentence.unsure).test(line.slice(end + label.length).slice(0, BEFORE))) {
        yield [field, labels[label]];
      }
      break;
    }
  }
}

/** Labels of a dashboard before the word that says that they are states; the longest first. */
function* labelsSaid(line, grammar, isQuoted) {
  const { label_before: before, unsure, dashboard, ...signs } = grammar.plain.sentence;
  const isRow = pattern(dashboard).test(line);
  const after = isRow ? signs.after : signs.label_after;
  const opened = isQuoted ? QUOTE : /(?:^|[\s'"([])$/;
  const folded = fold(line);
  const told = new Map();
  for (const field of ["task_state", "status"]) {
    const labels = grammar.plain.labels[field];
    const listed = Object.keys(labels).filter((label) => /[^\x00-\x7f]/.test(label))
      .sort((one, other) => other.length - one.length || (one < other ? -1 : 1));
    const said = listed.find((label) => {
      const place = folded.indexOf(label);
      const behind = line.slice(place + label.length).slice(0, BEFORE);
      const ahead = line.slice(Math.max(0, place - BEFORE), Math.max(0, place));
      if (place < 0 || !opened.test(ahead) || !pattern(after).test(behind) || pattern(unsure).test(behind)) return false;
      return isRow || ((QUOTE.test(ahead) || pattern(before).test(ahead)) && isOfServer(ahead, grammar));
    });
    if (said !== undefined) told.set(field, said);
  }
  // What is a label of both says no more than the status.
  if (told.get("task_state") === told.get("status")) told.delete("task_state");
  for (const [field, label] of told) yield [field, grammar.plain.labels[field][label]];
}

// Where the word ends that a sentence calls its power_state.
function powerCalled(line, grammar) {
  const power = pattern(grammar.plain.sentence.power).exec(line);
  return power && isPower(power[1], grammar) ? power.index + power[0].length : null;
}

/** States in their order; one that was left behind comes last. */
function* statesOf(line, grammar, isAbout) {
  const { sentence } = grammar.plain;
  const { before, after, behind: more, former, past, wanted, general, unsure, goes_on: goesOn, compound, word: words } = sentence;
  const { statuses, statusWords, taskStates, vmStates } = grammar.vocabulary;
  const held = [];
  const left = [];
  const over = [];
  const called = powerCalled(line, grammar);
  for (const found of all(words, line)) {
    const [word] = found;
    const folded = fold(word);
    if (![statuses, taskStates, vmStates].some((known) => known.has(folded))) continue;
    const end = found.index + word.length;
    if (end === called) continue;
    const ahead = line.slice(Math.max(0, found.index - BEFORE), found.index);
    const behind = line.slice(end, end + BEFORE);
    // Nothing but a server has a task or a status of several words.
    const isOwn = word.includes("_") && (taskStates.has(folded) || statuses.has(folded));
    if (pattern(wanted, "i").test(ahead) || (!isOwn && !isOfServer(ahead, grammar))) continue;
    if (pattern(general).test(ahead) || pattern(unsure).test(behind)) continue;
    const isCommon = !word.includes("_") && !isUpper(word);
    const isSaid = namesServer(ahead, grammar) && pattern(goesOn).test(behind) && !pattern(compound).test(ahead);
    if (isCommon && !isSaid) continue;
    // Some statuses are no common word, however they are written.
    const status = grammar.words("plain_statuses").includes(word.toUpperCase()) ? word.toUpperCase() : word;
    const isStatus = statusWords.has(status);
    // What is said behind a status and its task is said of both: "BUILD / scheduling".
    const rest = behind.replace(/^ ?\/ ?[a-z][a-z_-]{2,40}/, "");
    const isPlaced = isAbout && (pattern(before).test(ahead) || [after, more].some((text) => pattern(text).test(rest)));
    const isPlain = isStatus && (word.includes("_") || grammar.words("plain_statuses").includes(status));
    let state;
    if (isStatus && (isPlain || isPlaced)) {
      state = ["status", status];
    } else if (isUpper(word)) {
      continue;
    } else if (taskStates.has(folded) && (isPlaced || word.includes("_") || word.startsWith("powering-"))) {
      state = ["task_state", word];
    } else if (vmStates.has(folded) && (isPlaced || word.includes("_"))) {
      state = ["vm_state", word];
    } else {
      continue;
    }
    if (pattern(past, "i").test(ahead) || (pattern(sentence.past_before, "i").test(ahead) && pattern(sentence.past_behind, "i").test(behind))) continue;
    if (pattern(former).test(behind) || ONCE.test(ahead)) over.push(state);
    else if (FORMER.test(ahead) || LEFT.test(behind)) left.push(state);
    else held.push(state);
  }
  yield* held.length || left.length ? [...held, ...left] : over;
}
