"""Makes rows of a table whole that the client folded to the width of the terminal."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from nova_states.lookup.reading.grammar import Grammar

_WORD: Final = re.compile(r"^['\"(]*[A-Za-z]+[.,;:'\")}\]]*$")
_ID: Final = re.compile("[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
_REQUEST: Final = "req-"
_MOST_FOLDS: Final = 40
"""Lines of a row that the client folded."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A row and the line where it stands."""

    line: int
    raw: tuple[str, ...]
    """Cells with their padding."""

    @property
    def cells(self) -> tuple[str, ...]:
        """Cells without what is drawn around them."""
        return tuple(cell.strip().strip("`").strip() for cell in self.raw)


def joined(rows: Sequence[Row]) -> Row:
    """Rows that are one, cell by cell."""
    first, *others = rows
    cells = list(first.raw)
    for row in others:
        for place, raw in enumerate(row.raw[: len(cells)]):
            if raw.strip():
                cells[place] = join(cells[place], raw)
    return Row(line=first.line, raw=tuple(cells))


def join(before: str, more: str) -> str:
    """Two lines of one cell: a word goes on where the line above fills its column or ends with a hyphen.

    Only a word that is longer than the column was broken; any other would stand on the next line. Two words of a
    sentence are two, however long they are.
    """
    text = before.rstrip()
    words = text.strip().rpartition(" ")
    last, first = words[2], more.strip().partition(" ")[0]
    is_full = len(before) - len(text) <= 1 and bool(text) and len(last) + len(first) > len(more) - 2
    if _ID.fullmatch(last + first):
        is_full = True
    elif is_full and words[1] and _WORD.search(last) and _WORD.search(first):
        is_full = False
    padding = " " * (len(more) - len(more.rstrip()))
    return text + ("" if is_full or text.endswith("-") else " ") + more.strip() + padding


def unfolded(rows: Sequence[Row], named: int, key: int, grammar: Grammar) -> list[Row]:
    """Rows that are whole: those folded to the width of the terminal go on in lines that leave short cells empty.

    Args:
        rows: With as many cells each.
        named: The column of ids, which may be folded too.
        key: A column that no record leaves empty.
        grammar: The grammar.
    """
    whole: list[Row] = []
    lacking = 0
    for place, row in enumerate(rows):
        if lacking or (whole and _is_rest(whole[-1], row, named, key, grammar)):
            whole[-1] = joined([whole[-1], row])
            lacking = max(0, lacking - 1)
        else:
            whole.append(row)
            following = rows[place : place + _MOST_FOLDS]
            ids = [other.raw[named] if named < len(other.raw) else "" for other in following]
            lacking = _lines_of_id(ids, grammar) - 1
    return whole


def _lines_of_id(cells: Sequence[str], grammar: Grammar) -> int:
    """How many cells below each other make one id; 1 where the first is no part of any."""
    found = cells[0].strip()
    for count, cell in enumerate(cells[1:], 2):
        if not cell.strip() or grammar.shape("cut_id").search(found) is None:
            break
        found += cell.strip()
        if grammar.shape("uuid").search(found.removeprefix(_REQUEST)) and "-" in found:
            return count
    else:
        # The end of the table was cut off.
        if "-" in found and grammar.shape("cut_id").search(found):
            return len(cells)
    return 1


def _is_rest(above: Row, row: Row, named: int, key: int, grammar: Grammar) -> bool:
    """Whether a row goes on with the one above: it has no id or no status, or the rest of a status."""
    if len(row.cells) <= max(named, key):
        return False
    if not row.cells[key] or (above.cells[named] and not row.cells[named] and not grammar.is_status(row.cells[key])):
        return True
    if row.cells[named] or named == key:
        return _is_rest_of_status(above, row, key, grammar)
    return False


def _is_rest_of_status(above: Row, row: Row, key: int, grammar: Grammar) -> bool:
    """Whether a row has the rest of a status that was too long for its column."""
    if grammar.is_status(row.cells[key]) or grammar.is_status(above.cells[key]):
        return False
    together = join(above.raw[key], row.raw[key])
    return grammar.is_status(together) or grammar.begins_status(together)
