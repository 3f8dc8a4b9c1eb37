"""The little Korean grammar that joins clauses: from the form in a dictionary to -고, -거나 and -면.

Clauses are written with their verb as a dictionary has it (있다, 실행 중이다, 지원하지 않다). The stem is what stands
before -다. The endings used here follow it as it is, but for the 으 that -면 takes after consonants other than ㄹ.
Stems that could change before it are refused: only people can tell 걷다 (걸으면) from 받다 (받으면).
"""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

Ending: TypeAlias = Literal["고", "거나", "면"]
"""And; or; if."""

_FIRST: Final = 0xAC00
_LAST: Final = 0xD7A3
_FINALS: Final[tuple[str, ...]] = ("", *"ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ")
"""Final consonants in the order of Unicode's syllables."""
_IRREGULAR: Final = frozenset("ㄷㅂㅅㅎ")
"""Final consonants of stems, some of which change before 으."""


def stem_of(clause: str) -> str | None:
    """A clause without the -다 of its verb; None where it has none, or where the verb may be irregular."""
    stem = clause.removesuffix("다")
    if stem == clause or not stem or not _FIRST <= ord(stem[-1]) <= _LAST or _final(stem) in _IRREGULAR:
        return None
    return stem


def conjugated(clause: str, ending: Ending) -> str:
    """A clause with its verb in the form that goes on: "서버가 있다", 면 → "서버가 있으면".

    Raises:
        ValueError: `stem_of` has no stem for it.
    """
    stem = stem_of(clause)
    if stem is None:
        raise ValueError(f"{clause!r} has no regular verb at its end")
    return f"{stem}{'으' if ending == '면' and _final(stem) not in ('', 'ㄹ') else ''}{ending}"


def _final(stem: str) -> str:
    return _FINALS[(ord(stem[-1]) - _FIRST) % len(_FINALS)]
