"""Runs statements over worlds; each kind of statement has one function."""

from __future__ import annotations

import ast

from nova_states.introspection.dispatch import Dispatch
from nova_states.introspection.interpreter.abstract_state import State, merge
from nova_states.introspection.interpreter.assignments import assign
from nova_states.introspection.interpreter.context_managers import run_with
from nova_states.introspection.interpreter.exceptions import exception_name, raised_condition, run_handlers
from nova_states.introspection.interpreter.expressions import captured
from nova_states.introspection.interpreter.loops import run_for, run_while
from nova_states.introspection.interpreter.machine import Context, Exits
from nova_states.introspection.interpreter.values import (
    NONE,
    UNKNOWN,
    Raised,
    Routine,
    Value,
)

_RUNNERS: Dispatch[Context, [State], list[State]] = Dispatch()
"""What runs each kind of statement; any other does nothing to a server."""


def execute(here: Context, body: list[ast.stmt], worlds: list[State]) -> list[State]:
    """Run statements; the worlds at their end."""
    for statement in body:
        if not worlds:
            break
        run = _RUNNERS.handler(statement)
        if run is None:
            continue
        after: list[State] = []
        for world in worlds:
            here.machine.spend()
            after += run(here, statement, world)
        line = (statement.end_lineno or statement.lineno) + 1
        unchanged = len(after) == len(worlds) and all(one is other for one, other in zip(after, worlds, strict=True))
        worlds = after if unchanged or len(after) == 1 else merge(after, here.frame.live(line))
    return worlds


@_RUNNERS.on(ast.Expr)
def _run_expression(here: Context, node: ast.Expr, world: State) -> list[State]:
    if isinstance(node.value, ast.Constant):
        return [world]
    if isinstance(node.value, ast.Yield):
        return here.frame.on_yield(world, here.exits) if here.frame.on_yield else [world]
    return [after for after, _ in here.evaluate(node.value, world)]


@_RUNNERS.on(ast.Assign, ast.AnnAssign)
def _run_assign(here: Context, node: ast.Assign | ast.AnnAssign, world: State) -> list[State]:
    if node.value is None:
        return [world]
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    worlds: list[State] = []
    for after, value in here.evaluate(node.value, world):
        going = [after]
        for target in targets:
            going = [end for one in going for end in assign(here, target, value, one, node.value)]
        worlds += going
    return worlds


@_RUNNERS.on(ast.AugAssign)
def _run_augmented(here: Context, node: ast.AugAssign, world: State) -> list[State]:
    worlds = [after for after, _ in here.evaluate(node.value, world)]
    if isinstance(node.target, ast.Name):
        worlds = [one.binding(node.target.id, UNKNOWN) for one in worlds]
    return worlds


@_RUNNERS.on(ast.FunctionDef, ast.AsyncFunctionDef)
def _run_function(here: Context, node: ast.FunctionDef | ast.AsyncFunctionDef, world: State) -> list[State]:
    routine = Routine(
        path=here.frame.module.path,
        line=node.lineno,
        name=f"{here.frame.function}.{node.name}",
        owner=None,
        closure=captured(node, world),
        module=here.frame.module,
        node=node,
    )
    return [world.binding(node.name, routine)]


@_RUNNERS.on(ast.If)
def _run_if(here: Context, node: ast.If, world: State) -> list[State]:
    holds, fails = here.branch(node.test, world)
    # A side that ends in an exception is part of a failure; passing such a test is no condition worth telling.
    is_refusing, is_requiring = _raises(node.body), _raises(node.orelse)
    if is_refusing:
        holds = [one.but(failing=True) for one in holds]
    elif is_requiring:
        holds = [one.but(conditions=world.conditions) for one in holds]
    if is_requiring:
        fails = [one.but(failing=True) for one in fails]
    elif is_refusing:
        fails = [one.but(conditions=world.conditions) for one in fails]
    live = here.frame.live(node.lineno)
    ends = here.execute(node.body, merge(holds, live))
    return ends + here.execute(node.orelse, merge(fails, live))


