"""Reads columns that nothing is drawn around: CSV, tabs, and columns aligned by blanks as kubectl prints them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from nova_states.lookup.reading.by_kind import read_by_kind
from nova_states.lookup.reading.cells import read_cells, read_copied_row
from nova_states.lookup.reading.grammar import Grammar
from nova_states.lookup.reading.messages import read_texts
from nova_states.lookup.reading.pieces import Findings, Piece, remaining
from nova_states.lookup.reading.records import read_record
from nova_states.lookup.report import Report

_GAP: Final = re.compile(r"\t+|\s{2,}")
_BLANKS: Final = re.compile(r"\s+")
_MOST_COLUMNS: Final = 120
_FEWEST_OF_DASHBOARD: Final = 4
"""Columns: name, status, task, power state."""
_MOST_TRIED: Final = 5
"""Lines below a head one of which must be a record."""
_ENABLED: Final = ("enabled", "disabled")
_LONGEST_NAME: Final = 3
"""Words of a column's name."""


def read_columns(piece: Piece, findings: Findings) -> list[Piece]:
    """Read all columns of a piece: a line that names them, and the lines below it up to one that does not fit."""
    taken: list[tuple[int, int]] = []
    place = 0
    while place < len(piece.lines):
        end = _gapped(piece, place, findings) or _csv(piece, place, findings)
        end = end or _aligned(piece, place, findings) or place
        if end > place:
            taken.append((place, end))
        place = max(end, place + 1)
    return remaining(piece, taken)


def _csv(piece: Piece, place: int, findings: Findings) -> int | None:
    """Behind the last line of the CSV that begins in a line; None where none does."""
    grammar = findings.grammar
    head = _split(piece.lines[place], grammar)
    if len(head) < 2:  # noqa: PLR2004 - one cell is no list
        return None
    named = sum(1 for cell in head if grammar.field_of(cell.strip()))
    if named < 2:  # noqa: PLR2004 - a sentence may have one
        # A line of cells in quotes, or of cells between tabs as they are copied out of a dashboard.
        if not piece.lines[place].lstrip().startswith('"'):
            head = [cell.strip() for cell in piece.lines[place].strip(" \t\n").split("\t")][:_MOST_COLUMNS]
            if len(head) < _FEWEST_OF_DASHBOARD:
                return None
        record = read_by_kind(head, grammar, is_column=False) or read_cells(head, grammar)
        if record is None:
            return None
        findings.add(piece.start + place, record)
        return place + 1
    end = place + 1
    while end < len(piece.lines) and len(_split(piece.lines[end], grammar)) == len(head):
        end += 1
    if end == place + 1:
        return None
    _keep(
        [name.strip() for name in head],
        [_split(line, grammar) for line in piece.lines[place + 1 : end]],
        piece.start + place,
        findings,
    )
    return end


def _gapped(piece: Piece, place: int, findings: Findings) -> int | None:
    """Behind a row that was copied out of a dashboard without its head, gaps between its cells; None: it is none."""
    line, grammar = piece.lines[place], findings.grammar
    cells = [] if "\t" in line else _GAP.split(line.strip()[: grammar.limit("longest_line")])
    record = read_copied_row(cells, grammar) if _FEWEST_OF_DASHBOARD <= len(cells) <= _MOST_COLUMNS else None
    if record is None:
        return None
    findings.add(piece.start + place, record)
    return place + 1


def _split(line: str, grammar: Grammar) -> list[str]:
    """Cells of a line of CSV, by comma, semicolon or tab; none where it is no such line."""
    text = line.strip()[: grammar.limit("longest_row")]
    if not ("," in text or ";" in text or "\t" in text):
        return []
    cells: list[str] = []
    place = 0
    sign = ""
    pattern = grammar.shape("csv_cell")
    while len(cells) < _MOST_COLUMNS:
        found = pattern.match(text, place)
        if found is None:
            return []
        end = found["end"]
        if end and sign and end != sign:
            # Another sign is a part of the cell.
            after = text.find(sign, place)
            cells.append(text[place : after if after >= 0 else len(text)])
            place = after + 1
            if after < 0:
                return cells
            continue
        cells.append(found["plain"] if found["quoted"] is None else found["quoted"].replace('""', '"'))
        if not end:
            return cells
        sign = end
        place = found.end()
    return []


def _keep(names: Sequence[str], rows: Sequence[Sequence[str]], line: int, findings: Findings) -> None:
    is_read = True
    for place, row in enumerate(rows):
        record = read_record(list(zip(names, (cell.strip() for cell in row), strict=True)), findings.grammar)
        if isinstance(record, Report):
            findings.add(line + 1 + place, record)
        else:
            is_read = False
            read_texts(line + 1 + place, row, findings)
    if not is_read:
        findings.leave(line, ", ".join(names))


