// Puts to records the server that their message is about. Mirrors reading/named_servers.py.

import { serverIn } from "../named_objects.js";

// Records of a message about a server.
const KINDS = ["fault", "log", "refusal", "tool"];

/** A record with the only server that the text names where it stands, if it knows none yet. */
export function withServer(record, text) {
  if (!KINDS.includes(record.record) || record.id !== null) return record;
  const id = serverIn(text);
  return id === null ? record : { ...record, id };
}
