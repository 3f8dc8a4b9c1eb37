"""Text → words that can be compared, as the worker reads it, so that a build can learn from questions.

The twin of docs/assets/search/normaliser.js, method by method; only where a word stands does not matter here.
tests/site/test_search_learning.py holds both to the same words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from nova_states.site.search.hangul import (
    fold_sounds,
    fold_syllable,
    is_hangul,
    letters,
    stem_forms,
    stem_length,
    without_final,
)

_SPAN: Final = "[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}"
_NOISE: Final = tuple(
    re.compile(pattern, re.ASCII | flags)
    for pattern, flags in (
        (rf"\b(?:req-)?{_SPAN}\b", re.IGNORECASE),
        (r"\breq-[0-9a-f-]{6,}", re.IGNORECASE),
        (r"\bhttps?://\S+", re.IGNORECASE),
        (r"\bOS-(?:EXT-STS|EXT-SRV-ATTR|SRV-USG|DCF):", re.IGNORECASE),
        (r"\(?Request-ID:?\)?", re.IGNORECASE),
        (r"\(?\bHTTP ?(?:\d{3})?\)?", re.IGNORECASE),
        (r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?Z?", re.NOFLAG),
    )
)
_WORD: Final = re.compile(
    r"0x[0-9a-f]+(?![a-z0-9])|\d+(?:\.\d+)+|[a-z]*\d[a-z0-9]*|[a-z]+(?:['’][a-z]+)?|[가-힣ㄱ-ㅣ]+",
    re.ASCII | re.IGNORECASE,
)
_HUMP: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+(?:['’][a-z]+)?")
_POINT_RELEASE: Final = re.compile(r"\d+\.\d+\.\d+\Z", re.ASCII)
_HEX: Final = re.compile(r"0x[0-9a-f]+\Z")
_NUMBER: Final = re.compile(r"(?:0x)?[\d.]+\Z", re.ASCII)
_KOREAN_PART: Final = re.compile(r"(?<![a-z0-9가-힣])[가-힣]+-?", re.IGNORECASE)
_RUN: Final = re.compile(r"[가-힣]{2,}")
_HALF_TYPED: Final = re.compile(r"[ㄱ-ㅣ]+\Z")
_DASH: Final = re.compile("-")
_ENDING: Final = re.compile(r"(?:ing|ed)\Z")
_VOWEL: Final = re.compile("[aeiouy]")
_SHORTEST_INFLECTED: Final = 4
_SHORT_ROOT: Final = 5
_SHORTEST_ROOT: Final = 3
_SHORTEST_NOUN: Final = 2
_LONGEST_NOUN: Final = 12
_SHORTEST_PREFIX: Final = 2
_MOST_BETWEEN: Final = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Word:
    """One word of a text."""

    key: str
    """What it is compared by."""
    surface: str
    mixed: bool = False
    """A name of letters and digits that nothing is called by: web01."""
    known: bool = False
    groups: tuple[int, ...] = ()
    """Numbers of the lexicon's groups it stands in."""
    filler: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class _Piece:
    start: int
    end: int
    key: str
    known: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class _Verb:
    key: str
    letters: str
    before: re.Pattern[str] | None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Hit:
    key: str
    length: int
    is_short: bool = False


def stem(word: str) -> str:
    """An English word without its inflection: deleting, deleted, delete → delet."""
    if len(word) < _SHORTEST_INFLECTED or re.search(r"\d", word):
        return word
    root = re.sub(r"ies\Z", "y", re.sub(r"(?:ation|ations)\Z", "at", word))
    if len(root) > _SHORT_ROOT:
        root = re.sub(r"(?:ings?|ers?|ed)\Z", "", root)
    else:
        ending = _ENDING.search(root)
        if ending and _VOWEL.search(root[: ending.start()]):
            root = root[: ending.start()]
    if len(root) > _SHORTEST_ROOT:
        root = re.sub(r"(?<![su])s\Z", "", root)
    root = re.sub(r"([bdgkmnprt])\1\Z", r"\1", root)
    return re.sub(r"e\Z", "", root) if len(root) > _SHORTEST_ROOT else root


def _number_key(word: str) -> str:
    if _POINT_RELEASE.match(word):
        return f"{word.split('.', maxsplit=1)[0]}.0.0"
    if _HEX.match(word):
        return f"0x{int(word, 16)}"
    return str(int(word)) if word.isascii() and word.isdigit() else word


