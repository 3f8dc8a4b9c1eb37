"""Reads tables drawn with bars: with or without a head, cut anywhere, wrapped by the client or by the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from nova_states.lookup.reading.cells import read_cells
from nova_states.lookup.reading.drawn_rows import end_of_table, groups_of
from nova_states.lookup.reading.folded_rows import Row, join, joined, unfolded
from nova_states.lookup.reading.grammar import STATE_FIELDS, Grammar, fold_name
from nova_states.lookup.reading.messages import read_texts
from nova_states.lookup.reading.objects import read_inside
from nova_states.lookup.reading.pieces import Findings, Piece, remaining
from nova_states.lookup.reading.records import read_record
from nova_states.lookup.reading.values import is_state
from nova_states.lookup.report import Report

_IDS: Final = ("request_id", "uuid", "id")
_KEYS: Final = ("status", "vm_state", "instance_state", "state", "action", "event")
"""Fields that no record of a list leaves empty: a row without one is the rest of the row above."""
_EXTENSION: Final = "OS-"
"""What names of the API's extensions begin with."""
_SHORTEST: Final = 8
"""Letters of the beginning of a field's name that tell it."""
_NAME_AND_VALUE: Final = 2
_FEWEST_COLUMNS: Final = 4
"""Of a row that is one of a list, wherever it stands."""
_ONCE: Final = ("id", "vm_state", "task_state", "power_state", "status")
"""Fields that stand once in a record: where one comes again, another record begins."""


def read_tables(piece: Piece, findings: Findings) -> list[Piece]:
    """Read all tables of a piece."""
    taken: list[tuple[int, int]] = []
    place = 0
    while place < len(piece.lines):
        end, has_rows = end_of_table(piece.lines, place, findings.grammar)
        if has_rows:
            _read_table(piece.part(place, end), findings)
            taken.append((place, end))
        place = max(end, place + 1)
    return remaining(piece, taken)


def _read_table(table: Piece, findings: Findings) -> None:
    grammar = findings.grammar
    groups = groups_of(table, grammar)
    rows = [row for group in groups for row in group]
    if not rows:
        return
    if len(groups) > 1 and len(groups[0]) > 1 and not _is_field_head(rows[0], grammar):
        # The head itself may be wrapped: then it has no fewer fields than its first line has.
        whole = joined(groups[0])
        if _named_in(whole, grammar) >= max(1, _named_in(rows[0], grammar)):
            rows = [whole, *(row for group in groups[1:] for row in group)]
    for part in _apart(rows, grammar):
        _read_rows(part, findings)


def _apart(rows: Sequence[Row], grammar: Grammar) -> Iterator[Sequence[Row]]:
    """Tables that stand one right below the other: another one begins with names where the one above has values."""
    begun = 0
    for place in range(1, len(rows)):
        if _begins_table(rows[begun], rows[place], grammar):
            yield rows[begun:place]
            begun = place
    yield rows[begun:]


def _begins_table(head: Row, row: Row, grammar: Grammar) -> bool:
    """Whether a row is no row of the table with a head: it has other names, or name and value below columns."""
    cells = row.cells
    if _is_field_head(row, grammar):
        return row.cells != head.cells
    if len(cells) == len(head.cells) or not all(cells[:_NAME_AND_VALUE]):
        return False
    if len(cells) == _NAME_AND_VALUE:
        is_pair = grammar.field_of(cells[0]) is not None and grammar.field_of(cells[1]) is None
        return is_pair and len(head.cells) >= _FEWEST_COLUMNS
    is_below_fields = len(head.cells) == _NAME_AND_VALUE and grammar.field_of(cells[0]) is None
    if is_below_fields and len(cells) >= _FEWEST_COLUMNS and read_cells(cells, grammar) is not None:
        return True
    return len(cells) > _NAME_AND_VALUE and all(cells) and _named_in(row, grammar) > len(cells) / 2


def _read_rows(rows: Sequence[Row], findings: Findings) -> None:
    grammar = findings.grammar
    head, body = rows[0], rows[1:]
    if _is_field_head(head, grammar):
        _read_fields(body, findings)
    elif len(head.cells) > 1 and _is_head(head, body, grammar):
        _read_list(head, body, findings)
    elif any(len(row.cells) > 1 and grammar.field_of(row.cells[0]) for row in rows):
        _read_fields(rows, findings)
    else:
        for row in _unbroken(unfolded(rows, 0, 0, grammar), grammar):
            _read_bare(row, findings)


