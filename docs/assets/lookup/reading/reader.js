// Reads a paste from the outside in. Mirrors generator/nova_states/lookup/reading/reader.py and paste_reader.py; nothing
// of a paste is ever run or put into a page as markup.

import { fold, newReport } from "../report.js";
import { findCause, isVague } from "../root_causes.js";
import { withoutPrefixes } from "./assignments.js";
import { readColumns } from "./columns.js";
import { readCopied } from "./copied.js";
import { documentsIn, isEmpty } from "./documents.js";
import { readJobs } from "./domain_jobs.js";
import { nameForeign } from "./foreign_domains.js";
import { withGiven } from "./given_names.js";
import { cut, Grammar, isObject, own, pattern, size } from "./grammar.js";
import { readDomains } from "./hypervisor.js";
import { joinCutTables } from "./cut_tables.js";
import { dropEarlierLooks, withoutPolls } from "./later_looks.js";
import { readListing } from "./listing.js";
import { linesOf } from "./message_packing.js";
import { readMessages } from "./messages.js";
import { nameParts } from "./named_parts.js";
import { readPrinted, readValue } from "./objects.js";
import { readOthers } from "./others.js";
import { Findings, sorted, upTo } from "./pieces.js";
import { dropCopies, neighbourOf, ofNeighbour, productOf } from "./products.js";
import { putQuestion, withCauses } from "./quoting.js";
import { tells } from "./records.js";
import { faultOfAction, ofRequests, withErrors, withFault, withRefusals, withTools, withoutRepeated } from "./relations.js";
import { readBeside } from "./said_beside.js";
import { readMigration, readSentence } from "./sentences.js";
import { readServices, readToldServices } from "./services.js";
import { readSaid, saidInCommands, toldByCommands } from "./surroundings.js";
import { readTables } from "./tables.js";
import { leave, named } from "./unread.js";
import { tidy, unwrap } from "./unwrapping.js";
import { readTried, withTried } from "./trying.js";
import { wholeEntries } from "./wrapped_logs.js";
import {
  isColumnOfStatuses, readAsked, readShown, readStatusLines, readValues, readWords,
} from "./words.js";

