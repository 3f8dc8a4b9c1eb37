"""Applies the state guards in front of a function: what they refuse never gets in."""

from __future__ import annotations

from dataclasses import replace

from nova_states.facts.guard_check import admitted
from nova_states.introspection.interpreter.abstract_state import State
from nova_states.introspection.interpreter.machine import Context
from nova_states.introspection.interpreter.slicing import is_server_name
from nova_states.introspection.interpreter.values import InstanceRef, Raised, Routine, Value

_REFUSED = Raised(name="nova.exception.InstanceInvalidState")


def pass_guards(here: Context, routine: Routine, names: dict[str, Value], world: State) -> list[State]:
    """The world as far as the guards of `routine` let it in."""
    guards = here.machine.guards.get((routine.path, routine.name), ())
    if not guards or not any(is_server_name(name) and isinstance(value, InstanceRef) for name, value in names.items()):
        return [world]
    for guard in guards:
        before = world.row.states
        passing = admitted(guard, before, here.machine.universe)
        if passing.is_empty:
            here.raises(world, _REFUSED)
            return []
        if before.vm_state is not None and before.vm_state != passing.vm_state:
            here.raises(world, _REFUSED)
        world = world.but(row=replace(world.row, states=passing))
    return [world]
