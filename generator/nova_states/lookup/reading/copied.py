"""Reads what is copied out of a dashboard: cells of a list between tabs or line ends, names above their values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from nova_states.lookup.reading.grammar import STATE_FIELDS, Grammar
from nova_states.lookup.reading.pieces import Findings, Piece, remaining
from nova_states.lookup.reading.records import read_record
from nova_states.lookup.reading.values import is_state
from nova_states.lookup.report import Report

_FEWEST: Final = 4
"""Columns of a list."""
_FEWEST_NAMES: Final = 3
"""Names above their values, one after the other."""
_MOST_COLUMNS: Final = 60
_MOST_LINES: Final = 12
"""Lines of one row: a cell may have several."""
_MOST_NAMED: Final = 160
"""Lines of names and their values."""
_LONGEST_NAME: Final = 40
_IDS: Final = ("id", "uuid")
_SECTION: Final = "fault"
"""The heading below which a dashboard shows a server's fault."""
_MESSAGE: Final = "message"

Pairs = list[tuple[str, str]]


def read_copied(piece: Piece, findings: Findings) -> list[Piece]:
    """Read the lists and the details of dashboards in a piece."""
    taken: list[tuple[int, int]] = []
    place = 0
    while place < len(piece.lines):
        if "\t" in piece.lines[place]:
            end = _tabbed(piece, place, findings)
        elif _field(piece.lines[place], findings.grammar) is None:
            end = place
        else:
            end = _stacked(piece, place, findings) or _named_above(piece, place, findings)
        if end > place:
            taken.append((place, end))
        place = max(end, place + 1)
    return remaining(piece, taken)


def _field(line: str, grammar: Grammar) -> str | None:
    text = line.strip()
    return grammar.field_of(text) if 0 < len(text) <= _LONGEST_NAME else None


def _tabbed(piece: Piece, place: int, findings: Findings) -> int:
    """Behind the list whose names stand between tabs in a line; 0 where they do not, or nothing of it is a server."""
    grammar = findings.grammar
    names = [name.strip() for name in piece.lines[place].split("\t")]
    fields = {grammar.field_of(name) for name in names if name} - {None}
    if not _FEWEST <= len(names) <= _MOST_COLUMNS or len(fields) < _FEWEST or not fields & set(STATE_FIELDS):
        return 0
    end = place + 1
    found: list[tuple[int, Report]] = []
    while end < len(piece.lines):
        count = _lines_of_row(piece.lines, end, len(names) - 1)
        cells = "\n".join(piece.lines[end : end + count]).split("\t")
        record = read_record(_pairs(names, cells, grammar), grammar) if len(cells) == len(names) else None
        if not isinstance(record, Report):
            break
        found.append((end + count - 1, record))
        end += count
    for at, record in found:
        findings.add(piece.start + at, record)
    return end if found else 0


def _lines_of_row(lines: Sequence[str], place: int, tabs: int) -> int:
    """How many lines have as many tabs as the head; a cell may have several lines."""
    found = 0
    for count, line in enumerate(lines[place : place + _MOST_LINES], 1):
        if not line.strip():
            break
        found += line.count("\t")
        if found >= tabs:
            return count
    return 1


def _pairs(names: Sequence[str], cells: Sequence[str], grammar: Grammar) -> Pairs:
    """Named cells; of a cell of several lines the id, or the last: the end of the row above stands before it."""
    pairs: Pairs = []
    for name, cell in zip(names, cells, strict=True):
        parts = [part.strip() for part in cell.split("\n") if part.strip()] or [""]
        ids = [part for part in parts if grammar.shape("uuid").search(part)]
        if grammar.field_of(name) in _IDS and ids:
            pairs.append((name, ids[0]))
            pairs += [("name", parts[-1])] if parts[-1] != ids[0] else []
        else:
            pairs.append((name, parts[-1]))
    return pairs


def _stacked(piece: Piece, place: int, findings: Findings) -> int:
    """Behind the list of which every cell is a line of its own, the names of its columns first; 0 where none is."""
    grammar = findings.grammar
    lines = piece.lines
    width = 0
    while place + width < len(lines) and width < _MOST_COLUMNS and _field(lines[place + width], grammar):
        width += 1
    if width < _FEWEST:
        return 0
    # The last column, of what one may do, is no field.
    for count in (width, width + 1):
        names = [line.strip() for line in lines[place : place + count]]
        end = place + count
        found: list[tuple[int, Report]] = []
        while end + width <= len(lines):
            values = [line.strip() for line in lines[end : end + count]]
            values += [""] * (count - len(values))
            pairs = list(zip(names, values, strict=True))
            record = read_record(pairs, grammar) if _are_states(pairs, grammar) else None
            if not isinstance(record, Report):
                break
            found.append((end, record))
            end += count
        if found:
            for at, record in found:
                findings.add(piece.start + at, record)
            return min(end, len(lines))
    return 0


def _are_states(pairs: Pairs, grammar: Grammar) -> bool:
    """Whether there are states, and each is a word of its field."""
    told = [(grammar.field_of(name), value) for name, value in pairs]
    states = [(field, value) for field, value in told if field in STATE_FIELDS]
    return bool(states) and all(is_state(field, value, grammar) for field, value in states)


def _named_above(piece: Piece, place: int, findings: Findings) -> int:
    """Behind the names that stand each in a line above its value; 0 where they are too few, or tell of no state."""
    grammar = findings.grammar
    lines = piece.lines
    pairs: Pairs = []
    section: str | None = None
    end = place
    while end + 1 < min(len(lines), place + _MOST_NAMED):
        name, value = lines[end].strip(), lines[end + 1].strip()
        field = _field(name, grammar)
        if not name or not value or (field is None and not _is_unknown_name(lines, end, grammar)):
            break
        if field is not None and _field(value, grammar) is not None:
            # A heading: what follows belongs to it.
            section = field
            end += 1
            continue
        pairs.append((_SECTION if (section, field) == (_SECTION, _MESSAGE) else name, value))
        end += 2
    known = [(name, value) for name, value in pairs if grammar.field_of(name) is not None]
    told = [pair for pair in known if grammar.field_of(pair[0]) in STATE_FIELDS]
    record = read_record(known, grammar) if len(known) >= _FEWEST_NAMES and _are_states(told, grammar) else None
    if not isinstance(record, Report):
        return 0
    findings.add(piece.start + place, record)
    return end


def _is_unknown_name(lines: Sequence[str], place: int, grammar: Grammar) -> bool:
    """Whether a line may be a name that nothing here knows: another name follows its value."""
    return place + 2 < len(lines) and _field(lines[place + 2], grammar) is not None
