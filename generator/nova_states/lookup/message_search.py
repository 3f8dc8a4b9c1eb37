"""Finds one of Nova's messages in a text, from the places of its longest literal; `message_patterns` says how."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from nova_states.lookup.message_wording import emptied, folded, letters_of, literals_of, squeezed

GAP: Final = 400
"""Characters that may stand for a placeholder."""
MOST_PLACES: Final = 32
"""Places of an entry's longest literal that are tried in one text."""
FEW_LETTERS: Final = 14
"""An entry with fewer letters must fill its line, and be there whole."""
SHORTEST_CUT: Final = 24
"""Letters that must have been found of a message that was cut."""
_WORD: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_")
_OPENING: Final = frozenset("\n'>:|]([{*")
_CLOSING: Final = frozenset("\n'<|,)]}*")
_QUOTE: Final = re.compile("(?<![a-z0-9])'|'(?![a-z0-9])")
"""None that stands within a word."""
_CLOSED: Final = ("', ", "','", "'}", "' }", "'\n")
_TAG: Final = re.compile("<(?!class ')[a-z/!]")
"""A page's markup goes on there; "1024 < 2048" and a class of Python's do not end a message."""
_HANGUL: Final = ("\uac00", "\ud7a3")
"""The first and the last syllable: somebody quotes a message in a sentence of his own."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Match:
    """A message that stands in a text."""

    id: str
    """"error:NoValidHost", "log_message:<slug>", "refusal:<action>"."""
    groups: Mapping[str, str]
    """Placeholder → what stands there, spaces folded; without one at the end that stands for nothing or was cut off."""
    lang: str
    """"en", or the code of Nova's translation: "ko_KR"."""
    code: int | None
    """HTTP status that the exception's class, or the refusal, stands for."""
    letters: int
    """Letters of the message itself that were found: the more, the more certain."""
    start: int
    """Where its first literal begins in the folded text."""
    end: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """A wording where it stands in a text."""

    letters: int
    spans: tuple[tuple[int, int], ...]
    """Begin and end of each literal."""
    groups: dict[str, str]
    is_emptied: bool = False
    """Whether the last placeholder stands for nothing."""

    @property
    def length(self) -> int:
        """Characters of all literals; a wording that nothing is missing of goes before the same with something."""
        return sum(end - start for start, end in self.spans) - self.is_emptied

    def hides(self, other: Found) -> bool:
        """Whether this says more, and every literal of the other stands inside one of this."""
        if (self.letters, self.length) <= (other.letters, other.length):
            return False
        return all(any(a <= start and end <= b for a, b in self.spans) for start, end in other.spans)

    def is_nearer(self, other: Found) -> bool:
        """Whether this stands where the other has a placeholder, and both end with the same words.

        These are of the message that begins nearer to them.
        """
        if len(other.spans) < 2 or other.spans[-1] != self.spans[-1] or len(self.spans) < 2:  # noqa: PLR2004 - two ends
            return False
        return other.spans[-2][1] <= self.spans[0][0]


@dataclass(frozen=True, kw_only=True, slots=True)
class Placed:
    """One of the messages of a wording that was found."""

    id: str
    lang: str
    code: int | None
    found: Found

    def as_match(self) -> Match:
        """The same for who asks."""
        return Match(
            id=self.id,
            groups=self.found.groups,
            lang=self.lang,
            code=self.code,
            letters=self.found.letters,
            start=self.found.spans[0][0],
            end=self.found.spans[-1][1],
        )


