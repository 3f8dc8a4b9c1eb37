"""Finds records in objects: an answer of the API, a list of a client, whatever holds one of them inside.

An object is a record if the names of its members say so; else its members are looked into.
"""

from __future__ import annotations

import functools
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from nova_states.lookup.reading.allocations import allocations_in
from nova_states.lookup.reading.by_kind import read_by_kind
from nova_states.lookup.reading.external_events import external_events_in
from nova_states.lookup.reading.grammar import STATE_FIELDS, Grammar, compile_pattern
from nova_states.lookup.reading.literals import is_code, read_objects
from nova_states.lookup.reading.logged_objects import are_of_entry, logged_in
from nova_states.lookup.reading.messages import find_messages, on_one_line, read_text, read_texts
from nova_states.lookup.reading.pieces import Findings, Piece
from nova_states.lookup.reading.records import FOREIGN, names_of, read_record, tells
from nova_states.lookup.reading.values import text_of
from nova_states.lookup.report import Report, clean

_MOST_OBJECTS: Final = 20_000
"""Places in a text where objects are begun to be read."""
_REFUSED: Final = 400
_BROKEN: Final = 500
"""Codes of HTTP from the one on, and before the other, say that a request was refused."""
_ESCAPED_QUOTE: Final = re.compile(r'\\+"')
_ERRORS: Final = '{"errors":'
"""What Placement and others answer with."""
_LONGEST_QUOTED: Final = 200
_LONGEST_BEFORE: Final = 600
"""Characters of an object in a message, and of what stands before it there."""
_OUTER: Final = 2
"""Depth up to which an empty object stands for a server of which nothing is told."""
_SHORTEST: Final = 9
"""Characters of a message."""
_FEWEST_VALUES, _MOST_VALUES = 2, 12
"""Values of a record without names."""
_QUOTES: Final = "u\"'"
"""What members without an opener begin with."""
_DIGITS: Final = frozenset("0123456789")
_LARGEST_INDEX: Final = 2**32 - 1


def read_value(value: Any, line: int, findings: Findings) -> None:  # noqa: ANN401 - whatever JSON holds
    """Add the records of a value of JSON."""
    _walk(value, None, 0, line, findings)


def _walk(value: Any, wrapper: str | None, depth: int, line: int, findings: Findings) -> None:  # noqa: ANN401 - as above
    if depth > findings.grammar.limit("deepest"):
        return
    if isinstance(value, list):
        _read_values(value, line, findings)
        for item in value:
            _walk(item, wrapper, depth + 1, line, findings)
        return
    if isinstance(value, dict):
        _walk_members(value, wrapper, depth, line, findings)


def _read_values(values: Sequence[Any], line: int, findings: Findings) -> None:
    """Add the record whose values alone are a list, as a filter of JSON prints them."""
    if not _FEWEST_VALUES <= len(values) <= _MOST_VALUES or any(isinstance(value, (dict, list)) for value in values):
        return
    cells = ["None" if value is None else text_of(value) or "" for value in values]
    if record := read_by_kind(cells, findings.grammar, is_column=False):
        findings.add(line, record)


def _walk_members(value: dict[str, Any], wrapper: str | None, depth: int, line: int, findings: Findings) -> None:
    grammar = findings.grammar
    members = ordered(value)
    if told := allocations_in(value, grammar) or external_events_in(value, grammar):
        for report in told:
            findings.add(line, report)
        return
    if grammar.layout(names_of(members), wrapper).kind != "server" and (logged := logged_in(members, grammar)):
        _add_logged(logged, line, findings)
        return
    wrappers = grammar.inside(names_of(members))
    inner = [(name, value[name]) for name in wrappers if isinstance(value[name], (dict, list))]
    if not inner:
        if any(read(members, wrapper, depth, line, findings) for read in (read_inside, _read_message, _read_object)):
            return
        inner = members
    known = len(findings.records)
    for name, member in inner:
        _walk(member, name, depth + 1, line, findings)
    if len(findings.records) == known + 1:
        _give_fault(members, findings)
    elif len(findings.records) == known:
        _read_quoted(members, line, findings)


def _read_quoted(members: Sequence[tuple[str, Any]], line: int, findings: Findings) -> None:
    """Add the messages that the members of an object quote which is no record: an entry of a tool's log."""
    inner = Findings(grammar=findings.grammar)
    read_texts(line, (text for _, text in members if isinstance(text, str) and " " in text), inner)
    for place, record in inner.records:
        if record.record != "log":
            findings.add(place, record)


def _add_logged(logged: Sequence[Report], line: int, findings: Findings) -> None:
    """Add entries of a log, as long as these are not too many to be told one by one."""
    known = sum(1 for _, record in findings.records if record.record == "log")
    for count, report in enumerate(logged, known):
        if count < findings.grammar.limit("most_logs"):
            findings.add(line, report)
        else:
            findings.leave(line, (report.read or {})["message"])


