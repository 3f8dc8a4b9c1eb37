"""Reads what a sentence says beside records: the state that a server lacks, for how long, that its host is dead."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from nova_states.lookup.reading.grammar import Grammar, compile_pattern
from nova_states.lookup.reading.known_messages import CREATE
from nova_states.lookup.reading.messages import on_one_line
from nova_states.lookup.reading.pieces import Findings, Piece
from nova_states.lookup.reading.records import tells
from nova_states.lookup.reading.sentences import hypervisor_in, is_host_down, read_sentence, server_in, with_age
from nova_states.lookup.reading.unread import without_sentences
from nova_states.lookup.report import OF_CELL, Report

_SUBJECTS: Final = ("server", "fault", "refusal", "tool")
"""Records that a sentence may be about."""
_OF_SERVERS: Final = ("server", "fault", "tool")
"""Those of one server, of which a sentence beside them tells, whether or not it says so."""
_HOSTED: Final = ("server", "refusal")
_LOG: Final = "log"
_FAILURES: Final = ("fault", _LOG)
_STATELESS: Final = (_LOG, "migration", "event")
"""Records about a server that do not tell in which state it is."""
_HOST: Final = ("host", "호스트")
_DOMAIN: Final = "."


def read_beside(lines: Sequence[str], pieces: list[Piece], findings: Findings) -> list[Piece]:
    """Put to the only record, or server, what a sentence says beside it; beside a log alone it tells of a server.

    Args:
        lines: The whole paste.
        pieces: What nobody has read of it.
        findings: What was found.

    Returns:
        The pieces without the lines that told the time.
    """
    grammar = findings.grammar
    said = on_one_line("\n".join(line for piece in pieces for line in piece.lines), grammar)
    is_sentence = len(said) <= grammar.limit("longest_sentence")
    if is_sentence:
        _put_operation("\n".join((*findings.commands.values(), said)), findings)
    at = _only_subject(findings)
    if at is None and is_sentence and (busy := _only_busy(findings)) is not None:
        return _aged(busy, said, pieces, findings)
    if at is None:
        return _beside_stateless(said, pieces, findings) if is_sentence else pieces
    (place, record) = findings.records[at]
    # Where there are other records, what is left of the lines speaks of it.
    text = on_one_line("\n".join(lines), grammar) if len(findings.records) == 1 else said
    record = _with_states(record, text, said, grammar)
    if record.record == "server" and record.id is None and is_sentence:
        record = replace(record, id=server_in(said, grammar))
    if record.record in _HOSTED and is_sentence:
        record = _with_surroundings(record, said, grammar)
    if _is_of_build(record, "\n".join(lines), grammar):
        record = replace(record, read={**(record.read or {}), "operation": CREATE})
    if record.record == "server" and len(text) <= grammar.limit("longest_sentence"):
        # The line that tells its states may also tell for how long.
        record = with_age(record, text, grammar)
    findings.records[at] = (place, record)
    return _aged(at, said, pieces, findings) if is_sentence else pieces


def _is_of_build(record: Report, text: str, grammar: Grammar) -> bool:
    """Whether a failure is that of a build: of a server only where nothing tells that it has run."""
    if record.record == "fault":
        return compile_pattern(grammar.plain["errors"]["build"]).search(text) is not None
    has_failed = record.record in ("server", "tool") and bool((record.read or {}).get("fault")) and not record.launched
    return has_failed and compile_pattern(grammar.plain["errors"]["built"]).search(text) is not None


def _put_operation(said: str, findings: Findings) -> None:
    """Put to the only failure what was to be done, where it does not tell and just one action is named beside it."""
    failed = [at for at, (_, record) in enumerate(findings.records) if record.record in _FAILURES]
    operations: dict[str, str] = findings.grammar.plain["errors"]["operations"]
    named = [name for name, words in operations.items() if compile_pattern(words, any_case=True).search(said)]
    if len(failed) != 1 or len(named) != 1:
        return
    place, record = findings.records[failed[0]]
    read = record.read or {}
    if not read.get("operation") and record.asked is None:
        findings.records[failed[0]] = (place, replace(record, read={**read, "operation": named[0]}))


def _aged(at: int, said: str, pieces: list[Piece], findings: Findings) -> list[Piece]:
    """Put to a record for how long it has been so; the pieces without the lines that told it."""
    place, record = findings.records[at]
    aged = with_age(record, said, findings.grammar)
    findings.records[at] = (place, aged)
    if aged is record:
        return pieces
    lasting = compile_pattern(findings.grammar.plain["lasting"]["pattern"])
    return [
        Piece(start=piece.start, lines=[without_sentences(line, _tells(lasting)) for line in piece.lines])
        for piece in pieces
    ]


def _tells(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda sentence: pattern.search(sentence) is not None


def _only_subject(findings: Findings) -> int | None:
    """The place of the only record that a sentence may be about; beside others, of the only server."""
    kinds = [record.record for _, record in findings.records]
    if len(kinds) == 1:
        return 0 if kinds[0] in _SUBJECTS else None
    return kinds.index("server") if kinds.count("server") == 1 else None


def _only_busy(findings: Findings) -> int | None:
    """The place of the only one of several servers that has a task: what lasts is that."""
    servers = ((at, record) for at, (_, record) in enumerate(findings.records) if record.record == "server")
    busy = [at for at, record in servers if record.task_state is not None]
    return busy[0] if len(busy) == 1 else None


def _with_states(record: Report, text: str, said: str, grammar: Grammar) -> Report:
    """A record with the states that it lacks, as far as a sentence tells them."""
    is_refused = record.record == "refusal" and record.status is None
    is_bare = record.record in _OF_SERVERS and record.status is None and record.vm_state is None
    if is_bare or is_refused:
        # What the message itself says is not of the server.
        message = ((record.read or {}).get("fault") or record.read or {}).get("message")
        told = read_sentence(text.replace(message, ". ") if message else text, grammar) or Report()
        if is_bare and not tells(told):
            told = read_sentence(said, grammar, is_told=True) or told
        if is_refused:
            told = Report(id=told.id, status=told.status)
        record = replace(record, status=told.status, vm_state=record.vm_state or told.vm_state, id=record.id or told.id)
        return _with_task(record, told)
    is_open = record.record in _OF_SERVERS and not record.has_task
    return _with_task(record, (read_sentence(said, grammar) if is_open else None) or Report())


def _with_task(record: Report, told: Report) -> Report:
    if record.has_task or not told.has_task:
        return record
    return replace(record, task_state=told.task_state, has_task=True)


def _with_surroundings(record: Report, said: str, grammar: Grammar) -> Report:
    """A server with what somebody says of its guest, and of its host by that word or by its name."""
    if guest := hypervisor_in(said, grammar):
        record = replace(record, read={**guest, **(record.read or {})})
    read = record.read or {}
    name = read.get("host") or ""
    told = [said]
    for known in sorted({name, name.partition(_DOMAIN)[0]} - {""}, key=len, reverse=True):
        told += [said.replace(known, word) for word in _HOST if known in said]
    is_down = record.status != OF_CELL and any(is_host_down(one, grammar) for one in told)
    return replace(record, read={"host_status": "UNKNOWN", **read}) if is_down else record


def _beside_stateless(said: str, pieces: list[Piece], findings: Findings) -> list[Piece]:
    """Add the server that a sentence beside records of no state tells of: it is theirs, if they name but one."""
    if any(record.record not in _STATELESS for _, record in findings.records):
        return pieces
    ids = (record.id if record.record == _LOG else (record.read or {}).get("server") for _, record in findings.records)
    named = set(ids) - {None}
    told = read_sentence(said, findings.grammar, is_told=len(named) == 1)
    if told is None or not tells(told):
        return pieces
    place = next((piece.start + at for piece in pieces for at, line in enumerate(piece.lines) if line.strip()), 0)
    (only,) = named if len(named) == 1 else (None,)
    is_id = only is None or findings.grammar.shape("uuid").search(only) is not None
    found = replace(told, id=told.id or only) if is_id else replace(told, name=told.name or only)
    findings.add(place, found)
    return []
