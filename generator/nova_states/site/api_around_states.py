"""The resources of the public JSON beside the states: exceptions, refusals, log lines, migrations, events."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from nova_states.catalog.catalog import Catalog
from nova_states.facts.ids import fact_id
from nova_states.facts.model import Evidence
from nova_states.site.versioned_facts import (
    VersionedFact,
    evidence,
    group_by,
    plain,
    union,
    version_ranges,
    versioned_facts,
)


def around_states(catalog: Catalog) -> dict[str, list[dict[str, Any]]]:
    """Name of each resource → its rows."""
    return {
        "errors": _errors(catalog),
        "refusals": [plain(catalog, held) for held in versioned_facts(catalog, "refusals")],
        "translations": [_without_place(plain(catalog, held)) for held in versioned_facts(catalog, "translations")],
        "log-messages": [
            {"id": fact_id("log_message", held.fact.slug)} | plain(catalog, held)
            for held in versioned_facts(catalog, "log_messages")
        ],
        "migration-statuses": _named(catalog, "migration_statuses", "migration_status", "value", _status),
        "events": _named(catalog, "events", "event", "name", _plain),
        "host-statuses": _named(catalog, "host_statuses", "host_status", "value", _plain),
    }


def _without_place(row: dict[str, Any]) -> dict[str, Any]:
    """A translation stands somewhere in the catalogue of its language; which line says nothing."""
    return {key: value for key, value in row.items() if key != "evidence"}


def _named(
    catalog: Catalog,
    kind: str,
    id_kind: str,
    field: str,
    write: Callable[[Catalog, VersionedFact], dict[str, Any]],
) -> list[dict[str, Any]]:
    """A row a name, with all forms it has had, each with its versions."""
    rows = []
    for name, helds in group_by(versioned_facts(catalog, kind), lambda fact: getattr(fact, field)).items():
        newest = _newest(catalog, helds)
        rows.append(
            {
                "id": fact_id(id_kind, name),
                field: name,
                "forms": [
                    {key: value for key, value in write(catalog, held).items() if key != field} for held in helds
                ],
                "versions": version_ranges(catalog, union(helds)),
                "evidence": evidence(newest.fact.evidence, newest.newest),
            }
        )
    return sorted(rows, key=lambda row: str(row[field]))


def _plain(catalog: Catalog, held: VersionedFact) -> dict[str, Any]:
    return plain(catalog, held)


def _status(catalog: Catalog, held: VersionedFact) -> dict[str, Any]:
    row = plain(catalog, held)
    return row | {"written": [evidence(place, held.newest) for place in held.fact.written]}


def _errors(catalog: Catalog) -> list[dict[str, Any]]:
    sites = _Sites(catalog)
    faults = group_by(versioned_facts(catalog, "fault_causes"), lambda fact: fact.error)
    answers = _answers(catalog)
    rows = []
    for name, helds in group_by(versioned_facts(catalog, "errors"), lambda fact: fact.name).items():
        newest = _newest(catalog, helds)
        rows.append(
            {
                "id": fact_id("error", name),
                "name": name,
                "bases": list(newest.fact.bases),
                "code": newest.fact.code,
                "safe": newest.fact.is_safe,
                "own_text": newest.fact.has_own_text,
                "patterns": _patterns(catalog, helds),
                "raised": [evidence(place, newest.newest) for place in sites.of(name, newest.newest)],
                "faults_of": [
                    {"actions": list(held.fact.actions), "versions": version_ranges(catalog, held.versions)}
                    for held in faults.get(name, ())
                ],
                "http": [
                    {"action": action, "code": code, "versions": version_ranges(catalog, versions)}
                    for (action, code), versions in sorted(answers.get(name, {}).items())
                ],
                "versions": version_ranges(catalog, union(helds)),
                "evidence": evidence(newest.fact.evidence, newest.newest),
            }
        )
    return sorted(rows, key=lambda row: str(row["name"]))


def _patterns(catalog: Catalog, helds: Iterable[VersionedFact]) -> list[dict[str, Any]]:
    """The wordings that an exception has had."""
    found: dict[str | None, set[str]] = {}
    for held in helds:
        found.setdefault(held.fact.pattern, set()).update(held.versions)
    return [{"pattern": pattern, "versions": version_ranges(catalog, versions)} for pattern, versions in found.items()]


def _answers(catalog: Catalog) -> dict[str, dict[tuple[str, int], set[str]]]:
    """Exception → action and status that it is answered with → versions."""
    found: dict[str, dict[tuple[str, int], set[str]]] = {}
    for held in versioned_facts(catalog, "refusals"):
        for error in held.fact.errors:
            key = (fact_id("action", held.fact.action), held.fact.code)
            found.setdefault(error, {}).setdefault(key, set()).update(held.versions)
    return found


class _Sites:
    """Where exceptions are raised, version by version as they are asked for."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._by_version: dict[str, dict[str, list[Evidence]]] = {}

    def of(self, error: str, version: str) -> Iterator[Evidence]:
        """The places of one exception."""
        if version not in self._by_version:
            found: dict[str, list[Evidence]] = {}
            for site in self._catalog.release(version).facts("raise_sites"):
                found.setdefault(site.error, []).append(site.evidence)
            self._by_version[version] = found
        yield from self._by_version[version].get(error, ())


def _newest(catalog: Catalog, helds: list[VersionedFact]) -> VersionedFact:
    return max(helds, key=lambda held: catalog.versions.index(held.newest))
