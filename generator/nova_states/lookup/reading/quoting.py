"""Puts to records the cause that their message quotes, and to the first what somebody asks beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from nova_states.explanations.file_names import ASKED
from nova_states.lookup.reading.grammar import Grammar
from nova_states.lookup.reading.messages import on_one_line
from nova_states.lookup.reading.pieces import Findings
from nova_states.lookup.report import Report
from nova_states.lookup.root_causes import FOLLOWS, find_cause, find_causes, put_causes, with_cause
from nova_states.lookup.situation import errors_of

_QUOTING: Final = ("refusal", "fault", "tool", "log", "event")
"""Records that quote why something failed."""
_SAYING: Final = ("fault", "refused", "disabled_reason")
"""What of any other record says why."""


def with_causes(records: list[Report], grammar: Grammar) -> list[Report]:
    """Records that know the cause which their message quotes, where they have one."""
    has_message = [
        record.record in _QUOTING or any((record.read or {}).get(name) for name in _SAYING) for record in records
    ]
    if not any(has_message):
        return records
    rows = grammar.causes
    # Servers of one list often have the same.
    known: dict[Any, tuple[str | None, str | None]] = {}
    told = grammar.messages.get(FOLLOWS, {})
    return [
        _with_distance(with_cause(record, rows, known), told) if has else record
        for record, has in zip(records, has_message, strict=True)
    ]


def _with_distance(record: Report, far: Mapping[str, int]) -> Report:
    """A record that knows how far what it tells is from what failed, as `read["follows"]`; left out where it is that.

    Of all that it names, the nearest counts: a cause that a message quotes is nearer than what quotes it.
    """
    cause = (record.read or {}).get("cause")
    names = [*errors_of(record), *([f"cause:{cause}"] if cause and not cause.startswith(ASKED) else [])]
    least = min((far.get(name, 0) for name in names), default=0)
    return replace(record, read={**(record.read or {}), FOLLOWS: least}) if least else record


def put_question(text: str, findings: Findings) -> None:
    """Put to the first record what somebody asks in the same words or beside it; alone it is a record of its own."""
    grammar = findings.grammar
    said = on_one_line(text, grammar)
    if len(said) > grammar.limit("longest_sentence"):
        return
    asked, also = find_causes(said, grammar.questions)
    if asked is None:
        return
    findings.unread = [(line, part) for line, part in findings.unread if not find_cause(part, grammar.questions)]
    if not findings.records:
        findings.add(0, put_causes(Report(), asked, also))
        return
    at = min(range(len(findings.records)), key=lambda place: findings.records[place][0])
    line, record = findings.records[at]
    findings.records[at] = (line, put_causes(record, asked, also))
