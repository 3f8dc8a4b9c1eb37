"""What one extractor accounts for of the source, by place: the census asks after all that none of them does.

An extractor claims by its facts' evidence; beyond that it says here which functions it followed and which writes of
state it came by.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(kw_only=True, slots=True)
class Claims:
    """Places, each by the path of its file."""

    spans: dict[str, set[tuple[int, int]]] = field(default_factory=dict)
    """First and last line of the functions that were followed."""
    writes: dict[str, set[int]] = field(default_factory=dict)
    """Lines of the writes of state that were come by."""
    names: set[tuple[str, str]] = field(default_factory=set)
    """Path and name of the top-level names whose value was worked out."""
    statements: dict[str, set[tuple[int, int]]] = field(default_factory=dict)
    """First and last line of the top-level statements that were run for such a value, as they change it in place."""

    def follow(self, path: str, node: ast.AST) -> None:
        """Note that a function was followed."""
        self.spans.setdefault(path, set()).add(_lines(node))

    def run(self, path: str, nodes: Iterable[ast.AST]) -> None:
        """Note that top-level statements were run, all of them, for the value of a name."""
        self.statements.setdefault(path, set()).update(map(_lines, nodes))

    def write(self, path: str, node: ast.AST) -> None:
        """Note that a write of state was come by."""
        self.writes.setdefault(path, set()).add(getattr(node, "lineno", 0))


def _lines(node: ast.AST) -> tuple[int, int]:
    first = getattr(node, "lineno", 0)
    return first, getattr(node, "end_lineno", None) or first