const READERS = [
  readTables, readJobs, readDomains, readServices, readCopied, readColumns, readAsked, readShown, readOthers, readPrinted,
  readListing, readValues, readMessages,
];
const MESSAGES = ["refusal", "fault", "tool"];
const OF_SERVERS = ["server", ...MESSAGES, "log"];
const QUIET = ["INFO", "AUDIT", "DEBUG"];
const LAST_LINES = 3;
const MOST_BETWEEN = 60;
const NEAR = 20;
const TAIL = /([A-Za-z_-]{1,40})["'|\s]*$/;
const LARGEST_PASTE = 30_000_000;
// What JSON may begin with; what a program prints of its objects in brackets begins otherwise.
const BEGUN_JSON = /^[{[][{[ \t\r\n]*(?:"[^"]{0,200}(?:$|"[ \t\r\n]*(?:$|[:,\]]))|$)/;
const BLANK = /^[\ufeff \t\r\n]+/;

/** The records a text tells of: {reports}, or {problem, nearest} where nothing could be read. */
export function readReports(text, vocabulary) {
  if (text.length > LARGEST_PASTE) return problem("problem_large");
  const tidied = tidy(text);
  if (!tidied.trim()) return problem("problem_empty");
  const start = text.replace(BLANK, "");
  const looksLikeJson = start.startsWith("{") || start.startsWith("[");
  const { reports, isJson, isEmptyList, product, mayAsk } = readPaste(text, start, looksLikeJson, new Grammar(vocabulary));
  const more = mayAsk ? { mayAsk } : {};
  if (reports.length || isEmptyList) return { reports, ...more };
  if (product) return { ...problem("problem_product"), product };
  if (isJson) return problem("problem_no_server");
  if (BEGUN_JSON.test(start)) return problem("problem_json");
  return { ...problem("problem_unreadable", vocabulary.nearest(tidied.trim())), ...more };
}

function problem(id, nearest = []) {
  return { problem: id, nearest };
}

function readPaste(text, start, looksLikeJson, grammar) {
  const findings = new Findings(grammar);
  const product = productOf(text, grammar);
  if (product !== null) return { reports: [], isJson: false, product };
  const documents = looksLikeJson ? documentsIn(start, grammar) : null;
  if (documents !== null) {
    for (const document of documents) readValue(document, 0, findings);
    dropCopies(findings);
    const isEmptyList = !findings.records.length && documents.every(isEmpty);
    return { reports: inOrder(findings), isJson: true, isEmptyList };
  }
  const tidied = tidy(text);
  const unwrapped = unwrap(tidied, grammar);
  Object.assign(findings, { commands: unwrapped.commands, hosts: unwrapped.hosts });
  const words = readWords(tidied, grammar);
  if (words !== null) return { reports: withTried([words], tidied, grammar), isJson: false };
  const whole = withoutPrefixes(wholeEntries(unwrapped.lines, grammar), [...unwrapped.commands.values()], grammar);
  const lines = withoutPolls(whole, findings);
  let pieces = [{ start: 0, lines }];
  for (const reader of READERS) pieces = pieces.flatMap((piece) => reader(piece, findings));
  const left = pieces.flatMap((piece) => piece.lines).filter((line) => line.trim()).join("\n");
  if (findings.records.length) {
    const isOfServers = findings.records.some(([, { record }]) => OF_SERVERS.includes(record));
    if (!isOfServers) pieces = pieces.flatMap((piece) => readStatusLines(piece, findings));
    dropCut(lines, findings);
    dropOthers(findings);
    dropCopies(findings);
    ask(findings);
    toldByCommands(findings);
    dropEarlierLooks(lines, findings);
    joinCutTables(findings);
    faultOfAction(findings, tidied);
    pieces = readSaid(pieces, findings);
    const said = pieces;
    pieces = readBeside(lines, pieces, findings);
    readToldServices(said, findings);
    leave(pieces, findings);
  } else {
    readLeft(pieces, findings);
    if (!findings.records.length) readToldServices(pieces, findings);
  }
  nameParts(lines, findings);
  putQuestion(left, findings);
  const given = withGiven(inOrder(findings), unwrapped.lines, [...unwrapped.commands.values()], grammar);
  const reports = withTried(nameForeign(given, text, grammar), left, grammar);
  const service = neighbourOf(text, reports, reports.map((report) => isIdle(report, grammar, [])), grammar);
  return { reports: service ? [] : reports, isJson: false, product: service, mayAsk: findings.mayAsk };
}

/** Drop servers that tell no more than a status, where a command for something else has printed them. */
function dropOthers(findings) {
  const { commands, grammar } = findings;
  const places = [...commands.keys()].sort((one, other) => one - other);
  let last = 0;
  findings.records = [...findings.records].sort((one, other) => one[0] - other[0]).filter(([line, record]) => {
    const at = upTo(places, line) - 1;
    last = Math.max(last, at >= 0 ? places[at] : -MOST_BETWEEN);
    const command = at >= 0 && line - last < MOST_BETWEEN ? commands.get(places[at]) : "";
    const isBare = record.record === "server" && !record.has_task && record.vm_state === null && record.power_state === null;
    last = line;
    if (!isBare || !grammar.shape("of_others").test(command)) return true;
    findings.leave(line, command);
    return false;
  });
}

function readLeft(pieces, findings) {
  const { grammar } = findings;
  const lines = pieces.flatMap((piece) => piece.lines).filter((line) => line.trim());
  const text = lines.filter((line) => ofNeighbour(line, grammar) === null).join("\n");
  if (isColumnOfStatuses(text, grammar)) {
    for (const piece of pieces) readStatusLines(piece, findings);
    return;
  }
  const said = saidInCommands(findings);
  const record = readWords(text, grammar) ?? readSentence(text, grammar) ?? readSentence(`${said}\n${text}`, grammar)
    ?? readMigration(text, grammar) ?? readTried(text, grammar);
  if (record !== null) findings.add(pieces.length ? pieces[0].start : 0, record);
  else leave(pieces, findings);
}

/** Drop the state that a paste ends in, if it is no more than the beginning of one: the rest was cut off. */
function dropCut(lines, findings) {
  const end = TAIL.exec(lines.slice(-LAST_LINES).join("\n"));
  if (!end) return;
  const { statuses, vmStates, taskStates } = findings.grammar.vocabulary;
  findings.records.forEach(([line, record], place) => {
    for (const [name, states] of [["status", statuses], ["vm_state", vmStates], ["task_state", taskStates]]) {
      const value = record[name];
      if (value !== end[1] || states.has(fold(value))) continue;
      if (![...states.keys()].some((word) => word.startsWith(fold(value)))) continue;
      record = { ...record, [name]: null, ...(name === "task_state" ? { has_task: false } : {}) };
      findings.records[place] = [line, record];
      findings.leave(lines.length, value);
    }
  });
}

/** Put to refusals that do not tell what was asked what the nearest command above them asks for. */
function ask({ records, commands, grammar }) {
  // Beside a server, what its refusal says counts more than what was asked.
  if (records.some(([, { record }]) => record === "server")) return;
  records.forEach(([line, record], at) => {
    if (record.record !== "refusal" || record.asked) return;
    let place = line - 1;
    while (place > line - 1 - NEAR && !commands.has(place)) place--;
    const action = place > line - 1 - NEAR ? askedBy(commands.get(place), grammar) : null;
    if (action) records[at] = [line, { ...record, asked: { action, attribute: null, value: null } }];
  });
}

/** The action that a command asks for, by its options, by the longest of its words that name one. */
function askedBy(command, grammar) {
  const { command: wording, commands, options } = grammar.plain.errors;
  const found = pattern(wording).exec(command)?.groups;
  if (!found) return null;
  const option = Object.keys(options).find((name) => found.options.includes(name));
  if (option) return options[option];
  const words = found.words.split(" ");
  const names = words.map((_, place) => words.slice(0, words.length - place).join(" "));
  const named = names.find((name) => own(commands, name) !== undefined || grammar.isAction(name));
  return named === undefined ? null : own(commands, named) ?? named;
}

function inOrder(findings) {
  const related = withRefusals(ofRequests(once(telling(sorted(findings.records), findings))));
  const joined = withoutRepeated(withTools(withFault(withErrors(related))));
  const records = withCauses(joined, findings.grammar);
  const unread = named(findings);
  if (records.length && unread.length) records[0] = { ...records[0], unread: [...unread, ...records[0].unread] };
  return records;
}

/** Records without those beside others that tell nothing: lines of a log, a status that a message only repeats. */
function telling(records, findings) {
  // Around a refusal, words without a level are a client's own.
  const quiet = records.some(({ record }) => record === "refusal") ? [...QUIET, null] : QUIET;
  const idle = records.map((record) => isIdle(record, findings.grammar, quiet));
  const vague = records.map((record) => isVague(record, findings.grammar.causes));
  const hasWhy = records.some(({ record }, place) => record !== "server" && !idle[place] && !vague[place]);
  const whole = records.filter(({ record, id }) => record === "server" && id);
  const repeated = whole.length === 1 ? whole[0].status : null;
  return records.filter((record, place) => {
    if ((idle[place] && idle.includes(false)) || (vague[place] && hasWhy)) {
      findings.leave(0, record.read.message);
      return false;
    }
    return record.status === null || record.status !== repeated
      || JSON.stringify(record) !== JSON.stringify(newReport({ status: record.status }));
  });
}

/** Whether a record is a line of a log of which nothing is said: neither of the line, nor a state. */
function isIdle(record, grammar, quiet) {
  const { read } = record;
  if (record.record !== "log" || read?.error || record.asked || record.has_task || tells(record)) return false;
  if (findCause(read.message, grammar.causes) !== null) return false;
  // Without the table of lines, any may be one of which something is said.
  const lines = linesOf(grammar.messages);
  const slug = read?.log_message ?? null;
  if (lines === undefined || own(lines, slug ?? "") !== undefined) return false;
  return slug === null || quiet.includes(read.level);
}

function once(records) {
  const seen = new Set();
  return records.filter((record) => {
    if (!MESSAGES.includes(record.record)) return true;
    const key = JSON.stringify(record);
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}
