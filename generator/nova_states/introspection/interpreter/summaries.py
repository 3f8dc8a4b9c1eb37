"""What a function does, worked out once for equal states and arguments and remembered."""

# ruff: noqa: PLR0913, PLR0917 - machine, frame, world and exits are what every step of an interpreter is given

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
    Exits,
    Found,
    Frame,
    Machine,
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
from nova_states.introspection.interpreter.view_renaming import renumbered, servers_in

V = TypeVar("V", Value, Raised)


@dataclass(frozen=True, kw_only=True, slots=True)
class Effect:
    """What a function does from given states: relative to the conditions of its caller."""

    edges: tuple[StateWrite, ...]
    messages: tuple[RemoteCall, ...]
    returned: tuple[tuple[State, Value], ...]
    raised: tuple[tuple[State, Raised], ...]


def apply(
    machine: Machine, frame: Frame, routine: Routine, names: dict[str, Value], world: State, exits: Exits
) -> Found:
    """Run a function from a world: its edges are recorded, its ends are the caller's worlds after it."""
    order = tuple(sorted({view for value in (*names.values(), routine) for view in servers_in(value)}))
    if len(order) < len(world.views):
        return _run_apart(machine, frame, routine, names, world, exits, order)
    if world.handled is not None and world.handled.name is None and not world.handled.among:
        world = world.but(handled=handled(machine))
    key = (
        routine, frozenset(names.items()), world.row, world.views, world.failing, world.handled, world.symbolic,
        frame.actor, machine.anchored,
    )  # fmt: skip
    effect = machine.remembered.get(key)
    if not isinstance(effect, Effect):
        effect = _read(machine, frame, routine, names, world)
        machine.remembered[key] = effect
    for edge in effect.edges:
        machine.record(replace(edge, conditions=_joined(world.conditions, edge.conditions)))
    for message in effect.messages:
        conditions = _joined(world.conditions, message.world.conditions)
        machine.later(replace(message, world=message.world.but(conditions=conditions)))
    exits.raised.extend((_back(world, after), raised) for after, raised in effect.raised)
    return [returning(_back(world, after), value, len(world.views)) for after, value in effect.returned]


def _run_apart(
    machine: Machine,
    frame: Frame,
    routine: Routine,
    names: dict[str, Value],
    world: State,
    exits: Exits,
    order: tuple[int, ...],
) -> Found:
    """Read a function with the objects that it is given only, so that it is read once for all callers."""
    inner = {view: index for index, view in enumerate(order)}
    start = world.but(views=tuple(world.views[view] for view in order))
    names = {name: renumbered(value, inner) for name, value in names.items()}
    renamed = renumbered(routine, inner)
    assert isinstance(renamed, Routine)  # noqa: S101 - renumbering keeps the kind
    mine = Exits()
    found = apply(machine, frame, renamed, names, start, mine)
    exits.raised.extend((_restored(world, end, order), raised) for end, raised in mine.raised)
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


def _read(machine: Machine, frame: Frame, routine: Routine, names: dict[str, Value], world: State) -> Effect:
    node = routine.node
    machine.modules.claims.follow(routine.path, node)
    inside = Frame(
        module=routine.module,
        function=routine.name,
        owner=names["self"] if isinstance(names.get("self"), Record) else frame.owner,  # type: ignore[arg-type]
        last_reads=last_reads(machine, node),
        actor=frame.actor,
        depth=frame.depth + 1,
        stack=(*frame.stack, routine_key(routine)),
    )
    start = entered(world, names)
    mine = Exits()
    machine.sinks.append({})
    machine.messages.append({})
    try:
        if isinstance(node, ast.Lambda):
            mine.returned = machine.evaluate(inside, node.body, start, mine)
        else:
            mine.returned.extend((end, NONE) for end in machine.execute(inside, node.body, [start], mine))
    except BudgetError:
        edges = machine.sinks.pop()
        machine.messages.pop()
        machine.sinks[-1].update(edges)  # what was found so far stands
        raise
    edges, rpc = machine.sinks.pop(), machine.messages.pop()
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


def _back(caller: State, after: State) -> State:
    """A function's last world as its caller sees it."""
    return after.but(
        names=caller.names,
        known=caller.known,
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
