"""The ordinary ways from vm_state to vm_state: which action leads where, without failures, detours and repairs.

`transition_graph.vm_changes` has every change that any row of the facts makes. Here are those that somebody who asks
for an action in a state sees in the end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from nova_states.catalog.permissions import decide, usual_server
from nova_states.catalog.release import Release
from nova_states.catalog.transition_graph import ANY, DELETED, NEW, SAME, transitions_of, vm_changes

Ends = tuple[str, str]
"""vm_state before and after; before may be `ANY` or `NEW`."""


def ordinary_ways(release: Release) -> Mapping[Ends, tuple[str, ...]]:
    """Two vm_states → the actions that lead from the one to the other."""
    return release.memo.once("ordinary ways", lambda: dict(_ordinary(release)))


def failing_states(release: Release) -> frozenset[str]:
    """The vm_states in which a failure of something leaves a server in error."""
    return frozenset(
        before
        for (before, after), causes in vm_changes(release).items()
        if after == "error" and any(cause.fails for cause in causes)
    )


def _ordinary(release: Release) -> Iterator[tuple[Ends, tuple[str, ...]]]:
    changes = {
        ends: [cause.action for cause in causes if not cause.fails and cause.action in release.actions]
        for ends, causes in vm_changes(release).items()
    }
    for (before, after), actions in changes.items():
        kept = [
            action
            for action in dict.fromkeys(actions)
            if before != DELETED
            and _may_be_asked(release, action, before)
            and action not in changes.get((after, before), ())  # it ends where it began
            and not _goes_on(release, action, before, after)
        ]
        if kept:
            yield (before, after), tuple(kept)


def _may_be_asked(release: Release, action: str, vm_state: str) -> bool:
    if vm_state in (ANY, NEW):
        return True
    return decide(release, action, replace(usual_server(release, action), vm_state=vm_state)) is None


def _goes_on(release: Release, action: str, before: str, after: str) -> bool:
    """Whether a state that an action leads to is on its way only: a service takes it from there, without a request."""
    return any(
        row.actor != "api"
        and row.outcome != "failure"
        and row.start is not None
        and row.start.vm_states is not None
        and after in row.start.vm_states
        and None in (row.start.task_states or ())
        and row.end.vm_state not in (SAME, after, before)
        for row in transitions_of(release, action)
    )
