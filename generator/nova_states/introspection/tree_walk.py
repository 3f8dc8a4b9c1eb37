"""Walks a syntax tree as `ast.walk` does, in the same order and in half the time: most of reading Nova is walking.

What says only how a name is used (`ast.Load` and its like) is left out: a third of all nodes, and nobody asks for it.
"""

from __future__ import annotations

import ast
from collections import deque
from collections.abc import Iterator, Sequence
from typing import Final

_NO_NODES: Final = frozenset(
    (
        "arg",
        "asname",
        "attr",
        "conversion",
        "ctx",
        "id",
        "is_async",
        "kind",
        "level",
        "lineno",
        "module",
        "name",
        "rest",
    )
)
"""Fields of strings, numbers and uses of names."""


_FIELDS: dict[type[ast.AST], tuple[str, ...]] = {}
"""Class → its fields that may hold nodes, as `child_fields` has found them."""


def child_fields(kind: type[ast.AST]) -> tuple[str, ...]:
    """The fields of a class of nodes that may hold nodes, in the order of its source."""
    fields = _FIELDS.get(kind)
    if fields is None:
        held = () if issubclass(kind, ast.Constant) else kind._fields
        fields = _FIELDS[kind] = tuple(field for field in held if field not in _NO_NODES)
    return fields


def children(node: ast.AST) -> list[ast.AST]:
    """The nodes directly below one, in the order of its fields."""
    found: list[ast.AST] = []
    for field in child_fields(type(node)):
        value = getattr(node, field, None)
        if type(value) is list:
            found += [item for item in value if isinstance(item, ast.AST)]
        elif isinstance(value, ast.AST):
            found.append(value)
    return found


def walk(node: ast.AST) -> Iterator[ast.AST]:
    """Every node at or below `node`, those further out first."""
    waiting = deque((node,))
    take, put, put_all, fields_of = waiting.popleft, waiting.append, waiting.extend, _FIELDS.get
    while waiting:
        found = take()
        fields = fields_of(type(found))
        for field in child_fields(type(found)) if fields is None else fields:
            value = getattr(found, field, None)
            if type(value) is list:
                if value:
                    put_all([item for item in value if isinstance(item, ast.AST)])
            elif isinstance(value, ast.AST):
                put(value)
        yield found


def own_nodes(
    body: Sequence[ast.AST],
    apart: tuple[type[ast.AST], ...] = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef),
) -> Iterator[ast.AST]:
    """The nodes of a body in the order of the source; what lies `apart`, functions inside it, is left out."""
    waiting = list(reversed(body))
    while waiting:
        node = waiting.pop()
        if not isinstance(node, apart):
            yield node
            waiting.extend(reversed(children(node)))
