"""The committed facts against what people read in Nova and its history."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nova_states.catalog.catalog import Catalog
from nova_states.catalog.release import Release
from nova_states.facts.model import Guard
from nova_states.facts.snapshots import DATA, load_snapshots

GOLDEN = Path(__file__).parent / "golden"
MITAKA: dict[str, Any] = tomllib.loads((GOLDEN / "mitaka.toml").read_text(encoding="utf-8"))
CHANGES: list[dict[str, Any]] = tomllib.loads((GOLDEN / "changes.toml").read_text(encoding="utf-8"))["change"]


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    snapshots = load_snapshots()
    assert snapshots.versions, f"no facts below {DATA}; restore them or run `make facts`"
    return Catalog(snapshots=snapshots)


@pytest.mark.parametrize("version", MITAKA["versions"])
class TestMitaka:
    def test_power_states(self, catalog: Catalog, version: str) -> None:
        constants = catalog.release(version).constants["power_state"]
        assert {n: {"value": c.value, "label": c.label} for n, c in constants.items()} == MITAKA["power_state"]

    def test_vm_states(self, catalog: Catalog, version: str) -> None:
        constants = catalog.release(version).constants["vm_state"]
        assert {name: constant.value for name, constant in constants.items()} == MITAKA["vm_state"]

    def test_task_states_with_their_operations(self, catalog: Catalog, version: str) -> None:
        found: dict[str, dict[str, Any]] = {}
        for name, constant in catalog.release(version).constants["task_state"].items():
            (operation,) = constant.operations
            found.setdefault(operation, {})[name] = constant.value
        assert found == MITAKA["task_state"]

    def test_groups(self, catalog: Catalog, version: str) -> None:
        groups = catalog.release(version).groups
        assert {name: [str(state) for state in group.values or ()] for name, group in groups.items()} == MITAKA[
            "groups"
        ]


def guards(release: Release, action: str) -> list[Guard]:
    """The guards of an action that always hold."""
    return [guard for guard in release.guards.get(action, ()) if guard.when is None]


def holds(release: Release, action: str, change: dict[str, Any]) -> bool:
    """Whether a release has the change."""
    if action not in release.actions:
        return False
    allowing = [guard for guard in guards(release, action) if guard.mode == "allow"]
    rejecting = [guard for guard in guards(release, action) if guard.mode == "reject"]
    tests: dict[str, Callable[[Any], bool]] = {
        "vm_states": lambda wanted: any(set(wanted) <= set(guard.vm_states or ()) for guard in allowing),
        "exact_vm_states": lambda wanted: [list(guard.vm_states or ()) for guard in allowing] == [wanted],
        "any_task_state": lambda _: bool(allowing) and all(guard.task_states is None for guard in allowing),
        "rejected_task_states": lambda wanted: [list(guard.task_states or ()) for guard in rejecting] == [wanted],
        "guarded": lambda _: bool(allowing),
    }
    return all(test(change[name]) for name, test in tests.items() if name in change)


@pytest.mark.parametrize(
    ("action", "change"),
    [
        pytest.param(action, change, id=f"{action}-{change.get('first') or change['gone']}")
        for change in CHANGES
        for action in change["actions"]
    ],
)
def test_change(catalog: Catalog, action: str, change: dict[str, Any]) -> None:
    *_, last = catalog.history(lambda release: holds(release, action, change))
    mark = last.until if "gone" in change else last.since
    assert mark is not None
    assert (mark.version, list(mark.also)) == (change.get("gone") or change["first"], change["also"])
