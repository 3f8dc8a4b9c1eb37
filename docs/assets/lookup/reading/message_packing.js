// Undoes what generator/nova_states/lookup/message_packing.py does, which says how.

const LONGEST_SLUG = 60;
const readErrors = new WeakMap();
const PLACEHOLDER = /%\(\w+\)s/g;

const NAMELESS = /%(?:\(\w+\))?s|%%/g;

/** The entries of a table of messages: template, language, code, ids. */
export function entriesOf({ entries: { templates, languages, codes, ids } }) {
  let place = 0;
  const whole = (one, template) => {
    if (typeof one === "number") return (place += one);
    return one.includes(":") ? one : lineId(one, template);
  };
  const statuses = codes.split(" ");
  return templates.split("\t").map((packed, row) => {
    const template = numbered(packed);
    const listed = Array.isArray(ids[row]) ? ids[row] : [ids[row]];
    return [template, languages[row], statuses[row] ? Number(statuses[row]) : null, listed.map((one) => whole(one, template))];
  });
}

/** Exceptions with their flags: whether it can end as a fault, and whether the API refuses with it. */
export function errorsOf(table) {
  if (!readErrors.has(table)) readErrors.set(table, table.errors.split(" ").filter(Boolean).map(flagged));
  return readErrors.get(table);
}

function flagged(text) {
  const [, name, flags] = /^(\w*?)([01]*)$/.exec(text);
  return [name, ...[...flags].map(Number)];
}

/** A template in which every placeholder has a name: its place where it had none. */
function numbered(template) {
  let place = 0;
  return template.replace(NAMELESS, (found) => {
    if (found === "%%") return found;
    const number = place++;
    return found === "%s" ? `%(${number})s` : found;
  });
}

function lineId(digest, template) {
  const words = (template.replace(PLACEHOLDER, " ").toLowerCase().match(/[a-z0-9]+/g) ?? []).join("-");
  if (!digest) return `log_message:${words}`;
  const first = words.slice(0, LONGEST_SLUG);
  return `log_message:${first.slice(0, Math.max(first.lastIndexOf("-"), 0)) || first || "line"}-${digest}`;
}

const LINE = "log_message:";
const readLines = new WeakMap();

/** What is known of lines of a log: slug → effect, verdict and the name of a text; undefined in a table without any. */
export function linesOf(table) {
  if (table.lines === undefined) return undefined;
  if (!readLines.has(table)) readLines.set(table, wholeLines(table));
  return readLines.get(table);
}

function wholeLines(table) {
  const named = entriesOf(table).flatMap(([, , , ids]) => ids).filter((one) => typeof one === "string" && one.startsWith(LINE));
  const lines = { ...table.other_lines };
  [...new Set(named)].forEach((id, place) => {
    const row = table.lines[place];
    if (row === 0) return;
    const slug = id.slice(LINE.length);
    const [effect, verdict, name] = Array.isArray(row) ? row : [row, null, null];
    lines[slug] = [effect, verdict, name === 1 ? slug : name];
  });
  return lines;
}
