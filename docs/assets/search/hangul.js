// Hangul syllables by their letters: common misspellings folded, stems of verbs found in their inflected forms.

const FIRST = 0xac00;
const MEDIALS = 21;
const FINALS = 28;
const VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ";
const INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ";
const FINAL_LETTERS = ["", ..."ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"];

// ㅐ and ㅔ, ㅙ and ㅚ and ㅞ sound alike; ㅈ and ㅊ swallow the y of a vowel (스케쥴, 스케줄).
const SOUNDS_LIKE = { ㅔ: "ㅐ", ㅖ: "ㅒ", ㅚ: "ㅙ", ㅞ: "ㅙ" };
const WITHOUT_Y = { ㅑ: "ㅏ", ㅕ: "ㅓ", ㅛ: "ㅗ", ㅠ: "ㅜ", ㅒ: "ㅐ" };
// A contracted vowel is the stem's and the ending's: 지우 + 어 = 지워, 옮기 + 어 = 옮겨.
const PARTS = {
  ㅘ: "ㅗㅏ", ㅙ: "ㅗㅐ", ㅝ: "ㅜㅓ", ㅟ: "ㅜㅣ", ㅢ: "ㅡㅣ", ㅑ: "ㅣㅏ", ㅕ: "ㅣㅓ", ㅛ: "ㅣㅗ", ㅠ: "ㅣㅜ", ㅒ: "ㅣㅐ",
};
/** What may follow a stem inside its last syllable: 꺼 + ㅆ, 지우 + ㅓ + ㅆ, 끄 + ㄴ. */
const INFLECTION = /^[ㅏㅓㅐ]?[ㄴㄹㅁㅂㅅㅆ]?$/;

export function isHangul(char) {
  return char >= "가" && char <= "힣";
}

function split(syllable) {
  const code = syllable.charCodeAt(0) - FIRST;
  return [Math.floor(code / (MEDIALS * FINALS)), Math.floor(code / FINALS) % MEDIALS, code % FINALS];
}

/** A letter that stands alone as keyboards write it; NFKC makes the first part of a syllable of it. */
export function lone(char) {
  const code = char.charCodeAt(0);
  if (code >= 0x1100 && code < 0x1100 + INITIALS.length) return INITIALS[code - 0x1100];
  if (code >= 0x1161 && code < 0x1161 + MEDIALS) return VOWELS[code - 0x1161];
  return char;
}

const folded = new Map();

/** The syllable as it sounds; any other character as it is. */
export function foldSyllable(char) {
  if (!isHangul(char)) return char;
  if (!folded.has(char)) folded.set(char, foldedSyllable(char));
  return folded.get(char);
}

/** A text with each syllable as it sounds. */
export function foldSounds(text) {
  let found = "";
  for (const char of text) found += foldSyllable(char);
  return found;
}

function foldedSyllable(char) {
  const [initial, medial, final] = split(char);
  let vowel = SOUNDS_LIKE[VOWELS[medial]] ?? VOWELS[medial];
  if ("ㅈㅉㅊ".includes(INITIALS[initial])) vowel = WITHOUT_Y[vowel] ?? vowel;
  // ㅆ and ㅅ below a vowel sound alike: 했는데, 햇는데.
  const end = FINAL_LETTERS[final] === "ㅆ" ? FINAL_LETTERS.indexOf("ㅅ") : final;
  return String.fromCharCode(FIRST + (initial * MEDIALS + VOWELS.indexOf(vowel)) * FINALS + end);
}

const lettersOf = new Map();

/** A text's letters, contracted vowels in their parts: "지워" → "ㅈㅣㅇㅜㅓ". Half a syllable stays as it is. */
export function letters(text) {
  let found = "";
  for (const char of text) found += char < "가" || char > "힣" ? char : syllableLetters(char);
  return found;
}

function syllableLetters(char) {
  let found = lettersOf.get(char);
  if (found === undefined) {
    const [initial, medial, final] = split(char);
    const vowel = VOWELS[medial];
    found = INITIALS[initial] + (PARTS[vowel] ?? vowel) + FINAL_LETTERS[final];
    lettersOf.set(char, found);
  }
  return found;
}

/** A run of syllables without its last consonant, and that consonant; "" where it ends in a vowel or two consonants. */
export function withoutFinal(run) {
  const last = run.at(-1);
  const [initial, medial, final] = split(last);
  const letter = FINAL_LETTERS[final];
  if (!letter || !INITIALS.includes(letter)) return [run, ""];
  return [run.slice(0, -1) + String.fromCharCode(FIRST + (initial * MEDIALS + medial) * FINALS), letter];
}

/**
 * What a verb's stem may look like: its letters; those of its contraction where folding took the y out of it (없어지-,
 * 없어져, folded 없어저); without its ㄹ, with what must follow then (만들-, 만드는; 달-, 다는).
 */
export function stemForms(stem) {
  const whole = letters(stem);
  if (/[ㅈㅉㅊ]ㅣ$/.test(whole)) return [{ form: whole }, { form: `${whole.slice(0, -1)}ㅓ` }];
  return /[ㅏ-ㅣ]ㄹ$/.test(whole) ? [{ form: whole }, { form: whole.slice(0, -1), before: /^[ㄴㅂ]/ }] : [{ form: whole }];
}

/** How many syllables of `run` from `start` a verb's stem takes up, inflected or not; 0 if it is not there. */
export function stemLength(run, start, stemLetters) {
  let found = "";
  for (let end = start; end < run.length; end++) {
    found += letters(run[end]);
    if (found.length < stemLetters.length) {
      if (!stemLetters.startsWith(found)) return 0;
      continue;
    }
    if (!found.startsWith(stemLetters)) return 0;
    return INFLECTION.test(found.slice(stemLetters.length)) ? end - start + 1 : 0;
  }
  return 0;
}
