"""Facts with the versions they hold for: what the public JSON says of each.

Works on stored rows, not on releases: a row is one fact wherever it stands, and versions that share files share it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from nova_states.catalog.catalog import Catalog
from nova_states.catalog.seen import seen_of
from nova_states.catalog.serialisation import fact_as_json
from nova_states.catalog.version_spans import stretches
from nova_states.facts.codec import canonical, to_plain, with_lines
from nova_states.facts.model import Evidence
from nova_states.facts.observed import observed_releases


@dataclass(frozen=True, kw_only=True, slots=True)
class VersionedFact:
    """A fact as the newest of its versions has it, and all of them."""

    fact: Any
    versions: frozenset[str]
    newest: str


def versioned_facts(catalog: Catalog, kind: str) -> list[VersionedFact]:
    """Every fact of a kind that any release of the reference has; sorted by what it says."""
    rows = catalog.snapshots.rows(kind)
    versions: dict[str, list[str]] = {}
    newest_lines: dict[str, tuple[int, ...]] = {}
    for version in catalog.versions:
        if kind not in catalog.snapshots.versions[version].documents:
            continue
        lines = dict(catalog.snapshots.document(kind, version).rows)
        newest_lines |= lines
        for row in lines:
            versions.setdefault(row, []).append(version)
    facts = [
        VersionedFact(fact=with_lines(rows[row], newest_lines[row]), versions=frozenset(found), newest=found[-1])
        for row, found in versions.items()
    ]
    return sorted(facts, key=lambda one: canonical(to_plain(one.fact)))


def group_by(facts: Iterable[VersionedFact], key: Callable[[Any], Any]) -> dict[Any, list[VersionedFact]]:
    """Facts by a part of them, in the order in which the parts first come."""
    found: dict[Any, list[VersionedFact]] = {}
    for one in facts:
        found.setdefault(key(one.fact), []).append(one)
    return found


def version_ranges(catalog: Catalog, versions: Iterable[str]) -> list[list[str]]:
    """Versions as first and last of each stretch in the sorted list of all: [["13.0.0", "17.0.1"], …]."""
    return [list(ends) for ends in stretches(set(versions), catalog.versions)]


def evidence(place: Evidence, version: str) -> dict[str, Any]:
    """Where a fact was read, at the version whose lines these are."""
    return {"version": version, "file": place.file, "line": place.line, "function": place.function}


def plain(catalog: Catalog, versioned: VersionedFact) -> dict[str, Any]:
    """A fact as JSON, with the versions it holds for, and its evidence at the newest of them."""
    return fact_as_json(versioned.fact) | {
        "versions": version_ranges(catalog, versioned.versions),
        "evidence": evidence(versioned.fact.evidence, versioned.newest),
    }


def with_where_seen(catalog: Catalog, versioned: VersionedFact, row: dict[str, Any]) -> dict[str, Any]:
    """A guard, a transition or a reaction as JSON, with the releases in which it was seen running."""
    looked = [version for version in catalog.versions if version in observed_releases() & versioned.versions]
    seen = [version for version in looked if (found := seen_of(catalog.release(version))) and found.has(versioned.fact)]
    return row | {"seen": seen}


def union(facts: Iterable[VersionedFact]) -> Iterator[str]:
    """All versions of several facts."""
    for fact in facts:
        yield from fact.versions
