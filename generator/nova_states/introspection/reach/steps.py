"""A function's body as what matters for exceptions: calls, raises, `try`, `with` and `yield`, in their nesting."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from nova_states.introspection.inline_guard_sites import own_statements
from nova_states.introspection.modules import Function
from nova_states.introspection.syntax import blocks


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Call:
    """A call, or a function handed over for somebody else to call."""

    node: ast.Call
    function: ast.expr
    """What is called: `node.func`, or the argument that is a function."""
    detached: bool = False
    """Whether it runs on its own: what it raises comes back to nobody."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Raise:
    """A `raise`."""

    node: ast.Raise


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Reraise:
    """The end of a block that raises again what it was called for (`excutils.save_and_reraise_exception`)."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Yield:
    """Where a context manager lets its block run."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Handler:
    """An `except`."""

    kind: ast.expr | None
    name: str | None
    body: tuple[Step, ...]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Try:
    """A `try`."""

    body: tuple[Step, ...]
    handlers: tuple[Handler, ...]
    after: tuple[Step, ...]
    """Blocks whose exceptions no handler of it sees: `else` and `finally`."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class With:
    """A block inside a context manager."""

    manager: ast.Call
    body: tuple[Step, ...]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Branch:
    """An `if`."""

    test: ast.expr
    body: tuple[Step, ...]
    orelse: tuple[Step, ...]


Step = Call | Raise | Reraise | Yield | Try | With | Branch

_DETACHING = ("spawn", "submit", "call_later")
_WITH_CALLS = (ast.expr, ast.keyword, ast.comprehension, ast.arguments, ast.withitem, ast.arg)
"""Nodes of an expression that may have a call below them, without those that say how a name is used."""
_SILENT = ("LOG.", "CONF.")
_RERAISING = "save_and_reraise_exception"


def steps_of(body: Sequence[ast.stmt]) -> tuple[Step, ...]:
    """The steps of a block, those of nested functions left out."""
    return tuple(step for statement in body for step in _statement(statement))


def statements(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """All statements of a block and the blocks in it, those of functions and classes defined there included."""
    waiting = list(reversed(body))
    while waiting:
        statement = waiting.pop()
        yield statement
        for block in reversed(list(blocks(statement))):
            waiting.extend(reversed(block))


def nested_functions(function: Function) -> dict[str, Function]:
    """The functions defined directly inside a function, whatever block they stand in."""
    return {
        one.name: one
        for one in own_statements(function.body)
        if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def _statement(statement: ast.stmt) -> Iterator[Step]:
    reader = _READERS.get(type(statement))
    if reader is not None:
        yield from reader(statement)
        return
    for _, part in ast.iter_fields(statement):
        for one in part if isinstance(part, list) else [part]:
            if isinstance(one, ast.stmt):
                yield from _statement(one)
            elif isinstance(one, ast.match_case):
                yield from steps_of(one.body)
            elif isinstance(one, ast.AST):
                yield from _calls(one)


def _definition(_statement: ast.stmt) -> Iterator[Step]:
    yield from ()


def _raise(statement: ast.Raise) -> Iterator[Step]:
    if isinstance(statement.exc, ast.Call):
        for part in (*statement.exc.args, *statement.exc.keywords):
            yield from _calls(part)
    yield Raise(node=statement)


def _try(statement: ast.Try) -> Iterator[Step]:
    yield Try(
        body=steps_of(statement.body),
        handlers=tuple(Handler(kind=one.type, name=one.name, body=steps_of(one.body)) for one in statement.handlers),
        after=steps_of([*statement.orelse, *statement.finalbody]),
    )


def _if(statement: ast.If) -> Iterator[Step]:
    yield from _calls(statement.test)
    yield Branch(test=statement.test, body=steps_of(statement.body), orelse=steps_of(statement.orelse))


def _with_block(statement: ast.With | ast.AsyncWith) -> Iterator[Step]:
    yield from _with(statement.items, statement.body)


_READERS: dict[type, Callable[[Any], Iterator[Step]]] = {
    ast.FunctionDef: _definition,
    ast.AsyncFunctionDef: _definition,
    ast.ClassDef: _definition,
    ast.Raise: _raise,
    ast.Try: _try,
    ast.If: _if,
    ast.With: _with_block,
    ast.AsyncWith: _with_block,
}


def _with(items: Sequence[ast.withitem], body: Sequence[ast.stmt]) -> Iterator[Step]:
    inner = steps_of(body)
    reraises = False
    for item in reversed(items):
        expression = item.context_expr
        if isinstance(expression, ast.Call):
            if ast.unparse(expression.func).endswith(_RERAISING):
                # `reraise=False` is the exception to its rule, and sets it to True on a branch.
                reraises = True
            else:
                inner = (With(manager=expression, body=inner),)
        else:
            inner = (*_calls(expression), *inner)
    yield from inner
    if reraises:
        yield Reraise()


def _calls(node: ast.AST) -> Iterator[Step]:
    """Calls of an expression, inner ones first, and functions that they are handed."""
    if isinstance(node, ast.Yield | ast.YieldFrom):
        yield Yield()
    for value in vars(node).values():
        for child in value if type(value) is list else (value,):
            if isinstance(child, _WITH_CALLS):
                yield from _calls(child)
    if not isinstance(node, ast.Call):
        return
    written = _spelled(node.func)
    if written.startswith(_SILENT):
        return
    yield Call(node=node, function=node.func)
    for argument in (*node.args, *(keyword.value for keyword in node.keywords)):
        if isinstance(argument, ast.Name) or (
            isinstance(argument, ast.Attribute) and isinstance(argument.value, ast.Name) and argument.value.id == "self"
        ):
            detached = any(word in written for word in _DETACHING) or "spawn" in "".join(map(_spelled, node.args))
            yield Call(node=node, function=argument, detached=detached)


def _spelled(node: ast.expr) -> str:
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    parts.append(node.id if isinstance(node, ast.Name) else "")
    return ".".join(reversed(parts))
