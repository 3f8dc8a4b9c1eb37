// Reads what libvirt's client says of domains. Mirrors generator/nova_states/lookup/reading/hypervisor.py.

import { pattern, size } from "./grammar.js";
import { remaining, upTo } from "./pieces.js";
import { domainReport } from "./records.js";

const NEAR = 3;
const OF_NOVA = ["_state", "status"];
const UPPER = /[A-Z_]{4,}/g;

/** Read lines that give a domain's state. */
export function readDomains(piece, findings) {
  const texts = findings.grammar.plain.hypervisor;
  const find = (name, line) => pattern(texts[name]).exec(line)?.groups ?? null;
  const taken = [];
  const typed = [...findings.commands.keys()].sort((one, other) => one - other);
  let isList = false;
  piece.lines.forEach((given, place) => {
    if (size(given) > findings.grammar.limit("longest_line")) return;
    if (pattern(texts.head).test(given)) {
      taken.push([place, place + 1]);
      isList = true;
      return;
    }
    const [line, isStrange] = inEnglish(given, findings.grammar);
    if (isList && isStrange) {
      // A list of domains in words that nobody knows here is no list of servers either.
      findings.leave(piece.start + place, line.trim());
      taken.push([place, place + 1]);
      return;
    }
    const missing = find("missing", line);
    if (missing) {
      const gone = domainReport(missing.domain, null, "missing", findings.grammar);
      const last = findings.records.at(-1)?.[1];
      // The client says so twice.
      if (last?.record !== gone.record || last.name !== gone.name || last.power_state !== null) {
        findings.add(piece.start + place, gone);
      }
      taken.push([place, place + 1]);
      return;
    }
    const done = find("done", line);
    const failed = find("disk_error", line);
    if ((done && putAfter(done, findings)) || (failed && putToDomain(failed.error, findings))) {
      taken.push([place, place + 1]);
      return;
    }
    let found = find("row", line);
    let domain = found ? found.domain : askedOf(piece.start + place, texts, findings);
    let reason = found?.reason ?? null;
    if (!found) {
      found = find("state", line) ?? told(line, findings.grammar);
      if (found) {
        domain ??= find("named", line)?.domain ?? null;
        reason = found.reason;
      } else found = find(domain ? "any" : "bare", line);
    }
    if (found) {
      const report = domainReport(domain, found.state, reason, findings.grammar);
      const number = (found.number ?? "").replaceAll("-", "");
      const on = hostOf(piece.start + place, typed, findings);
      const told = { ...(number ? { number } : {}), ...(on ? { on } : {}) };
      findings.add(piece.start + place, { ...report, read: { ...report.read, ...told } });
      taken.push([place, place + 1]);
    }
  });
  return remaining(piece, taken);
}

/** The host that the last command above a line asked, as far as the command or its prompt names one. */
function hostOf(line, typed, { commands, hosts, grammar }) {
  const last = upTo(typed, line - 1) - 1;
  if (last < 0) return null;
  const [command, patterns] = [commands.get(typed[last]), grammar.plain.hypervisor];
  const asked = pattern(patterns.asked_of).exec(command);
  if (asked) return asked.groups.host;
  return pattern(patterns.asked_here).test(command) ? hosts.get(typed[last]) ?? null : null;
}

/** Put which disk failed, and how, to the domain above; whether there is one. */
function putToDomain(error, { records }) {
  const [place, domain] = records.at(-1) ?? [0, null];
  if (domain?.record !== "hypervisor") return false;
  records[records.length - 1] = [place, { ...domain, read: { ...domain.read, disk_error: error } }];
  return true;
}

/** Put what a command did to a domain in place of the state in which a list above has it; whether one has. */
function putAfter({ domain, done }, { records, grammar }) {
  const at = records.findIndex(([, { record, read }]) => record === "hypervisor" && read?.domain === domain);
  if (at < 0) return false;
  records[at] = [records[at][0], domainReport(domain, grammar.plain.hypervisor.after[done], null, grammar)];
  return true;
}

/** A row or a state that a translation prints, in English, and whether its word is unknown. */
function inEnglish(line, grammar) {
  const { words, localised, row } = grammar.plain.hypervisor;
  const whole = translated(line.trim(), words);
  if (whole !== undefined) return [whole, false];
  const found = pattern(localised).exec(line);
  if (!found || pattern(row).test(line)) return [line, false];
  const word = translated(found.groups.word, words);
  return word === undefined ? [line, true] : [found.groups.ahead + word, false];
}

/** A state in English; translations differ in where they have blanks. */
function translated(word, words) {
  const joined = word.replaceAll(" ", "");
  return Object.entries(words).find(([known]) => known.replaceAll(" ", "") === joined)?.[1];
}

/** A state with its reason in a line that says nothing of what Nova has on record: that is a sentence. */
function told(line, grammar) {
  const found = saidWithReason(line, grammar);
  if (!found || OF_NOVA.some((sign) => line.includes(sign))) return null;
  const statuses = grammar.vocabulary.statusWords;
  return (line.match(UPPER) ?? []).some((word) => statuses.has(word)) ? null : found.groups;
}

/** A state of a domain with its reason, anywhere in a text. */
export function saidWithReason(line, grammar) {
  return pattern(grammar.plain.hypervisor.told, "i").exec(line);
}

function askedOf(line, texts, findings) {
  for (let above = line - 1; above > Math.max(-1, line - 1 - NEAR); above--) {
    const command = findings.commands.get(above);
    if (command !== undefined) return pattern(texts.asked).exec(command)?.groups.domain ?? null;
  }
  return null;
}
