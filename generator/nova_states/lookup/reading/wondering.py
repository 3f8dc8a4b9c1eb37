"""Finds what somebody asks about doing beside what was pasted: whether to evacuate, to reboot, to wait.

Its twin is docs/assets/lookup/reading/wondering.js; `nova_states.lookup.wondered` answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from nova_states.lookup.reading.grammar import Grammar, compile_pattern
from nova_states.lookup.reading.messages import on_one_line
from nova_states.lookup.reading.unread import without_sentences
from nova_states.lookup.reading.wondered_patterns import wondering
from nova_states.lookup.report import Report

_ABOUT: Final = ("server", "refusal", "fault", "log", "tool")
WONDERED: Final = "wondered"
"""What of `read` has the action, or "wait"."""


def with_wondered(records: list[Report], text: str, grammar: Grammar) -> list[Report]:
    """Records that know what is asked about doing; nothing is where a paste has more servers than one.

    Args:
        records: Of a paste.
        text: What no reader took.
        grammar: The grammar.
    """
    if sum(record.record == "server" for record in records) > 1:
        return records
    told = grammar.plain["wondered"]
    # Who asks of two is answered about the graver, which stands first in the table.
    action = next(said_of(text, grammar, told["words"], partial(wondering, told)), None)
    if action is None:
        return records
    row = [row for row in told["words"] if row[0] == action]

    def is_answered(sentence: str) -> bool:
        return any(said_of(sentence, grammar, row, partial(wondering, told)))

    return [
        replace(
            record,
            read={**(record.read or {}), WONDERED: action},
            unread=tuple(part for text in record.unread if (part := without_sentences(text, is_answered))),
        )
        if record.record in _ABOUT
        else record
        for record in records
    ]


def said_of(
    text: str, grammar: Grammar, rows: Iterable[Sequence[str]], patterns: Callable[[Sequence[str]], Iterable[str]]
) -> Iterator[str]:
    """The first words of the rows that a text says something of, in their order; none of a text that is no sentence.

    Args:
        text: What no reader took.
        grammar: The grammar.
        rows: Of a table: an action, in English, in Korean.
        patterns: How each is said.
    """
    said = on_one_line(text, grammar)
    if len(said) > grammar.limit("longest_sentence"):
        return
    for row in rows:
        if any(compile_pattern(pattern, any_case=True).search(said) for pattern in patterns(row)):
            yield row[0]
