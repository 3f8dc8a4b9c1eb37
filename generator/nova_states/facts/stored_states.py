"""Sets of states as facts store them, to be computed with, and back."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from nova_states.facts.model import FromState
from nova_states.facts.state_set import StateSet, ordered


@lru_cache(maxsize=4096)
def states_of(start: FromState) -> StateSet:
    """What a fact starts from, to be computed with."""
    return StateSet(
        vm_state=None if start.vm_states is None else frozenset(start.vm_states),
        task_state=None if start.task_states is None else frozenset(start.task_states),
        power_state=None if start.power_states is None else frozenset(start.power_states),
    )


def start_of(states: StateSet, power_states: Sequence[str] = ()) -> FromState:
    """A set as facts store it.

    Args:
        states: The set, its power_states by their constants.
        power_states: All constants in the order of their numbers, which a set of names does not know.
    """
    vm_states, task_states, powers = states.vm_state, states.task_state, states.power_state
    return FromState(
        vm_states=None if vm_states is None else ordered(vm_states),
        task_states=None if task_states is None else ordered(task_states),
        power_states=None if powers is None else tuple(sorted(powers, key=power_states.index)),
    )
