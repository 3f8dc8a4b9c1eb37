"""Reads tables drawn with bars: with or without a head, cut anywhere, wrapped by the client or by the terminal."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from nova_states.lookup.reading.cells import read_cells
from nova_states.lookup.reading.folded_rows import Row, join, joined, unfolded
from nova_states.lookup.reading.grammar import Grammar, fold_name
from nova_states.lookup.reading.messages import read_texts
from nova_states.lookup.reading.pieces import Findings, Piece, remaining
from nova_states.lookup.reading.records import read_record
from nova_states.lookup.report import Report

_BARS: Final = re.compile("[|\u2502]")
_AROUND: Final = re.compile("^[|\u2502]+|[|\u2502]+$")
_BLOCK: Final = re.compile("^[^|\u2502]*: ?[|]$")
"""What begins a text of several lines in YAML."""
_MOST_BROKEN: Final = 60
"""Lines of the terminal that one line of a table takes."""
_IDS: Final = ("request_id", "uuid", "id")
_KEYS: Final = ("status", "vm_state", "instance_state", "state", "action", "event")
"""Fields that no record of a list leaves empty: a row without one is the rest of the row above."""
_SHORTEST: Final = 8
"""Letters of the beginning of a field's name that tell it."""
_ONCE: Final = ("id", "vm_state", "task_state", "power_state", "status")
"""Fields that stand once in a record: where one comes again, another record begins."""


def read_tables(piece: Piece, findings: Findings) -> list[Piece]:
    """Read all tables of a piece."""
    taken: list[tuple[int, int]] = []
    place = 0
    while place < len(piece.lines):
        end, has_rows = _end_of_table(piece.lines, place, findings.grammar)
        if has_rows:
            known = len(findings.records)
            _read_table(piece.part(place, end), findings)
            _drop_others(piece.start + place, known, findings)
            taken.append((place, end))
        place = max(end, place + 1)
    return remaining(piece, taken)


def _drop_others(line: int, known: int, findings: Findings) -> None:
    """Drop the servers of a table that a command for something else has printed; `known`: records before it."""
    near = range(line - 1, line - _MOST_BROKEN, -1)
    command = next((findings.commands[at] for at in near if at in findings.commands), "")
    if findings.grammar.shape("of_others").search(command):
        kept = [pair for pair in findings.records[known:] if pair[1].record != "server"]
        if len(kept) < len(findings.records) - known:
            findings.leave(line, command)
        findings.records[known:] = kept


def _end_of_table(lines: Sequence[str], place: int, grammar: Grammar) -> tuple[int, bool]:
    """Behind the last of the lines from one on that are drawn, and whether any is a row."""
    end = place
    broken = 0
    bars = 0
    rules = 0
    while end < len(lines):
        line = lines[end].strip()
        if not bars and _BLOCK.search(line):
            break
        if _is_row(line):
            bars, broken = bars + 1, 0
        elif _is_rule(line, grammar):
            rules, broken = rules + 1, 0
        elif bars and broken < _MOST_BROKEN and line and _goes_on(lines, end, grammar):
            broken += 1
        elif _is_open_row(line) and (rules or bars or _has_table_near(lines, end, grammar)):
            bars, broken = bars + 1, 0
        else:
            break
        end += 1
    return end, bars > 0


def _is_row(line: str) -> bool:
    """Whether a line begins or ends with a bar and has something between."""
    if not line or not (line[0] in "|\u2502" or line[-1] in "|\u2502"):
        return False
    return len(line) > 1 and bool(_BARS.search(line, 1 if line[0] in "|\u2502" else 0))


def _is_open_row(line: str) -> bool:
    """Whether it is a row as psql prints it, with bars between cells alone."""
    return " | " in line or line.endswith(" |")


def _is_rule(line: str, grammar: Grammar) -> bool:
    return bool(grammar.shape("drawn").search(line)) and "-" in line.replace("\u2500", "-").replace("=", "-")


def _has_table_near(lines: Sequence[str], place: int, grammar: Grammar) -> bool:
    near = lines[max(0, place - 1) : place + 2]
    if len(lines) > place + 1 and _is_row(lines[place + 1].strip()):
        return True
    return any(_is_rule(line.strip(), grammar) or bool(grammar.shape("row_marker").search(line)) for line in near)


def _goes_on(lines: Sequence[str], place: int, grammar: Grammar) -> bool:
    """Whether a line is the rest of a row that the terminal broke: rows above and below are rows, this ends in one."""
    before = lines[place - 1].strip()
    if before.endswith(("|", "\u2502")) or not before.startswith(("|", "\u2502")):
        return False
    for following in lines[place : place + 20]:
        text = following.strip()
        if text.endswith(("|", "\u2502")):
            return True
        if not text or _is_rule(text, grammar):
            return False
    return False


def _read_table(table: Piece, findings: Findings) -> None:
    grammar = findings.grammar
    groups = _groups(table, grammar)
    rows = [row for group in groups for row in group]
    if not rows:
        return
    if len(groups) > 1 and len(groups[0]) > 1 and not _is_field_head(rows[0], grammar):
        # The head itself may be wrapped: then it has no fewer fields than its first line has.
        whole = joined(groups[0])
        if _named_in(whole, grammar) >= max(1, _named_in(rows[0], grammar)):
            rows = [whole, *(row for group in groups[1:] for row in group)]
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


