"""What page models are made of: links, places, matrices, tables and sections, ready to print.

HTML is made by templates only. Texts may hold `code` between backticks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from nova_states.pages.graphs import Graph
from nova_states.pages.machine_shapes import MachineMap


@dataclass(frozen=True, kw_only=True, slots=True)
class Head:
    """What search, navigation and the browser's tab need to know of a page."""

    title: str
    description: str
    kind: str
    label: str = ""
    group: str = ""
    aliases: tuple[str, ...] = ()
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
class SourceLink:
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
class MatrixCell:
    """A cell of a matrix: a word or sign with its class, never colour alone."""

    sign: str
    css: str
    """"yes", "no", "warn", or empty."""
    href: str
    title: str
    """Row, column and meaning in words."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MatrixRow:
    """A row of a matrix."""

    head: Link
    cells: tuple[MatrixCell, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Matrix:
    """A table with heads on both sides."""

    id: str
    """Id of the heading that names it."""
    corner: str
    columns: tuple[Link, ...]
    rows: tuple[MatrixRow, ...]
    has_words: bool = False
    """Whether cells hold words rather than signs."""
    fold: str = ""
    """What is read of a matrix that opens only when it is asked for; empty: it is open."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Property:
    """A line of a page's table of values."""

    name: str
    value: str
    links: tuple[Link, ...] = ()
    is_code: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class ExactCode:
    """Nova's own code for what stands in words before it, folded."""

    fold: str
    """What is read while it is folded."""
    code: str


CellContent: TypeAlias = tuple[Link | SourceLink | ExactCode | str, ...]
"""What a cell of a table holds, in order: links, places in the source, code, texts."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """A table of a section."""

    head: tuple[str, ...]
    rows: tuple[tuple[CellContent, ...], ...]
    ids: tuple[str, ...] = ()
    """An id for each row, where something links to it."""
    fold: str = ""
    """What is read while the table is folded; empty where it is always shown."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PageSection:
    """A part of a page with a heading of its own."""

    id: str
    title: str
    texts: tuple[str, ...] = ()
    """Paragraphs, the answer first."""
    graph: Graph | None = None
    picture: MachineMap | None = None
    tables: tuple[Table, ...] = ()
    more: tuple[Link, ...] = ()
    """Where to read on."""
