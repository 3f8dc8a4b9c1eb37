"""Reads a paste from the outside in: whole JSON, else lines without their wrappings, handed from reader to reader.

Each reader takes the lines that have its shape and hands on the rest; what nobody takes is named as unread. Nothing
here takes longer than its input is long, and nothing of the input is ever run.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from nova_states.lookup.reading.assignments import without_prefixes
from nova_states.lookup.reading.columns import read_columns
from nova_states.lookup.reading.copied import read_copied
from nova_states.lookup.reading.cut_tables import join_cut_tables
from nova_states.lookup.reading.documents import documents_in, lists_nothing
from nova_states.lookup.reading.domain_jobs import read_jobs
from nova_states.lookup.reading.foreign_domains import name_foreign
from nova_states.lookup.reading.given_names import with_given
from nova_states.lookup.reading.grammar import Grammar, compile_pattern
from nova_states.lookup.reading.hypervisor import read_domains
from nova_states.lookup.reading.later_looks import drop_earlier_looks, without_polls
from nova_states.lookup.reading.listing import read_listing
from nova_states.lookup.reading.messages import read_messages
from nova_states.lookup.reading.named_parts import name_parts
from nova_states.lookup.reading.objects import read_printed, read_value
from nova_states.lookup.reading.others import read_others
from nova_states.lookup.reading.pieces import Findings, Piece
from nova_states.lookup.reading.products import drop_copies, neighbour_of, of_neighbour, product_of
from nova_states.lookup.reading.quoting import put_question, with_causes
from nova_states.lookup.reading.records import tells
from nova_states.lookup.reading.relations import (
    fault_of_action,
    of_requests,
    with_errors,
    with_fault,
    with_refusals,
    with_tools,
    without_repeated,
)
from nova_states.lookup.reading.said_beside import read_beside
from nova_states.lookup.reading.sentences import read_migration, read_sentence
from nova_states.lookup.reading.services import read_services, read_told_services
from nova_states.lookup.reading.surroundings import read_said, said_in_commands, told_by_commands
from nova_states.lookup.reading.tables import read_tables
from nova_states.lookup.reading.trying import read_tried, with_tried
from nova_states.lookup.reading.unread import leave, named
from nova_states.lookup.reading.unwrapping import tidy, unwrap
from nova_states.lookup.reading.words import (
    is_column_of_statuses,
    read_asked,
    read_shown,
    read_status_lines,
    read_values,
    read_words,
)
from nova_states.lookup.reading.wrapped_logs import whole_entries
from nova_states.lookup.report import Asked, Report
from nova_states.lookup.root_causes import find_cause, is_vague
from nova_states.lookup.vocabulary import fold

_READERS: Final[tuple[Callable[[Piece, Findings], list[Piece]], ...]] = (
    read_tables,
    read_jobs,
    read_domains,
    read_services,
    read_copied,
    read_columns,
    read_asked,
    read_shown,
    read_others,
    read_printed,
    read_listing,
    read_values,
    read_messages,
)
"""In this order: what has more form is looked for first."""
_MESSAGES: Final = ("refusal", "fault", "tool")
_OF_SERVERS: Final = ("server", *_MESSAGES, "log")
_QUIET: Final = ("INFO", "AUDIT", "DEBUG")
"""Levels of lines that nobody asks about unless something is said of them."""
_LAST_LINES: Final = 3
_MOST_BETWEEN: Final = 60
"""Lines between a command and what it printed, or between two records of it."""
_NEAR: Final = 20
"""Lines between a command and what it has printed."""
_TAIL: Final = re.compile(r"""([A-Za-z_-]{1,40})["'|\s]*$""", re.ASCII)
_BLANK: Final = "\ufeff \t\r\n"


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """What a paste was found to hold."""

    reports: list[Report]
    """In its order; the first has what was not read."""
    is_json: bool
    """It is one value of JSON or several, and nothing else."""
    is_empty_list: bool = False
    """It lists servers, and there are none."""
    product: str | None = None
    """What it is of, where that is not Nova."""


