// Found documents as a list can show them: HTML of title and sentence with marks, why it was found, where it leads.

const ESCAPED = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

function escape(text) {
  return text.replace(/[&<>"]/g, (char) => ESCAPED[char]);
}

/** {items: [[{location, title, text, score, terms, kind, id, why}]], nothing, offer}; one inner list is one card. */
export function present(ranker, { items, nothing, words, states }) {
  const asked = words.filter((word) => !word.filler);
  const keys = new Set(asked.flatMap((word) => word.parts));
  const groups = new Set(asked.flatMap((word) => word.groups));
  const isAsked = (word) => word.parts.some((part) => keys.has(part)) || word.groups.some((group) => groups.has(group));
  const mark = (text) => marked(text, ranker.normaliser.read(text).filter((word) => !word.filler && isAsked(word)));
  return {
    items: items.map((card) => card.map((result) => item(ranker, result, mark))),
    nothing,
    offer: states ? `${ranker.index.lookup}?${new URLSearchParams(states)}` : null,
    lookup: ranker.index.lookup,
  };
}

function marked(text, words) {
  let html = "";
  let place = 0;
  for (const { start, end } of words) {
    html += `${escape(text.slice(place, start))}<mark data-md-highlight>${escape(text.slice(start, end))}</mark>`;
    place = end;
  }
  return html + escape(text.slice(place));
}

function item(ranker, { document, score, why, at }, mark) {
  const { id, kind, name, label, href } = document;
  const page = ranker.pageOf(document);
  const sentence = document.sentence || page?.sentence;
  const hasName = ranker.isNamed(document) && name.toLowerCase() !== label.toLowerCase();
  const title = `${page ? `${escape(page.label)} › ` : ""}${mark(label)}${hasName ? ` <code>${mark(name)}</code>` : ""}`;
  const shown = `${label} ${name} ${sentence}`.toLowerCase();
  return {
    // A browser scrolls to these words of a long page.
    location: at ? `${href}#:~:text=${encodeURIComponent(at)}` : href,
    title,
    text: sentence ? `<p>${mark(sentence)}</p>` : "",
    score,
    terms: {},
    id,
    kind: ranker.index.kinds[kind],
    why: why && !shown.includes(why.toLowerCase()) ? why : "",
  };
}
