"""Tells whether releases say the same of a name, without reading what they say: by the ids of the rows that they store.

Rows are stored once for all releases that share them, without their lines; so equal ids are equal facts, wherever they
stand in the source. What is asked of one release of equal ones holds for all.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from nova_states.catalog.catalog import Catalog
from nova_states.catalog.release import Release
from nova_states.memo import Memo

T = TypeVar("T")

RowIds = tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class FactIds:
    """Ids of the stored rows of all releases."""

    catalog: Catalog
    _memo: Memo = field(default_factory=Memo)
    _indexes: dict[Hashable, Mapping[str, RowIds]] = field(default_factory=dict)
    """By version, kind and what names facts: looked into a million times."""

    def whole(self, version: str, *kinds: str) -> Hashable:
        """All that a version says of some kinds."""
        return self.catalog.content_keys(version, kinds)

    def of(self, version: str, kind: str, name: str, names_of: Callable[[Any], Iterable[str]]) -> RowIds:
        """The rows of a kind that belong to a name, in the order of the source.

        Args:
            version: Whose rows.
            kind: Kind of fact.
            name: What they have to belong to.
            names_of: The names that a fact belongs to; the same function for the same question, as answers are kept.
        """
        return self.by_name(version, kind, names_of).get(name, ())

    def by_name(self, version: str, kind: str, names_of: Callable[[Any], Iterable[str]]) -> Mapping[str, RowIds]:
        """Name → the rows of a kind that belong to it."""
        asked = (version, kind, names_of)
        if asked not in self._indexes:
            key = (kind, self.catalog.content_key(kind, version), names_of)
            self._indexes[asked] = self._memo.once(key, lambda: self._index(version, kind, names_of))
        return self._indexes[asked]

    def facts(self, kind: str, rows: Iterable[str]) -> Iterable[Any]:
        """What rows say, without lines."""
        known: Mapping[str, Any] = self.catalog.snapshots.rows(kind)
        return (known[row] for row in rows)

    def derived(self, version: str, kinds: tuple[str, ...], name: Hashable, make: Callable[[Release], T]) -> T:
        """What is worked out of a version's facts of some kinds alone, once for all that have the same.

        Args:
            version: Whose facts.
            kinds: The kinds that `make` reads.
            name: Tells what is worked out from all else.
            make: Works it out.
        """
        key = (name, self.whole(version, *kinds))
        return self._memo.once(key, lambda: make(self.catalog.release(version)))

    def _index(self, version: str, kind: str, names_of: Callable[[Any], Iterable[str]]) -> dict[str, RowIds]:
        if kind not in self.catalog.snapshots.versions[version].documents:
            return {}
        rows: Mapping[str, Any] = self.catalog.snapshots.rows(kind)
        found: dict[str, list[str]] = {}
        for row, _ in self.catalog.snapshots.document(kind, version).rows:
            for name in names_of(rows[row]):
                found.setdefault(name, []).append(row)
        return {name: tuple(ids) for name, ids in found.items()}