def read_paste(text: str, grammar: Grammar) -> Reading:
    """All records of a text."""
    findings = Findings(grammar=grammar)
    if product := product_of(text, grammar):
        return Reading(reports=[], is_json=False, product=product)
    start = text.lstrip(_BLANK)
    documents = documents_in(start, grammar) if start.startswith(("{", "[")) else None
    if documents is not None:
        return read_parsed(documents, grammar)
    tidied = tidy(text)
    unwrapped = unwrap(tidied, grammar)
    findings.commands, findings.hosts = unwrapped.commands, unwrapped.hosts
    words = read_words(tidied, grammar)
    if words is not None:
        return Reading(reports=with_tried([words], tidied, grammar), is_json=False)
    lines = without_prefixes(whole_entries(unwrapped.lines, grammar), unwrapped.commands.values(), grammar)
    lines = without_polls(lines, findings)
    pieces = [Piece(start=0, lines=lines)]
    for reader in _READERS:
        pieces = [left for piece in pieces for left in reader(piece, findings)]
    left = "\n".join(line for piece in pieces for line in piece.lines if line.strip())
    if not findings.records:
        _read_left(pieces, findings)
        if not findings.records:
            read_told_services(pieces, findings)
    else:
        if all(record.record not in _OF_SERVERS for _, record in findings.records):
            pieces = [left for piece in pieces for left in read_status_lines(piece, findings)]
        _drop_cut(lines, findings)
        _drop_others(findings)
        drop_copies(findings)
        _ask(findings)
        told_by_commands(findings)
        drop_earlier_looks(lines, findings)
        join_cut_tables(findings)
        fault_of_action(findings, tidied)
        pieces = read_said(pieces, findings)
        said, pieces = pieces, read_beside(lines, pieces, findings)
        read_told_services(said, findings)
        leave(pieces, findings)
    name_parts(lines, findings)
    put_question(left, findings)
    reports = with_given(_in_order(findings), unwrapped.lines, unwrapped.commands.values(), grammar)
    reports = with_tried(name_foreign(reports, text, grammar), left, grammar)
    product = neighbour_of(text, reports, [_is_idle(report, grammar, ()) for report in reports], grammar)
    return Reading(reports=[] if product else reports, is_json=False, product=product)


def read_parsed(documents: Sequence[Any], grammar: Grammar) -> Reading:
    """All records of values of JSON."""
    findings = Findings(grammar=grammar)
    for document in documents:
        read_value(document, 0, findings)
    drop_copies(findings)
    is_empty = not findings.records and all(lists_nothing(document) for document in documents)
    return Reading(reports=_in_order(findings), is_json=True, is_empty_list=is_empty)


def _drop_others(findings: Findings) -> None:
    """Drop servers that tell no more than a status, where a command for something else has printed them."""
    places = sorted(findings.commands)
    others = findings.grammar.shape("of_others")
    last = 0
    kept: list[tuple[int, Report]] = []
    for line, record in sorted(findings.records, key=lambda pair: pair[0]):
        at = bisect_right(places, line) - 1
        last = max(last, places[at] if at >= 0 else -_MOST_BETWEEN)
        command = findings.commands[places[at]] if at >= 0 and line - last < _MOST_BETWEEN else ""
        is_bare = record.record == "server" and not record.has_task and record.vm_state is record.power_state is None
        if is_bare and others.search(command):
            findings.leave(line, command)
        else:
            kept.append((line, record))
        last = line
    findings.records = kept


def _read_left(pieces: Sequence[Piece], findings: Findings) -> None:
    """Look for words of Nova in what has no form, where nothing else was found."""
    grammar = findings.grammar
    lines = [line for piece in pieces for line in piece.lines if line.strip()]
    text = "\n".join(line for line in lines if of_neighbour(line, grammar) is None)
    if is_column_of_statuses(text, grammar):
        for piece in pieces:
            read_status_lines(piece, findings)
        return
    said = said_in_commands(findings)
    record = read_words(text, grammar) or read_sentence(text, grammar) or read_sentence(f"{said}\n{text}", grammar)
    record = record or read_migration(text, grammar) or read_tried(text, grammar)
    if record is not None:
        findings.add(pieces[0].start if pieces else 0, record)
    else:
        leave(pieces, findings)


def _drop_cut(lines: Sequence[str], findings: Findings) -> None:
    """Drop the state that a paste ends in, if it is no more than the beginning of one: the rest was cut off."""
    end = _TAIL.search("\n".join(lines[-_LAST_LINES:]))
    if end is None:
        return
    words = findings.grammar.vocabulary
    known = {"status": words.statuses, "vm_state": words.vm_states, "task_state": words.task_states}
    for place, (line, record) in enumerate(findings.records):
        for name, states in known.items():
            value = getattr(record, name)
            if value != end[1] or fold(value) in states or not any(word.startswith(fold(value)) for word in states):
                continue
            told: dict[str, Any] = {name: None} | ({"has_task": False} if name == "task_state" else {})
            findings.records[place] = (line, replace(record, **told))
            findings.leave(len(lines), value)


