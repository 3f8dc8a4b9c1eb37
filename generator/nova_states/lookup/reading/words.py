"""Reads what has no form: values without names, a few words of Nova."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import permutations
from typing import Final

from nova_states.lookup.reading.by_kind import read_by_kind, read_single_values
from nova_states.lookup.reading.cells import read_cells
from nova_states.lookup.reading.grammar import Grammar
from nova_states.lookup.reading.pieces import Findings, Piece, remaining
from nova_states.lookup.reading.records import read_record
from nova_states.lookup.reading.values import is_power, is_state, word_of
from nova_states.lookup.report import Asked, Report
from nova_states.lookup.vocabulary import fold, fold_action

_BETWEEN: Final = re.compile(r"[\s,;/|]+")
_OF_RELEASE: Final = re.compile(
    r"-{0,2}(?:release|version|series|openstack|nova|on|in|릴리스|버전)[:=]?", re.IGNORECASE
)
"""What stands beside the name of a release."""
_BLANKS: Final = re.compile(r"\s+")
_IN_QUOTES: Final = re.compile(r"""^["']([^"']*)["']$""")
_ORDER: Final = ("vm_state", "task_state", "power_state", "status")
_ORDER_OF_CAPITALS: Final = ("status", "power_state", "vm_state", "task_state")
_FEWEST_COLUMNS: Final = 2
_MOST_CELLS: Final = 60
_MOST_STATES: Final = 4
"""Fields that are states; each is asked for once."""


def read_values(piece: Piece, findings: Findings) -> list[Piece]:
    """Read `-f value`: a record a line that begins with its id, or with a name and a status."""
    grammar = findings.grammar
    taken: list[tuple[int, int]] = []
    cells = [_cells(line, grammar) for line in piece.lines]
    commands = sorted(findings.commands.items())
    for place, line in enumerate(piece.lines):
        text = line[: grammar.limit("longest_line")].strip()
        beside = cells[max(0, place - 1) : place] + cells[place + 1 : place + 2]
        is_column = any(_is_like(cells[place], other, grammar) for other in beside)
        is_line = 1 < len(cells[place]) < _MOST_CELLS
        asked = next((command for at, command in reversed(commands) if at < piece.start + place), "") if is_line else ""
        if grammar.shape("of_others").search(asked) or grammar.shape("row_of_others").search(text):
            continue
        if taken and place < taken[-1][1]:
            continue
        own = cells[place]
        is_folded = is_line and place + 1 < len(piece.lines) and _goes_on(own, piece.lines[place + 1], grammar)
        own = own + cells[place + 1] if is_folded else own
        found = read_by_kind(own, grammar, is_column=is_column) if is_line else None
        found = found or _value_line(own, grammar) or _named_line(text, grammar)
        if found:
            findings.add(piece.start + place, found)
            taken.append((place, place + 1 + is_folded))
    return remaining(piece, taken)


def _goes_on(cells: list[str], following: str, grammar: Grammar) -> bool:
    """Whether the next line has the task behind the status in which this one ends: it is indented, and has one."""
    more = _cells(following, grammar)
    is_indented = following.startswith(("  ", "\t"))
    ends = cells[-1] in grammar.vocabulary.statuses.values()
    return ends and is_indented and bool(more) and grammar.is_task(more[0])


def _cells(line: str, grammar: Grammar) -> list[str]:
    return [cell for cell in _BLANKS.split(line[: grammar.limit("longest_line")]) if cell][:_MOST_CELLS]


def _is_like(cells: list[str], other: list[str], grammar: Grammar) -> bool:
    """Whether two lines have as many values, and a status of a server at the same place."""
    statuses = grammar.vocabulary.statuses.values()
    return len(cells) == len(other) and any(
        one in statuses and two in statuses for one, two in zip(cells, other, strict=True)
    )


def read_shown(piece: Piece, findings: Findings) -> list[Piece]:
    """Read `server show -f value`, whose lines are nothing but values in an order."""
    report = _shown(piece, findings.grammar) or read_single_values(piece.lines, findings.grammar)
    if report is None:
        return [piece]
    findings.add(piece.start, report)
    return []


def read_asked(piece: Piece, findings: Findings) -> list[Piece]:
    """Read the values of the columns that a command above them asked for."""
    grammar = findings.grammar
    taken: list[tuple[int, int]] = []
    for place in range(len(piece.lines)):
        command = findings.commands.get(piece.start + place - 1)
        if command is not None and grammar.shape("listed_values").search(command):
            taken += _read_listed(piece, place, command, findings)
        if command is None or not grammar.shape("shown_values").search(command):
            continue
        # The client prints them in the order of their names.
        names = sorted({found["column"] for found in grammar.shape("shown_column").finditer(command)})
        values = [value.strip() for value in piece.lines[place : place + len(names)]]
        report = _asked(names, values, grammar) if len(values) == len(names) and all(values) else None
        if report:
            findings.add(piece.start + place, report)
            taken.append((place, place + len(names)))
    return remaining(piece, taken)


def _read_listed(piece: Piece, place: int, command: str, findings: Findings) -> list[tuple[int, int]]:
    """Read a server a line in the columns that were asked for, which the client prints in its own order."""
    grammar = findings.grammar
    found = grammar.shape("quoted_column").finditer(command)
    asked = [grammar.field_of(one["double"] or one["single"] or one["plain"]) for one in found]
    order: list[str] = grammar.plain["shapes"]["listed_columns"]
    names = [name for name in order if name in asked]
    if len(names) < len(asked) or not {"name", "id"} & set(names) or len(names) < _FEWEST_COLUMNS:
        return []
    taken: list[tuple[int, int]] = []
    for at in range(place, len(piece.lines)):
        cells = _cells(piece.lines[at], grammar)
        pairs = list(zip(names, cells, strict=False))
        if len(cells) != len(names) or not all(
            is_state(name, cell, grammar) for name, cell in pairs if name in ("status", "task_state", "power_state")
        ):
            break
        report = read_record(pairs, grammar)
        if not isinstance(report, Report):
            break
        findings.add(piece.start + at, report)
        taken.append((at, at + 1))
    return taken


def _asked(names: list[str], values: list[str], grammar: Grammar) -> Report | None:
    """The record of values under their names, where each state is a word of its field."""
    fields = [grammar.field_of(name) for name in names]
    if grammar.layout(tuple(names)).kind in (None, "server"):
        places = [place for place, field in enumerate(fields) if field in _ORDER]
        # A paste is not always in the client's order: the states may stand in any, the first that fits.
        fitting = (
            order
            for order in permutations(places[:_MOST_STATES])
            if all(is_state(fields[at], values[of], grammar) for at, of in zip(places, order, strict=False))
        )
        order = next(fitting, None) if 0 < len(places) <= _MOST_STATES else None
        if order is None:
            return None
        moved = dict(zip(places, order, strict=True))
        values = [values[moved.get(place, place)] for place in range(len(values))]
    report = read_record(list(zip(names, values, strict=True)), grammar)
    return report if isinstance(report, Report) else None


def read_status_lines(piece: Piece, findings: Findings) -> list[Piece]:
    """Read lines that are nothing but a status, beside records that are no server's."""
    taken: list[tuple[int, int]] = []
    for place, line in enumerate(piece.lines):
        if line.strip() in findings.grammar.vocabulary.statuses.values():
            report = read_record([("status", line.strip())], findings.grammar)
            if isinstance(report, Report):
                findings.add(piece.start + place, report)
                taken.append((place, place + 1))
    return remaining(piece, taken)


