"""Finds what somebody has tried already beside what was pasted: a hard reboot, a reset of the state, a restart.

Its twin is docs/assets/lookup/reading/trying.js; `nova_states.lookup.tried` says what comes of it.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Final

from nova_states.lookup.reading.grammar import Grammar
from nova_states.lookup.reading.sentences import read_sentence
from nova_states.lookup.reading.tried_patterns import trying
from nova_states.lookup.reading.wondering import said_of, with_wondered
from nova_states.lookup.report import Report

_ABOUT: Final = ("server", "fault", "log", "tool")
TRIED: Final = "tried"
"""What of `read` has the ids of the actions, in the order of the table."""


def with_tried(records: list[Report], text: str, grammar: Grammar) -> list[Report]:
    """Records that know what was tried, and what is asked about doing, where a paste has no more servers than one.

    Args:
        records: Of a paste.
        text: What no reader took.
        grammar: The grammar.
    """
    records = with_wondered(records, text, grammar)
    if sum(record.record == "server" for record in records) > 1:
        return records
    if not (told := tried_in(text, grammar)):
        return records
    return [
        replace(
            record,
            read={**(record.read or {}), TRIED: told},
            unread=tuple(part for part in record.unread if not tried_in(part, grammar)),
        )
        if record.record in _ABOUT
        else record
        for record in records
    ]


def read_tried(text: str, grammar: Grammar) -> Report | None:
    """The server of a sentence that says what was tried: nothing else is rebooted hard, or has its state reset."""
    return read_sentence(text, grammar, is_told=True) if tried_in(text, grammar) else None


def tried_in(text: str, grammar: Grammar) -> list[str]:
    """Ids of the actions that somebody says to have tried in vain."""
    told = grammar.plain["tried"]
    rows = (*grammar.plain["wondered"]["words"], *told["more"])
    return list(said_of(text, grammar, rows, partial(trying, told)))
