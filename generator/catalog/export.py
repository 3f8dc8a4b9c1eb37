"""The facts of one version as the JSON object that `nova-states facts` prints; its shape is a fixed interface."""

from __future__ import annotations

from typing import Any

from generator.catalog.release import Release
from generator.facts.codec import to_plain
from generator.facts.model import FromState, Group, Guard, Reaction, Section, States, Transition

ANY = "*"
"""Stands for "not checked" or "any state"."""


def export_release(release: Release) -> dict[str, Any]:
    """Everything known of a version, kind by kind."""
    facts: dict[str, Any] = {
        "version": release.version,
        "states": {
            kind: {constant.name: constant.value for constant in constants.values()}
            for kind, constants in release.constants.items()
        },
        "power_state_labels": {
            str(constant.value): constant.label
            for constant in release.constants["power_state"].values()
            if constant.label
        },
        "task_state_operations": {
            str(constant.value): list(constant.operations) for constant in release.constants["task_state"].values()
        },
        "groups": {group.name: _group(group) for group in release.facts("groups")},
        "actions": [to_plain(action) for action in release.actions.values()],
        "guards": [_guard(guard) for guard in release.facts("guards")],
        "statuses": {
            vm_state: {task_state: entry.status for task_state, entry in entries.items()}
            for vm_state, entries in release.status_map.items()
        },
        "fallback_status": release.fallback_status,
        "messages": [to_plain(message) for message in release.facts("messages")],
        "transitions": [_transition(row) for row in release.facts("transitions")],
        "power_sync": [_reaction(row) for row in release.facts("power_sync")],
        "startup": [_reaction(row) for row in release.facts("startup")],
        "drivers": [to_plain(row) for row in release.facts("drivers")],
        "options": [to_plain(row) for row in release.facts("options")],
    }
    facts["counts"] = {kind: _counts(section) for kind, section in release.sections.items()}
    facts["gaps"] = {kind: to_plain(section.gaps) for kind, section in release.sections.items() if section.gaps}
    return facts


def export_kind(release: Release, kind: str) -> dict[str, Any]:
    """One part of `export_release`, with the version it is of."""
    return {"version": release.version, kind: export_release(release)[kind]}


def _group(group: Group) -> list[str | None] | str:
    return group.condition or "" if group.values is None else list(group.values)


def _guard(guard: Guard) -> dict[str, Any]:
    plain: dict[str, Any] = to_plain(guard)
    return plain | {"vm_states": _any(guard.vm_states), "task_states": _any(guard.task_states)}


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
    return plain | {"from": _from(row.start) if row.start else None, "to": to_plain(row.end)}


def _reaction(row: Reaction) -> dict[str, Any]:
    plain: dict[str, Any] = to_plain(row)
    del plain["start"], plain["end"]
    start = _from(row.start)
    start.setdefault("power_states", ANY)
    return plain | {"from": start, "to": to_plain(row.end)}


def _counts(section: Section[Any]) -> dict[str, dict[str, int]]:
    return {count.name: {"read": count.read, "found": count.found} for count in section.counts}
