"""Answers over all releases that pages of both languages share, worked out once."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from packaging.version import Version

from nova_states.catalog.catalog import Catalog
from nova_states.catalog.comparison import Difference, compare
from nova_states.catalog.equivalence import Era, Permission, action_eras, permission
from nova_states.catalog.named_facts import NamedFacts, named_facts, wordings
from nova_states.catalog.reactions import ReactionKind, Reactions
from nova_states.catalog.release import Release
from nova_states.catalog.version_spans import Mark, Run
from nova_states.facts.guard_check import ServerStates
from nova_states.facts.model import Group, Option, Transition
from nova_states.facts.releases import series_of
from nova_states.memo import Memo

_FIRST_YEAR = 2000
"""Versions before Liberty are years; all others are below."""


@dataclass(kw_only=True)
class CatalogQueries:
    """The catalog with its answers remembered."""

    catalog: Catalog
    _eras: dict[str, tuple[Era, ...]] = field(default_factory=dict)
    _permissions: dict[tuple[str, ServerStates], Permission] = field(default_factory=dict)
    _present: dict[str, dict[str, set[str]]] = field(default_factory=dict)
    _changes: dict[str, tuple[Difference, ...]] = field(default_factory=dict)
    _named: dict[str, dict[str, NamedFacts]] = field(default_factory=dict)

    @property
    def memo(self) -> Memo:
        """What others work out of all releases alone."""
        return self.catalog.memo

    @cached_property
    def latest(self) -> Release:
        """The newest release."""
        return self.catalog.release(self.catalog.latest)

    @cached_property
    def actions(self) -> tuple[str, ...]:
        """Ids of all actions of all releases the reference speaks of, sorted."""
        return tuple(sorted({a for v in self.catalog.versions for a in self.catalog.release(v).actions}))

    @cached_property
    def groups(self) -> dict[str, tuple[Group, str]]:
        """Lower-case name → the newest form of each group, and the version it is of."""
        found: dict[str, tuple[Group, str]] = {}
        for version in self.catalog.versions:
            for group in self.catalog.release(version).groups.values():
                found[group.name.lower()] = (group, version)
        return found

    @cached_property
    def options(self) -> dict[tuple[str, str], dict[str, Option]]:
        """Group and name, sorted → version → option, oldest first."""
        found: dict[tuple[str, str], dict[str, Option]] = {}
        for version in self.catalog.all_versions:
            for option in self.catalog.release(version).facts("options"):
                found.setdefault((option.group or "DEFAULT", option.name), {})[version] = option
        spoken_of = set(self.catalog.versions)
        return {key: versions for key, versions in sorted(found.items()) if spoken_of & versions.keys()}

    def named(self, kind: str) -> dict[str, NamedFacts]:
        """The facts of a kind that have names of their own: "errors", "events" and the like."""
        if kind not in self._named:
            self._named[kind] = named_facts(self.catalog, kind)
        return self._named[kind]

    @cached_property
    def wordings(self) -> dict[str, tuple[tuple[str, tuple[Run, ...]], ...]]:
        """Exception → the messages that it has had."""
        return wordings(self.catalog)

    def runs_of_transition(self, row: Transition) -> tuple[Run, ...]:
        """Releases in which an action leads from the same states to the same end."""
        return self.catalog.runs_of(self._transitions.get(_change(row), ()))

    @cached_property
    def _transitions(self) -> dict[object, set[str]]:
        having: dict[object, set[str]] = {}
        # Releases share their rows: what a row changes is worked out once.
        changes: dict[int, object] = {}
        for version in self.catalog.all_versions:
            for row in self.catalog.bare_facts("transitions", version):
                if id(row) not in changes:
                    changes[id(row)] = _change(row)
                having.setdefault(changes[id(row)], set()).add(version)
        return having

    @cached_property
    def power_sync(self) -> Reactions:
        """What the power sync does."""
        return Reactions(catalog=self.catalog, kind="power_sync")

    @cached_property
    def startup(self) -> Reactions:
        """What the start of nova-compute does."""
        return Reactions(catalog=self.catalog, kind="startup")

    def reactions(self, kind: ReactionKind) -> Reactions:
        """One of the two."""
        return self.power_sync if kind == "power_sync" else self.startup

    def eras_of(self, action: str) -> tuple[Era, ...]:
        """The eras of an action's guards."""
        if action not in self._eras:
            self._eras[action] = action_eras(self.catalog, action)
        return self._eras[action]

    def newest_with(self, action: str) -> Release:
        """The newest release that has an action."""
        version = next(v for v in reversed(self.catalog.versions) if action in self.catalog.release(v).actions)
        return self.catalog.release(version)

    def permission(self, action: str, server: ServerStates) -> Permission:
        """What all releases say to an action on a server."""
        key = (action, server)
        if key not in self._permissions:
            self._permissions[key] = permission(self.catalog, self.eras_of(action), action, server)
        return self._permissions[key]

    def is_before_reference(self, mark: Mark) -> bool:
        """Whether something is as old as the oldest release the reference speaks of."""
        first, version = self.catalog.versions[0], mark.version
        return Version(version).major > _FIRST_YEAR or Version(version) <= Version(first)

    def changes_at(self, version: str) -> tuple[Difference, ...]:
        """What a version has that the one before it in its series, or the first of the series before, has not."""
        if version not in self._changes:
            before = self._predecessor(version)
            kinds = [part for part, kind in PARTS.items() if before and self.differs(kind, before, version)]
            found: tuple[Difference, ...] = ()
            if before and kinds:
                found = compare(self.catalog.release(before), self.catalog.release(version), kinds)
            self._changes[version] = found
        return self._changes[version]

    def differs(self, kind: str, before: str, version: str) -> bool:
        """Whether two versions have other facts of a kind, wherever they stand: told by the stored rows alone."""
        return self.catalog.content_key(kind, before) != self.catalog.content_key(kind, version)

    def _predecessor(self, version: str) -> str | None:
        versions = self.catalog.all_versions
        place = versions.index(version)
        if place == 0:
            return None
        before = versions[place - 1]
        if series_of(before).name == series_of(version).name:
            return before
        return next(v for v in versions if series_of(v).name == series_of(before).name)

    def runs_of_name(self, kind: str, name: str) -> tuple[Run, ...]:
        """Releases that have a name: a state's value, an action, a status, a group (in any case of its letters)."""
        if kind not in self._present:
            self._present[kind] = {}
            for version in self.catalog.all_versions:
                for found in _names(self.catalog.release(version), kind):
                    self._present[kind].setdefault(found, set()).add(version)
        return self.catalog.runs_of(self._present[kind].get(name.lower(), ()))


def _change(row: Transition) -> object:
    return (row.action, row.start, row.end, row.outcome == "failure")


PARTS = {
    "states": "states",
    "power_state_labels": "states",
    "groups": "groups",
    "guards": "guards",
    "statuses": "statuses",
    "actions": "actions",
}
"""Part of a release whose changes series pages tell → the kind of fact it is made of."""


def _names(release: Release, kind: str) -> set[str]:
    match kind:
        case "vm_state" | "task_state":
            return {str(constant.value).lower() for constant in release.constants[kind].values()}
        case "power_state":
            return {name.lower() for name in release.constants["power_state"]}
        case "status":
            return {word.lower() for word in release.statuses}
        case "group":
            return {name.lower() for name in release.groups}
        case _:
            return set(release.actions)
