// How much each kind of match counts. Measured with questions of docs/explanations/questions; nearby values do.

export const WEIGHT = {
  sameGroup: 0.9,
  sharedGroup: 0.82, // of a word that means other things too
  spelling: 0.85,
  part: 0.45, // one word of a phrase
  prefix: 0.6,
  filler: 0.04,
  unknown: 0.4,
  sentence: 0.33,
  ofName: 0.69, // a name all of whose words were asked for beats one that has more words
  bag: 0.28,
  whole: 0.5,
  wholeLabel: 0.56,
  wholeId: 0.6,
  begun: 0.4, // a name's beginning
  meant: 0.3, // in other words
  window: 0.4,
  idPart: 0.6, // at least, of a name of several words
  named: 0.1, // and in capitals
  quoted: 0.4, // as Nova writes it: resize_migrating
  aside: 0.5, // of one word, where the question leans elsewhere
  further: 0.98, // a name later in the question
  surface: 0.03,
  later: 0.95, // the second of a question's answers
  fault: 0.5, // a fault without a page of its own
  logged: 2.5, // a line of Nova's log
  raised: 2, // class or message of an exception
  listed: 1, // of one that is but a row of a page, in a question of more words
  hint: 1.1,
  ofKind: 0.6, // a row that is named beside its kind
  hinted: 0.3, // the word itself, beside others
  circumstance: 0.6, // how a server is while something is done to it
  ending: 1.07,
  lean: 1.15, // the kind that a word of the question leans to
  leanTo: 1.25, // the page
  topic: 0.6, // what all pages of a topic tell together
  capitals: 1.12,
  learned: 0.7, // what questions taught, beside all of the above: docs/decisions/0008
};
/** How much a document counts by its kind. */
export const KIND = {
  vm_state: 1, action: 1, status: 0.99, task_state: 0.98, power_state: 0.95, runbook: 0.96, guide: 0.95, option: 0.95,
  matrix: 0.93, series: 0.95, group: 0.85, about: 0.7, error: 0.66, migration_status: 0.88, event: 0.75, log: 0.75,
};
export const OTHER_KIND = 0.9;
export const INDEX_PAGE = 0.9;
export const GONE = 0.85; // what the newest release has no more
