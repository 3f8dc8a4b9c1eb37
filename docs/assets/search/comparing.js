// Questions that compare: "soft reboot vs hard reboot". The guide that compares two things comes before either of them.

/** A word of a question has to mean a word of a name as well as this. */
const MEANT = 0.8;
const LEAD = 0.02;
/** What leans to guides, whichever they are, asks for a comparison: difference, vs, or. */
const COMPARING = "guide";

/** Raise the guide that compares most of what a question names, above what it compares. */
export function addCompared(names, words, means, leans, scores) {
  if (!leans.some((to) => to.includes(COMPARING))) return;
  let best = null;
  let most = 0;
  for (const [guide, ...compared] of names.compared) {
    const told = compared.map((place) => ({ place, said: saidOf(names, place, words, means) })).filter(({ said }) => said);
    const apart = told.filter((one) => told.some((other) => areApart(names, one, other)));
    if (apart.length > most) [best, most] = [{ guide, places: apart.map(({ place }) => place) }, apart.length];
  }
  if (!best) return;
  const score = scores.get(best.guide) ?? { place: best.guide, value: 0, told: 1, why: "" };
  const others = best.places.flatMap((place) => names.topics[names.topicOf.get(place)] ?? [place]);
  score.value = Math.max(score.value, LEAD + Math.max(...others.map((place) => scores.get(place)?.value ?? 0)));
  scores.set(best.guide, score);
}

/** The numbers of the words that say a name of a document in full, of its names the longest; null where none is said. */
function saidOf(names, place, words, means) {
  let best = null;
  for (const name of names.ofCompared.get(place)) {
    const said = new Set();
    const isSaid = name.words.filter(({ filler }) => !filler).every((entry) => {
      const before = said.size;
      means.forEach(({ means: meant }, number) => {
        if ((meant.get(entry) ?? 0) >= MEANT) said.add(number);
      });
      return said.size > before || isSaidInParts(entry, words, said);
    });
    if (isSaid && said.size > (best?.size ?? 0)) best = said;
  }
  return best;
}

/** Whether all words of a phrase are said, though not together: soft or hard reboot. */
function isSaidInParts({ parts }, words, said) {
  const places = parts.map((part) => words.findIndex((word) => word.parts.includes(part)));
  if (parts.length < 2 || places.includes(-1)) return false;
  for (const place of places) said.add(place);
  return true;
}

/** Whether two things are named by words of their own; an action and the state it leads to are one thing. */
function areApart(names, one, other) {
  const isOwn = (said, others) => [...said].some((number) => !others.has(number));
  if (!isOwn(one.said, other.said) || !isOwn(other.said, one.said)) return false;
  const [topic, otherTopic] = [one, other].map(({ place }) => names.topicOf.get(place));
  return topic === undefined || topic !== otherTopic || [one, other].every(({ place }) => names.documents[place].kind === "action");
}