def _unbroken(rows: Sequence[Row], grammar: Grammar) -> list[Row]:
    """Rows without a head, of which one that ends in a status goes on in one that begins with a task."""
    whole: list[Row] = []
    for row in rows:
        above = whole[-1] if whole else None
        last = next((cell for cell in reversed(above.cells) if cell), "") if above else ""
        first = next((cell for cell in row.cells if cell), "")
        if above and last in grammar.vocabulary.statuses.values() and grammar.is_task(first):
            raw = (*(cell for cell in above.raw if cell.strip()), *(cell for cell in row.raw if cell.strip()))
            whole[-1] = Row(line=above.line, raw=raw)
        else:
            whole.append(row)
    return whole


def _named_in(row: Row, grammar: Grammar) -> int:
    return sum(1 for cell in row.cells if grammar.field_of(cell))


def _below(before: str, more: str) -> str:
    """Two lines of a cell of events, of which each is one of a traceback: it stays a line of its own."""
    return f"{before.rstrip()}\n{more.strip()}"


def _is_field_head(row: Row, grammar: Grammar) -> bool:
    cells = [cell.lower() for cell in row.cells]
    return len(cells) > 1 and cells[0] in grammar.words("field_heads") and cells[1] in grammar.words("value_heads")


def _is_head(row: Row, body: Sequence[Row], grammar: Grammar) -> bool:
    """Whether a row names columns: at least two fields, or one where the cells below it are no fields."""
    if any(grammar.shape("uuid").search(cell) for cell in row.cells) or read_cells(row.cells, grammar) is not None:
        # What somebody called a server may be the name of a field, as may be a word that a service has.
        return False
    named = [cell for cell in row.cells if grammar.field_of(cell)]
    if len(row.cells) == 2:  # noqa: PLR2004 - name and value, or two columns
        return len(named) == 2 and not (body and grammar.field_of(body[0].cells[0]))  # noqa: PLR2004 - as above
    return len(named) > 1 or (len(named) == 1 and grammar.field_of(row.cells[0]) is None)


def _read_fields(rows: Sequence[Row], findings: Findings) -> None:
    """Field and value, a row each; a row without a field goes on with the value above."""
    grammar = findings.grammar
    pairs: list[tuple[str, str]] = []
    seen: set[str] = set()
    begun = rows[0].line if rows else 0
    names = [row.cells[0] for row in rows]
    is_cut = not any(name.startswith(_EXTENSION) for name in names) and any(_is_cut(name, grammar) for name in names)
    for row in rows:
        name, value = row.cells[0], "|".join(cell.strip() for cell in row.raw[1:]).strip().strip("`")
        raw = "|".join(row.raw[1:])
        if is_cut and len(name) < _SHORTEST:
            # The end of a longer name, "id" of "project_id", or nothing of it.
            findings.leave(row.line, " | ".join(row.cells))
            continue
        if not name:
            if pairs:
                is_events = grammar.field_of(pairs[-1][0]) == "events"
                pairs[-1] = (pairs[-1][0], (_below if is_events else join)(pairs[-1][1], raw))
            continue
        above = pairs[-1][0] if pairs else ""
        if (
            pairs
            and not grammar.field_of(above)
            and (grammar.field_of(above + name) or _is_begun(above, name, grammar))
        ):
            # The name itself is wrapped, and maybe the value beside it.
            pairs[-1] = (pairs[-1][0] + name, join(pairs[-1][1], raw) if value else pairs[-1][1])
            continue
        named = grammar.field_of(name) or _cut_field(name, () if is_cut else pairs, grammar)
        if named and named in seen and named in _ONCE:
            _finish(pairs, begun, findings)
            pairs, seen, begun = [], set(), row.line
        if named:
            seen.add(named)
        pairs.append((named if named and not grammar.field_of(name) else name, raw if len(row.raw) > 1 else ""))
    _finish(pairs, begun, findings)


