"""Which servers a function that goes through many of them leaves out before it calls what it does to each.

Two ways of saying it: an `if` around the call, and a list that only some servers are taken into, before the loop.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence

from nova_states.introspection.interpreter.slicing import is_server_name
from nova_states.introspection.syntax import dotted_name
from nova_states.introspection.tree_walk import walk


def tests_before(function: ast.AST, name: str) -> tuple[ast.expr, ...]:
    """The tests of which each must hold, or a server is not given to the call of `name`, in the order of the source."""
    around = [
        node.test
        for node in walk(function)
        if isinstance(node, ast.If) and not node.orelse and _is_called(node.body, name)
    ]
    loops = [node for node in walk(function) if isinstance(node, ast.For) and _is_called(node.body, name)]
    filters = [test for loop in loops for test in _filters(loop.iter, _given(function, loop.lineno), frozenset())]
    return tuple(sorted((*around[:1], *filters), key=lambda test: test.lineno))


def _is_called(body: Sequence[ast.stmt], name: str) -> bool:
    calls = (part for statement in body for part in walk(statement) if isinstance(part, ast.Call))
    return any(dotted_name(call.func) == name for call in calls)


def _given(function: ast.AST, line: int) -> Mapping[str, Sequence[ast.expr]]:
    """Local name → all that is assigned to it before a line."""
    found: dict[str, list[ast.expr]] = {}
    for node in walk(function):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if node.lineno < line:
                found.setdefault(name, []).append(value)
    return found


def _filters(node: ast.expr, given: Mapping[str, Sequence[ast.expr]], seen: frozenset[str]) -> Iterator[ast.expr]:
    """The tests of the comprehensions that a list of servers comes from; a call gives back those that it is given."""
    match node:
        case ast.Name(id=name) if name not in seen:
            for value in given.get(name, ()):
                yield from _filters(value, given, seen | {name})
        case ast.Call(args=arguments, keywords=keywords):
            for value in (*arguments, *(keyword.value for keyword in keywords)):
                yield from _filters(value, given, seen)
        case (
            ast.ListComp(elt=ast.Name(id=name), generators=[source])
            | ast.GeneratorExp(elt=ast.Name(id=name), generators=[source])
        ) if is_server_name(name) and isinstance(source.target, ast.Name) and source.target.id == name:
            yield from source.ifs
            yield from _filters(source.iter, given, seen)