class Normaliser:
    """Reads texts by the words of the lexicon, and by the names that it was taught."""

    def __init__(
        self, *, words: Sequence[Iterable[str]], fillers: Sequence[str], hints: Sequence[str], endings: str
    ) -> None:
        self._endings = {fold_syllable(char) for char in endings}
        self._known: dict[str, list[_Piece]] = {}
        self._nouns: set[str] = set()
        self._verbs: dict[str, list[_Verb]] = {}
        self._phrases: dict[str, list[list[str]]] = {}
        self._fillers: set[str] = set()
        self._groups: dict[str, tuple[int, ...]] = {}
        groups = [tuple(group) for group in words]
        for word in (*fillers, *hints, *(word for group in groups for word in group)):
            self._learn(word)
        for verbs in self._verbs.values():
            verbs.sort(key=lambda verb: -len(verb.letters))
        self._fillers.update([self._key(word) for word in fillers])
        for number, group in enumerate(groups):
            for word in group:
                self._group(self._key(word), number)
        for phrases in self._phrases.values():
            phrases.sort(key=lambda phrase: -len(phrase))

    def _group(self, key: str, number: int) -> None:
        before = self._groups.get(key, ())
        if number not in before:
            self._groups[key] = (*before, number)
        parts = key.split(" ")
        if len(parts) > 1:
            self._phrases.setdefault(parts[0], []).append(parts)

    def learn_names(self, names: Iterable[str]) -> None:
        """Make the Korean words of names known, so that they are found where they are written together."""
        for name in names:
            for run in _RUN.findall(unicodedata.normalize("NFKC", name)):
                folded = fold_sounds(run)
                if folded in self._nouns or self._is_ending(folded):
                    continue
                pieces = self._split(folded)
                if len(pieces) == 1 and not pieces[0].known and len(run) <= _LONGEST_NOUN:
                    self._nouns.add(folded)
        self._known.clear()

    def _learn(self, word: str) -> None:
        for part in _KOREAN_PART.findall(word):
            folded = fold_sounds(part.replace("-", ""))
            if not part.endswith("-"):
                self._nouns.add(folded)
                continue
            for form, before in stem_forms(folded):
                self._verbs.setdefault(form[:2], []).append(_Verb(key=folded, letters=form, before=before))

    def _key(self, word: str) -> str:
        spaced = _DASH.sub(lambda dash: "" if is_hangul(word[dash.start() - 1 : dash.start()] or " ") else " ", word)
        return " ".join(found.key for found in self.words(spaced))

    def read(self, text: str) -> list[Word]:
        """The words of a text, phrases of the lexicon as one word."""
        return self._gather(self.words(text))

    def words(self, text: str) -> list[Word]:
        """The words of a text before phrases are put together."""
        clean = unicodedata.normalize("NFKC", text)
        for noise in _NOISE:
            clean = noise.sub(lambda found: " " * len(found[0]), clean)
        found: list[Word] = []
        before = 0
        end = len(clean.rstrip())
        for match in _WORD.finditer(clean):
            word, place = match[0], match.start()
            is_particle = place > 0 and place == before and self._is_particle(word)
            before = match.end()
            if is_particle:
                continue
            if is_hangul(word[0]) or "ㄱ" <= word[0] <= "ㅣ":
                self._read_korean(word, found, is_last=match.end() == end)
            elif re.search("[0-9]", word):
                key = _number_key(word.lower())
                found.append(Word(key=key, surface=key, mixed=not _NUMBER.match(key)))
            else:
                for hump in _HUMP.findall(word):
                    surface = re.sub("['’]", "", hump.lower())
                    found.append(Word(key=stem(surface), surface=surface))
        return self._together(found)

    def _together(self, words: list[Word]) -> list[Word]:
        place = 0
        while place + 1 < len(words):
            one, other = words[place], words[place + 1]
            if is_hangul(one.key[:1] or " ") and is_hangul(other.key[:1] or " ") and one.key + other.key in self._nouns:
                words[place : place + 2] = [
                    Word(key=one.key + other.key, surface=one.surface + other.surface, known=True)
                ]
            place += 1
        return words

    def _read_korean(self, run: str, found: list[Word], *, is_last: bool) -> None:
        typed = _HALF_TYPED.sub("", run)
        whole = fold_sounds(typed)
        pieces = self._pieces(whole) if whole else []
        if is_last and whole and typed == run and not pieces[-1].known:
            # Read by the worker as a syllable that is still being typed.
            shorter = without_final(whole)
            others = self._pieces(shorter) if shorter != whole else []
            if others and others[-1].known and others[-1].end == len(whole):
                whole, pieces = shorter, others
        found.extend(Word(key=piece.key, surface=whole[piece.start : piece.end], known=piece.known) for piece in pieces)

    def _pieces(self, run: str) -> list[_Piece]:
        if run not in self._known:
            self._known[run] = self._split(run)
        return self._known[run]

    def _split(self, run: str) -> list[_Piece]:
        pieces: list[_Piece] = []
        place = unknown = 0

        def flush(end: int) -> None:
            left = run[unknown:end]
            if left and not (unknown > 0 and self._is_ending(left)):
                key = self._without_ending(left)
                pieces.append(_Piece(start=unknown, end=unknown + len(key), key=key, known=False))

        while place < len(run):
            covered = unknown == place or (unknown > 0 and self._is_ending(run[unknown:place]))
            hit = self._longest(run, place, covered=covered, inside=place - unknown >= _SHORTEST_PREFIX)
            if hit:
                flush(place)
                pieces.append(_Piece(start=place, end=place + hit.length, key=hit.key, known=True))
                place += hit.length
                unknown = place
            else:
                place += 1
        flush(len(run))
        return pieces

    def _longest(self, run: str, place: int, *, covered: bool, inside: bool) -> _Hit | None:
        if not covered and not inside:
            return None
        for length in range(min(_LONGEST_NOUN, len(run) - place), 0, -1):
            word = run[place : place + length]
            if word not in self._nouns or (length == 1 and not (covered and self._may_stand_alone(run, place))):
                continue
            verb = self._verb(run, place, covered=covered)
            return verb if verb and verb.length >= length + (not verb.is_short) else _Hit(key=word, length=length)
        return self._verb(run, place, covered=covered)

    def _verb(self, run: str, place: int, *, covered: bool) -> _Hit | None:
        for verb in self._verbs.get(letters(run[place])[:2], ()):
            length = stem_length(run, place, verb.letters)
            if not length:
                continue
            following = letters(run[place : place + length + 1])[len(verb.letters) :]
            if verb.before and not verb.before.match(following):
                continue
            if len(verb.key) == 1 and not (covered and self._ends_well(run, place + length)):
                continue
            return _Hit(key=verb.key, length=length, is_short=verb.before is not None)
        return None

    def _may_stand_alone(self, run: str, place: int) -> bool:
        following = place + 1
        if following < len(run) and self._longest(run, following, covered=True, inside=False):
            return True
        return place == 0 and self._ends_well(run, following)

    def _is_particle(self, word: str) -> bool:
        folded = fold_sounds(word)
        return all(map(is_hangul, word)) and self._is_ending(folded) and folded not in self._nouns

    def _is_ending(self, text: str) -> bool:
        return all(char in self._endings for char in text)

    def _ends_well(self, run: str, place: int) -> bool:
        return self._is_ending(run[place:]) or self._later(run, place)

    def _later(self, run: str, place: int) -> bool:
        for at in range(place, len(run)):
            longest = min(_LONGEST_NOUN, len(run) - at)
            if any(run[at : at + length] in self._nouns for length in range(longest, 1, -1)):
                return True
            if run[at] not in self._endings:
                return False
        return False

    def _without_ending(self, word: str) -> str:
        end = len(word)
        while end > _SHORTEST_NOUN and word[end - 1] in self._endings:
            end -= 1
        return word[:end]

    def _gather(self, words: list[Word]) -> list[Word]:
        found: list[Word] = []
        place = 0
        while place < len(words):
            for phrase in self._phrases.get(words[place].key, ()):
                end = self._follow(words, place, phrase)
                if end:
                    found.append(Word(key=" ".join(phrase), surface="", known=True))
                    place = end
                    break
            else:
                found.append(words[place])
                place += 1
            key = found[-1].key
            found[-1] = replace(found[-1], groups=self._groups.get(key, ()), filler=key in self._fillers)
        return found

    def _follow(self, words: Sequence[Word], place: int, phrase: Sequence[str]) -> int:
        """Where a phrase from a place on ends, words between that say nothing left out; 0 where it is not there."""
        at = place
        for key in phrase[1:]:
            at += 1
            last = at - 1 + _MOST_BETWEEN
            while at <= last and at < len(words) and words[at].key != key and words[at].key in self._fillers:
                at += 1
            if at >= len(words) or words[at].key != key:
                return 0
        return at + 1
