"""Loops: a known list item by item, all else no, one or several times; a loop over servers is about each of them."""

from __future__ import annotations

import ast

from nova_states.introspection.interpreter.abstract_state import State, merge
from nova_states.introspection.interpreter.assignments import assign
from nova_states.introspection.interpreter.instance_model import element
from nova_states.introspection.interpreter.machine import Context, Exits
from nova_states.introspection.interpreter.slicing import is_server_name
from nova_states.introspection.interpreter.values import UNKNOWN, InstanceListRef, KnownItems, Many, Value
from nova_states.introspection.interpreter.view_renaming import servers_in
from nova_states.introspection.tree_walk import walk

_ROUNDS = 2
"""Times the body of a loop is read: what a second server sees may differ from the first."""
_BUILD_REQUEST = "build_request"
"""What a loop over servers that are not created yet runs over."""
_LONGEST_LOOP = 8
"""Items of a known list that are looped over one by one."""


def run_for(here: Context, node: ast.For, world: State) -> list[State]:
    """Run a `for` loop."""
    ends: list[State] = []
    for start, iterable in here.evaluate(node.iter, world):
        if isinstance(iterable, KnownItems) and len(iterable.items) <= _LONGEST_LOOP:
            ends += _unrolled(here, node, iterable, start)
        else:
            ends += _looped(here, node, start, iterable)
    return ends


def _unrolled(here: Context, node: ast.For, iterable: KnownItems, world: State) -> list[State]:
    going = [world]
    ends: list[State] = []
    for item in iterable.items:
        mine = Exits(raised=here.exits.raised, returned=here.exits.returned)
        starts = [start for one in going for start in assign(here, node.target, item, one, node.iter)]
        ends_of_round = here.leaving(mine).execute(node.body, starts)
        going = merge([*ends_of_round, *mine.continued], here.frame.live(node.lineno))
        ends += mine.broken
    return ends + here.execute(node.orelse, going)


def _looped(here: Context, node: ast.For | ast.While, world: State, over: Value) -> list[State]:
    """Run a body no, one or several times."""
    seen = [world]
    going = [world]
    broken: list[State] = []
    live = here.frame.live(node.lineno)
    rounds = 1 if _is_of_servers(node, over) else _ROUNDS
    for _ in range(rounds):
        mine = Exits(raised=here.exits.raised, returned=here.exits.returned)
        starts: list[State] = []
        for one in going:
            if isinstance(node, ast.While):
                starts += here.branch(node.test, one)[0]
            else:
                inner, item = element(one, over)
                starts += assign(here, node.target, item, inner, node.iter)
        ends = [*here.leaving(mine).execute(node.body, merge(starts, live)), *mine.continued]
        # What a round leaves in variables is joined: which rounds there were is nobody's condition.
        ends = merge(ends, live, most=1)
        broken += mine.broken
        before = len(seen)
        seen = merge([*seen, *ends], live, most=1)
        going = ends
        if len(seen) == before:
            break
    return broken + here.execute(node.orelse, seen)


def _is_of_servers(node: ast.For | ast.While, over: Value) -> bool:
    """Whether each round of a loop is about another server, so that a round starts where the loop does."""
    if isinstance(node, ast.While):
        return False
    names = {part.id for part in walk(node.target) if isinstance(part, ast.Name)}
    if _BUILD_REQUEST in names or any(is_server_name(name) for name in names):
        return True
    return isinstance(over, InstanceListRef) or (isinstance(over, Many) and bool(servers_in(over)))


def run_while(here: Context, node: ast.While, world: State) -> list[State]:
    """Run a `while` loop."""
    return _looped(here, node, world, UNKNOWN)