class Text:
    """A folded text, searched for wordings."""

    def __init__(self, text: str) -> None:
        self.plain = squeezed(text)
        self.folded = folded(self.plain)
        self.line = self.folded.replace("\n", " ")

    def find(self, template: str) -> Iterator[Found]:
        """Every place where the text holds a wording."""
        literals, names = literals_of(template)
        found = list(self._all(literals, names))
        if not found and not literals[-1]:
            shorter = self._all(*emptied(literals, names))
            found = [
                replace(one, is_emptied=True)
                for one in shorter
                if one.letters >= FEW_LETTERS and self._ends(one.spans[-1][1])
            ]
        yield from found

    def _all(self, literals: Sequence[str], names: Sequence[str]) -> Iterator[Found]:
        anchor = max(range(len(literals)), key=lambda place: len(literals[place]))
        place = self.line.find(literals[anchor])
        for _ in range(MOST_PLACES):
            if place < 0:
                return
            spans = self._spans(literals, anchor, place)
            found = self._found(literals, names, spans) if spans else None
            if found:
                yield found
            after = found.spans[-1][1] if found else place + 1
            place = self.line.find(literals[anchor], max(after, place + 1))

    def _spans(self, literals: Sequence[str], anchor: int, place: int) -> list[tuple[int, int]]:
        """Where each literal stands; those that were cut off are missing, an empty list if it does not fit."""
        spans = [(place, place + len(literals[anchor]))]
        for literal in reversed(literals[:anchor]):
            before = spans[0][0]
            start = self.line.rfind(literal, max(0, before - GAP - len(literal)), before) if literal else before
            if start < 0 or not self._is_gap(start + len(literal), before):
                return []
            spans.insert(0, (start, start + len(literal)))
        for literal in literals[anchor + 1 :]:
            after = spans[-1][1]
            start = self.line.find(literal, after, after + GAP + len(literal)) if literal else after
            if start < 0 or not self._is_gap(after, start):
                return spans if self._is_cut(spans) else []
            spans.append((start, start + len(literal)))
        return spans

    def _is_gap(self, start: int, end: int) -> bool:
        return self.folded.count("\n", start, end) <= 1

    def _is_cut(self, spans: list[tuple[int, int]]) -> bool:
        """Whether the text ends where the message would go on."""
        after = spans[-1][1]
        if len(self.folded) - after > GAP or "\n" in self.folded[after:]:
            return False
        return sum(letters_of(self.line[start:end]) for start, end in spans) >= SHORTEST_CUT

    def _found(self, literals: Sequence[str], names: Sequence[str], spans: list[tuple[int, int]]) -> Found | None:
        start, end = spans[0][0], spans[-1][1]
        letters = sum(letters_of(literal) for literal in literals[: len(spans)])
        if not self._are_words(start, end):
            return None
        first = self._begin(start) if not literals[0] else start
        last = self._end(end) if len(spans) < len(literals) or not literals[-1] else end
        if letters < FEW_LETTERS and not self._fills(first, last):
            return None
        bounds = [(one[1], other[0]) for one, other in pairwise(spans)]
        if not literals[0]:
            bounds[0] = (first, bounds[0][1])
        if not literals[-1] and len(spans) == len(literals):
            bounds[-1] = (bounds[-1][0], last)
        elif len(spans) < len(literals):
            bounds.append((end, last))
        groups: dict[str, str] = {}
        for name, (a, b) in zip(names, bounds, strict=False):
            # What is filled in last stands last, though it may stand earlier as well.
            groups.pop(name, None)
            groups[name] = self.plain[a:b].strip(" \n")
        return Found(letters=letters, spans=tuple(span for span in spans if span[0] < span[1]), groups=groups)

    def _are_words(self, start: int, end: int) -> bool:
        """Whether the literals at both ends are not parts of longer words."""
        before, first = self.line[max(0, start - 1) : start], self.line[start : start + 1]
        last, after = self.line[end - 1 : end], self.line[end : end + 1]
        return not (before in _WORD and first in _WORD) and not (last in _WORD and after in _WORD)

    def _begin(self, place: int) -> int:
        """Where what stands before the first literal begins: behind a line's end, a quote, a colon, a cell's edge."""
        start = max(0, place - GAP)
        part = self.folded[start:place].rstrip(" \n'")
        return start + max(part.rfind(sign) + len(sign) for sign in ("\n", " '", ": ", "| ", "] ")) if part else place

    def _end(self, place: int) -> int:
        """Where what stands behind the last literal ends: at a line's end, a closing quote, a cell's edge."""
        stops = [at for sign in ("\n", " | ") if (at := self.folded.find(sign, place, place + GAP)) >= 0]
        stops.extend(self._closed(place))
        if tag := _TAG.search(self.folded, place, place + GAP):
            stops.append(tag.start())
        return min([*stops, len(self.folded), place + GAP])

    def _closed(self, place: int) -> Iterator[int]:
        """The quote that closes what was opened before a place; what is quoted behind it has quotes of its own."""
        part = self.folded[place : place + GAP]
        is_open = False
        for found in _QUOTE.finditer(part):
            if not is_open and part.startswith(_CLOSED, found.start()):
                yield place + found.start()
                return
            is_open = not is_open

    def _fills(self, start: int, end: int) -> bool:
        """Whether a message is all that a line, a quotation or a cell has, or what follows a colon."""
        before = self.folded[max(0, start - 2) : start].rstrip(" ")[-1:]
        return (not before or before in _OPENING) and self._ends(end)

    def _ends(self, place: int) -> bool:
        after = self.folded[place : place + 3].lstrip(" .")[:1]
        return not after or after in _CLOSING or _HANGUL[0] <= after <= _HANGUL[1]
