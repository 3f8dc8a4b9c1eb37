"""Runs statements over worlds; each kind of statement is one function of a table."""
# ruff: noqa: PLR0913, PLR0917 - machine, frame, world and exits are what every step of an interpreter is given

from __future__ import annotations

import ast
from collections.abc import Callable

from nova_states.introspection.interpreter.abstract_state import State, merge
from nova_states.introspection.interpreter.assignments import assign
from nova_states.introspection.interpreter.context_managers import run_with
from nova_states.introspection.interpreter.exceptions import exception_name, raised_condition, run_handlers
from nova_states.introspection.interpreter.expressions import captured
from nova_states.introspection.interpreter.loops import run_for, run_while
from nova_states.introspection.interpreter.machine import Exits, Frame, Machine
from nova_states.introspection.interpreter.values import (
    NONE,
    UNKNOWN,
    Raised,
    Routine,
    Value,
)


def execute(machine: Machine, frame: Frame, body: list[ast.stmt], worlds: list[State], exits: Exits) -> list[State]:
    """Run statements; the worlds at their end."""
    for statement in body:
        if not worlds:
            break
        run = _RUNNERS.get(type(statement))
        if run is None:
            continue
        after: list[State] = []
        for world in worlds:
            machine.spend()
            after += run(machine, frame, statement, world, exits)
        line = (statement.end_lineno or statement.lineno) + 1
        unchanged = len(after) == len(worlds) and all(one is other for one, other in zip(after, worlds, strict=True))
        worlds = after if unchanged or len(after) == 1 else merge(after, frame.live(line))
    return worlds


def _run_expression(machine: Machine, frame: Frame, node: ast.stmt, world: State, exits: Exits) -> list[State]:
    assert isinstance(node, ast.Expr)  # noqa: S101 - the table dispatches on it
    if isinstance(node.value, ast.Constant):
        return [world]
    if isinstance(node.value, ast.Yield):
        return frame.on_yield(world, exits) if frame.on_yield else [world]
    return [after for after, _ in machine.evaluate(frame, node.value, world, exits)]


def _run_assign(machine: Machine, frame: Frame, node: ast.stmt, world: State, exits: Exits) -> list[State]:
    assert isinstance(node, ast.Assign | ast.AnnAssign)  # noqa: S101 - the table dispatches on it
    if node.value is None:
        return [world]
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    worlds: list[State] = []
    for after, value in machine.evaluate(frame, node.value, world, exits):
        going = [after]
        for target in targets:
            going = [end for one in going for end in assign(machine, frame, target, value, one, node.value)]
        worlds += going
    return worlds


def _run_augmented(machine: Machine, frame: Frame, node: ast.stmt, world: State, exits: Exits) -> list[State]:
    assert isinstance(node, ast.AugAssign)  # noqa: S101 - the table dispatches on it
    worlds = [after for after, _ in machine.evaluate(frame, node.value, world, exits)]
    if isinstance(node.target, ast.Name):
        worlds = [one.binding(node.target.id, UNKNOWN) for one in worlds]
    return worlds


def _run_function(_machine: Machine, frame: Frame, node: ast.stmt, world: State, _exits: Exits) -> list[State]:
    assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)  # noqa: S101 - the table dispatches on it
    routine = Routine(
        path=frame.module.path,
        line=node.lineno,
        name=f"{frame.function}.{node.name}",
        owner=None,
        closure=captured(node, world),
        module=frame.module,
        node=node,
    )
    return [world.binding(node.name, routine)]


def _run_if(machine: Machine, frame: Frame, node: ast.stmt, world: State, exits: Exits) -> list[State]:
    assert isinstance(node, ast.If)  # noqa: S101 - the table dispatches on it
    holds, fails = machine.branch(frame, node.test, world, exits)
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
    live = frame.live(node.lineno)
    ends = machine.execute(frame, node.body, merge(holds, live), exits)
    return ends + machine.execute(frame, node.orelse, merge(fails, live), exits)


def _raises(body: list[ast.stmt]) -> bool:
    return bool(body) and isinstance(body[-1], ast.Raise)


def _extend(exits: Exits, others: Exits) -> None:
    exits.raised.extend(others.raised)
    exits.returned.extend(others.returned)
    exits.broken.extend(others.broken)
    exits.continued.extend(others.continued)


