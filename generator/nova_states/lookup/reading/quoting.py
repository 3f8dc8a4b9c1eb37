"""Puts to records the cause that their message quotes, and to the first what somebody asks beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from nova_states.explanations.file_names import ASKED, VAGUE
from nova_states.lookup.reading.grammar import Grammar
from nova_states.lookup.reading.messages import on_one_line
from nova_states.lookup.reading.pieces import Findings
from nova_states.lookup.renamed_hosts import with_renamed_hosts
from nova_states.lookup.report import OF_CELL, Report
from nova_states.lookup.root_causes import FOLLOWS, SAID, find_cause, find_causes, is_vague, put_causes, with_cause
from nova_states.lookup.situation import errors_of

_QUOTING: Final = ("refusal", "fault", "tool", "log", "event")
"""Records that quote why something failed."""
_FARTHEST: Final = 9
"""Of what does not say why."""
_SERVER: Final = "server"
_CELL_DOWN: Final = "cell-down"
_WELL: Final = "ACTIVE"
_OF_OCTAVIA: Final = "amphora-"
_AMPHORA: Final = "asked-amphora"
_SAYING: Final = ("fault", "refused", "disabled_reason")
"""What of any other record says why."""


def with_causes(records: list[Report], grammar: Grammar) -> list[Report]:
    """Records that know the cause which their message quotes, where they have one."""
    records = with_renamed_hosts([_of_octavia(_of_cell(record)) for record in records])
    has_message = [_says_why(record) for record in records]
    if not any(has_message):
        return records
    rows = grammar.causes
    # Servers of one list often have the same.
    known: dict[Any, tuple[str | None, str | None]] = {}
    told = grammar.messages.get(FOLLOWS, {})
    return [
        _with_distance(_of_request(with_cause(record, rows, known), rows, told), told) if has else record
        for record, has in zip(records, has_message, strict=True)
    ]


def _of_cell(record: Report) -> Report:
    """A server of which the API shows no more than that its cell does not answer, with that as the cause."""
    is_of_cell = record.record == _SERVER and record.status == OF_CELL and record.vm_state is None
    return put_causes(record, _CELL_DOWN, None) if is_of_cell else record


def _of_octavia(record: Report) -> Report:
    """A server that is Octavia's by its name, with that as the cause; of one that is well nothing has to be said."""
    is_sick = record.record == _SERVER and record.status != _WELL and (record.name or "").startswith(_OF_OCTAVIA)
    return put_causes(record, _AMPHORA, None) if is_sick else record


def _of_request(record: Report, rows: Sequence[Sequence[Any]], far: Mapping[str, int]) -> Report:
    """A line of a log with the cause that a quieter line of its request tells, where that is nearer to what failed."""
    said = (record.read or {}).get(SAID)
    if not said:
        return record
    least = min((far.get(name, 0) for name in _reasons(record)), default=_FARTHEST)
    for message in said:
        cause, also = find_causes(message, rows)
        if cause and far.get(f"cause:{cause}", 0) < least and not cause.startswith(VAGUE):
            least = far.get(f"cause:{cause}", 0)
            record = put_causes(record, cause, also)
    return record


def _reasons(record: Report) -> list[str]:
    """Exceptions and cause of a record, as they are called where it stands how far they are from what failed."""
    cause = (record.read or {}).get("cause")
    return [*errors_of(record), *([f"cause:{cause}"] if cause and not cause.startswith(ASKED) else [])]


def _says_why(record: Report) -> bool:
    return record.record in _QUOTING or any((record.read or {}).get(name) for name in _SAYING)


def _with_distance(record: Report, far: Mapping[str, int]) -> Report:
    """A record that knows how far what it tells is from what failed, as `read["follows"]`; left out where it is that.

    Of all that it names, the nearest counts: a cause that a message quotes is nearer than what quotes it.
    """
    least = min((far.get(name, 0) for name in _reasons(record)), default=0)
    return replace(record, read={**(record.read or {}), FOLLOWS: least}) if least else record


def put_question(text: str, findings: Findings) -> None:
    """Put to the only server, or the first record, what somebody asks beside it; alone, or of a list, it is its own."""
    grammar = findings.grammar
    # What was taken for a line that only says that something failed may be a question as well.
    vague = (record for _, record in findings.records if is_vague(record, grammar.causes))
    said = on_one_line("\n".join([text, *((record.read or {})["message"] for record in vague)]), grammar)
    if len(said) > grammar.limit("longest_sentence"):
        return
    asked, also = find_causes(said, grammar.questions)
    has_why = any(_says_why(record) for _, record in findings.records)
    # What is only a sign of a failure is not told beside what says why it failed.
    if asked is None or (has_why and grammar.messages.get(FOLLOWS, {}).get(f"cause:{asked}")):
        return
    findings.unread = [(line, part) for line, part in findings.unread if not find_cause(part, grammar.questions)]
    # What is asked of a list is asked of none of its servers alone.
    servers = [at for at, (_, record) in enumerate(findings.records) if record.record == _SERVER]
    if not findings.records or len(servers) > 1:
        findings.records.insert(0, (0, put_causes(Report(), asked, also)))
        return
    at = servers[0] if servers else min(range(len(findings.records)), key=lambda place: findings.records[place][0])
    line, record = findings.records[at]
    findings.records[at] = (line, put_causes(record, asked, also))
