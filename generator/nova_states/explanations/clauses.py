"""Says literals as the clauses that changes are told by: by docs/explanations, or by what a wheel carries of them."""

from __future__ import annotations

import functools
import json
from typing import Any, Final

from nova_states.catalog.ways import Clause, Say, said_as_code
from nova_states.errors import InputError
from nova_states.explanations.condition_words import (
    FOLDER,
    ConditionWords,
    Entry,
    atom,
    load_condition_words,
    words_of,
)
from nova_states.explanations.korean import conjugated
from nova_states.explanations.languages import LANGUAGES, Text
from nova_states.facts.condition import LiteralCondition
from nova_states.facts.condition_codec import condition_to_plain
from nova_states.locations import COMPILED, explanations_folder, find_checkout

WHEEL_FILE: Final = "clauses"
"""Name of the file below `COMPILED` that holds the entries in a wheel."""


@functools.cache
def own_clauses() -> Say:
    """What says literals here.

    Raises:
        CheckError: the explanations of conditions do not fit, each with its place.
        InputError: this is a checkout without them.
    """
    if find_checkout() is None:
        return clauses_by(words_of_wheel((COMPILED / f"{WHEEL_FILE}.json").read_text(encoding="utf-8")))
    return clauses_by(load_condition_words(explanations_folder() / FOLDER))


def clauses_by(words: ConditionWords) -> Say:
    """What says literals by some words; a test of a fork, which has none, is told by its code."""

    def say(literal: LiteralCondition, place: str, denied: bool) -> tuple[Clause, ...]:  # noqa: FBT001 - a `Say`
        try:
            return tuple(_clause(words.clause(part, place, denied=denied)) for part in words.parts(literal, place))
        except InputError:
            return said_as_code(literal, place, denied)

    return say


def _clause(text: Text) -> Clause:
    return {"ko": [conjugated(text.ko, "고"), conjugated(text.ko, "면")], "en": [text.en, text.en]}


def text_for_wheel(words: ConditionWords) -> str:
    """The entries as a wheel carries them."""
    plain = [
        {
            "atoms": [condition_to_plain(literal) for literal in entry.atoms],
            "only": list(entry.only),
            "sides": [
                side and {language: side[language] for language in LANGUAGES} for side in (entry.holds, entry.fails)
            ],
        }
        for entry in words.entries
    ]
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":")) + "\n"


def words_of_wheel(text: str) -> ConditionWords:
    """The words that `text_for_wheel` wrote, as far as clauses need them."""
    return words_of(_entry(plain) for plain in json.loads(text))


def _entry(plain: dict[str, Any]) -> Entry:
    holds, fails = (side and Text(**side) for side in plain["sides"])
    return Entry(
        where=WHEEL_FILE,
        theme=WHEEL_FILE,
        atoms=tuple(atom(one) for one in plain["atoms"]),
        only=tuple(plain["only"]),
        holds=holds,
        fails=fails,
        ordinary=None,
    )