def _give_fault(members: Sequence[tuple[str, Any]], findings: Findings) -> None:
    """Put to the server that was read last the fault that a tool tells of in a text beside it."""
    (line, record) = findings.records[-1]
    if record.record != "server" or (record.read or {}).get("fault"):
        return
    longest = findings.grammar.limit("longest_text")
    texts = (text for _, text in members if isinstance(text, str) and _SHORTEST <= len(text) < longest)
    for text in texts:
        for told in read_text(clean(text), findings.grammar):
            if fault := (told.read or {}).get("fault"):
                findings.records[-1] = (line, replace(record, read={**(record.read or {}), "fault": fault}))
                return


def read_inside(
    members: Sequence[tuple[str, Any]], wrapper: str | None, depth: int, line: int, findings: Findings
) -> bool:
    """Add the records of objects in the strings of something that is none, as a log or a gateway has them."""
    grammar = findings.grammar
    texts = [text for _, text in members if isinstance(text, str) and "{" in text]
    if not texts or grammar.layout(names_of(members), wrapper).kind is not None:
        return False
    inner = Findings(grammar=grammar)
    for given in texts:
        if len(given) >= grammar.limit("longest_text"):
            continue
        text = clean(given)
        found = grammar.shape("object").search(text)
        if found is None and compile_pattern(grammar.plain["unwrapping"]["escaped"]).search(text):
            text = _ESCAPED_QUOTE.sub('"', text)
            found = grammar.shape("object").search(text)
        for value in read_objects(text, found.start())[0] if found else []:
            _walk(value, None, depth + 1, line, inner)
    telling = _telling(inner)
    for place, record in telling:
        findings.add(place, record)
    return bool(telling)


def _is_sure(server: Report) -> bool:
    """Whether what is told is a server's: a status alone is one of anything."""
    return server.has_task or server.vm_state is not None or server.power_state is not None


def _telling(inner: Findings) -> list[tuple[int, Report]]:
    """The records but for servers of which nothing is told."""
    return [pair for pair in inner.records if pair[1].record != "server" or tells(pair[1])]


def _read_object(
    members: Sequence[tuple[str, Any]], wrapper: str | None, depth: int, line: int, findings: Findings
) -> bool:
    """Add the record that an object is; whether it is one, of whatever kind."""
    grammar = findings.grammar
    record = read_record(members, grammar, wrapper)
    if isinstance(record, Report):
        findings.add(line, record)
        return True
    if record == FOREIGN:
        inner = Findings(grammar=grammar)
        for name, member in members:
            _walk(member, name, depth + 1, line, inner)
        # What holds servers is named as little as a list of them.
        if held := [pair for pair in inner.records if pair[1].record == "server" and _is_sure(pair[1])]:
            for place, report in held:
                findings.add(place, report)
            return True
        read_texts(line, [member for _, member in members if isinstance(member, str)], findings)
        findings.leave(line, ", ".join(str(name) for name, _ in members))
        return True
    is_of_server = wrapper is None or grammar.wrappers.get(wrapper) == "server"
    if not members and is_of_server and depth < _OUTER:
        findings.add(line, Report())
        return True
    return False


def ordered(value: dict[str, Any]) -> list[tuple[str, Any]]:
    """Members in the order in which JavaScript has them: names that are numbers come first, in their order."""
    members = list(value.items())
    if not _may_have_numbers(tuple(value)):
        return members
    numbers = [pair for pair in members if _is_index(pair[0])]
    if not numbers:
        return members
    numbers.sort(key=lambda pair: int(pair[0]))
    return [*numbers, *(pair for pair in members if not _is_index(pair[0]))]


@functools.lru_cache(maxsize=256)  # the servers of a list have the same
def _may_have_numbers(names: tuple[str, ...]) -> bool:
    return not _DIGITS.isdisjoint(name[:1] for name in names)


def _is_index(name: str) -> bool:
    is_number = name.isascii() and name.isdigit() and (name == "0" or name[0] != "0") and len(name) <= 10  # noqa: PLR2004
    return is_number and int(name) < _LARGEST_INDEX


def _refusing(members: Sequence[tuple[str, Any]]) -> str:
    """The code of a request that the API refused, as clients write it behind a message; a fault has a time as well."""
    names = dict(members)
    code = names.get("code")
    is_refused = isinstance(code, int) and _REFUSED <= code < _BROKEN and "created" not in names
    return f" (HTTP {code})" if is_refused else ""


def _has_server(members: Sequence[tuple[str, Any]], depth: int, line: int, grammar: Grammar) -> bool:
    """Whether a server of which something is told stands inside an object."""
    inner = Findings(grammar=grammar)
    for name, member in members:
        _walk(member, name, depth + 1, line, inner)
    return any(record.record == "server" for _, record in _telling(inner))


