"""The facts of one version as the JSON object that `nova-states facts` prints; its shape is a fixed interface."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nova_states.catalog.release import Release
from nova_states.facts.codec import to_plain, with_condition
from nova_states.facts.condition import to_text
from nova_states.facts.model import FromState, Group, Guard, Reaction, Section, States, Transition

ANY = "*"
"""Stands for "not checked" or "any state"."""


def export_release(release: Release) -> dict[str, Any]:
    """Everything known of a version, kind by kind."""
    return {"version": release.version} | {kind: export(release) for kind, export in EXPORTS.items()}


def _states(release: Release) -> dict[str, dict[str, str | int]]:
    return {
        kind: {constant.name: constant.value for constant in constants.values()}
        for kind, constants in release.constants.items()
    }


def _labels(release: Release) -> dict[str, str]:
    return {str(c.value): c.label for c in release.constants["power_state"].values() if c.label}


def _operations(release: Release) -> dict[str, list[str]]:
    return {str(c.value): list(c.operations) for c in release.constants["task_state"].values()}


def _statuses(release: Release) -> dict[str, dict[str, str]]:
    return {
        vm_state: {task_state: entry.status for task_state, entry in entries.items()}
        for vm_state, entries in release.status_map.items()
    }


def _gaps(release: Release) -> dict[str, Any]:
    return {kind: to_plain(section.gaps) for kind, section in release.sections.items() if section.gaps}


EXPORTS: dict[str, Callable[[Release], Any]] = {
    "states": _states,
    "power_state_labels": _labels,
    "task_state_operations": _operations,
    "groups": lambda release: {group.name: _group(group) for group in release.facts("groups")},
    "actions": lambda release: to_plain(tuple(release.actions.values())),
    "guards": lambda release: [_guard(guard) for guard in release.facts("guards")],
    "statuses": _statuses,
    "fallback_status": lambda release: release.fallback_status,
    "messages": lambda release: to_plain(release.facts("messages")),
    "transitions": lambda release: [_transition(row) for row in release.facts("transitions")],
    "power_sync": lambda release: [_reaction(row) for row in release.facts("power_sync")],
    "startup": lambda release: [_reaction(row) for row in release.facts("startup")],
    "drivers": lambda release: to_plain(release.facts("drivers")),
    "options": lambda release: to_plain(release.facts("options")),
    "counts": lambda release: {kind: _counts(section) for kind, section in release.sections.items()},
    "gaps": _gaps,
}
"""Part of the object → how it is made."""


def _group(group: Group) -> list[str | None] | str:
    return to_text(group.condition) or "" if group.values is None else list(group.values)


def _guard(guard: Guard) -> dict[str, Any]:
    plain: dict[str, Any] = to_plain(guard)
    states = {"vm_states": _any(guard.vm_states), "task_states": _any(guard.task_states)}
    return with_condition(plain | states, "when", guard.when)


def _any(states: States) -> list[str | None] | str:
    return ANY if states is None else list(states)


def _from(start: FromState) -> dict[str, Any]:
    plain: dict[str, Any] = {"vm_states": _any(start.vm_states), "task_states": _any(start.task_states)}
    if start.power_states is not None:
        plain["power_states"] = list(start.power_states)
    return plain


def _transition(row: Transition) -> dict[str, Any]:
    plain: dict[str, Any] = to_plain(row)
    del plain["start"], plain["end"]
    expected = _any(row.expected_task_states)
    start = _from(row.start) if row.start else None
    plain |= {"expected_task_states": expected, "from": start, "to": to_plain(row.end)}
    return with_condition(plain, "condition", row.condition)


def _reaction(row: Reaction) -> dict[str, Any]:
    plain: dict[str, Any] = to_plain(row)
    del plain["start"], plain["end"]
    start = _from(row.start)
    start.setdefault("power_states", ANY)
    return with_condition(plain | {"from": start, "to": to_plain(row.end)}, "condition", row.condition)


def _counts(section: Section[Any]) -> dict[str, dict[str, int]]:
    return {count.name: {"read": count.read, "found": count.found} for count in section.counts}
