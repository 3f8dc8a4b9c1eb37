// Objects that a message names, for commands and for the steps that speak of them: a volume, a port, a path, a filter.
// Mirrors generator/nova_states/lookup/named_objects.py; the tests hold both to the same answers.

const UUID = "([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})\\b";
const BEFORE_ID = "(?:[ _-]?(?:id|uuid))?(?: with)?(?: id| uuid)?[:=]? ?[\"'\\[(]{0,2}";
const UNREADABLE =
  "permission denied|no such file or directory|no space left|read-only file system|input/output error|stale";
// What an object is called in commands, and how a message names it.
const PATTERNS = [
  ["server", `\\b(?:instance|server)${BEFORE_ID}${UUID}`],
  ["volume", `\\bvolumes?(?:/|${BEFORE_ID})${UUID}`],
  ["port", `\\bports?(?:/|${BEFORE_ID})${UUID}`],
  ["image", `\\bimages?(?:/|${BEFORE_ID})${UUID}`],
  ["network", `\\bnetworks?(?:/|${BEFORE_ID})${UUID}`],
  ["filter", "\\b(\\w{3,60})['\"]?: \\(start: \\d{1,6}, end: 0\\)"],
  ["filter", "\\bfilter (\\w{3,60}) returned 0 hosts"],
  ["path", `[ '"](/[\\w.+/-]{2,200})['"]?: (?:${UNREADABLE})`],
  ["host", "\\bhost '([\\w.-]{1,64})' is not mapped"],
  ["host", "\\bcompute host ([\\w.-]{1,64}) could not be found"],
  ["host", "\\bcompute service of ([\\w.-]{1,64}) is unavailable"],
  ["flavor", "\\bflavor ([\\w.-]{1,64}) could not be found"],
].map(([name, words]) => [name, new RegExp(words, "i")]);

/** Name of a placeholder and the object of that kind which a message names first. */
export function objectsIn(message) {
  const found = {};
  for (const [name, words] of PATTERNS) {
    const told = Object.hasOwn(found, name) ? null : words.exec(message);
    if (told) found[name] = told[1];
  }
  return found;
}
