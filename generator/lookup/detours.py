"""The nearest way to where a refused action is allowed: actions to take first, from one settled state to the next."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from generator.catalog.decisions import Server, decide
from generator.catalog.release import Release

_NO_WAY: Final = ("create", "delete", "evacuate", "force_delete", "rebuild", "reset_state", "restore", "soft_delete")
"""Actions nobody should be led through: they lose data, or write a state without making it true."""
_NO_GOAL: Final = ("deleted", "error")


def detours_of(release: Release) -> dict[str, dict[str, list[str]]]:
    """vm_state → action refused there → the actions that lead to where it is allowed, fewest first."""
    edges = _edges(release)
    goals = [action for action in release.actions if action not in _NO_WAY]
    return {vm_state: _ways_from(release, vm_state, edges, goals) for vm_state in release.vm_states}


def _edges(release: Release) -> dict[str, dict[str, str]]:
    """vm_state → vm_state an action leads to → the action, as the transitions tell it."""
    edges: dict[str, dict[str, str]] = {}
    for action, start, end in sorted(_successes(release)):
        if action not in _NO_WAY and end not in (start, *_NO_GOAL) and _is_allowed(release, action, start):
            edges.setdefault(start, {}).setdefault(end, action)
    return edges


def _successes(release: Release) -> Iterator[tuple[str, str, str]]:
    for row in release.facts("transitions"):
        if row.outcome == "success" and row.start and row.start.vm_states and row.action in release.actions:
            yield from (
                (row.action, vm_state, row.end.vm_state)
                for vm_state in row.start.vm_states
                if vm_state is not None and row.end.task_state is None and row.end.vm_state != "="
            )


def _is_allowed(release: Release, action: str, vm_state: str) -> bool:
    return decide(release, action, Server(vm_state=vm_state, task_state=None)) is None


def _ways_from(
    release: Release, vm_state: str, edges: dict[str, dict[str, str]], goals: list[str]
) -> dict[str, list[str]]:
    """Breadth first: the first state found where an action is allowed is the nearest."""
    found: dict[str, list[str]] = {}
    seen = {vm_state}
    queue: list[tuple[str, list[str]]] = [(vm_state, [])]
    for state, way in queue:
        for goal in goals:
            if goal not in found and _is_allowed(release, goal, state):
                found[goal] = way
        for target, action in edges.get(state, {}).items():
            if target not in seen:
                seen.add(target)
                queue.append((target, [*way, action]))
    return {goal: way for goal, way in sorted(found.items()) if way}