def _aligned(piece: Piece, place: int, findings: Findings) -> int | None:
    """Behind the last line of the columns whose head is a line; None where it is no head."""
    grammar = findings.grammar
    line = piece.lines[place]
    if len(line) > grammar.limit("longest_line") or not line.strip():
        return None
    names = _head(line, grammar)
    if not names:
        return None
    rows: list[list[str]] = []
    has_record = False
    end = place + 1
    while end < len(piece.lines) and len(rows) < grammar.limit("most_records"):
        text = piece.lines[end]
        if text.strip() and not grammar.shape("drawn").search(text.strip()):
            cells = _cells(text, line, names, grammar)
            if cells is None:
                break
            rows.append(cells)
            # One of something else is not read by its values either.
            has_record = has_record or read_record(list(zip(names, cells, strict=True)), grammar) is not None
            if not has_record and len(rows) >= _MOST_TRIED:
                return None
        elif not text.strip():
            break
        end += 1
    if not has_record:
        return None
    _keep(names, rows, piece.start + place, findings)
    return end


def _head(line: str, grammar: Grammar) -> list[str]:
    """The names of columns in a line: at least two fields, and no sentence."""
    text = line.strip()
    names = [name.strip() for name in _GAP.split(text)]
    if len(names) < 2 or len(names) > _MOST_COLUMNS:  # noqa: PLR2004 - one column is a word
        names = _words(text, grammar)
    named = [name for name in names if grammar.field_of(name)]
    is_short = all(len(name) <= 40 and not name.endswith((":", ".", ",", "=")) for name in names)  # noqa: PLR2004
    return names if len(named) > 1 and is_short and 2 * len(named) >= min(len(names), 4) else []


def _words(text: str, grammar: Grammar) -> list[str]:
    """Names with one blank between them, where all of them are fields: the longest that is one comes first."""
    words = _BLANKS.split(text)
    names: list[str] = []
    place = 0
    while place < len(words) and len(names) < _MOST_COLUMNS:
        length = next(
            (
                count
                for count in range(_LONGEST_NAME, 0, -1)
                if grammar.field_of(" ".join(words[place : place + count]))
            ),
            0,
        )
        if not length and text != text.upper():
            return []
        # A head in capitals may have columns that nothing here knows.
        length = length or 1
        names.append(" ".join(words[place : place + length]))
        place += length
    return names


def _cells(line: str, head: str, names: Sequence[str], grammar: Grammar) -> list[str] | None:
    """The cells of a line below a head: by tabs, by where the names stand, by wide gaps, or by any."""
    if "\t" in line:
        return _whole([cell.strip() for cell in line.strip("\n").split("\t")], names, grammar)
    starts: list[int] = []
    after = 0
    for name in names:
        after = head.find(name, after)
        starts.append(after)
        after += len(name)
    if starts[0] > 0 and not line[: starts[0]].strip():
        starts[0] = 0
    fits = all(start == 0 or line[start - 1 : start] in ("", " ") for start in starts)
    bounds = [*starts[1:], len(line) + 1]
    by_place = [line[start:end].strip() for start, end in zip(starts, bounds, strict=True)]
    if fits and starts[0] == 0 and by_place[0] and sum(1 for cell in by_place if cell) > 1:
        return by_place
    gapped = _whole(_GAP.split(line.strip()), names, grammar)
    if gapped is not None:
        return gapped
    cells = _BLANKS.split(line.strip())
    return cells if len(cells) == len(names) and _is_row(names, cells, grammar) else None


def _whole(cells: list[str], names: Sequence[str], grammar: Grammar) -> list[str] | None:
    """Cells of as many columns as there are names; the last may be missing where it has a dashboard's buttons."""
    has_buttons = len(cells) == len(names) - 1 and grammar.field_of(names[-1]) is None
    whole = [*cells, ""] if has_buttons else cells
    return whole if len(whole) == len(names) else None


def _is_row(names: Sequence[str], cells: Sequence[str], grammar: Grammar) -> bool:
    """Whether words with one blank between are cells of a row, and no sentence: what is below a status is one."""
    told = [cell for name, cell in zip(names, cells, strict=True) if grammar.field_of(name) == "status"]
    known = (*_ENABLED, *grammar.words("statuses_of_volumes"), *grammar.migration_statuses)
    return all(
        cell in known or grammar.is_status(cell) or cell != cell.lower() or not (cell.isascii() and cell.isalpha())
        for cell in told
    )
