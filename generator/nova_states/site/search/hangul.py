"""Hangul by its letters: common misspellings folded, stems of verbs found in their inflected forms.

The twin of docs/assets/search/hangul.js, function by function; tests/site/test_search_learning.py compares the two.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

_FIRST: Final = 0xAC00
_MEDIALS: Final = 21
_FINALS: Final = 28
_VOWELS: Final = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
_INITIALS: Final = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_FINAL_LETTERS: Final[tuple[str, ...]] = ("", *"ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ")
_SOUNDS_LIKE: Final = {"ㅔ": "ㅐ", "ㅖ": "ㅒ", "ㅚ": "ㅙ", "ㅞ": "ㅙ"}
_WITHOUT_Y: Final = {"ㅑ": "ㅏ", "ㅕ": "ㅓ", "ㅛ": "ㅗ", "ㅠ": "ㅜ", "ㅒ": "ㅐ"}
_PARTS: Final[Mapping[str, str]] = {
    "ㅘ": "ㅗㅏ",
    "ㅙ": "ㅗㅐ",
    "ㅝ": "ㅜㅓ",
    "ㅟ": "ㅜㅣ",
    "ㅢ": "ㅡㅣ",
    "ㅑ": "ㅣㅏ",
    "ㅕ": "ㅣㅓ",
    "ㅛ": "ㅣㅗ",
    "ㅠ": "ㅣㅜ",
    "ㅒ": "ㅣㅐ",
}
_INFLECTION: Final = re.compile(r"[ㅏㅓㅐ]?[ㄴㄹㅁㅂㅅㅆ]?\Z")
_SWALLOWS_Y: Final = re.compile(r"[ㅈㅉㅊ]ㅣ\Z")
_ENDS_IN_L: Final = re.compile(r"[ㅏ-ㅣ]ㄹ\Z")


def is_hangul(char: str) -> bool:
    """Whether a character is a whole syllable."""
    return "가" <= char <= "힣"


def _split(syllable: str) -> tuple[int, int, int]:
    code = ord(syllable) - _FIRST
    return code // (_MEDIALS * _FINALS), code // _FINALS % _MEDIALS, code % _FINALS


@cache
def fold_syllable(char: str) -> str:
    """The syllable as it sounds; any other character as it is."""
    if not is_hangul(char):
        return char
    initial, medial, final = _split(char)
    vowel = _SOUNDS_LIKE.get(_VOWELS[medial], _VOWELS[medial])
    if _INITIALS[initial] in "ㅈㅉㅊ":
        vowel = _WITHOUT_Y.get(vowel, vowel)
    end = _FINAL_LETTERS.index("ㅅ") if _FINAL_LETTERS[final] == "ㅆ" else final
    return chr(_FIRST + (initial * _MEDIALS + _VOWELS.index(vowel)) * _FINALS + end)


def fold_sounds(text: str) -> str:
    """A text with each syllable as it sounds."""
    return "".join(map(fold_syllable, text))


@cache
def _letters(char: str) -> str:
    if not is_hangul(char):
        return char
    initial, medial, final = _split(char)
    vowel = _VOWELS[medial]
    return _INITIALS[initial] + _PARTS.get(vowel, vowel) + _FINAL_LETTERS[final]


def letters(text: str) -> str:
    """A text's letters, contracted vowels in their parts: "지워" → "ㅈㅣㅇㅜㅓ"."""
    return "".join(map(_letters, text))


def without_final(run: str) -> str:
    """A run of syllables without its last consonant; as it is where it ends in a vowel or in two consonants."""
    initial, medial, final = _split(run[-1])
    letter = _FINAL_LETTERS[final]
    if not letter or letter not in _INITIALS:
        return run
    return run[:-1] + chr(_FIRST + (initial * _MEDIALS + medial) * _FINALS)


def stem_forms(stem: str) -> list[tuple[str, re.Pattern[str] | None]]:
    """What a verb's stem may look like, each with what must follow then; see the twin."""
    whole = letters(stem)
    if _SWALLOWS_Y.search(whole):
        return [(whole, None), (f"{whole[:-1]}ㅓ", None)]
    if _ENDS_IN_L.search(whole):
        return [(whole, None), (whole[:-1], re.compile("[ㄴㅂ]"))]
    return [(whole, None)]


def stem_length(run: str, start: int, stem_letters: str) -> int:
    """How many syllables of `run` from `start` a verb's stem takes up, inflected or not; 0 if it is not there."""
    found = ""
    for end in range(start, len(run)):
        found += _letters(run[end])
        if len(found) < len(stem_letters):
            if not stem_letters.startswith(found):
                return 0
            continue
        if not found.startswith(stem_letters):
            return 0
        return end - start + 1 if _INFLECTION.match(found[len(stem_letters) :]) else 0
    return 0
