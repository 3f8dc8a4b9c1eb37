"""Runs statements over worlds; each kind of statement is one function of a table."""
# ruff: noqa: PLR0913, PLR0917 - machine, frame, world and exits are what every step of an interpreter is given

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace

from generator.introspection.flow.contexts import run_with
from generator.introspection.flow.exceptions import exception_name, raised_text, run_handlers
from generator.introspection.flow.expressions import captured
from generator.introspection.flow.machine import Exits, Frame, Machine
from generator.introspection.flow.relevance import STATE_FIELDS, is_server_name
from generator.introspection.flow.servers import add_view, element, write_field
from generator.introspection.flow.states import World, merge
from generator.introspection.flow.values import (
    NONE,
    UNKNOWN,
    Constant,
    Items,
    Many,
    Metadata,
    Pairs,
    Raised,
    Record,
    Reraise,
    Routine,
    Server,
    Servers,
    Unknown,
    Value,
    constants,
    servers_in,
)

_ROUNDS = 2
"""Times the body of a loop is read: what a second server sees may differ from the first."""
_BUILD_REQUEST = "build_request"
"""What a loop over servers that are not created yet runs over."""
_LONGEST_LOOP = 8
"""Items of a known list that are looped over one by one."""


def execute(machine: Machine, frame: Frame, body: list[ast.stmt], worlds: list[World], exits: Exits) -> list[World]:
    """Run statements; the worlds at their end."""
    for statement in body:
        if not worlds:
            break
        run = _RUNNERS.get(type(statement))
        if run is None:
            continue
        after: list[World] = []
        for world in worlds:
            machine.spend()
            after += run(machine, frame, statement, world, exits)
        line = (statement.end_lineno or statement.lineno) + 1
        unchanged = len(after) == len(worlds) and all(one is other for one, other in zip(after, worlds, strict=True))
        worlds = after if unchanged or len(after) == 1 else merge(after, frame.live(line))
    return worlds


def _run_expression(machine: Machine, frame: Frame, node: ast.stmt, world: World, exits: Exits) -> list[World]:
    assert isinstance(node, ast.Expr)  # noqa: S101 - the table dispatches on it
    if isinstance(node.value, ast.Constant):
        return [world]
    if isinstance(node.value, ast.Yield):
        return frame.on_yield(world, exits) if frame.on_yield else [world]
    return [after for after, _ in machine.evaluate(frame, node.value, world, exits)]


def _run_assign(machine: Machine, frame: Frame, node: ast.stmt, world: World, exits: Exits) -> list[World]:
    assert isinstance(node, ast.Assign | ast.AnnAssign)  # noqa: S101 - the table dispatches on it
    if node.value is None:
        return [world]
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    worlds: list[World] = []
    for after, value in machine.evaluate(frame, node.value, world, exits):
        going = [after]
        for target in targets:
            going = [end for one in going for end in assign(machine, frame, target, value, one, node.value)]
        worlds += going
    return worlds


def assign(
    machine: Machine, frame: Frame, target: ast.expr, value: Value, world: World, source: ast.expr | None
) -> list[World]:
    """Bind a target of an assignment or a loop."""
    match target:
        case ast.Name(id=name):
            if isinstance(value, Unknown) and is_server_name(name) and not isinstance(source, ast.Constant):
                # What Nova calls an instance is one.
                world, value = add_view(world, None if world.row.exists else machine.unsaved)
            if name.endswith("cell_instance"):
                value = UNKNOWN  # the server's row in another cell is not the one that is followed
            return [world.binding(name, value)]
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            items = value.items if isinstance(value, Items) and len(value.items) == len(parts) else None
            worlds = [world]
            for index, part in enumerate(parts):
                item = items[index] if items else UNKNOWN
                worlds = [end for one in worlds for end in assign(machine, frame, part, item, one, source)]
            return worlds
        case ast.Attribute():
            return _assign_attribute(machine, frame, target, value, world)
        case ast.Subscript(value=owner, slice=key):
            return _assign_item(machine, frame, target, owner, key, value, world)
    return [world]


def _assign_attribute(machine: Machine, frame: Frame, target: ast.Attribute, value: Value, world: World) -> list[World]:
    name = target.value.id if isinstance(target.value, ast.Name) else None
    ((_, owner), *_) = machine.evaluate(frame, target.value, world, Exits())
    if isinstance(owner, Server) and target.attr in STATE_FIELDS:
        return write_field(machine, frame, target, world, owner.view, target.attr, value)  # type: ignore[arg-type]
    if isinstance(owner, Reraise) and name and target.attr == "reraise":
        return [world.binding(name, Reraise(active=value != Constant(value=False)))]
    if isinstance(owner, Record) and name:
        if isinstance(value, Unknown) and is_server_name(target.attr):
            world, value = add_view(world)
        return [world.binding(name, owner.having(target.attr, value))]
    return [world]


