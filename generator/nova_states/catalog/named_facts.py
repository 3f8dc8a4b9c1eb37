"""Facts with a name of their own, over all releases: as the newest has them, and since and until when there is one.

A fact of such a kind is told as of the newest release that has it, as pages of actions are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from nova_states.catalog.catalog import Catalog
from nova_states.catalog.release import Release
from nova_states.catalog.version_spans import Run

NAMED_BY: Final[Mapping[str, Callable[[Any], str]]] = {
    "errors": lambda fact: str(fact.name),
    "migration_statuses": lambda fact: str(fact.value),
    "events": lambda fact: str(fact.name),
    "log_messages": lambda fact: str(fact.slug),
    "host_statuses": lambda fact: str(fact.value),
}
"""Kind → what names a fact of it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NamedFacts:
    """A name with the facts of it."""

    name: str
    facts: tuple[Any, ...]
    """As the newest release has them: one, but for an event that is an action too and a line that is logged twice."""
    release: Release
    """The newest that has it."""
    runs: tuple[Run, ...]
    """Releases that have it."""


def named_facts(catalog: Catalog, kind: str) -> dict[str, NamedFacts]:
    """Name → its facts, sorted, for every name that a release has of which the reference speaks."""
    name_of = NAMED_BY[kind]
    having: dict[str, list[str]] = {}
    for version in catalog.all_versions:
        for name in {name_of(fact): None for fact in catalog.bare_facts(kind, version)}:
            having.setdefault(name, []).append(version)
    spoken_of = set(catalog.versions)
    newest: dict[str, dict[str, tuple[Any, ...]]] = {}
    found = {}
    for name in sorted(having, key=lambda name: (name.lower(), name)):
        version = having[name][-1]
        if version not in spoken_of:
            continue
        if version not in newest:
            newest[version] = _by_name(catalog.release(version), kind)
        found[name] = NamedFacts(
            name=name,
            facts=newest[version][name],
            release=catalog.release(version),
            runs=catalog.runs_of(having[name]),
        )
    return found


def named_in(release: Release, kind: str, known: Mapping[str, NamedFacts]) -> Mapping[str, NamedFacts]:
    """Name → its facts in one release, in the order of all names that are `known`."""
    return release.memo.once(("named in", kind), lambda: _named_in(release, kind, known))


def _named_in(release: Release, kind: str, known: Mapping[str, NamedFacts]) -> Mapping[str, NamedFacts]:
    facts = _by_name(release, kind)
    return {name: replace(one, facts=facts[name], release=release) for name, one in known.items() if name in facts}


def _by_name(release: Release, kind: str) -> dict[str, tuple[Any, ...]]:
    found: dict[str, tuple[Any, ...]] = {}
    for fact in release.facts(kind):
        name = NAMED_BY[kind](fact)
        found[name] = (*found.get(name, ()), fact)
    return found


def wordings(catalog: Catalog) -> dict[str, tuple[tuple[str, tuple[Run, ...]], ...]]:
    """Exception → each message it has had, oldest first, with the releases that have it."""
    found: dict[str, dict[str, list[str]]] = {}
    for version in catalog.all_versions:
        for error in catalog.bare_facts("errors", version):
            if error.pattern is not None:
                found.setdefault(error.name, {}).setdefault(error.pattern, []).append(version)
    return {
        name: tuple((pattern, catalog.runs_of(versions)) for pattern, versions in patterns.items())
        for name, patterns in found.items()
    }
