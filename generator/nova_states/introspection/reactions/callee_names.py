"""What a call may be spelled like once aliases are put back: `api.stop` after `api = self.compute_api`.

For questions about code that is not being run, such as what may fail in a `try`; what is run is evaluated instead.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from nova_states.introspection.modules import Function
from nova_states.introspection.syntax import dotted_name
from nova_states.introspection.tree_walk import walk

_DEEPEST = 6
"""Aliases of aliases; names that are given by themselves end here."""


def callee_names(call: ast.Call, function: Function) -> tuple[str, ...]:
    """Every dotted name that what is called may stand for, in the order of the source.

    Args:
        call: A call in `function`.
        function: Where the aliases are given; a name is taken for all it is ever given there.
    """
    return tuple(dict.fromkeys(_spelled(call.func, _aliases(function), 0)))


@lru_cache(maxsize=64)
def _aliases(function: Function) -> Mapping[str, Sequence[ast.expr]]:
    found: dict[str, list[ast.expr]] = {}
    for node in walk(function):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                found.setdefault(name, []).append(value)
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                found.setdefault(name, []).append(value)
            case ast.NamedExpr(target=ast.Name(id=name), value=value):
                found.setdefault(name, []).append(value)
    return found


def _spelled(node: ast.expr, aliases: Mapping[str, Sequence[ast.expr]], depth: int) -> Iterator[str]:
    if depth > _DEEPEST:
        return
    match node:
        case ast.IfExp(body=first, orelse=second):
            yield from _spelled(first, aliases, depth + 1)
            yield from _spelled(second, aliases, depth + 1)
        case ast.NamedExpr(value=value):
            yield from _spelled(value, aliases, depth + 1)
        case ast.Call(func=ast.Name(id="getattr"), args=[owner, ast.Constant(value=str() as attribute), *_]):
            yield from (f"{name}.{attribute}" for name in _spelled(owner, aliases, depth + 1))
        case ast.Attribute(value=owner, attr=attribute):
            yield from (f"{name}.{attribute}" for name in _spelled(owner, aliases, depth + 1))
        case ast.Name(id=name) if name in aliases:
            yield from (spelled for value in aliases[name] for spelled in _spelled(value, aliases, depth + 1))
        case _:
            yield dotted_name(node)