def _value_line(cells: list[str], grammar: Grammar) -> Report | None:
    if not cells:
        return None
    first = cells[0]
    is_listed = grammar.shape("uuid").search(first) or grammar.shape("request").search(first)
    is_counted = (
        first.isascii() and first.isdigit() and any(cell in grammar.words("types_of_migrations") for cell in cells)
    )
    return read_cells(cells, grammar) if is_listed or is_counted else None


def _named_line(text: str, grammar: Grammar) -> Report | None:
    """A name that looks like one, and a status behind it."""
    found = grammar.shape("named_row").search(text)
    if found is None or found["status"] not in grammar.vocabulary.statuses.values():
        return None
    rest = [cell for cell in (found["task_state"], found["power_state"]) if cell]
    if rest and not grammar.is_task(rest[0]):
        return None
    if found["name"].isdigit() and not rest:
        # "31 ACTIVE" counts servers.
        record = read_record([("status", found["status"])], grammar)
        return record if isinstance(record, Report) else None
    return read_cells([found["name"], found["status"], *rest], grammar)


def _shown(piece: Piece, grammar: Grammar) -> Report | None:
    """`server show -f value`: only the order tells which is which."""
    lines = [line.strip() for line in piece.lines if line.strip()]
    for place in range(len(lines) - 2):
        power_state, task_state, vm_state = lines[place : place + 3]
        has_task = word_of(task_state, grammar) is None or fold(task_state) in grammar.vocabulary.task_states
        if fold(vm_state) in grammar.vocabulary.vm_states and has_task and is_power(power_state, grammar):
            pairs = [("vm_state", vm_state), ("task_state", task_state), ("power_state", power_state)]
            rest = lines[place + 3 :]
            status = next((line for line in rest if line in grammar.vocabulary.statuses.values()), None)
            named = next((line for line in rest if grammar.shape("uuid").search(line) and "-" in line), None)
            launched = rest[0] if rest and len(lines) > 20 else None  # noqa: PLR2004 - all fields, not some columns
            fault = next((line for line in rest if line.startswith("{") and "'message'" in line), None)
            pairs += [("fault", fault)] if fault else []
            pairs += [("status", status)] if status else []
            pairs += [("id", named)] if named else []
            pairs += [("launched_at", launched)] if launched else []
            report = read_record(pairs, grammar)
            return report if isinstance(report, Report) else None
    return None