def _assign_item(
    machine: Machine, frame: Frame, target: ast.expr, owner: ast.expr, key: ast.expr, value: Value, world: World
) -> list[World]:
    ((_, container), *_) = machine.evaluate(frame, owner, world, Exits())
    ((_, index), *_) = machine.evaluate(frame, key, world, Exits())
    names = constants(index)
    name = next(iter(names)) if names and len(names) == 1 else None
    if isinstance(container, Metadata) and name is not None:
        machine.stored.setdefault(str(name), set()).update(constants(value) or ())
    elif isinstance(container, Server) and name in STATE_FIELDS:
        return write_field(machine, frame, target, world, container.view, name, value)  # type: ignore[arg-type]
    elif isinstance(container, Pairs) and isinstance(owner, ast.Name):
        changed = container.having(name, value) if name is not None else replace(container, complete=False)
        return [world.binding(owner.id, changed)]
    return [world]


def _run_augmented(machine: Machine, frame: Frame, node: ast.stmt, world: World, exits: Exits) -> list[World]:
    assert isinstance(node, ast.AugAssign)  # noqa: S101 - the table dispatches on it
    worlds = [after for after, _ in machine.evaluate(frame, node.value, world, exits)]
    if isinstance(node.target, ast.Name):
        worlds = [one.binding(node.target.id, UNKNOWN) for one in worlds]
    return worlds


def _run_function(_machine: Machine, frame: Frame, node: ast.stmt, world: World, _exits: Exits) -> list[World]:
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


def _run_if(machine: Machine, frame: Frame, node: ast.stmt, world: World, exits: Exits) -> list[World]:
    assert isinstance(node, ast.If)  # noqa: S101 - the table dispatches on it
    holds, fails = machine.branch(frame, node.test, world, exits)
    # A test whose other side only raises is a validation: passing it is no condition worth telling.
    if _raises(node.body):
        fails = [one.but(conditions=world.conditions) for one in fails]
    elif _raises(node.orelse):
        holds = [one.but(conditions=world.conditions) for one in holds]
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


def _run_for(machine: Machine, frame: Frame, node: ast.stmt, world: World, exits: Exits) -> list[World]:
    assert isinstance(node, ast.For | ast.AsyncFor)  # noqa: S101 - the table dispatches on it
    ends: list[World] = []
    for start, iterable in machine.evaluate(frame, node.iter, world, exits):
        if isinstance(iterable, Items) and len(iterable.items) <= _LONGEST_LOOP:
            ends += _unrolled(machine, frame, node, iterable, start, exits)
        else:
            ends += _looped(machine, frame, node, start, exits, iterable)
    return ends


def _unrolled(
    machine: Machine, frame: Frame, node: ast.For | ast.AsyncFor, iterable: Items, world: World, exits: Exits
) -> list[World]:
    going = [world]
    ends: list[World] = []
    for item in iterable.items:
        mine = Exits(raised=exits.raised, returned=exits.returned)
        starts = [start for one in going for start in assign(machine, frame, node.target, item, one, node.iter)]
        going = merge([*machine.execute(frame, node.body, starts, mine), *mine.continued], frame.live(node.lineno))
        ends += mine.broken
    return ends + machine.execute(frame, node.orelse, going, exits)


def _looped(
    machine: Machine, frame: Frame, node: ast.For | ast.AsyncFor | ast.While, world: World, exits: Exits, over: Value
) -> list[World]:
    """Run a body no, one or several times."""
    seen = [world]
    going = [world]
    broken: list[World] = []
    live = frame.live(node.lineno)
    rounds = 1 if _is_of_servers(node, over) else _ROUNDS
    for _ in range(rounds):
        mine = Exits(raised=exits.raised, returned=exits.returned)
        starts: list[World] = []
        for one in going:
            if isinstance(node, ast.While):
                starts += machine.branch(frame, node.test, one, exits)[0]
            else:
                inner, item = element(one, over)
                starts += assign(machine, frame, node.target, item, inner, node.iter)
        ends = [*machine.execute(frame, node.body, merge(starts, live), mine), *mine.continued]
        # What a round leaves in variables is joined: which rounds there were is nobody's condition.
        ends = merge(ends, live, most=1)
        broken += mine.broken
        before = len(seen)
        seen = merge([*seen, *ends], live, most=1)
        going = ends
        if len(seen) == before:
            break
    return broken + machine.execute(frame, node.orelse, seen, exits)


