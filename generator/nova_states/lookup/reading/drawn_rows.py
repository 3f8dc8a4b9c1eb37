"""Finds the rows of tables drawn with bars: where a table ends, and which lines of a terminal are one row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from nova_states.lookup.reading.folded_rows import Row
from nova_states.lookup.reading.grammar import Grammar
from nova_states.lookup.reading.pieces import Piece

_BARS: Final = re.compile("[|\u2502]")
_BAR: Final = ("|", "\u2502")
_RULES: Final = ("-", "=", "\u2500")
"""What a line between rows begins with where the left border was cut off."""
_AROUND: Final = re.compile("^[|\u2502]+|[|\u2502]+$")
_BLOCK: Final = re.compile("^[^|\u2502]*: ?[|]$")
"""What begins a text of several lines in YAML."""
_MOST_BROKEN: Final = 60
"""Lines of the terminal that one line of a table takes."""
_MOST_BEFORE: Final = 2
"""Cells among which is the status of a row that begins with a name."""
_OF_FIELD: Final = 3
"""Bars of a row of name and value."""


def end_of_table(lines: Sequence[str], place: int, grammar: Grammar) -> tuple[int, bool]:
    """Behind the last of the lines from one on that are drawn, and whether any is a row."""
    end = place
    bars = 0
    rules = 0
    while end < len(lines):
        line = lines[end].strip()
        if not bars and _BLOCK.search(line):
            break
        if _is_row(line):
            bars += 1
        elif _is_rule(line, grammar):
            rules += 1
        elif bars and (rest := _end_of_row(lines, end, grammar, has_corners=True)):
            end = rest - 1
        elif _is_open_row(line) and (
            rules or bars or _has_table_near(lines, end, grammar) or _is_row_alone(line, grammar)
        ):
            bars += 1
        else:
            break
        end += 1
    return end, bars > 0


def _is_row(line: str) -> bool:
    """Whether a line begins or ends with a bar and has something between."""
    if not line or not (line[0] in _BAR or line[-1] in _BAR):
        return False
    return len(line) > 1 and bool(_BARS.search(line, 1 if line[0] in _BAR else 0))


def _is_open(line: str) -> bool:
    """Whether a line begins a row that does not end in it."""
    return line.startswith(_BAR) and not (len(line) > 1 and line.endswith(_BAR))


def _is_open_row(line: str) -> bool:
    """Whether it is a row as psql prints it, with bars between cells alone."""
    return " | " in line or line.endswith(" |")


def _is_row_alone(line: str, grammar: Grammar) -> bool:
    """Whether a row without borders is one wherever it stands: it has an id or a status, or is a named value."""
    first, _, more = line.partition(" | ")
    if " | " in more:
        statuses = grammar.vocabulary.statuses.values()
        has_status = any(cell.strip() in statuses for cell in more.split(" | ")[:_MOST_BEFORE])
        return has_status or bool(grammar.shape("uuid").search(first.strip()))
    is_value = bool(more.strip()) and grammar.field_of(more.strip()) is None
    return is_value and grammar.field_of(first.strip()) is not None


def _is_rule(line: str, grammar: Grammar) -> bool:
    return bool(grammar.shape("drawn").search(line)) and "-" in line.replace("\u2500", "-").replace("=", "-")


def _has_table_near(lines: Sequence[str], place: int, grammar: Grammar) -> bool:
    near = lines[max(0, place - 1) : place + 2]
    if len(lines) > place + 1 and _is_row(lines[place + 1].strip()):
        return True
    return any(_is_rule(line.strip(), grammar) or bool(grammar.shape("row_marker").search(line)) for line in near)


def _end_of_row(lines: Sequence[str], place: int, grammar: Grammar, *, has_corners: bool) -> int:
    """Behind the line in which a row ends that the terminal broke before a line; 0 where none of the next ends it.

    Lines of nothing but blanks are cells that are empty, as long as the row goes on behind them. Of a row that was
    broken behind a bar, what follows begins with no bar and ends with one, as long as the table has its left border
    (`has_corners`).
    """
    before = lines[place - 1].strip()
    is_open = _is_open(before)
    if not before.startswith(_BAR) or not (is_open or has_corners):
        return 0
    blanks = found = 0
    for end, line in enumerate(lines[place : place + _MOST_BROKEN], place + 1):
        text = line.strip()
        if text in _BAR:
            return end
        is_end = text.endswith(_BAR)
        if _begins(text, grammar) or (found and not is_end) or (text and not is_end and not is_open):
            break
        if is_end:
            # An empty line divides what somebody wrote from the next table.
            if blanks and not line.startswith(" "):
                break
            found = end
        blanks += not text
    return found


def groups_of(table: Piece, grammar: Grammar) -> list[list[Row]]:
    """Rows between the rules that divide them; a row that the terminal broke is whole again."""
    groups: list[list[Row]] = [[]]
    width = 0
    lines = table.lines
    begun = [text for line in lines if (text := line.strip()).startswith(_BAR)]
    closed = [_bars_in(text) for text in begun if _is_closed(text)]
    # Where most have no right border, what ends with a bar is a row whose last cell is empty.
    ahead = max(closed, default=0) if 2 * len(closed) > len(begun) else 0
    screen = max(map(len, lines), default=0)
    rule = next((text for line in lines if _is_rule(text := line.strip(), grammar)), "-")
    has_corners = not rule.startswith(_RULES)
    place = 0
    while place < len(lines):
        text = lines[place].strip()
        if _is_rule(text, grammar) or grammar.shape("row_marker").search(text):
            if groups[-1]:
                groups.append([])
            place += 1
            continue
        whole, end = _whole(lines, place, screen, width, grammar, has_corners=has_corners)
        whole = _without_remark(whole, ahead and (width or ahead), grammar)
        if _is_closed(whole.strip()):
            width = width or _bars_in(whole)
        row = _row(table.start + place, whole)
        if not all(grammar.shape("rule").search(cell) for cell in row.cells):
            groups[-1].append(row)
        place = end
    return [group for group in groups if group]


def _whole(  # noqa: PLR0913 - a row, and what is known of its table
    lines: Sequence[str], place: int, screen: int, width: int, grammar: Grammar, *, has_corners: bool
) -> tuple[str, int]:
    """A row, and the place behind its last line: `screen` characters are as many as a line has at most."""
    whole = lines[place].strip()
    end = place + 1
    if end == len(lines):
        return whole, end
    if not (_is_open(whole) and _completes(whole, lines[end].strip(), width)):
        rest = _end_of_row(lines, end, grammar, has_corners=has_corners)
        if not rest:
            return whole, end
        end = rest - 1
    # A blank at the end of a line is one of its cell; mail and chats take it away.
    parts = [line.ljust(screen) for line in (lines[place].lstrip(), *lines[place + 1 : end])]
    return "".join([*parts, lines[end].rstrip()]), end + 1


def _completes(row: str, following: str, width: int) -> bool:
    """Whether a line that begins with a bar is the rest of a row: together they have as many as the rows above."""
    return following.endswith(_BAR) and _bars_in(row) + _bars_in(following) == width > _bars_in(following)


def _is_closed(line: str) -> bool:
    return _is_row(line) and line[0] in _BAR and line[-1] in _BAR


def _without_remark(row: str, width: int, grammar: Grammar) -> str:
    """A row without what somebody wrote behind its last bar; `width`: bars of a row that is closed, 0 if none is."""
    text = row.rstrip()
    if not text.startswith(_BAR) or text.endswith(_BAR):
        return row
    bars = [found.end() for found in _BARS.finditer(text)]
    if not width and len(bars) == _OF_FIELD:
        name, value = (cell.strip() for cell in _BARS.split(text)[1:_OF_FIELD])
        width = _OF_FIELD if grammar.field_of(name) and not grammar.field_of(value) else 0
    return text[: bars[-1]] if len(bars) == width else row


def _bars_in(text: str) -> int:
    return len(_BARS.findall(text))


def _begins(line: str, grammar: Grammar) -> bool:
    return (line.startswith(_BAR) and len(line) > 1) or (bool(line) and _is_rule(line, grammar))


def _row(line: int, text: str) -> Row:
    return Row(line=line, raw=tuple(_BARS.split(_AROUND.sub("", text))))