def _read_message(
    members: Sequence[tuple[str, Any]], wrapper: str | None, depth: int, line: int, findings: Findings
) -> bool:
    """Read the refusal in an error of the API: {"conflictingRequest": {"code": 409, "message": "…"}}."""
    layout = findings.grammar.layout(names_of(members), wrapper)
    if len(members) > 4 or any(field in STATE_FIELDS for _, field in layout.fields):  # noqa: PLR2004 - an error has few
        return False
    # The fields of a server tell what it is, whatever words stand in them.
    if layout.kind == "server":
        return False
    told = [*members, *(pair for _, inner in members if isinstance(inner, dict) for pair in ordered(inner))]
    code = _refusing(told)
    has_inner = any(isinstance(member, (dict, list)) for _, member in members)
    for _, member in told:
        if isinstance(member, str) and len(member) < findings.grammar.limit("longest_text"):
            records = read_text(f"{clean(member)}{code}", findings.grammar)
            # What says more stands inside.
            is_empty = has_inner and not any(record.record != "tool" or tells(record) for record in records)
            if has_inner and all(record.record == "fault" for record in records):
                is_empty = _has_server(members, depth, line, findings.grammar)
            if records and not is_empty:
                for record in records:
                    findings.add(line, record)
                return True
    return False


def read_printed(piece: Piece, findings: Findings) -> list[Piece]:
    """Read objects that stand somewhere in the lines of a piece: cut off, printed by a program, inside a log."""
    text = "\n".join(piece.lines)
    starts = list(_starts(text, findings.grammar))
    if not starts:
        return [piece]
    offsets: list[int] = []
    offset = 0
    for line in piece.lines:
        offsets.append(offset)
        offset += len(line) + 1
    left: list[Piece] = []
    end = done = held = 0
    for start in starts:
        if start < end or (start < held and text[start] in _QUOTES) or is_code(text, start):
            continue
        place = bisect_right(offsets, start) - 1
        if _is_value(text[offsets[place] : start], findings.grammar):
            held = read_objects(text, start)[1]
            continue
        values, end = read_objects(text, start)
        end = max(end, start + 1)
        before = text[max(offsets[place], start - _LONGEST_BEFORE) : start]
        if before.rstrip().endswith(":") and _is_quoted(before, text[start:end], findings.grammar):
            continue
        if _add_all(values, piece.start + place, before, findings):
            left += _piece(piece, text[done:start], done, offsets)
            done = end
    return [*left, *_piece(piece, text[done:], done, offsets)]


def _add_all(values: Sequence[Any], line: int, before: str, findings: Findings) -> bool:
    """Add the records of printed objects, but for servers of which nothing is told; whether there are any."""
    inner = Findings(grammar=findings.grammar)
    for value in values:
        read_value(value, line, inner)
    telling = [] if are_of_entry(inner.records, before, findings.grammar) else _telling(inner)
    for place, record in telling:
        findings.add(place, record)
    if telling:
        findings.unread += inner.unread
    return bool(telling)


def _piece(piece: Piece, text: str, offset: int, offsets: Sequence[int]) -> list[Piece]:
    """What stands before an object or behind it, unless that is only what closes others."""
    if not text.strip(" \t\n[](){}<>,;'\""):
        return []
    return [Piece(start=piece.start + bisect_right(offsets, offset) - 1, lines=text.split("\n"))]


def _is_value(before: str, grammar: Grammar) -> bool:
    """Whether an object is the value of a field that is named before it on its line."""
    if before.endswith(("  ", "\t")) and grammar.field_of(before.strip()) is not None:
        return True
    found = grammar.shape("pair").search(before)
    return found is not None and not found["value"].strip(" \t\"'") and grammar.field_of(found["name"]) is not None


def _is_quoted(before: str, printed: str, grammar: Grammar) -> bool:
    """Whether an object on one line is a part of one of Nova's messages, which has begun before it."""
    head = on_one_line(before, grammar)
    if len(head) < _SHORTEST or "\n" in printed:
        return False
    if (is_errors := printed.startswith(_ERRORS)) or len(printed) > _LONGEST_QUOTED:
        return is_errors
    found = find_messages(on_one_line(f"{before}{printed}", grammar), grammar)
    return any(match.start < len(head) < match.end for match in found)


def _starts(text: str, grammar: Grammar) -> Iterator[int]:
    """Where objects begin, in order; members without an opener begin one that was cut off.

    Behind the first object these have a line of their own: what stands before them there has them as its value.
    """
    found = [
        match.start() for match, _ in zip(grammar.shape("object").finditer(text), range(_MOST_OBJECTS), strict=False)
    ]
    member = compile_pattern(grammar.plain["shapes"]["member"])
    first = found[0] if found else len(text)
    place = 0
    for line in text.split("\n"):
        if len(found) > _MOST_OBJECTS:
            break
        begun = member.search(line) if ":" in line else None
        if begun and (place + begun.start() < first or not line[: begun.start()].strip()):
            found.append(place + begun.start())
        place += len(line) + 1
    yield from sorted(found)
