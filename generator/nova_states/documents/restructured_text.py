"""Writes reStructuredText: titles, tables and inline marks, escaped so that a text of ours means only itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

_CODE: Final = re.compile(r"`([^`]+)`")
_MARKS: Final = re.compile(r"([\\*`|]|_(?=\W|$))")
"""What begins or ends markup in the middle of a text."""
_MAY_FOLLOW: Final = re.compile(r"[\s'\")\]}>\-/:.,;!?]|$")
"""What may stand right behind the end of inline markup (docutils, "inline markup recognition rules")."""


def title(text: str, underline: str) -> Iterator[str]:
    """A heading of its own level, told by the sign below it; "=" above as well makes it the document's."""
    line = underline * len(text)
    yield from ((line, text, line) if underline == "=" else (text, line))
    yield ""


def code(text: str) -> str:
    """A name or a piece of code, as an inline literal."""
    # An inline literal can neither be empty nor begin or end with white space, and ends at the first pair.
    return f"``{' '.join(text.split()).replace('``', '` `')}``"


def inline(text: str) -> str:
    """A text of ours, in which single backticks stand around code."""
    parts: list[str] = []
    place = 0
    for match in _CODE.finditer(text):
        parts += [_plain(text[place : match.start()]), code(match[1])]
        place = match.end()
        if not _MAY_FOLLOW.match(text, place):
            parts.append("\\ ")
    return "".join((*parts, _plain(text[place:])))


def paragraph(text: str, width: int = 79) -> Iterator[str]:
    """A paragraph of ready markup, broken into lines at blanks, those inside literals among them."""
    line = ""
    for word in _words(text):
        if line and len(line) + 1 + len(word) > width:
            yield line
            line = word
        else:
            line = f"{line} {word}" if line else word
    yield line
    yield ""


def table(head: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[int]) -> Iterator[str]:
    """A table with one line of heads; nothing where it has no rows, as docutils refuses that.

    Args:
        head: Texts of the heads.
        rows: Cells of ready markup; an empty one stays empty.
        widths: Of the columns, in relation to each other.
    """
    body = tuple(rows)
    if not body:
        return
    yield ".. list-table::"
    yield "   :header-rows: 1"
    yield f"   :widths: {' '.join(map(str, widths))}"
    yield ""
    for row in (head, *body):
        for number, cell in enumerate(row):
            lead = "   * - " if number == 0 else "     - "
            first, *others = paragraph(cell, 79 - len(lead))
            yield f"{lead}{first}".rstrip()
            yield from (f"{' ' * len(lead)}{line}" for line in others if line)
    yield ""


def _plain(text: str) -> str:
    return _MARKS.sub(r"\\\1", text)


def _words(text: str) -> list[str]:
    """The words of ready markup; an escaped blank joins what it stands between."""
    return re.findall(r"(?:\\ |\S)+", text)
