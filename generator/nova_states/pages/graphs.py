"""A picture of states and ways between them, before it is drawn: what is shown, not where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

EdgeKind: TypeAlias = Literal["progress", "success", "failure", "recovery"]


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
    is_failure: bool = False
    """Whether only failures end there."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Edge:
    """A way from one box to another."""

    tail: str
    head: str
    outcome: EdgeKind
    label: str = ""


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
