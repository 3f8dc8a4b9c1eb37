"""A picture of states and ways between them, before it is drawn: what is shown, not where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A line of a node; the same in every language, so that all languages share one drawing."""

    text: str
    kind: str = ""
    """Kind of name, for its colour; empty for plain text."""
    href: str = ""
    """Where it leads; empty: nowhere."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Node:
    """A box."""

    id: str
    lines: tuple[Line, ...]
    kind: str = ""
    """Kind of what it stands for, for its frame."""
    is_subject: bool = False
    """Whether it is what the page is about, or where it begins."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Edge:
    """A way from one box to another."""

    tail: str
    head: str
    label: str = ""
    href: str = ""
    """Where its label leads, which then stands on it as a badge; empty: nowhere."""
    title: str = ""
    """What such a label says in words, for those who hear it or point at it."""
    is_thin: bool = False
    """Whether it is taken only in some cases."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ends:
    """Where failures end: one box aside, and a bracket beside all edges on which one may come."""

    lines: tuple[str, ...]
    """Its heading, then what failures leave."""
    letters: int
    """Letters of the longest line in any language, so that all languages share one drawing."""
    href: str
    title: str
    """All of it in words."""
    edges: tuple[int, ...]
    """Numbers of the edges; none: that is not known, and it has no bracket."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Graph:
    """A picture, with what it shows in words for those who do not see it."""

    id: str
    """Id of the section it belongs to."""
    title: str
    description: str
    """How to read it, and where the same stands as a table."""
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    direction: Literal["TB", "LR"] = "TB"
    ends: Ends | None = None
    """Where failures end, if they are told aside."""
