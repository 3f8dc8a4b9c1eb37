// Takes the prefix off the names that `-f shell --prefix` prints. Mirrors reading/assignments.py.

/** Lines, in which names of variables have lost the prefix that makes others of the names of a server's fields. */
export function withoutPrefixes(lines, commands, grammar) {
  const found = new Map();
  lines.forEach((line, place) => {
    const match = line.includes("=") ? grammar.shape("assigned").exec(line) : null;
    if (match) found.set(place, match);
  });
  const counts = new Map();
  for (const { groups } of found.values()) {
    for (const prefix of prefixesOf(groups.name, grammar)) counts.set(prefix, (counts.get(prefix) ?? 0) + 1);
  }
  const names = new Map();
  const prefixes = new Map();
  let last = "";
  for (const [place, { groups: { name } }] of found) {
    // A name that is no field has the prefix of the one above.
    last = chosen(name, counts, grammar) ?? (name.startsWith(last) ? last : "");
    prefixes.set(place, last);
    if (!names.has(last)) names.set(last, []);
    names.get(last).push(name.slice(last.length));
  }
  const isAsked = commands.some((command) => grammar.shape("shown").test(command));
  const known = new Set([...names.keys()].filter((prefix) => isAsked || grammar.layout(names.get(prefix)).kind === "server"));
  const told = [...lines];
  for (const [place, prefix] of prefixes) {
    const [whole] = found.get(place);
    const { name } = found.get(place).groups;
    // The name ends before the sign.
    const start = whole.lastIndexOf("=") - name.length + prefix.length;
    if (known.has(prefix)) told[place] = lines[place].slice(start);
  }
  return told;
}

/** The beginnings of a name behind which it is one of a field. */
function prefixesOf(name, grammar) {
  const ends = [0, ...[...name.matchAll(/_/g)].map(({ index }) => index + 1)];
  return ends.filter((end) => grammar.fieldOf(name.slice(end)) !== null).map((end) => name.slice(0, end));
}

/** The prefix of a name that most names share, the shortest of them; null where it is the name of no field. */
function chosen(name, counts, grammar) {
  return prefixesOf(name, grammar).reduce((best, prefix) =>
    (best === null || counts.get(prefix) > counts.get(best) ? prefix : best), null);
}
