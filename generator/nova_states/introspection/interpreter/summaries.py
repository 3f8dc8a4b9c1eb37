"""What a function does, worked out once for equal states and arguments and remembered."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from typing import TypeVar

from nova_states.introspection.interpreter import rpc
from nova_states.introspection.interpreter.abstract_state import State, merge
from nova_states.introspection.interpreter.conditions import Conditions
from nova_states.introspection.interpreter.edge_merging import joined
from nova_states.introspection.interpreter.exceptions import handled
from nova_states.introspection.interpreter.liveness import last_reads
from nova_states.introspection.interpreter.machine import (
    BudgetError,
    Context,
    Exits,
    Found,
    Frame,
    RemoteCall,
    StateWrite,
    entered,
    routine_key,
)
from nova_states.introspection.interpreter.values import (
    NONE,
    UNKNOWN,
    InstanceRef,
    KnownItems,
    Raised,
    Record,
    Routine,
    Value,
)
from nova_states.introspection.interpreter.view_renaming import renumbered, renumbered_routine, servers_in

V = TypeVar("V", Value, Raised)


@dataclass(frozen=True, kw_only=True, slots=True)
class Effect:
    """What a function does from given states: relative to the conditions of its caller."""

    edges: tuple[StateWrite, ...]
    messages: tuple[RemoteCall, ...]
    returned: tuple[tuple[State, Value], ...]
    raised: tuple[tuple[State, Raised], ...]


def apply(
    here: Context, routine: Routine, names: dict[str, Value], world: State, alike: frozenset[str] = frozenset()
) -> Found:
    """Run a function from a world: its edges are recorded, its ends are the caller's worlds after it.

    `alike`: parameters that stand for variables of the same name; what the function finds of them its caller knows.
    """
    order = tuple(sorted({view for value in (*names.values(), routine) for view in servers_in(value)}))
    if len(order) < len(world.views):
        return _run_apart(here, routine, names, world, order=order, alike=alike)
    if world.handled is not None and world.handled.name is None and not world.handled.among:
        world = world.but(handled=handled(here.machine))
    key = (
        "effect", routine, frozenset(names.items()), world.row, world.views, world.failing, world.handled,
        world.symbolic, here.frame.actor, here.frame.defers, here.machine.anchored,
    )  # fmt: skip
    effect = here.machine.memo.once(key, lambda: _read(here, routine, names, world))
    for edge in effect.edges:
        here.machine.record(replace(edge, conditions=_joined(world.conditions, edge.conditions)))
    for message in effect.messages:
        conditions = _joined(world.conditions, message.world.conditions)
        here.machine.later(replace(message, world=message.world.but(conditions=conditions)))
    here.exits.raised.extend((_back(world, after), raised) for after, raised in effect.raised)
    return [returning(_back(world, after, alike), value, len(world.views)) for after, value in effect.returned]


def _run_apart(  # noqa: PLR0913 - a call, and the objects that it is given
    here: Context,
    routine: Routine,
    names: dict[str, Value],
    world: State,
    *,
    order: tuple[int, ...],
    alike: frozenset[str],
) -> Found:
    """Read a function with the objects that it is given only, so that it is read once for all callers."""
    inner = {view: index for index, view in enumerate(order)}
    start = world.but(views=tuple(world.views[view] for view in order))
    names = {name: renumbered(value, inner) for name, value in names.items()}
    mine = Exits()
    found = apply(here.leaving(mine), renumbered_routine(routine, inner), names, start, alike)
    here.exits.raised.extend((_restored(world, end, order), raised) for end, raised in mine.raised)
    outer = dict(enumerate(order)) | {len(order): len(world.views)}
    return [
        (
            _restored(world, end, order),
            UNKNOWN if any(view not in outer for view in servers_in(value)) else renumbered(value, outer),
        )
        for end, value in found
    ]


def _restored(before: State, end: State, order: tuple[int, ...]) -> State:
    """The caller's objects after a function that saw some of them; one it made comes last."""
    views = [rpc.stale(view, before.row, end.row) for view in before.views]
    for index, view in enumerate(order):
        views[view] = end.views[index]
    return end.but(views=(*views, *end.views[len(order) : len(order) + 1]))


def _read(here: Context, routine: Routine, names: dict[str, Value], world: State) -> Effect:
    node = routine.node
    own = names.get("self")
    here.machine.modules.claims.follow(routine.path, node)
    inside = Frame(
        module=routine.module,
        function=routine.name,
        owner=own if isinstance(own, Record) else here.frame.owner,
        last_reads=last_reads(here.machine, node),
        actor=here.frame.actor,
        depth=here.frame.depth + 1,
        stack=(*here.frame.stack, routine_key(routine)),
        defers=here.frame.defers,
    )
    start = entered(world, names)
    mine = Exits()
    there = here.inside(inside, mine)
    here.machine.sinks.append({})
    here.machine.messages.append({})
    try:
        if isinstance(node, ast.Lambda):
            mine.returned = there.evaluate(node.body, start)
        else:
            mine.returned.extend((end, NONE) for end in there.execute(node.body, [start]))
    except BudgetError:
        edges = here.machine.sinks.pop()
        here.machine.messages.pop()
        here.machine.sinks[-1].update(edges)  # what was found so far stands
        raise
    edges, rpc = here.machine.sinks.pop(), here.machine.messages.pop()
    return Effect(
        edges=joined(edges),
        messages=tuple(rpc.values()),
        returned=_grouped(mine.returned),
        raised=_grouped(mine.raised),
    )


def _grouped(outcomes: list[tuple[State, V]]) -> tuple[tuple[State, V], ...]:
    """Outcomes of equal value and state, joined."""
    groups: dict[V, list[State]] = {}
    for world, value in outcomes:
        groups.setdefault(value, []).append(world)
    return tuple((one, value) for value, worlds in groups.items() for one in merge(worlds, frozenset()))


def _back(caller: State, after: State, alike: frozenset[str] = frozenset()) -> State:
    """A function's last world as its caller sees it."""
    local = after.names.keys() - alike
    told = {test for test in after.known if local.isdisjoint(test.names)} if alike else frozenset()
    return after.but(
        names=caller.names,
        known=caller.known | told,
        conditions=_joined(caller.conditions, after.conditions),
        failing=caller.failing,
        handled=caller.handled,
        saved=caller.saved,
        leaving=caller.leaving,
    )


def _joined(outer: Conditions, inner: Conditions) -> Conditions:
    return outer + tuple(one for one in inner if one not in outer) if inner else outer


def returning(world: State, value: Value, views: int) -> tuple[State, Value]:
    """Drop the objects that a function made, other than those it returns."""
    if len(world.views) <= views or isinstance(value, KnownItems):
        return world, value
    kept = world.views[:views]
    if isinstance(value, InstanceRef) and value.view >= views:
        return world.but(views=(*kept, world.views[value.view])), InstanceRef(view=views)
    return world.but(views=kept), value
