"""Messages between services: a `cast` starts work elsewhere and tells nothing back, a `call` waits for its end.

Arguments are copied on the way, so that the sender's objects do not see what the receiver does, only the row does.
"""

from __future__ import annotations

import ast
from dataclasses import replace

from nova_states.introspection.interpreter import attribute_lookup
from nova_states.introspection.interpreter.abstract_state import ATTRIBUTES, FieldValue, ObjectView, ServerRow, State
from nova_states.introspection.interpreter.machine import Arguments, Context, Exits, Found, Machine, RemoteCall
from nova_states.introspection.interpreter.values import (
    NONE,
    UNKNOWN,
    InstanceRef,
    Known,
    Record,
    Remote,
    Routine,
    Value,
)
from nova_states.introspection.interpreter.view_renaming import renumbered, servers_in

_RECEIVERS: dict[tuple[str, str], tuple[str, str, str]] = {
    ("nova/compute/rpcapi.py", "ComputeAPI"): ("nova/compute/manager.py", "ComputeManager", "compute"),
    ("nova/conductor/rpcapi.py", "ComputeTaskAPI"): ("nova/conductor/manager.py", "ComputeTaskManager", "conductor"),
    ("nova/conductor/rpcapi.py", "ConductorAPI"): ("nova/conductor/manager.py", "ConductorManager", "conductor"),
}
"""The sending class → the class whose methods of the same name receive, and its service."""


def send(here: Context, node: ast.AST, remote: Remote, arguments: Arguments, world: State) -> Found:
    """Send a message; what receives it runs in a world of its own."""
    here.raises_any(world)
    receiver, actor = _receiver(here.machine, remote, arguments.positional)
    if receiver is None:
        return [(world, UNKNOWN)]
    if here.frame.defers and not remote.waits:
        afresh = replace(here.frame, stack=(), depth=0, defers=False)
        here.machine.later(RemoteCall(frame=afresh, node=node, sender=remote, arguments=arguments, world=world))
        return [(world, NONE)]
    frame = replace(here.frame, actor=actor, on_yield=None)
    named = {name: value for name, value in arguments.named.items() if not isinstance(value, Record)}
    order = dict.fromkeys(view for value in named.values() for view in servers_in(value))
    views = {view: index for index, view in enumerate(order)}
    keywords = {name: renumbered(value, views) for name, value in named.items()}
    start = world.but(views=tuple(world.views[view] for view in order)).handling(None, failing=False)
    start = start.but(row=replace(start.row, written=frozenset()))
    received = Arguments(positional=(NONE,), named=keywords)
    outcome = Exits()
    found = here.inside(frame, outcome).call(node, receiver, received, start)
    if not remote.waits:
        return [(world, NONE)]
    here.exits.raised.extend((_after(world, end), raised) for end, raised in outcome.raised)
    return [(_after(world, end), UNKNOWN if _is_object(value) else value) for end, value in found]


def _receiver(machine: Machine, remote: Remote, arguments: tuple[Value, ...]) -> tuple[Routine | None, str]:
    name = arguments[1] if len(arguments) > 1 else UNKNOWN
    target = _RECEIVERS.get((remote.path, remote.kind))
    kind = attribute_lookup.class_at(machine, *target[:2]) if target else None
    if target is None or kind is None or not isinstance(name, Known):
        return None, ""
    found = attribute_lookup.attribute(machine, Record(kind=kind), str(name.value))
    if isinstance(found, Routine) and machine.relevance.includes(str(name.value)):
        return found, target[2]
    return None, ""


def _is_object(value: Value) -> bool:
    return isinstance(value, InstanceRef | Record)


def _after(sender: State, end: State) -> State:
    """The sender's world once the receiver is done: the row is new, the sender's objects are not."""
    views = tuple(stale(view, sender.row, end.row) for view in sender.views)
    return sender.but(row=end.row, views=views, conditions=end.conditions, symbolic=end.symbolic)


def stale(view: ObjectView, before: ServerRow, after: ServerRow) -> ObjectView:
    """An object after somebody else changed the row: what it had not assigned it still shows as it was."""
    for attribute in ATTRIBUTES:
        if view.of(attribute) is None and before.of(attribute) != after.of(attribute):
            view = view.having(attribute, FieldValue(states=before.of(attribute), dirty=False))
    return view
