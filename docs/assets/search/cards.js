// What a question found, as cards: the pages of one topic together, each card as good as the best page in it.

import { FLOOR } from "./ranker.js";
import { readFields } from "./pasted.js";

const MOST_CARDS = 10;
const MOST_IN_CARD = 5;
/** How near the best page of its topic a page must be to share its card. */
const NEAR = 0.55;
const REACH = 12;
const WEAK = 0.3;

/** {items: [[{document, score, why}]], nothing, states}: cards best first, never empty. */
export function cardsOf(ranker, question) {
  const { found, told, message, words } = ranker.rank(question);
  const fields = readFields(question);
  const nothing = told < FLOOR || !found.length;
  const { suggested } = ranker.index;
  const kept = nothing ? [...found, ...suggested.map((place) => ({ document: ranker.documents[place], score: 0, why: "" }))] : found;
  const least = nothing ? 0 : kept[0].score * WEAK;
  const items = group(ranker, kept.filter(({ score }) => score >= least));
  return {
    items: items.slice(0, nothing ? suggested.length : MOST_CARDS),
    nothing,
    words,
    states: message?.states ?? (Object.keys(fields).length ? fields : null),
  };
}

function group(ranker, found) {
  const topic = ({ document }) => ranker.topicOf.get(document.place) ?? document.id.replace(/#.*/, "");
  const cards = [];
  const placed = new Set();
  found.forEach((result, at) => {
    if (placed.has(result.document)) return;
    const card = [result];
    placed.add(result.document);
    for (const other of found.slice(at + 1, at + REACH)) {
      if (card.length === MOST_IN_CARD) break;
      if (placed.has(other.document) || topic(other) !== topic(result) || other.score < result.score * NEAR) continue;
      card.push(other);
      placed.add(other.document);
    }
    cards.push(card);
  });
  return cards;
}
