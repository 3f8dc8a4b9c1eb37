"""Decides every action, and the status, for every pair of vm_state and task_state, so that looking up needs no guards.

A table names its distinct values once (`rows`) and says for each vm_state and task_state which it is (`cells`). Of a
decision one character stands for an action in a pair: what a launched server is told, and what one that never was.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from nova_states.catalog.permissions import asked_actions, certain_guards, decide
from nova_states.catalog.release import Release
from nova_states.facts.condition import to_text
from nova_states.facts.guard_check import ServerStates, refusal
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


def pairs_of(release: Release) -> list[tuple[str, str | None]]:
    """Every vm_state with every task_state, no task first; at the end of both what the release does not know."""
    return [(v, t) for v in (*release.vm_states, OTHER) for t in (None, *release.task_states, OTHER)]


def grid(release: Release, values: Iterable[Hashable], rows: Iterable[Hashable] = ()) -> dict[str, Any]:
    """A value for each of `pairs_of` as a table.

    Args:
        release: Its states are the rows and columns of `cells`.
        values: In the order of the pairs.
        rows: Values that shall stand first in `rows`, in this order.
    """
    values = list(values)
    distinct = list(dict.fromkeys([*rows, *values]))
    places = {value: place for place, value in enumerate(distinct)}
    width = len(release.task_states) + 2
    cells = [places[value] for value in values]
    return {
        "rows": distinct,
        "cells": [cells[start : start + width] for start in range(0, len(cells), width)],
    }


def status_table(release: Release) -> dict[str, Any]:
    """The status of each pair; all words that the release has are rows, in the order of the source."""
    words = [entry.status for entries in release.status_map.values() for entry in entries.values()]
    return grid(release, (release.status(*pair) for pair in pairs_of(release)), (*words, release.fallback_status))


def note_table(release: Release) -> dict[str, Any]:
    """What a state cannot decide of an action.

    Returns:
        `conditions`: action → names of decorators; `guards`: action and condition of each guard that holds on one;
        a row: numbers of the guards that would refuse.
    """
    guards = [(action, guard) for action in release.actions for guard in release.guards_of(action) if guard.when]
    return {
        "conditions": {action.id: list(action.conditions) for action in release.actions.values() if action.conditions},
        "guards": [[action, to_text(guard.when)] for action, guard in guards],
        **grid(release, (_refusing(guards, *pair) for pair in pairs_of(release))),
    }


def _refusing(guards: list[tuple[str, Guard]], vm_state: str, task_state: str | None) -> tuple[int, ...]:
    server = ServerStates(vm_state=vm_state, task_state=task_state)
    return tuple(number for number, (_, guard) in enumerate(guards) if refusal(guard, server))


@dataclass(kw_only=True)
class Decisions:
    """Decides release by release, each distinct set of guards of an action once."""

    _grids: dict[Hashable, list[str]] = field(default_factory=dict)
    _tables: dict[Hashable, PermissionTable] = field(default_factory=dict)

    def table(self, release: Release) -> PermissionTable:
        """The decisions of a release."""
        actions = answered_actions(release)
        pairs = pairs_of(release)
        states = (release.vm_states, release.task_states)
        keys = [(states, _guards(release, action)) for action in actions]
        identity = (actions, *keys)
        if identity not in self._tables:
            for action, key in zip(actions, keys, strict=True):
                if key not in self._grids:
                    self._grids[key] = [_digit(release, action, *pair) for pair in pairs]
            strings = ["".join(row) for row in zip(*(self._grids[key] for key in keys), strict=True)]
            parents = {release.actions[action].parent for action in actions}
            plain = {
                "actions": list(actions),
                "unguarded": [action for action in actions if not release.guards_of(action) and action not in parents],
                **grid(release, strings),
            }
            self._tables[identity] = PermissionTable(key=identity, plain=plain)
        return self._tables[identity]


def answered_actions(release: Release) -> tuple[str, ...]:
    """Actions an answer names, sorted: neither the making of a server nor another use of an action (migrate)."""
    return tuple(sorted(asked_actions(release)))


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
    return tuple(tuple(_check(guard) for guard in certain_guards(release, name)) for name in (action, *parts))


def _check(guard: Guard) -> Hashable:
    return (guard.mode, guard.vm_states, guard.task_states, guard.must_have_launched)