def _ask(findings: Findings) -> None:
    """Put to refusals that do not tell what was asked what the nearest command above them asks for."""
    # Beside a server, what its refusal says counts more than what was asked.
    is_alone = all(record.record != "server" for _, record in findings.records)
    for at, (line, record) in enumerate(findings.records):
        if record.record != "refusal" or record.asked or not is_alone:
            continue
        near = range(line - 1, line - 1 - _NEAR, -1)
        command = next((findings.commands[place] for place in near if place in findings.commands), "")
        if action := _asked_by(command, findings.grammar):
            findings.records[at] = (line, replace(record, asked=Asked(action=action, attribute=None, value=None)))


def _asked_by(command: str, grammar: Grammar) -> str | None:
    """The action that a command asks for, by its options, by the longest of its words that name one."""
    errors = grammar.plain["errors"]
    found = compile_pattern(errors["command"]).search(command)
    if found is None:
        return None
    options: dict[str, str] = errors["options"]
    if named := next((action for option, action in options.items() if option in found["options"]), None):
        return named
    words = found["words"].split(" ")
    names = [" ".join(words[:count]) for count in range(len(words), 0, -1)]
    commands: dict[str, str] = errors["commands"]
    return next((commands.get(name, name) for name in names if name in commands or grammar.is_action(name)), None)


def _in_order(findings: Findings) -> list[Report]:
    """Records in the order of the paste, a refusal with its server; the first has what was not read."""
    records = [record for _, record in sorted(findings.records, key=lambda pair: pair[0])]
    records = list(with_refusals(of_requests(_once(list(_telling(records, findings))))))
    records = without_repeated(with_tools(with_fault(with_errors(records))))
    records = with_causes(records, findings.grammar)
    if records:
        unread = tuple(named(findings))
        if unread:
            records[0] = replace(records[0], unread=(*unread, *records[0].unread))
    return records


def _telling(records: Sequence[Report], findings: Findings) -> Iterator[Report]:
    """Records without those beside others that tell nothing: lines of a log, a status that a message only repeats."""
    # Around a refusal, words without a level are a client's own.
    quiet = (*_QUIET, None) if any(record.record == "refusal" for record in records) else _QUIET
    idle = [_is_idle(record, findings.grammar, quiet) for record in records]
    vague = [is_vague(record, findings.grammar.causes) for record in records]
    has_why = any(
        record.record != "server" and not (idle[place] or vague[place]) for place, record in enumerate(records)
    )
    whole = [record for record in records if record.record == "server" and record.id]
    repeated = whole[0].status if len(whole) == 1 else None
    for record, is_idle, is_left in zip(records, idle, vague, strict=True):
        if (is_idle and not all(idle)) or (is_left and has_why):
            findings.leave(0, (record.read or {})["message"])
        elif (
            record.status is None or record.status != repeated or record.read or record != Report(status=record.status)
        ):
            yield record


def _is_idle(record: Report, grammar: Grammar, quiet: Sequence[str | None]) -> bool:
    """Whether a record is a line of a log of which nothing is said: neither of the line, nor a state.

    Args:
        record: Any.
        grammar: The grammar.
        quiet: Levels of lines that nobody asks about, even of those that are Nova's.
    """
    read = record.read or {}
    if record.record != "log" or read.get("error") or record.asked or record.has_task or tells(record):
        return False
    if find_cause(read["message"], grammar.causes):
        return False
    # Without the table of lines, any may be one of which something is said.
    lines = grammar.messages.get("lines")
    if lines is None or read.get("log_message") in lines:
        return False
    return read.get("log_message") is None or read.get("level") in quiet


def _once(records: Sequence[Report]) -> list[Report]:
    """Records without those messages that a client printed a second time."""
    kept: list[Report] = []
    seen: set[str] = set()
    for record in records:
        if record.record in _MESSAGES:
            key = repr(record)
            if key in seen:
                continue
            seen.add(key)
        kept.append(record)
    return kept