def _is_of_servers(node: ast.For | ast.AsyncFor | ast.While, over: Value) -> bool:
    """Whether each round of a loop is about another server, so that a round starts where the loop does."""
    if isinstance(node, ast.While):
        return False
    names = {part.id for part in ast.walk(node.target) if isinstance(part, ast.Name)}
    if _BUILD_REQUEST in names or any(is_server_name(name) for name in names):
        return True
    return isinstance(over, Servers) or (isinstance(over, Many) and bool(servers_in(over)))


def _run_while(machine: Machine, frame: Frame, node: ast.stmt, world: World, exits: Exits) -> list[World]:
    assert isinstance(node, ast.While)  # noqa: S101 - the table dispatches on it
    return _looped(machine, frame, node, world, exits, UNKNOWN)


def _run_try(machine: Machine, frame: Frame, node: ast.stmt, world: World, exits: Exits) -> list[World]:
    assert isinstance(node, ast.Try)  # noqa: S101 - the table dispatches on it
    body, outer = Exits(), Exits()
    ends = machine.execute(frame, node.body, [world], body)
    if node.orelse:
        ends = machine.execute(frame, node.orelse, ends, outer)
    ends = ends + run_handlers(machine, frame, node, body, outer)
    for one in ("returned", "broken", "continued"):
        getattr(outer, one).extend(getattr(body, one))
    if not node.finalbody:
        _extend(exits, outer)
        return ends
    return _finally(machine, frame, node, ends, outer, exits)


def _finally(
    machine: Machine, frame: Frame, node: ast.Try, ends: list[World], outer: Exits, exits: Exits
) -> list[World]:
    """Run a `finally` after each way out; then that way goes on."""
    live = frame.live(node.finalbody[0].lineno)

    def finish(worlds: list[World]) -> list[World]:
        return machine.execute(frame, node.finalbody, merge(worlds, live), exits)

    raised: dict[Raised, list[World]] = {}
    for world, exception in outer.raised:
        raised.setdefault(exception, []).append(world)
    for exception, worlds in raised.items():
        # While an exception is on its way through, what is written is part of the failure.
        text = raised_text(exception)
        failing = [world.but(failing=True).provided(text) for world in worlds]
        exits.raised.extend((one.but(failing=worlds[0].failing), exception) for one in finish(failing))
    returned: dict[Value, list[World]] = {}
    for world, value in outer.returned:
        returned.setdefault(value, []).append(world)
    for value, worlds in returned.items():
        exits.returned.extend((one, value) for one in finish(worlds))
    exits.broken.extend(finish(outer.broken))
    exits.continued.extend(finish(outer.continued))
    return finish(ends)


def _run_with(machine: Machine, frame: Frame, node: ast.stmt, world: World, exits: Exits) -> list[World]:
    assert isinstance(node, ast.With)  # noqa: S101 - the table dispatches on it
    return run_with(machine, frame, node, world, exits)


def _run_return(machine: Machine, frame: Frame, node: ast.stmt, world: World, exits: Exits) -> list[World]:
    assert isinstance(node, ast.Return)  # noqa: S101 - the table dispatches on it
    if node.value is None:
        exits.returned.append((world, NONE))
    else:
        exits.returned.extend(machine.evaluate(frame, node.value, world, exits))
    return []


def _run_raise(machine: Machine, frame: Frame, node: ast.stmt, world: World, exits: Exits) -> list[World]:
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


def _run_break(_machine: Machine, _frame: Frame, _node: ast.stmt, world: World, exits: Exits) -> list[World]:
    exits.broken.append(world)
    return []


def _run_continue(_machine: Machine, _frame: Frame, _node: ast.stmt, world: World, exits: Exits) -> list[World]:
    exits.continued.append(world)
    return []


def _run_nothing(_machine: Machine, _frame: Frame, _node: ast.stmt, world: World, _exits: Exits) -> list[World]:
    return [world]


_RUNNERS: dict[type[ast.stmt], Callable[[Machine, Frame, ast.stmt, World, Exits], list[World]]] = {
    ast.AnnAssign: _run_assign,
    ast.Assert: _run_nothing,
    ast.Assign: _run_assign,
    ast.AsyncFunctionDef: _run_function,
    ast.AugAssign: _run_augmented,
    ast.Break: _run_break,
    ast.Continue: _run_continue,
    ast.Expr: _run_expression,
    ast.For: _run_for,
    ast.FunctionDef: _run_function,
    ast.If: _run_if,
    ast.Raise: _run_raise,
    ast.Return: _run_return,
    ast.Try: _run_try,
    ast.While: _run_while,
    ast.With: _run_with,
}
