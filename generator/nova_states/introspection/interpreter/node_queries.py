"""What the interpreter asks of a piece of source again and again, worked out once for each node."""

from __future__ import annotations

import ast
from weakref import WeakKeyDictionary

from nova_states.introspection.tree_walk import walk

_CALLS: WeakKeyDictionary[ast.AST, bool] = WeakKeyDictionary()
_NAMES: WeakKeyDictionary[ast.AST, tuple[str, ...]] = WeakKeyDictionary()
_DOTTED: WeakKeyDictionary[ast.AST, str] = WeakKeyDictionary()
_ROOTS: WeakKeyDictionary[ast.AST, str | None] = WeakKeyDictionary()


def has_call(node: ast.AST) -> bool:
    """Whether evaluating `node` calls anything."""
    found = _CALLS.get(node)
    if found is None:
        found = any(isinstance(part, ast.Call) for part in walk(node))
        _CALLS[node] = found
    return found


def is_docstring(node: ast.stmt) -> bool:
    """Whether a statement is nothing but a constant."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def names_in(node: ast.AST) -> tuple[str, ...]:
    """All names and attributes that `node` mentions, sorted."""
    found = _NAMES.get(node)
    if found is None:
        parts = [getattr(part, "id", None) or getattr(part, "attr", None) for part in walk(node)]
        found = tuple(sorted({part for part in parts if part}))
        _NAMES[node] = found
    return found


def dotted(node: ast.expr) -> str:
    """A name with its attributes, "objects.Instance.get_by_uuid"; what is not a name in it becomes "?"."""
    found = _DOTTED.get(node)
    if found is None:
        match node:
            case ast.Name(id=name):
                found = name
            case ast.Attribute(value=value, attr=name):
                found = f"{dotted(value)}.{name}"
            case _:
                found = "?"
        _DOTTED[node] = found
    return found


def root(node: ast.expr) -> str | None:
    """The name an attribute begins with; None if it begins with something else."""
    if node not in _ROOTS:
        base = node
        while isinstance(base, ast.Attribute):
            base = base.value
        _ROOTS[node] = base.id if isinstance(base, ast.Name) else None
    return _ROOTS[node]
