"""The nearest path to where a refused action is allowed: actions to take first, from one settled state to the next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from nova_states.catalog.release import Release
from nova_states.lookup.permission_tables import is_allowed

_VIA: Final = frozenset(("resume", "start", "stop", "unpause", "unrescue", "unshelve"))
"""The only actions anybody is led through: they undo nothing that was done and lose nothing that is on a disk."""
_NO_TARGET: Final = frozenset(
    (
        "confirm_resize",
        "create",
        "delete",
        "evacuate",
        "force_delete",
        "rebuild",
        "reset_state",
        "restore",
        "resume",
        "revert_resize",
        "soft_delete",
        "unpause",
        "unrescue",
        "unshelve",
    )
)
"""Actions nobody is led to: what loses data, and what only ends another state, where a path to it makes no sense."""
_NO_GOAL: Final = ("deleted", "error")

SettledChange = tuple[str, str, str]
"""vm_state, action, vm_state it leads to."""


def wish_table(wishes: Iterable[str], releases: Iterable[Release]) -> dict[str, list[str]]:
    """Action that is asked for its end alone → the vm_states in which it ends well in any release, in the same order.

    Args:
        wishes: Those actions, the useful first.
        releases: What tells their ends.
    """
    ends: dict[str, set[str]] = {name: set() for name in wishes}
    for release in releases:
        for row in release.facts("transitions"):
            is_settled = row.outcome == "success" and row.end.task_state is None
            if is_settled and row.action in ends and row.end.vm_state not in ("=", *_NO_GOAL):
                ends[row.action].add(row.end.vm_state)
    return {name: sorted(states) for name, states in ends.items() if states}


def settled_changes(release: Release) -> frozenset[SettledChange]:
    """What actions make of a server whose task has ended well, as the transitions tell it."""
    return frozenset(_settled_changes(release))


def _settled_changes(release: Release) -> Iterator[SettledChange]:
    for row in release.facts("transitions"):
        if row.outcome != "success" or row.start is None or row.action not in _VIA or row.action not in release.actions:
            continue
        is_settled = row.end.task_state is None or (row.end.task_state == "=" and row.start.task_states == (None,))
        # What is symbolic restores the state before, which is active more often than not.
        is_usual = row.certainty != "symbolic" or row.end.vm_state == "active"
        if is_settled and is_usual and row.end.vm_state != "=":
            for vm_state in row.start.vm_states or ():
                if row.end.vm_state not in (vm_state, *_NO_GOAL):
                    yield str(vm_state), row.action, row.end.vm_state


def find_action_paths(
    decisions: dict[str, Any], vm_states: list[str], edges: frozenset[SettledChange]
) -> dict[str, dict[str, list[str]]]:
    """How to get from each vm_state to where an action refused there is allowed.

    Args:
        decisions: A table of `nova_states.lookup.permission_tables`.
        vm_states: Those of the release, in the order of the table.
        edges: What actions make of a server (`settled_changes`).

    Returns:
        vm_state → action refused there → the actions that lead to where it is allowed, as few as do.
    """
    allowed = {
        vm_state: {
            action
            for place, action in enumerate(decisions["actions"])
            if is_allowed(decisions["rows"][decisions["cells"][row][0]][place])
        }
        for row, vm_state in enumerate(vm_states)
    }
    leads: dict[str, dict[str, str]] = {vm_state: {} for vm_state in vm_states}
    for start, action, end in sorted(edges):
        if action in _VIA and end in allowed and action in allowed.get(start, ()):
            leads[start].setdefault(end, action)
    return {vm_state: _paths_from(vm_state, leads, allowed) for vm_state in vm_states}


def _paths_from(vm_state: str, leads: dict[str, dict[str, str]], allowed: dict[str, set[str]]) -> dict[str, list[str]]:
    """Breadth first: the first state found where an action is allowed is the nearest."""
    found: dict[str, list[str]] = {}
    seen = {vm_state}
    queue: list[tuple[str, list[str]]] = [(vm_state, [])]
    for state, path in queue:
        for goal in sorted(allowed[state] - found.keys() - _NO_TARGET):
            found[goal] = path
        for target, action in leads[state].items():
            if target not in seen:
                seen.add(target)
                queue.append((target, [*path, action]))
    return {goal: path for goal, path in sorted(found.items()) if path}
