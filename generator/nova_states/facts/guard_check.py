"""What a guard lets pass: the one place that knows, for one server and for a set of them.

It stands beside the facts because both sides of them ask: the introspection follows only what gets past a guard, the
catalog decides what may be asked of a server, and from that come the pages and the tables of the lookup.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from nova_states.facts.model import Guard, StateKind, States
from nova_states.facts.state_set import FieldStates, StateSet, StateValue, unite


@dataclass(frozen=True, kw_only=True, slots=True)
class ServerStates:
    """The states that guards look at."""

    vm_state: str
    task_state: str | None
    launched: bool = True
    """Whether launched_at is set."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Refusal:
    """Why an action is refused: the attribute Nova's 409 names, and its value."""

    attribute: Literal["vm_state", "task_state", "launched_at"]
    value: str | None


def refusal(guard: Guard, server: ServerStates) -> Refusal | None:
    """What the guard refuses a server for, in the order Nova checks (compute/api.py: check_instance_state).

    Whether a guard with a condition is asked at all is not looked at here.

    Returns:
        None where the guard lets the server pass.
    """
    if not _takes(guard, guard.vm_states, server.vm_state):
        return Refusal(attribute="vm_state", value=server.vm_state)
    if not _takes(guard, guard.task_states, server.task_state):
        return Refusal(attribute="task_state", value=server.task_state)
    if guard.must_have_launched and not server.launched:
        return Refusal(attribute="launched_at", value=None)
    return None


def admitted(guard: Guard, states: StateSet, everything: StateSet) -> StateSet:
    """Of a set of launched servers those that the guard lets pass.

    Args:
        guard: Its lists decide.
        states: The servers that come to it.
        everything: All states there are, for what is left of any.
    """
    lists: dict[StateKind, States] = {"vm_state": guard.vm_states, "task_state": guard.task_states}
    for kind, listed in lists.items():
        if listed is not None:
            states = states.having(kind, _taken(guard, listed, states.of(kind), everything.of(kind)))
    return states


def _taken(guard: Guard, listed: States, states: FieldStates, everything: FieldStates) -> FieldStates:
    """The states of a field that one of a guard's lists lets pass."""
    if states is None:
        # What is in no list of the release's constants may be in the guard's all the same.
        states = unite(everything, frozenset(listed or ()))
    return None if states is None else frozenset(state for state in states if _takes(guard, listed, state))


def _takes(guard: Guard, listed: States, state: StateValue) -> bool:
    """Whether one of a guard's lists lets a state pass; a list that is None looks at nothing."""
    return listed is None or (state in listed) == (guard.mode == "allow")
