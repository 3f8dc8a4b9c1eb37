"""All versions joined: any release by any of its names, and the history of anything that can be asked of one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any

from nova_states.catalog.losses import Loss, losses
from nova_states.catalog.release import Release, StoredSections
from nova_states.catalog.version_spans import Run, runs
from nova_states.facts.model import KINDS, Count, Gap, Section
from nova_states.facts.releases import Series, load_releases, resolve_release, series_of, sort_versions
from nova_states.facts.snapshots import Snapshots, load_snapshots
from nova_states.memo import Memo

FIRST_VERSION = "13.0.0"
"""From here on every point release is known; before, only the last of each series, to tell how old a fact is."""


@dataclass(kw_only=True)
class Catalog:
    """Everything that is stored, loaded release by release as it is asked for."""

    snapshots: Snapshots
    _releases: dict[str, Release] = field(default_factory=dict)
    _sections: dict[tuple[str, str], Section[Any]] = field(default_factory=dict)
    _bare: dict[tuple[str, str], tuple[Any, ...]] = field(default_factory=dict)
    _runs: dict[frozenset[str], tuple[Run, ...]] = field(default_factory=dict)
    memo: Memo = field(default_factory=Memo)
    """What others work out of all releases alone."""
    _content_keys: dict[tuple[str, str], int] = field(default_factory=dict)
    _contents: dict[Hashable, int] = field(default_factory=dict)
    _wholes: dict[tuple[str, tuple[str, ...]], tuple[Hashable, ...]] = field(default_factory=dict)

    @cached_property
    def all_versions(self) -> tuple[str, ...]:
        """Every version that was read, oldest first."""
        return sort_versions(self.snapshots.versions)

    @cached_property
    def versions(self) -> tuple[str, ...]:
        """The versions the reference speaks of, oldest first: every final release from Mitaka on."""
        start = self.all_versions.index(FIRST_VERSION) if FIRST_VERSION in self.all_versions else 0
        return self.all_versions[start:]

    @property
    def latest(self) -> str:
        """The newest version."""
        return self.all_versions[-1]

    @cached_property
    def series(self) -> tuple[Series, ...]:
        """The series the reference speaks of, oldest first."""
        return tuple(series for series in load_releases() if self.versions_of(series))

    def versions_of(self, series: Series) -> tuple[str, ...]:
        """The versions of a series that the reference speaks of."""
        return tuple(version for version in self.versions if series.has(version))

    def resolve(self, word: str) -> str:
        """The version a user means by "13.1.4", "mitaka", "2026.1", "13" or "latest".

        Raises:
            InputError: there is none; the message names the nearest.
        """
        return resolve_release(word, self.all_versions)

    def release(self, version: str) -> Release:
        """The facts of one exact version."""
        if version not in self._releases:
            self._releases[version] = Release(version=version, sections=_Sections(self, version))
        return self._releases[version]

    def releases(self) -> Iterator[Release]:
        """The versions the reference speaks of with their facts, oldest first."""
        return (self.release(version) for version in self.versions)

    def history(self, holds: Callable[[Release], bool]) -> tuple[Run, ...]:
        """Since when, and until when, something holds of the releases."""
        present = {version for version in self.all_versions if holds(self.release(version))}
        return self.runs_of(present)

    def runs_of(self, present: Collection[str]) -> tuple[Run, ...]:
        """The stretches that a set of versions makes."""
        key = frozenset(present)
        if key not in self._runs:
            self._runs[key] = runs(key, self.all_versions, self._series_names.__getitem__)
        return self._runs[key]

    @cached_property
    def _series_names(self) -> dict[str, str]:
        return {version: series_of(version).name for version in self.all_versions}

    def losses(self) -> Iterator[tuple[str, str, tuple[Loss, ...]]]:
        """Each version that tells less than the one before it, behind that one, and what it tells no more."""
        for before, after in pairwise(self.all_versions):
            kinds = self._differing(before, after)
            lost = losses(self.release(before), self.release(after), kinds) if kinds else ()
            if lost:
                yield before, after, lost

    def beside(self, version: str) -> Iterator[tuple[str, str]]:
        """The pairs of a version and the next, older first, that a version is one of."""
        place = self.all_versions.index(version)
        yield from pairwise(self.all_versions[max(place - 1, 0) : place + 2])

    def _differing(self, one: str, other: str) -> tuple[str, ...]:
        """Kinds that two versions did not read from equal files."""
        first, second = (self.snapshots.versions[version].documents for version in (one, other))
        return tuple(kind for kind in KINDS if first.get(kind) != second.get(kind))

    def bare_facts(self, kind: str, version: str) -> tuple[Any, ...]:
        """A version's facts of a kind without their lines: far cheaper, where only what they say counts."""
        if kind not in self.snapshots.versions[version].documents:
            return self.release(version).facts(kind)
        key = (kind, self.snapshots.versions[version].documents[kind])
        if key not in self._bare:
            rows = self.snapshots.rows(kind)
            self._bare[key] = tuple(rows[row] for row, _ in self.snapshots.document(kind, version).rows)
        return self._bare[key]

    def content_key(self, kind: str, version: str) -> Hashable:
        """What tells what the facts of a kind say in a version: equal where they only stand at other lines."""
        document = self.document_key(kind, version)
        if document is None:
            return None
        if (kind, document) not in self._content_keys:
            rows = (kind, tuple(row for row, _ in self.snapshots.document(kind, version).rows))
            # A number is hashed and compared faster than the thousand rows that it stands for.
            self._content_keys[kind, document] = self._contents.setdefault(rows, len(self._contents))
        return self._content_keys[kind, document]

    def content_keys(self, version: str, kinds: tuple[str, ...]) -> tuple[Hashable, ...]:
        """The same of several kinds together."""
        asked = (version, kinds)
        if asked not in self._wholes:
            self._wholes[asked] = tuple(self.content_key(kind, version) for kind in kinds)
        return self._wholes[asked]

    def document_key(self, kind: str, version: str) -> str | None:
        """What tells the facts of a kind in a version from all others; versions whose files are equal share it.

        Returns:
            None where the kind was not read.
        """
        return self.snapshots.versions[version].documents.get(kind)

    def section(self, kind: str, version: str) -> Section[Any]:
        """The facts of one kind in a version; versions whose files are equal share them."""
        key = (kind, self.snapshots.versions[version].documents[kind])
        if key not in self._sections:
            self._sections[key] = self.snapshots.section(kind, version)
        return self._sections[key]


