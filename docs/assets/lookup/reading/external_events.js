// Reads what other services tell Nova of a server: a port that was plugged, a volume that was extended.
// Mirrors generator/nova_states/lookup/reading/external_events.py.

import { clean, newReport } from "../report.js";
import { isObject, own } from "./grammar.js";
import { textOf } from "./values.js";

// What an event is that does not say so.
const COMPLETED = "completed";

/** The events of a request or an answer of os-server-external-events, or the one that an object is; else none. */
export function externalEventsIn(value, grammar) {
  const listed = own(value, "events");
  const found = (Array.isArray(listed) ? listed : [value]).map((one) => (isObject(one) ? eventOf(one, grammar) : null));
  return found.every((report) => report !== null) ? found : [];
}

function eventOf(value, grammar) {
  const told = (name) => clean(textOf(own(value, name)) ?? "");
  const [name, server] = [told("name"), told("server_uuid")];
  if (!grammar.shape("external_event").test(name) || !grammar.shape("uuid").test(server)) return null;
  const [tag, status, code] = [told("tag"), told("status"), told("code")];
  const kind = name.startsWith("network") ? "port" : "volume";
  const about = grammar.shape("uuid").test(tag) ? ` of ${kind} ${tag}` : "";
  const message = `external event ${name}${about}: ${status || COMPLETED}${code ? ` (${code})` : ""}`;
  return newReport({ record: "log", id: server, read: { message, level: null, error: null } });
}
