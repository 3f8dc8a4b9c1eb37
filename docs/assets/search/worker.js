// The search behind a box, as a worker. Its messages are those of Material for MkDocs, so that any box that speaks them
// can ask: 0 an index → 1 ready; 2 a question → 3 what was found. Nothing else here knows of a theme.

import { cardsOf } from "./cards.js";
import { present } from "./presenting.js";
import { Ranker } from "./ranker.js";

const [SETUP, READY, QUERY, RESULT] = [0, 1, 2, 3];
let ranker = null;

self.addEventListener("message", ({ data: { type, data } }) => {
  if (type === SETUP) {
    ranker = new Ranker(data.docs);
    self.postMessage({ type: READY, data: ranker.index.words_shown });
  } else if (type === QUERY && ranker) {
    self.postMessage({ type: RESULT, data: present(ranker, cardsOf(ranker, data)) });
  }
});
