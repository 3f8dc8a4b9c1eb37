"""What page models are made of: links, places, matrices, tables and sections, ready to print.

HTML is made by templates only. Texts may hold `code` between backticks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from generator.pages.graphs import Graph


@dataclass(frozen=True, kw_only=True, slots=True)
class Head:
    """What search, navigation and the browser's tab need to know of a page."""

    title: str
    description: str
    kind: str
    label: str = ""
    group: str = ""
    aliases: tuple[str, ...] = ()
    text: str = ""
    boost: float = 1
    hide: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """A name that leads to its page."""

    text: str
    href: str
    kind: str = ""
    """Kind of state, for its colour; empty for a plain link."""
    title: str = ""
    """What the name means, in the page's language; shown on hovering."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """A line of Nova's source."""

    file: str
    line: int
    function: str
    href: str
    version: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """Something that holds since, and perhaps until, certain releases."""

    what: str
    since: str
    until: str
    """Empty where it still holds."""
    link: Link | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """A cell of a matrix: a word or sign with its class, never colour alone."""

    sign: str
    css: str
    """"yes", "no", "warn", or empty."""
    href: str
    title: str
    """Row, column and meaning in words."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A row of a matrix."""

    head: Link
    cells: tuple[Cell, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Matrix:
    """A table with heads on both sides."""

    id: str
    """Id of the heading that names it."""
    corner: str
    columns: tuple[Link, ...]
    rows: tuple[Row, ...]
    has_words: bool = False
    """Whether cells hold words rather than signs."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    """A line of a page's table of values."""

    name: str
    value: str
    links: tuple[Link, ...] = ()
    is_code: bool = False


Items: TypeAlias = tuple[Link | Place | str, ...]
"""What a cell of a table holds, in order: links, places in the source, texts."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """A table of a section."""

    head: tuple[str, ...]
    rows: tuple[tuple[Items, ...], ...]
    ids: tuple[str, ...] = ()
    """An id for each row, where something links to it."""
    fold: str = ""
    """What is read while the table is folded; empty where it is always shown."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """A part of a page with a heading of its own."""

    id: str
    title: str
    texts: tuple[str, ...] = ()
    """Paragraphs, the answer first."""
    graph: Graph | None = None
    tables: tuple[Table, ...] = ()
    more: tuple[Link, ...] = ()
    """Where to read on."""
