// Finds what a message names that decides where to look: the filter that took the last host, the service that is silent.
// Mirrors generator/nova_states/lookup/reading/named_parts.py.

import { filterIn } from "../named_objects.js";
import { cut } from "./grammar.js";
import { onOneLine } from "./messages.js";
import { withServer } from "./named_servers.js";

const TIMEOUT = ["MessagingTimeout", "Timed out waiting for a reply"];
const SILENT = /\btopic[ =:]{1,2}['"]?(?<topic>scheduler|conductor|compute)\b|\/nova\/(?<called>scheduler|conductor|compute)\/rpcapi\.py|(?<method>\bselect_destinations\b)/g;
const OF_METHOD = "scheduler";
const KINDS = ["fault", "log", "refusal"];
// Lines of a traceback among which the service is looked for.
const MOST_LINES = 400;
const LONGEST = 2000;

/** Put to records of messages the filter that they name, the service that has not answered, the only server. */
export function nameParts(lines, findings) {
  if (findings.records.length === 1) {
    const [[line, only]] = findings.records;
    const text = onOneLine(lines.slice(0, MOST_LINES).join("\n"), findings.grammar);
    findings.records[0] = [line, withServer(only, text)];
  }
  let silent = null;
  findings.records.forEach(([line, record], at) => {
    const read = record.read ?? {};
    const message = String((read.fault || read).message || "");
    if (!KINDS.includes(record.record) || !message) return;
    const told = {};
    const found = filterIn(message);
    if (found !== null) told.filter = found;
    if (TIMEOUT.some((words) => message.includes(words) || words === read.error)) {
      silent ??= silentIn(lines);
      if (silent) told.no_answer_from = silent;
    }
    if (Object.keys(told).length) findings.records[at] = [line, { ...record, read: { ...read, ...told } }];
  });
}

/** The only service that lines name as the one that was asked; "" where they name none or several. */
function silentIn(lines) {
  const found = lines.slice(0, MOST_LINES).flatMap((line) => [...cut(line, LONGEST).matchAll(SILENT)]);
  const named = new Set(found.map(({ groups }) => groups.topic ?? groups.called ?? OF_METHOD));
  return named.size === 1 ? `nova-${[...named][0]}` : "";
}
