"""Until which line a function still reads each of its variables, so that worlds that differ in others can join."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nova_states.introspection.interpreter.machine import Machine
from nova_states.introspection.modules import Function
from nova_states.introspection.tree_walk import children

_Loop = ast.For | ast.While | ast.AsyncFor


def last_reads(machine: Machine, function: Function | ast.Lambda) -> dict[str, int]:
    """Variable → last line that reads it; inside a loop that is the loop's end."""
    return machine.memo.once(("last reads", function), lambda: dict(_reads(function)))


def _reads(function: Function | ast.Lambda) -> Iterator[tuple[str, int]]:
    found: dict[str, int] = {"self": function.end_lineno or function.lineno}

    def visit(node: ast.AST, end: int | None) -> None:
        if isinstance(node, _Loop):
            end = end or node.end_lineno
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            found[node.id] = max(found.get(node.id, 0), end or node.lineno)
        for child in children(node):
            visit(child, end)

    visit(function, None)
    yield from found.items()
