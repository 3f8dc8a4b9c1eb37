"""Finds what somebody asks about doing beside what was pasted: whether to evacuate, to reboot, to wait.

Its twin is docs/assets/lookup/reading/wondering.js; `nova_states.lookup.wondered` answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from nova_states.lookup.reading.grammar import Grammar, compile_pattern
from nova_states.lookup.reading.messages import on_one_line
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
    said = on_one_line(text, grammar)
    action = _asked(said, grammar) if len(said) <= grammar.limit("longest_sentence") else None
    if action is None:
        return records
    return [
        replace(record, read={**(record.read or {}), WONDERED: action}) if record.record in _ABOUT else record
        for record in records
    ]


def _asked(said: str, grammar: Grammar) -> str | None:
    """The action that is asked about first in the table: who asks of two is answered about the graver."""
    told = grammar.plain["wondered"]
    rows: Sequence[Sequence[str]] = told["words"]
    for row in rows:
        if any(compile_pattern(pattern, any_case=True).search(said) for pattern in wondering(told, row)):
            return row[0]
    return None