def _is_begun(above: str, name: str, grammar: Grammar) -> bool:
    """Whether the name of a field begins on two lines and ends further down."""
    begun = fold_name(above + name)
    is_whole = grammar.field_of(name) is not None or len(begun) < _SHORTEST
    return not is_whole and any(spelling.startswith(begun) for spelling in grammar.spellings)


def _cut_field(name: str, pairs: Sequence[object], grammar: Grammar) -> str | None:
    """The name of a field that was cut off at its beginning, in the first row of a table that begins in the middle."""
    if pairs or len(name) < 4:  # noqa: PLR2004 - what is shorter may be the end of many
        return None
    found = {spelling: field for spelling, field in grammar.spellings.items() if spelling.endswith(fold_name(name))}
    return min(found, key=len) if len(set(found.values())) == 1 else None


def _is_cut(name: str, grammar: Grammar) -> bool:
    """Whether a name has lost its beginning within the name of an extension: "XT-STS:vm_state"."""
    extension, sign, _ = name.partition(":")
    folded = fold_name(name)
    if not sign or not extension or folded in grammar.spellings:
        return False
    return any(spelling.endswith(folded) for spelling in grammar.spellings)


def _finish(pairs: Sequence[tuple[str, str]], line: int, findings: Findings) -> None:
    _keep(read_record([(name, _bare(value)) for name, value in pairs], findings.grammar), line, pairs, findings)


def _bare(value: str) -> str:
    """A value without what is drawn around it; of bars inside it, those that divide nothing."""
    return "|".join(part.strip() for part in value.split("|")).strip().strip("`")


def _keep(record: Report | str | None, line: int, pairs: Sequence[tuple[str, str]], findings: Findings) -> None:
    if isinstance(record, Report):
        findings.add(line, record)
    elif pairs and not read_inside(pairs, None, 0, line, findings):
        read_texts(line, [value for _, value in pairs], findings)
        findings.leave(line, ", ".join(name for name, _ in pairs))


def _read_list(head: Row, body: Sequence[Row], findings: Findings) -> None:
    """A row a record, under the names of its columns."""
    grammar = findings.grammar
    names = head.cells
    fields = [grammar.field_of(name) for name in names]
    key = next((fields.index(field) for field in _KEYS if field in fields), 0)
    named = next((fields.index(field) for field in _IDS if field in fields), key)
    fitted = [_fit(row, fields, grammar) for row in body if row.cells != names]
    whole = unfolded(fitted, named, key, grammar)
    is_read = True
    for row in whole:
        record = read_record(list(zip(names, row.cells, strict=True)), grammar)
        if isinstance(record, Report):
            findings.add(row.line, record)
        else:
            is_read = False
            read_texts(row.line, row.cells, findings)
    if not is_read:
        findings.leave(head.line, " | ".join(names))


def _fit(row: Row, fields: Sequence[str | None], grammar: Grammar) -> Row:
    """A row with as many cells as the head: a bar inside a name, the second column, has torn it apart.

    Where its states stand below their names as they are, the last names of the head were cut off instead.
    """
    width = len(fields)
    surplus = len(row.raw) - width
    if surplus > 0:
        whole = Row(line=row.line, raw=row.raw[:width])
        torn = "|".join(cell.strip() for cell in row.raw[1 : surplus + 2])
        joined_name = Row(line=row.line, raw=(row.raw[0], torn, *row.raw[surplus + 2 :]))
        return whole if _fits(whole, fields, grammar) > _fits(joined_name, fields, grammar) else joined_name
    return Row(line=row.line, raw=(*row.raw, *[""] * -surplus)) if surplus else row


def _fits(row: Row, fields: Sequence[str | None], grammar: Grammar) -> int:
    """How many cells below the names of states are words of them."""
    told = zip(fields, row.cells, strict=True)
    return sum(1 for field, cell in told if field in STATE_FIELDS and is_state(field, cell, grammar))


def _read_bare(row: Row, findings: Findings) -> None:
    """A row of a list whose head is missing: what its cells look like tells which is which."""
    record = read_cells(list(row.cells), findings.grammar)
    if record is not None:
        findings.add(row.line, record)
    else:
        read_texts(row.line, row.cells, findings)
        findings.leave(row.line, " | ".join(row.cells))
