// Undoes what generator/nova_states/lookup/message_packing.py does, which says how.

const LONGEST_SLUG = 60;
const PLACEHOLDER = /%\(\w+\)s/g;

/** The entries of a table of messages: template, language, code, ids, and where its key begins. */
export function entriesOf({ entries: { templates, languages, codes, ids, begins } }) {
  let place = 0;
  const whole = (one, template) => {
    if (typeof one === "number") return (place += one);
    return one.includes(":") ? one : lineId(one, template);
  };
  return templates.map((template, row) => {
    const listed = Array.isArray(ids[row]) ? ids[row] : [ids[row]];
    return [template, languages[row], codes[row], listed.map((one) => whole(one, template)), begins[row]];
  });
}

function lineId(digest, template) {
  const words = (template.replace(PLACEHOLDER, " ").toLowerCase().match(/[a-z0-9]+/g) ?? []).join("-");
  if (!digest) return `log_message:${words}`;
  const first = words.slice(0, LONGEST_SLUG);
  return `log_message:${first.slice(0, Math.max(first.lastIndexOf("-"), 0)) || first || "line"}-${digest}`;
}
