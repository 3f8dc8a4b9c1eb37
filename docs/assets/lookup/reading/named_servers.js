// Finds the server that a message is about, by the id that it names. Mirrors reading/named_servers.py.

const UUID = "[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}";
const NAMED = new RegExp(
  `(?:/servers/|\\b(?:[Ii]nstances?|[Ss]ervers?|VMs?|compute)(?: with)?(?: (?:ID|id|uuid|UUID)| '[A-Za-z0-9_.-]{1,80}')?[ :='"(\\[]{1,3})(?<before>${UUID})(?![\\w-])`
  + `|(?<![\\w-])(?<behind>${UUID}) (?:compute|instance|server)\\b`,
  "g",
);
// Records of a message about a server.
const KINDS = ["fault", "log", "refusal", "tool"];

/** A record with the only server that the text names where it stands, if it knows none yet. */
export function withServer(record, text) {
  if (!KINDS.includes(record.record) || record.id !== null) return record;
  const named = new Set([...text.matchAll(NAMED)].map(({ groups }) => groups.before ?? groups.behind));
  return named.size === 1 ? { ...record, id: [...named][0] } : record;
}