class _Sections(StoredSections):
    """The kinds of a version, each put together when it is first asked for: few pages need the transitions of all."""

    def __init__(self, catalog: Catalog, version: str) -> None:
        self._catalog = catalog
        self._version = version
        documents = catalog.snapshots.versions[version].documents
        self._kinds = tuple(kind for kind in KINDS if kind in documents)

    def __contains__(self, kind: object) -> bool:
        return kind in self._kinds

    def __getitem__(self, kind: str) -> Section[Any]:
        if kind not in self._kinds:
            raise KeyError(kind)
        return self._catalog.section(kind, self._version)

    def bare(self, kind: str) -> tuple[Any, ...]:
        """The facts of a kind without their lines."""
        return self._catalog.bare_facts(kind, self._version) if kind in self._kinds else ()

    def gaps(self, kind: str) -> tuple[Gap, ...]:
        """The gaps of a kind's extractor."""
        return self._catalog.snapshots.document(kind, self._version).gaps if kind in self._kinds else ()

    def counts(self, kind: str) -> tuple[Count, ...]:
        """What was counted when a kind was read."""
        return self._catalog.snapshots.document(kind, self._version).counts if kind in self._kinds else ()

    def __iter__(self) -> Iterator[str]:
        return iter(self._kinds)

    def __len__(self) -> int:
        return len(self._kinds)


def load_catalog() -> Catalog:
    """The catalog of the committed facts.

    Raises:
        InputError: a file of them does not fit its shape.
    """
    return Catalog(snapshots=load_snapshots())
