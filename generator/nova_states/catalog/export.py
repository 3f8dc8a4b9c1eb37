"""The facts of one version as the JSON object that `nova-states facts` prints; its shape is a fixed interface."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nova_states.catalog.error_facts import export_errors, export_events, export_migration_statuses
from nova_states.catalog.release import Release
from nova_states.catalog.seen import SEEN_KINDS, seen_as_json, with_seen
from nova_states.catalog.serialisation import fact_as_json
from nova_states.facts.codec import to_json
from nova_states.facts.condition import to_text
from nova_states.facts.model import CENSUS, Group


def export_release(release: Release) -> dict[str, Any]:
    """Everything known of a version, kind by kind, and what of it was seen running."""
    facts = {"version": release.version} | {kind: export(release) for kind, export in EXPORTS.items()}
    for kind in SEEN_KINDS:
        facts[kind] = with_seen(release, facts[kind], release.facts(kind))
    return facts | {"seen": seen_as_json(release)}


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
    return {kind: to_json(gaps) for kind, gaps in release.gaps.items()}


def _rows(release: Release, kind: str) -> list[dict[str, Any]]:
    return [fact_as_json(fact) for fact in release.facts(kind)]


def _actions(release: Release) -> list[dict[str, Any]]:
    """Every action, with the checks of hosts that decide it beside the guards by state."""
    checks = _rows(release, "host_checks")
    return [
        fact_as_json(action) | {"host_checks": [row for row in checks if row["action"] == action.guarded_by]}
        for action in release.actions.values()
    ]


EXPORTS: dict[str, Callable[[Release], Any]] = {
    "states": _states,
    "power_state_labels": _labels,
    "task_state_operations": _operations,
    "groups": lambda release: {group.name: _group(group) for group in release.facts("groups")},
    "actions": _actions,
    "guards": lambda release: _rows(release, "guards"),
    "host_checks": lambda release: _rows(release, "host_checks"),
    "statuses": _statuses,
    "fallback_status": lambda release: release.fallback_status,
    "messages": lambda release: _rows(release, "messages"),
    "transitions": lambda release: _rows(release, "transitions"),
    "power_sync": lambda release: _rows(release, "power_sync"),
    "startup": lambda release: _rows(release, "startup"),
    "drivers": lambda release: _rows(release, "drivers"),
    "options": lambda release: _rows(release, "options"),
    "errors": export_errors,
    "refusals": lambda release: _rows(release, "refusals"),
    "log_messages": lambda release: _rows(release, "log_messages"),
    "migration_statuses": export_migration_statuses,
    "events": export_events,
    "host_status": lambda release: _rows(release, "host_statuses"),
    "max_microversion": lambda release: next((fact.value for fact in release.facts("microversions")), None),
    "counts": lambda release: {kind: _counts(release, kind) for kind in release.kinds() if kind != CENSUS},
    "gaps": _gaps,
}
"""Part of the object → how it is made."""


def _group(group: Group) -> list[str | None] | str:
    return to_text(group.condition) or "" if group.values is None else list(group.values)


def _counts(release: Release, kind: str) -> dict[str, dict[str, int]]:
    """The extractor's own counts of a kind, and how many mentions the census found and saw accounted for."""
    counts = {count.name: count for count in release.counts(kind)}
    mentions = next((count for count in release.counts(CENSUS) if count.name == kind), None)
    if mentions is not None:
        counts["mentions"] = mentions
    return {name: {"read": count.read, "found": count.found} for name, count in counts.items()}
