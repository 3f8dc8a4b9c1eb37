// A paste that is JSON and nothing else: one value or several.
// Mirrors what generator/nova_states/lookup/reading/reader.py does with documents.

import { isObject, own } from "./grammar.js";

/** One value of JSON or several, as pages of the API come one after the other; null if it is no JSON. */
export function documentsIn(text, grammar) {
  let found;
  try {
    found = [JSON.parse(text)];
  } catch {
    try {
      found = splitDocuments(text).map((part) => JSON.parse(part));
    } catch {
      return null;
    }
  }
  const deepest = grammar.limit("deepest_json");
  return found.some((value) => isDeep(value, deepest)) || !found.every((value) => typeof value === "object" && value !== null)
    ? null : found;
}

function splitDocuments(text) {
  const parts = [];
  let [depth, start, inString] = [0, 0, false];
  for (let place = 0; place < text.length; place++) {
    const char = text[place];
    if (inString) {
      if (char === "\\") place++;
      else if (char === '"') inString = false;
    } else if (char === '"') {
      if (!depth) throw new SyntaxError("text between values");
      inString = true;
    } else if (char === "{" || char === "[") {
      if (depth++ === 0) start = place;
    } else if (char === "}" || char === "]") {
      if (--depth === 0) parts.push(text.slice(start, place + 1));
      if (depth < 0) throw new SyntaxError("closed before it was opened");
    } else if (depth === 0 && !" \t\r\n,".includes(char)) {
      throw new SyntaxError("text between values");
    }
  }
  if (depth || inString) throw new SyntaxError("cut off");
  return parts;
}

function isDeep(value, deepest) {
  let level = [value];
  for (let depth = 0; depth < deepest; depth++) {
    level = level.flatMap((item) => (item === null ? [] : Object.values(item)))
      .filter((member) => typeof member === "object" && member !== null);
    if (!level.length) return false;
  }
  return true;
}

/** Whether it lists servers, and there are none. */
export function isEmpty(document) {
  const isNone = (value) => Array.isArray(value) && !value.length;
  return isNone(document) || (isObject(document) && isNone(own(document, "servers")));
}