def _groups(table: Piece, grammar: Grammar) -> list[list[Row]]:
    """Rows between the rules that divide them; a row that the terminal broke is whole again."""
    groups: list[list[Row]] = [[]]
    whole = ""
    begun = width = 0
    ahead = max((_bars_in(text) for line in table.lines if _is_closed(text := line.strip())), default=0)
    for place, line in enumerate(table.lines):
        text = line.strip()
        if not whole and (_is_rule(text, grammar) or grammar.shape("row_marker").search(text)):
            if groups[-1]:
                groups.append([])
            continue
        begun = begun if whole else table.start + place
        whole += text if not whole else line.rstrip()
        following = table.lines[place + 1].strip() if place + 1 < len(table.lines) else "|"
        is_open = whole.startswith(("|", "\u2502")) and not whole.endswith(("|", "\u2502"))
        if is_open and (not _begins(following, grammar) or _completes(whole, following, width)):
            continue
        whole = _without_remark(whole, width or ahead, grammar)
        width = width or _bars_in(whole)
        row = _row(begun, whole)
        if not all(grammar.shape("rule").search(cell) for cell in row.cells):
            groups[-1].append(row)
        whole = ""
    return [group for group in groups if group]


def _is_closed(line: str) -> bool:
    return _is_row(line) and line[0] in "|\u2502" and line[-1] in "|\u2502"


def _without_remark(row: str, width: int, grammar: Grammar) -> str:
    """A row without what somebody wrote behind its last bar; `width`: bars of a row that is closed, 0 if none is."""
    text = row.rstrip()
    if not text.startswith(("|", "\u2502")) or text.endswith(("|", "\u2502")):
        return row
    bars = [found.end() for found in _BARS.finditer(text)]
    is_field = len(bars) > 2 and grammar.field_of(text[1 : bars[1] - 1].strip()) is not None  # noqa: PLR2004 - two cells
    return text[: bars[-1]] if len(bars) == (width or (len(bars) if is_field else 0)) else row


def _bars_in(text: str) -> int:
    return len(_BARS.findall(text))


def _completes(row: str, following: str, width: int) -> bool:
    """Whether a line that begins with a bar is the rest of a row: together they have as many as the rows above."""
    return following.endswith(("|", "\u2502")) and _bars_in(row) + _bars_in(following) == width > _bars_in(following)


def _begins(line: str, grammar: Grammar) -> bool:
    return line.startswith(("|", "\u2502")) or _is_rule(line, grammar) or not line


def _row(line: int, text: str) -> Row:
    return Row(line=line, raw=tuple(_BARS.split(_AROUND.sub("", text))))


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
    for row in rows:
        name, value = row.cells[0], "|".join(cell.strip() for cell in row.raw[1:]).strip().strip("`")
        raw = "|".join(row.raw[1:])
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
        named = grammar.field_of(name) or _cut_field(name, pairs, grammar)
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
    """The field whose name was cut off at its beginning, in the first row of a table that begins in the middle."""
    if pairs or len(name) < 4:  # noqa: PLR2004 - what is shorter may be the end of many
        return None
    found = {field for spelling, field in grammar.spellings.items() if spelling.endswith(name.lower())}
    return found.pop() if len(found) == 1 else None


def _finish(pairs: Sequence[tuple[str, str]], line: int, findings: Findings) -> None:
    _keep(read_record([(name, _bare(value)) for name, value in pairs], findings.grammar), line, pairs, findings)


def _bare(value: str) -> str:
    """A value without what is drawn around it; of bars inside it, those that divide nothing."""
    return "|".join(part.strip() for part in value.split("|")).strip().strip("`")


def _keep(record: Report | str | None, line: int, pairs: Sequence[tuple[str, str]], findings: Findings) -> None:
    if isinstance(record, Report):
        findings.add(line, record)
    elif pairs:
        read_texts(line, [value for _, value in pairs], findings)
        findings.leave(line, ", ".join(name for name, _ in pairs))


def _read_list(head: Row, body: Sequence[Row], findings: Findings) -> None:
    """A row a record, under the names of its columns."""
    grammar = findings.grammar
    names = head.cells
    fields = [grammar.field_of(name) for name in names]
    key = next((fields.index(field) for field in _KEYS if field in fields), 0)
    named = next((fields.index(field) for field in _IDS if field in fields), key)
    fitted = [_fit(row, len(names)) for row in body if row.cells != names]
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


def _fit(row: Row, width: int) -> Row:
    """A row with as many cells as the head: a bar inside a name, the second column, has torn it apart."""
    surplus = len(row.raw) - width
    if surplus > 0:
        torn = "|".join(cell.strip() for cell in row.raw[1 : surplus + 2])
        return Row(line=row.line, raw=(row.raw[0], torn, *row.raw[surplus + 2 :]))
    return Row(line=row.line, raw=(*row.raw, *[""] * -surplus)) if surplus else row


def _read_bare(row: Row, findings: Findings) -> None:
    """A row of a list whose head is missing: what its cells look like tells which is which."""
    record = read_cells(list(row.cells), findings.grammar)
    if record is not None:
        findings.add(row.line, record)
    else:
        findings.leave(row.line, " | ".join(row.cells))
