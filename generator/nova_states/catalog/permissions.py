"""Decides whether Nova lets an action pass: the guards, applied to a server's states.

Only guards that always hold decide. One with a condition (`Guard.when`) is told beside the decision.
"""

from __future__ import annotations

from dataclasses import dataclass

from nova_states.catalog.release import Release
from nova_states.facts.model import Guard


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

    attribute: str
    """"vm_state", "task_state" or "launched_at"."""
    value: str | None


def refusal(guard: Guard, server: ServerStates) -> Refusal | None:
    """What the guard refuses a server for, in the order Nova checks (compute/api.py: check_instance_state)."""
    is_rejecting = guard.mode == "reject"
    if guard.vm_states is not None and (server.vm_state in guard.vm_states) == is_rejecting:
        return Refusal(attribute="vm_state", value=server.vm_state)
    if guard.task_states is not None and (server.task_state in guard.task_states) == is_rejecting:
        return Refusal(attribute="task_state", value=server.task_state)
    if guard.must_have_launched and not server.launched:
        return Refusal(attribute="launched_at", value=None)
    return None


def decide(release: Release, action: str, server: ServerStates) -> Refusal | None:
    """Why a release refuses an action to a server; None: it is allowed.

    An action whose parts carry the guards (reboot) is allowed where one of its parts is.
    """
    parts = release.parts.get(action, ())
    if parts and action not in release.guards:
        refusals = [decide(release, part, server) for part in parts]
        return None if None in refusals else refusals[-1]
    for guard in release.guards_of(action):
        found = refusal(guard, server) if guard.when is None else None
        if found is not None:
            return found
    return None
