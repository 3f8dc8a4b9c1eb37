"""Which of a document's names tell something that its other names do not.

The search compares names by their words, and takes words of one group of the lexicon for the same. An alias that says
what the label says in such words decides no rank; it would only make the index larger. What is left out is found all
the same, so this reads words as they stand: what only the worker's normaliser takes for the same (Korean verbs in other
forms) stays.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Final

from nova_states.site.search.documents import Document

_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z'’]+|[0-9]+|[^\W\da-zA-Z_]+")
_POINT_RELEASE: Final = re.compile(r"(\d+)\.\d+\.\d+")
"""The search takes it for its series."""
_LONGEST_PHRASE: Final = 4


class TellingNames:
    """Tells which names tell something, by the words of a lexicon.

    Args:
        groups: Words that mean the same.
        fillers: Words that say nothing.
    """

    def __init__(self, groups: Sequence[Collection[str]], fillers: Collection[str]) -> None:
        self._numbers: dict[str, list[int]] = {}
        for number, group in enumerate(groups):
            for word in group:
                self._numbers.setdefault(word.casefold(), []).append(number)
        self._silent = {word.casefold() for word in fillers}

    def without_repeated(self, document: Document) -> Document:
        """The document with only those aliases that no earlier name says in other words."""
        said = {_meaning(name, self._numbers, self._silent) for name in (document.name, document.label)}
        kept = []
        for alias in document.aliases:
            meaning = _meaning(alias, self._numbers, self._silent)
            if meaning not in said:
                said.add(meaning)
                kept.append(alias)
        return replace(document, aliases=tuple(kept))


def _meaning(name: str, numbers: Mapping[str, Sequence[int]], silent: Collection[str]) -> str:
    """What a name says: the groups of its words, and the words without one; of a name that says nothing, itself."""
    release = _POINT_RELEASE.fullmatch(name)
    if release:
        return release[1]
    words = [word.casefold() for word in _WORD.findall(name)]
    if " " not in name:  # is typed as it stands, and found sooner by that
        return " ".join(words) or name.casefold()
    found = []
    place = 0
    while place < len(words):
        for length in range(min(_LONGEST_PHRASE, len(words) - place), 0, -1):
            phrase = " ".join(words[place : place + length])
            if phrase in numbers:
                found.append("+".join(map(str, numbers[phrase])))
                break
        else:
            length = 1
            if words[place] not in silent:
                found.append(words[place])
        place += length
    return " ".join(found) or name.casefold()
