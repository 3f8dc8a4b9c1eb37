"""What stands beside the states, against what people read in Nova and counted with grep."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from nova_states.catalog.catalog import Catalog, load_catalog
from nova_states.catalog.release import Release
from nova_states.facts.condition import to_text
from nova_states.facts.model import KINDS

GOLDEN: dict[str, dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "golden" / "around_states.yml").read_text(encoding="utf-8")
)
NEW_KINDS = tuple(KINDS)[tuple(KINDS).index("errors") :]


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    found = load_catalog()
    stored = set().union(*(version.documents for version in found.snapshots.versions.values()))
    if not stored.issuperset(NEW_KINDS):
        pytest.skip("what stands beside the states is not among the stored facts; run make facts")
    return found


COUNTS: dict[str, Callable[[Release], int | str]] = {
    "errors": lambda release: sum(error.has_own_text for error in release.facts("errors")),
    "migration_statuses": lambda release: len(release.facts("migration_statuses")),
    "migration_writes": lambda release: sum(len(one.written) for one in release.facts("migration_statuses")),
    "actions": lambda release: len({event.name for event in release.facts("events") if event.kind == "action"}),
    "events": lambda release: len({event.name for event in release.facts("events") if event.kind == "event"}),
    "microversion": lambda release: str(release.facts("microversions")[0].value),
}


def listed(name: str) -> list[Any]:
    """Version and each entry of a list, for `pytest.mark.parametrize`."""
    return [
        pytest.param(version, entry, id=f"{version}-{'-'.join(map(str, entry))[:60]}")
        for version, content in GOLDEN.items()
        for entry in content.get(name, ())
    ]


def of_versions(name: str) -> list[Any]:
    return [pytest.param(version, content[name], id=version) for version, content in GOLDEN.items() if name in content]


@pytest.mark.parametrize(("version", "counts"), of_versions("counts"))
def test_counts(catalog: Catalog, version: str, counts: dict[str, int | str]) -> None:
    release = catalog.release(version)
    assert {name: COUNTS[name](release) for name in counts} == counts


@pytest.mark.parametrize(("version", "values"), of_versions("in_progress"))
def test_migrations_that_the_resource_tracker_counts(catalog: Catalog, version: str, values: list[str]) -> None:
    facts = catalog.release(version).facts("migration_statuses")
    assert sorted(fact.value for fact in facts if fact.in_progress) == sorted(values)


@pytest.mark.parametrize(("version", "types"), of_versions("types"))
def test_types_of_migrations(catalog: Catalog, version: str, types: dict[str, list[str]]) -> None:
    found = {fact.value: list(fact.types) for fact in catalog.release(version).facts("migration_statuses")}
    assert {value: found[value] for value in types} == types


@pytest.mark.parametrize(("version", "entry"), listed("wanted"))
def test_who_wants_a_status(catalog: Catalog, version: str, entry: list[str]) -> None:
    value, who = entry
    (fact,) = [one for one in catalog.release(version).facts("migration_statuses") if one.value == value]
    assert who in fact.wanted_by


@pytest.mark.parametrize(("version", "entry"), listed("errors"))
def test_exceptions(catalog: Catalog, version: str, entry: list[Any]) -> None:
    found = [(one.name, one.code, one.pattern) for one in catalog.release(version).facts("errors")]
    assert tuple(entry) in found


@pytest.mark.parametrize(("version", "entry"), listed("faults"))
def test_what_can_be_a_fault(catalog: Catalog, version: str, entry: list[str]) -> None:
    assert tuple(entry) in pairs_of_faults(catalog.release(version))


@pytest.mark.parametrize(("version", "entry"), listed("no_faults"))
def test_what_cannot_be_a_fault(catalog: Catalog, version: str, entry: list[str]) -> None:
    assert tuple(entry) not in pairs_of_faults(catalog.release(version))


def pairs_of_faults(release: Release) -> set[tuple[str, str]]:
    return {(cause.error, action) for cause in release.facts("fault_causes") for action in cause.actions}


@pytest.mark.parametrize(("version", "entry"), listed("refusals"))
def test_refusals(catalog: Catalog, version: str, entry: list[Any]) -> None:
    facts = catalog.release(version).facts("refusals")
    assert tuple(entry) in {(one.action, one.code, error) for one in facts for error in one.errors}


@pytest.mark.parametrize(("version", "entry"), listed("texts"))
def test_wordings_of_refusals(catalog: Catalog, version: str, entry: list[Any]) -> None:
    assert tuple(entry) in {(one.action, one.code, one.text) for one in catalog.release(version).facts("refusals")}


@pytest.mark.parametrize(("version", "entry"), listed("logs"))
def test_log_lines(catalog: Catalog, version: str, entry: list[Any]) -> None:
    found = {(one.level, one.pattern, one.effect) for one in catalog.release(version).facts("log_messages")}
    assert tuple(entry) in found


@pytest.mark.parametrize(("version", "entry"), listed("events"))
def test_events(catalog: Catalog, version: str, entry: list[str]) -> None:
    facts = catalog.release(version).facts("events")
    assert tuple(entry) in {(event.name, action) for event in facts for action in event.actions}


@pytest.mark.parametrize(("version", "conditions"), of_versions("host_statuses"))
def test_host_statuses(catalog: Catalog, version: str, conditions: dict[str, list[str]]) -> None:
    facts = catalog.release(version).facts("host_statuses")
    found = {value: [to_text(one.condition) for one in facts if one.value == value] for value in conditions}
    assert found == conditions
