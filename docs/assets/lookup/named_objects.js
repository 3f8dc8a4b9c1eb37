// Objects that a message names, for commands and for the steps that speak of them: a volume, a port, a path, a filter.
// Mirrors generator/nova_states/lookup/named_objects.py; the tests hold both to the same answers.

const ID = "[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}";
const UUID = `(${ID})\\b`;
const SERVER = new RegExp(
  `(?:/servers/|\\b(?:[Ii]nstances?|[Ss]ervers?|VMs?|compute)(?: with)?(?:[ _-](?:ID|id|uuid|UUID)| '[A-Za-z0-9_.-]{1,80}')?[ :='"(\\[]{1,3})(?<before>${ID})(?![\\w-])`
  + `|(?<![\\w-])(?<behind>${ID}) (?:compute|instance|server)\\b(?! ${ID})`,
  "g",
);
const BEFORE_ID = "(?:[ _-]?(?:id|uuid))?(?: with)?(?: id| uuid)?[:=]? ?[\"'\\[(]{0,2}";
const UNREADABLE =
  "permission denied|no such file or directory|no space left|read-only file system|input/output error|stale";
// What an object is called in commands, and how a message names it.
const PATTERNS = [
  ["volume", `\\bvolumes?(?:/|${BEFORE_ID})${UUID}`],
  ["port", `\\bports?(?:/|${BEFORE_ID})${UUID}`],
  ["image", `\\bimages?(?:/|${BEFORE_ID})${UUID}`],
  ["network", `\\bnetworks?(?:/|${BEFORE_ID})${UUID}`],
  ["node", `\\bnodes?(?:/|${BEFORE_ID})${UUID}`],
  ["filter", "\\b(\\w{3,60})['\"]?: \\(start: [1-9]\\d{0,5}, end: 0\\)"],
  ["filter", "\\bfilter (\\w{3,60}) returned 0 hosts"],
  ["path", `[ '"](/[\\w.+/-]{2,200})['"]?: (?:${UNREADABLE})`],
  ["host", "\\bhost '([\\w.-]{1,64})' is not mapped"],
  ["host", "\\bresources for node ([\\w.-]{0,63}\\w)\\.?:"],
  ["host", "\\(([\\w.-]{1,64}), [\\w.-]{1,64}\\) ram: .{0,160}has not been heard"],
  ["host", "\\bcompute host ([\\w.-]{1,64}) could not be found"],
  ["host", "\\bcompute service of ([\\w.-]{1,64}) is (?:unavailable|still in use)"],
  ["destination", "\\bcould not resolve hostname ([a-z0-9][\\w.-]{0,63})(?=[:, ])"],
  ["host", "\\berror from last host: ([a-z0-9][\\w.-]{0,63}) \\(node"],
  ["flavor", "\\bflavor ([\\w.-]{1,64}) could not be found"],
].map(([name, words]) => [name, new RegExp(words, "i")]);

/** The only server that a message names by its id. */
export function serverIn(message) {
  const named = new Set([...message.matchAll(SERVER)].map(({ groups }) => groups.before ?? groups.behind));
  return named.size === 1 ? [...named][0] : null;
}

/** The filter of the scheduler that left no host, as a message names it. */
export function filterIn(message) {
  const found = PATTERNS.filter(([name]) => name === "filter").map(([, words]) => words.exec(message)).find(Boolean);
  return found ? found[1] : null;
}

/** Name of a placeholder and the object of that kind which a message names first; the server if it is the only one. */
export function objectsIn(message) {
  const server = serverIn(message);
  const found = server === null ? {} : { server };
  for (const [name, words] of PATTERNS) {
    const told = Object.hasOwn(found, name) ? null : words.exec(message);
    if (told) found[name] = told[1];
  }
  return found;
}
