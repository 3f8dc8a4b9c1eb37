"""Decides whether a release lets an action pass: its guards, applied to a server's states.

Only guards that always hold decide. One with a condition (`Guard.when`) is told beside the decision.
"""

from __future__ import annotations

from collections.abc import Iterable

from nova_states.catalog.release import Release
from nova_states.facts.guard_check import Refusal, ServerStates, admitted, refusal
from nova_states.facts.model import Guard
from nova_states.facts.state_set import StateSet, ordered


def decide(release: Release, action: str, server: ServerStates) -> Refusal | None:
    """Why a release refuses an action to a server.

    An action whose parts carry the guards (reboot) is allowed where one of its parts is.

    Args:
        release: Its guards decide.
        action: Id of the action; one without guards is allowed.
        server: States, and whether the server was ever launched.

    Returns:
        What the 409 names; None: the action is allowed, as far as its states decide.
    """
    parts = release.parts.get(action, ())
    if parts and action not in release.guards:
        refusals = [decide(release, part, server) for part in parts]
        return None if None in refusals else refusals[-1]
    for guard in certain_guards(release, action):
        found = refusal(guard, server)
        if found is not None:
            return found
    return None


def asked_actions(release: Release) -> tuple[str, ...]:
    """Actions that may be asked of a server: neither its making nor another use of one (migrate); sorted."""
    return tuple(name for name, fact in release.actions.items() if fact.guarded_by == name != "create")


def decided_actions(release: Release) -> tuple[str, ...]:
    """Those of them that are decided by themselves: without what stands above parts that carry the guards (reboot)."""
    return tuple(name for name in asked_actions(release) if name not in release.parts or name in release.guards)


def certain_guards(release: Release, action: str) -> tuple[Guard, ...]:
    """The guards of an action that hold whatever else is the case."""
    return tuple(guard for guard in release.guards_of(action) if guard.when is None)


def conditional_refusals(release: Release, action: str, server: ServerStates) -> tuple[Guard, ...]:
    """The guards that would refuse an action to a server, but hold on a condition only."""
    guards = (guard for guard in release.guards_of(action) if guard.when is not None)
    return tuple(guard for guard in guards if refusal(guard, server) is not None)


def looks_at_states(release: Release, action: str) -> bool:
    """Whether an action is refused for any vm_state or task_state at all."""
    return admitted_states(release, action) != StateSet()


def named_states(release: Release, action: str) -> StateSet:
    """The states that an action asks for by name; a field it does not look at, or only rejects some of, is any."""
    asking = (guard for guard in certain_guards(release, action) if guard.mode == "allow")
    return release.memo.once(("named states", action), lambda: _admitted(release, asking))


def admitted_states(release: Release, action: str) -> StateSet:
    """The states in which a launched server may be asked for an action; a field it does not look at is any."""
    return _admitted(release, certain_guards(release, action))


def _admitted(release: Release, guards: Iterable[Guard]) -> StateSet:
    """The states that all of these guards let pass."""
    states = StateSet()
    for guard in guards:
        states = admitted(guard, states, release.all_states)
    return states


def usual_server(release: Release, action: str) -> ServerStates:
    """A server that an action is meant for: without a task if it may be, in the first vm_state that it may be in."""
    return release.memo.once(("usual server", action), lambda: _usual_server(release, action))


def _usual_server(release: Release, action: str) -> ServerStates:
    states = admitted_states(release, action)
    vm_states = release.vm_states[:1] if states.vm_state is None else ordered(states.vm_state)
    task_states = (None,) if states.task_state is None else ordered(states.task_state)
    return ServerStates(vm_state=str(next(iter(vm_states), "")), task_state=next(iter(task_states), None))
