"""Loops: a known list item by item, all else no, one or several times; a loop over servers is about each of them."""
# ruff: noqa: PLR0913, PLR0917 - machine, frame, world and exits are what every step of an interpreter is given

from __future__ import annotations

import ast

from nova_states.introspection.interpreter.abstract_state import State, merge
from nova_states.introspection.interpreter.assignments import assign
from nova_states.introspection.interpreter.instance_model import element
from nova_states.introspection.interpreter.machine import Exits, Frame, Machine
from nova_states.introspection.interpreter.slicing import is_server_name
from nova_states.introspection.interpreter.values import UNKNOWN, InstanceListRef, KnownItems, Many, Value
from nova_states.introspection.interpreter.view_renaming import servers_in

_ROUNDS = 2
"""Times the body of a loop is read: what a second server sees may differ from the first."""
_BUILD_REQUEST = "build_request"
"""What a loop over servers that are not created yet runs over."""
_LONGEST_LOOP = 8
"""Items of a known list that are looped over one by one."""


def run_for(machine: Machine, frame: Frame, node: ast.stmt, world: State, exits: Exits) -> list[State]:
    """Run a `for` loop."""
    assert isinstance(node, ast.For | ast.AsyncFor)  # noqa: S101 - the table dispatches on it
    ends: list[State] = []
    for start, iterable in machine.evaluate(frame, node.iter, world, exits):
        if isinstance(iterable, KnownItems) and len(iterable.items) <= _LONGEST_LOOP:
            ends += _unrolled(machine, frame, node, iterable, start, exits)
        else:
            ends += _looped(machine, frame, node, start, exits, iterable)
    return ends


def _unrolled(
    machine: Machine,
    frame: Frame,
    node: ast.For | ast.AsyncFor,
    iterable: KnownItems,
    world: State,
    exits: Exits,
) -> list[State]:
    going = [world]
    ends: list[State] = []
    for item in iterable.items:
        mine = Exits(raised=exits.raised, returned=exits.returned)
        starts = [start for one in going for start in assign(machine, frame, node.target, item, one, node.iter)]
        going = merge([*machine.execute(frame, node.body, starts, mine), *mine.continued], frame.live(node.lineno))
        ends += mine.broken
    return ends + machine.execute(frame, node.orelse, going, exits)


def _looped(
    machine: Machine,
    frame: Frame,
    node: ast.For | ast.AsyncFor | ast.While,
    world: State,
    exits: Exits,
    over: Value,
) -> list[State]:
    """Run a body no, one or several times."""
    seen = [world]
    going = [world]
    broken: list[State] = []
    live = frame.live(node.lineno)
    rounds = 1 if _is_of_servers(node, over) else _ROUNDS
    for _ in range(rounds):
        mine = Exits(raised=exits.raised, returned=exits.returned)
        starts: list[State] = []
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
    return isinstance(over, InstanceListRef) or (isinstance(over, Many) and bool(servers_in(over)))


def run_while(machine: Machine, frame: Frame, node: ast.stmt, world: State, exits: Exits) -> list[State]:
    """Run a `while` loop."""
    assert isinstance(node, ast.While)  # noqa: S101 - the table dispatches on it
    return _looped(machine, frame, node, world, exits, UNKNOWN)
