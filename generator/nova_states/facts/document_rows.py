"""The rows of a document of facts as they are written: each with its lines, or as the difference to another document.

Facts that are read from all of Nova give a document for nearly every version, and one differs from the next by a few
rows and by lines that moved together. Such a document names the one it follows, how many of its rows stay (a number),
go (a negative number) or come (a row), and in `shifts` how far the lines of those that stay moved, as pairs of how many
lines and by how much.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher
from itertools import groupby
from typing import Any, TypeAlias

from nova_states.errors import InputError

Row: TypeAlias = tuple[str, tuple[int, ...]]
"""Id of a row and the lines it stands in."""


def difference(base: tuple[Row, ...], rows: tuple[Row, ...]) -> dict[str, Any]:
    """`rows` as what differs from `base`."""
    edits: list[Any] = []
    moves: list[int] = []
    matcher = SequenceMatcher(a=_shapes(base), b=_shapes(rows), autojunk=False)
    for tag, start, end, left, right in matcher.get_opcodes():
        if tag == "equal":
            edits.append(end - start)
            pairs = zip(base[start:end], rows[left:right], strict=True)
            moves.extend(new - old for one, other in pairs for old, new in zip(one[1], other[1], strict=True))
        else:
            edits.extend([start - end] if end > start else [])
            edits.extend([identity, *lines] for identity, lines in rows[left:right])
    shifts = [number for move, group in groupby(moves) for number in (len(list(group)), move)]
    return {"edits": edits, "shifts": shifts}


def _shapes(rows: tuple[Row, ...]) -> list[tuple[str, int]]:
    return [(identity, len(lines)) for identity, lines in rows]


def applied(base: tuple[Row, ...], edits: Iterable[Any], shifts: list[int]) -> tuple[Row, ...]:
    """The rows that `difference` was made of.

    Raises:
        ValueError: the difference does not fit the document that it follows.
    """
    moved = _Moves(shifts)
    found: list[Row] = []
    place = 0
    for edit in edits:
        if isinstance(edit, int):
            if place + abs(edit) > len(base):
                raise ValueError("more rows stay than there are")
            found.extend(map(moved.row, base[place : place + edit] if edit > 0 else ()))
            place += abs(edit)
        else:
            identity, *lines = edit
            found.append((identity, tuple(lines)))
    return tuple(found)


class _Moves:
    """How far each line of the rows that stay has moved, in their order."""

    def __init__(self, shifts: list[int]) -> None:
        # All of them at once: one without its partner is found even where no line needs it.
        self._runs = iter(tuple(zip(shifts[::2], shifts[1::2], strict=True)))
        self._left = 0
        self._by = 0

    def row(self, row: Row) -> Row:
        """The row where its lines are now; itself where they did not move, as those of most did not."""
        identity, lines = row
        if len(lines) > self._left:
            return identity, tuple(line + self._next() for line in lines)
        self._left -= len(lines)
        by = self._by
        return (identity, tuple([line + by for line in lines])) if by else row

    def _next(self) -> int:
        while self._left <= 0:
            run = next(self._runs, None)
            if run is None:
                raise ValueError("fewer lines moved than there are")
            self._left, self._by = run
        self._left -= 1
        return self._by


def rows_of_documents(lines: Iterable[tuple[str, Mapping[str, Any]]]) -> dict[str, tuple[Row, ...]]:
    """Key → rows of all documents of a file, given as place and content of each line.

    Raises:
        InputError: a line is no document, or its difference fits no other, with its place.
    """
    found: dict[str, tuple[Row, ...]] = {}
    for where, line in lines:
        try:
            if "after" in line:
                found[line["key"]] = applied(found[line["after"]], line["edits"], line["shifts"])
            else:
                found[line["key"]] = tuple((row, tuple(at)) for row, *at in line["rows"])
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise InputError(f"{where}: not a document of facts ({error}); run `nova-states extract`") from error
    return found
