"""Decides every action for every pair of vm_state and task_state, so that looking up needs no guards.

One character stands for an action in a pair: what a launched server is told, and what one is told that never was.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any, Final

from nova_states.catalog.permissions import ServerStates, decide
from nova_states.catalog.release import Release
from nova_states.facts.model import Guard

OTHER: Final = "\0"
"""Stands for a state that the release does not know: it is in no list of a guard."""

_ATTRIBUTES: Final = (None, "vm_state", "task_state", "launched_at")
"""What an action is refused for; None: it is allowed. Four by four pairs make one hexadecimal digit."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PermissionTable:
    """All decisions of releases whose guards are equal."""

    key: Hashable
    plain: dict[str, Any]
    """`actions`: ids; `rows`: distinct strings of a digit an action; `cells`: row by vm_state and task_state."""


@dataclass(kw_only=True)
class Decisions:
    """Decides release by release, each distinct set of guards of an action once."""

    _grids: dict[Hashable, list[str]] = field(default_factory=dict)
    _tables: dict[Hashable, PermissionTable] = field(default_factory=dict)

    def table(self, release: Release) -> PermissionTable:
        """The decisions of a release."""
        actions = answered_actions(release)
        pairs = [(v, t) for v in (*release.vm_states, OTHER) for t in (None, *release.task_states, OTHER)]
        states = (release.vm_states, release.task_states)
        keys = [(states, _guards(release, action)) for action in actions]
        identity = (actions, *keys)
        if identity not in self._tables:
            for action, key in zip(actions, keys, strict=True):
                if key not in self._grids:
                    self._grids[key] = [_digit(release, action, *pair) for pair in pairs]
            strings = ["".join(row) for row in zip(*(self._grids[key] for key in keys), strict=True)]
            rows = list(dict.fromkeys(strings))
            places = {row: place for place, row in enumerate(rows)}
            width = len(release.task_states) + 2
            parents = {release.actions[action].parent for action in actions}
            cells = [places[string] for string in strings]
            plain = {
                "actions": list(actions),
                "unguarded": [action for action in actions if not release.guards_of(action) and action not in parents],
                "rows": rows,
                "cells": [cells[start : start + width] for start in range(0, len(cells), width)],
            }
            self._tables[identity] = PermissionTable(key=identity, plain=plain)
        return self._tables[identity]


def answered_actions(release: Release) -> tuple[str, ...]:
    """Actions an answer names, sorted: neither the making of a server nor another use of an action (migrate)."""
    return tuple(sorted(a.id for a in release.actions.values() if a.guarded_by == a.id and a.id != "create"))


def is_allowed(digit: str) -> bool:
    """What a digit of a row says of a server that was launched."""
    return int(digit, 16) >> 2 == 0


def _digit(release: Release, action: str, vm_state: str, task_state: str | None) -> str:
    code = 0
    for launched in (True, False):
        refusal = decide(release, action, ServerStates(vm_state=vm_state, task_state=task_state, launched=launched))
        code = code * 4 + _ATTRIBUTES.index(refusal.attribute if refusal else None)
    return f"{code:x}"


def _guards(release: Release, action: str) -> Hashable:
    """What decides about an action: its guards without their places, and those of its parts."""
    parts = [part.id for part in release.actions.values() if part.parent == action and part.guarded_by == part.id]
    return tuple(
        tuple(_check(guard) for guard in release.guards_of(name) if guard.when is None) for name in (action, *parts)
    )


def _check(guard: Guard) -> Hashable:
    return (guard.mode, guard.vm_states, guard.task_states, guard.must_have_launched)
