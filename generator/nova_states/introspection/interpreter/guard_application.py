"""Applies the state guards in front of a function: what they refuse never gets in."""

from __future__ import annotations

from nova_states.facts.model import Guard
from nova_states.introspection.interpreter.abstract_state import FieldStates, State
from nova_states.introspection.interpreter.machine import Exits, Machine, within, without
from nova_states.introspection.interpreter.values import Attribute, InstanceRef, Raised, Routine, Value

_REFUSED = Raised(name="nova.exception.InstanceInvalidState")


def pass_guards(machine: Machine, routine: Routine, names: dict[str, Value], world: State, exits: Exits) -> list[State]:
    """The world as far as the guards of `routine` let it in."""
    guards = machine.guards.get((routine.path, routine.name), ())
    server = names.get("instance")
    if not guards or not isinstance(server, InstanceRef):
        return [world]
    for guard in guards:
        row = world.row
        allowed = row
        named: dict[Attribute, tuple[str | None, ...] | None] = {
            "vm_state": guard.vm_states,
            "task_state": guard.task_states,
        }
        for attribute, listed in named.items():
            states = _allowed(guard, row.of(attribute), listed, machine.universe.of(attribute))
            allowed = allowed.having(attribute, states)
        if frozenset() in (allowed.vm_state, allowed.task_state):
            exits.raised.append((world, _REFUSED))
            return []
        if row.vm_state != allowed.vm_state and row.vm_state is not None:
            exits.raised.append((world, _REFUSED))
        world = world.but(row=allowed)
    return [world]


def _allowed(
    guard: Guard, states: FieldStates, named: tuple[str | None, ...] | None, everything: frozenset[str | None]
) -> FieldStates:
    if named is None:
        return states
    if guard.mode == "reject":
        return without(states, frozenset(named), everything)
    return within(states, frozenset(named))
