"""What changed between two states of the stored facts, for whoever reviews a change of them.

The files are compared as they lie there, without the shapes of today's code, so that facts stored by an older program
can be compared too. A fact is its row without lines: a fact that moved is the same fact.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from nova_states.errors import InputError
from nova_states.facts.codec import canonical
from nova_states.facts.document_rows import rows_of_documents
from nova_states.facts.ids import row_name

ReadFile: TypeAlias = Callable[[str], str | None]
"""Path below the folder of facts ("guards/rows.jsonl") → its text; None where there is no such file."""

_VERSIONS = "versions.jsonl"


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredChange:
    """Facts of one name that came or went, in the same versions."""

    kind: str
    """"guards"."""
    name: str
    """What they are about: an action, a constant."""
    versions: tuple[str, ...]
    """Where they differ, in the order in which versions are stored."""
    removed: tuple[dict[str, Any], ...]
    """Rows as stored, without lines, that these versions had."""
    added: tuple[dict[str, Any], ...]
    """Rows that they have now."""


@dataclass(frozen=True, kw_only=True, slots=True)
class VersionChange:
    """Versions that are stored on one side only."""

    came: tuple[str, ...]
    went: tuple[str, ...]


def compare_stored(before: ReadFile, after: ReadFile) -> tuple[VersionChange, tuple[StoredChange, ...]]:
    """All differences of facts in the versions that both sides have, by kind and name, and the versions that differ.

    Raises:
        InputError: one side holds no facts, or a file is damaged, with its place.
    """
    old, new = _stored_versions(before), _stored_versions(after)
    shared = [version for version in new if version in old]
    changes: list[StoredChange] = []
    for kind in sorted({kind for version in shared for kind in (*old[version], *new[version])}):
        had, has = _facts(before, kind, old), _facts(after, kind, new)
        changes.extend(_changes(kind, shared, had, has))
    versions = VersionChange(
        came=tuple(version for version in new if version not in old),
        went=tuple(version for version in old if version not in new),
    )
    return versions, tuple(changes)


def _stored_versions(read: ReadFile) -> dict[str, dict[str, str]]:
    """Version → kind → key of its document."""
    lines = _lines(read, _VERSIONS)
    if not lines:
        raise InputError(f"{_VERSIONS}: no facts are stored there; give a revision that has some")
    return {line["version"]: line["documents"] for line in lines}


def _facts(read: ReadFile, kind: str, versions: Mapping[str, Mapping[str, str]]) -> dict[str, frozenset[str]]:
    """Version → its facts of a kind, as canonical JSON."""
    rows = dict(map(_row, _lines(read, f"{kind}/rows.jsonl")))
    path = f"{kind}/documents.jsonl"
    written = ((f"{path}:{number}", line) for number, line in enumerate(_lines(read, path), 1))
    documents = {
        key: frozenset(rows[identity] for identity, _ in listed) for key, listed in rows_of_documents(written).items()
    }
    return {version: documents[keys[kind]] for version, keys in versions.items() if kind in keys}


def _row(line: Sequence[Any]) -> tuple[str, str]:
    """Id and canonical JSON of a stored row, whichever of the two stands first."""
    identity, row = line if isinstance(line[0], str) else reversed(line)
    return identity, canonical(row)


def _changes(
    kind: str, versions: Sequence[str], had: Mapping[str, frozenset[str]], has: Mapping[str, frozenset[str]]
) -> Iterator[StoredChange]:
    nothing: frozenset[str] = frozenset()
    # Name → what went and what came → the versions it did so in.
    found: dict[str, dict[tuple[tuple[str, ...], tuple[str, ...]], list[str]]] = {}
    for version in versions:
        left, right = had.get(version, nothing), has.get(version, nothing)
        by_name: dict[str, tuple[list[str], list[str]]] = {}
        for side, rows in enumerate((left - right, right - left)):
            for row in sorted(rows):
                by_name.setdefault(row_name(json.loads(row)), ([], []))[side].append(row)
        for name, (removed, added) in by_name.items():
            found.setdefault(name, {}).setdefault((tuple(removed), tuple(added)), []).append(version)
    for name in sorted(found):
        for (went, came), where in found[name].items():
            yield StoredChange(
                kind=kind,
                name=name,
                versions=tuple(where),
                removed=tuple(json.loads(row) for row in went),
                added=tuple(json.loads(row) for row in came),
            )


def _lines(read: ReadFile, path: str) -> list[Any]:
    found: list[Any] = []
    for number, line in enumerate((read(path) or "").splitlines(), 1):
        try:
            found.append(json.loads(line))
        except ValueError as error:
            raise InputError(f"{path}:{number}: not JSON ({error}); restore it") from error
    return found