def read_words(text: str, grammar: Grammar) -> Report | None:
    """A few words all of which are known: "SHUTOFF", "0x04", "active powering-off 1", a label, or an action."""
    text = text.strip()
    if not text or len(text) > grammar.limit("longest_words"):
        return None
    if fold_action(text) in grammar.vocabulary.actions and not is_upper(text):
        return Report(asked=Asked(action=text, attribute=None, value=None))
    label = _label(_IN_QUOTES.sub(r"\1", text), grammar)
    if label:
        record = read_record([label], grammar)
        return record if isinstance(record, Report) else None
    parts = _BETWEEN.split(text)
    if len(parts) > grammar.limit("most_words") or is_column_of_statuses(text, grammar):
        return None
    fields: dict[str, str] = {}
    named: str | None = None
    releases = [part for part in parts if part.lower() in grammar.vocabulary.releases]
    for part in parts:
        if part in releases or (releases and _OF_RELEASE.fullmatch(part)):
            continue
        name = grammar.field_of(part.rstrip(":="))
        if name in _ORDER:
            named = name
            continue
        kind = named or _kind_of(part, fields, grammar)
        if kind is None:
            return None
        fields[kind] = part
        named = None
    record = read_record(list(fields.items()), grammar) if fields else None
    return replace(record, unread=tuple(releases)) if isinstance(record, Report) else None


def is_column_of_statuses(text: str, grammar: Grammar) -> bool:
    """Whether each of several lines is the status of a server, as `-c Status` prints them."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    return len(lines) > 1 and all(line in grammar.vocabulary.statuses.values() for line in lines)


def _label(text: str, grammar: Grammar) -> tuple[str, str] | None:
    """A dashboard's label that no word of Nova is."""
    folded = fold(text)
    labels = grammar.plain["labels"]
    words = grammar.vocabulary
    if _BLANKS.search(text) and folded in words.statuses:
        return ("status", words.statuses[folded])
    if (
        folded in words.vm_states
        or folded in words.task_states
        or folded in words.power_states
        or folded in words.statuses
    ):
        return None
    return next(((kind, text) for kind in ("status", "task_state", "power_state") if folded in labels[kind]), None)


def _kind_of(part: str, taken: dict[str, str], grammar: Grammar) -> str | None:
    """Which field a word is: in capitals a status, else a state; the next kind where that one is there already."""
    folded = fold(part)
    kinds = {
        "status": folded in grammar.vocabulary.statuses,
        "vm_state": folded in grammar.vocabulary.vm_states,
        "task_state": folded in grammar.vocabulary.task_states or part in grammar.words("no_task"),
        "power_state": is_power(part, grammar),
    }
    order = _ORDER_OF_CAPITALS if is_upper(part) else _ORDER
    return next((kind for kind in order if kinds[kind] and kind not in taken), None)


def is_upper(text: str) -> bool:
    """Whether a text is in capitals."""
    return text == text.upper() != text.lower()