def _run_try(machine: Machine, frame: Frame, node: ast.stmt, world: State, exits: Exits) -> list[State]:
    assert isinstance(node, ast.Try)  # noqa: S101 - the table dispatches on it
    body, outer = Exits(), Exits()
    ends = machine.execute(frame, node.body, [world], body)
    if node.orelse:
        ends = machine.execute(frame, node.orelse, ends, outer)
    ends = ends + run_handlers(machine, frame, node, world, body, outer)
    for one in ("returned", "broken", "continued"):
        getattr(outer, one).extend(getattr(body, one))
    if not node.finalbody:
        _extend(exits, outer)
        return ends
    return _finally(machine, frame, node, ends, outer, exits)


def _finally(
    machine: Machine, frame: Frame, node: ast.Try, ends: list[State], outer: Exits, exits: Exits
) -> list[State]:
    """Run a `finally` after each way out; then that way goes on."""
    live = frame.live(node.finalbody[0].lineno)

    def finish(worlds: list[State]) -> list[State]:
        return machine.execute(frame, node.finalbody, merge(worlds, live), exits)

    raised: dict[Raised, list[State]] = {}
    for world, exception in outer.raised:
        raised.setdefault(exception, []).append(world)
    for exception, worlds in raised.items():
        # While an exception is on its way through, what is written is part of the failure.
        raised_here = raised_condition(exception)
        failing = [world.but(failing=True).provided(raised_here) for world in worlds]
        exits.raised.extend((one.but(failing=worlds[0].failing), exception) for one in finish(failing))
    returned: dict[Value, list[State]] = {}
    for world, value in outer.returned:
        returned.setdefault(value, []).append(world)
    for value, worlds in returned.items():
        exits.returned.extend((one, value) for one in finish(worlds))
    exits.broken.extend(finish(outer.broken))
    exits.continued.extend(finish(outer.continued))
    return finish(ends)


def _run_with(machine: Machine, frame: Frame, node: ast.stmt, world: State, exits: Exits) -> list[State]:
    assert isinstance(node, ast.With)  # noqa: S101 - the table dispatches on it
    return run_with(machine, frame, node, world, exits)


def _run_return(machine: Machine, frame: Frame, node: ast.stmt, world: State, exits: Exits) -> list[State]:
    assert isinstance(node, ast.Return)  # noqa: S101 - the table dispatches on it
    if node.value is None:
        exits.returned.append((world, NONE))
    else:
        exits.returned.extend(machine.evaluate(frame, node.value, world, exits))
    return []


def _run_raise(machine: Machine, frame: Frame, node: ast.stmt, world: State, exits: Exits) -> list[State]:
    assert isinstance(node, ast.Raise)  # noqa: S101 - the table dispatches on it
    if node.exc is None:
        exits.raised.append((world, world.handled or Raised(name=None)))
        return []
    subject = node.exc
    held = world.names.get(subject.id) if isinstance(subject, ast.Name) else None
    if isinstance(held, Raised):
        exits.raised.append((world, held))
        return []
    kind = subject.func if isinstance(subject, ast.Call) else subject
    name = exception_name(machine, frame.module, kind)
    is_class = name.rpartition(".")[2][:1].isupper()
    exits.raised.append((world, Raised(name=name if is_class else None)))
    return []


def _run_break(_machine: Machine, _frame: Frame, _node: ast.stmt, world: State, exits: Exits) -> list[State]:
    exits.broken.append(world)
    return []


def _run_continue(_machine: Machine, _frame: Frame, _node: ast.stmt, world: State, exits: Exits) -> list[State]:
    exits.continued.append(world)
    return []


def _run_nothing(_machine: Machine, _frame: Frame, _node: ast.stmt, world: State, _exits: Exits) -> list[State]:
    return [world]


_RUNNERS: dict[type[ast.stmt], Callable[[Machine, Frame, ast.stmt, State, Exits], list[State]]] = {
    ast.AnnAssign: _run_assign,
    ast.Assert: _run_nothing,
    ast.Assign: _run_assign,
    ast.AsyncFunctionDef: _run_function,
    ast.AugAssign: _run_augmented,
    ast.Break: _run_break,
    ast.Continue: _run_continue,
    ast.Expr: _run_expression,
    ast.For: run_for,
    ast.FunctionDef: _run_function,
    ast.If: _run_if,
    ast.Raise: _run_raise,
    ast.Return: _run_return,
    ast.Try: _run_try,
    ast.While: run_while,
    ast.With: _run_with,
}