def _raises(body: list[ast.stmt]) -> bool:
    return bool(body) and isinstance(body[-1], ast.Raise)


def _extend(exits: Exits, others: Exits) -> None:
    exits.raised.extend(others.raised)
    exits.returned.extend(others.returned)
    exits.broken.extend(others.broken)
    exits.continued.extend(others.continued)


@_RUNNERS.on(ast.Try)
def _run_try(here: Context, node: ast.Try, world: State) -> list[State]:
    body, outer = Exits(), Exits()
    ends = here.leaving(body).execute(node.body, [world])
    around = here.leaving(outer)
    if node.orelse:
        ends = around.execute(node.orelse, ends)
    ends = ends + run_handlers(around, node, world, body)
    for one in ("returned", "broken", "continued"):
        getattr(outer, one).extend(getattr(body, one))
    if not node.finalbody:
        _extend(here.exits, outer)
        return ends
    return _finally(here, node, ends, outer)


def _finally(here: Context, node: ast.Try, ends: list[State], outer: Exits) -> list[State]:
    """Run a `finally` after each way out; then that way goes on."""
    live = here.frame.live(node.finalbody[0].lineno)

    def finish(worlds: list[State]) -> list[State]:
        return here.execute(node.finalbody, merge(worlds, live))

    raised: dict[Raised, list[State]] = {}
    for world, exception in outer.raised:
        raised.setdefault(exception, []).append(world)
    for exception, worlds in raised.items():
        # While an exception is on its way through, what is written is part of the failure.
        raised_here = raised_condition(exception)
        failing = [world.but(failing=True).provided(raised_here) for world in worlds]
        here.exits.raised.extend((one.but(failing=worlds[0].failing), exception) for one in finish(failing))
    returned: dict[Value, list[State]] = {}
    for world, value in outer.returned:
        returned.setdefault(value, []).append(world)
    for value, worlds in returned.items():
        here.exits.returned.extend((one, value) for one in finish(worlds))
    here.exits.broken.extend(finish(outer.broken))
    here.exits.continued.extend(finish(outer.continued))
    return finish(ends)


@_RUNNERS.on(ast.Return)
def _run_return(here: Context, node: ast.Return, world: State) -> list[State]:
    if node.value is None:
        here.exits.returned.append((world, NONE))
    else:
        here.exits.returned.extend(here.evaluate(node.value, world))
    return []


@_RUNNERS.on(ast.Raise)
def _run_raise(here: Context, node: ast.Raise, world: State) -> list[State]:
    if node.exc is None:
        here.raises(world, world.handled or Raised(name=None))
        return []
    subject = _thrown(node.exc)
    if not isinstance(subject, ast.Call):
        for after, value in here.apart().evaluate(subject, world):
            if isinstance(value, Raised):
                here.raises(after, value)
                return []
    kind = subject.func if isinstance(subject, ast.Call) else subject
    name = exception_name(here.machine, here.frame.module, kind)
    is_class = name.rpartition(".")[2][:1].isupper()
    here.raises(world, Raised(name=name if is_class else None))
    return []


def _thrown(node: ast.expr) -> ast.expr:
    """What a `raise` throws, without the way that it came."""
    match node:
        case ast.Call(func=ast.Attribute(value=exception, attr="with_traceback")):
            return exception
        case ast.Tuple(elts=[_, exception, *_]):
            return exception  # Python 2: its class, the exception, its way
    return node


@_RUNNERS.on(ast.Break)
def _run_break(here: Context, _node: ast.Break, world: State) -> list[State]:
    here.exits.broken.append(world)
    return []


@_RUNNERS.on(ast.Continue)
def _run_continue(here: Context, _node: ast.Continue, world: State) -> list[State]:
    here.exits.continued.append(world)
    return []


@_RUNNERS.on(ast.Assert)
def _run_nothing(_here: Context, _node: ast.Assert, world: State) -> list[State]:
    return [world]


_RUNNERS.on(ast.For)(run_for)
_RUNNERS.on(ast.While)(run_while)
_RUNNERS.on(ast.With)(run_with)
