// A question that is a name, and names that stand in it word for word.

import { meaningOf } from "./names.js";
import { joined } from "./normaliser.js";
import { WEIGHT } from "./weights.js";

const LONGEST = 6;

/** Raise what is named in full; `asked`: {words, means, total, isEntered, isAside} of the question. */
export function addWholes(names, question, asked, scores) {
  const { words } = asked;
  const add = (number, bonus) => {
    const { place, text } = names.names[number];
    const score = scores.get(place) ?? { place, value: 0, told: 0, why: text };
    if (bonus > (score.bonus ?? 0)) {
      score.value += bonus - (score.bonus ?? 0);
      score.bonus = bonus;
      score.why = text;
    }
    score.told = Math.max(score.told, bonus > WEIGHT.window ? 1 : score.told);
    scores.set(place, score);
  };
  for (const number of names.byJoined.get(joined(question)) ?? []) {
    const { type, weight } = names.names[number];
    add(number, type === "id" ? WEIGHT.wholeId : (type === "label" ? WEIGHT.wholeLabel : WEIGHT.whole) * weight);
  }
  // A name of which only the beginning was typed: reclaim_instance.
  for (const [begun] of question.matchAll(/(?<![a-z])[a-z]+(?:_[a-z]+)+/gi)) {
    const start = names.keysOfName(begun);
    if (names.byKeys.has(start)) continue;
    for (const [keys, numbers] of names.byKeys) if (keys.startsWith(start)) for (const number of numbers) add(number, WEIGHT.begun);
  }
  for (const number of names.byMeaning.get(meaningOf(words)) ?? []) add(number, WEIGHT.meant * names.names[number].weight);
  words.forEach((_, start) => {
    let text = "";
    for (let end = start; end < Math.min(words.length, start + LONGEST); end++) {
      text += words[end].surface;
      for (const number of names.byJoined.get(text) ?? []) add(number, bonusOf(names, number, question, start, end, asked));
    }
  });
}

/** How much a name gains by standing in a question from one word to another. */
function bonusOf(names, number, question, start, end, { words, means, total, isEntered, isAside }) {
  const { type, place } = names.names[number];
  const { kind } = names.documents[place];
  const isSingle = end === start;
  if (isSingle && !isNameAlone(type, kind, words[start])) return 0;
  const typed = words.slice(start, end + 1);
  const isNamed = type === "id" && typed.every((word) => word.capitals);
  const isQuoted = type === "id" && /[_-]/.test(names.names[number].text) && question.includes(names.names[number].text);
  const weight = means.slice(start, end + 1).reduce((sum, one) => sum + one.weight, 0);
  const part = Math.max(weight / total, type === "id" && !isSingle ? WEIGHT.idPart : 0);
  const bonus = WEIGHT.window * part * WEIGHT.further ** start + (isNamed ? WEIGHT.named : 0) + (isQuoted ? WEIGHT.quoted : 0);
  const isObject = isSingle && isAside && (kind !== "action" || start > 0);
  return isEntered || isObject ? bonus * WEIGHT.aside : bonus;
}

/** A single word is a name where it is an id; "running" and "shutdown" are ordinary words unless in capitals. */
function isNameAlone(type, kind, { capitals }) {
  return type === "id" && (capitals || kind !== "power_state");
}
