"""What `nova-states diff --facts REV` prints: the stored facts of a checkout beside those of an earlier revision."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from nova_states.catalog.version_spans import stretches
from nova_states.cli import output
from nova_states.errors import InputError
from nova_states.facts.codec import to_json
from nova_states.facts.condition import Condition, to_text
from nova_states.facts.condition_codec import condition_from_plain
from nova_states.facts.json_value import Json
from nova_states.facts.snapshots import DATA, load_snapshots
from nova_states.facts.stored_changes import ReadFile, StoredChange, VersionChange, compare_stored
from nova_states.source.git import GitRepository

_SOUGHT = "facts/data/versions.jsonl"
"""A file that every revision with stored facts has, wherever the package lay then."""
_NONE = "none"
_MOST, _LONGEST = 8, 200
"""Items of a list, and signs of a text, that are told before the rest is left out."""


def print_stored_changes(revision: str, *, as_json: bool, data: Path = DATA) -> int:
    """Compare the stored facts below `data` with those of a revision of the checkout around them.

    Raises:
        InputError: there is no checkout around them, no such revision, or it holds no facts.
    """
    checkout = next((folder for folder in data.parents if (folder / ".git").exists()), None)
    if checkout is None:
        raise InputError("diff --facts: these facts lie in no git checkout; run it in one")
    with GitRepository(checkout) as repository:
        blobs = repository.files_at(revision, _SOUGHT)

        def read_before(path: str) -> str | None:
            place = f"{revision}: {path}"
            return repository.read_blob(blobs[path], place=place).decode("utf-8") if path in blobs else None

        versions, changes = compare_stored(read_before, _reader(data))
    if as_json:
        found = {"revision": revision, "versions": to_json(versions), "changes": to_json(changes)}
        output.write(output.as_json(found, indent=1) + "\n")
    else:
        order = list(load_snapshots(data).versions)
        output.write_lines(f"{line}\n" for line in _lines(revision, versions, changes, order))
    return 0


def _reader(folder: Path) -> ReadFile:
    def read(path: str) -> str | None:
        file = folder / path
        return file.read_text(encoding="utf-8") if file.is_file() else None

    return read


def _lines(
    revision: str, versions: VersionChange, changes: Sequence[StoredChange], order: Sequence[str]
) -> Iterator[str]:
    kinds = len({change.kind for change in changes})
    yield f"stored facts since {revision}: {len(changes)} changes in {kinds} kinds"
    for what, names in (("versions that came", versions.came), ("versions that went", versions.went)):
        if names:
            yield f"{what}: {', '.join(names)}"
    for change in changes:
        yield ""
        yield f"{change.kind} {change.name}, in {spans(change.versions, order)}"
        yield from _rows(change)


def _rows(change: StoredChange) -> Iterator[str]:
    """A row that one other replaces is told by what differs between them, any other whole."""
    removed, added = list(change.removed), list(change.added)
    for before in change.removed:
        after = min(added, key=lambda row: len(_differing(before, row)), default=None)
        differing = _differing(before, after) if after else []
        if after is not None and len(differing) * 2 < len(before):
            removed.remove(before)
            added.remove(after)
            same = {key: value for key, value in before.items() if key not in differing and key != "evidence"}
            yield f"  ~ {row_text(same)}"
            yield from (f"      {key}: {value_text(before[key])} → {value_text(after[key])}" for key in differing)
    yield from (f"  - {row_text(row)}" for row in removed)
    yield from (f"  + {row_text(row)}" for row in added)


def _differing(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    return [key for key in before if before[key] != after.get(key)]


def row_text(row: dict[str, Json]) -> str:
    """A stored row on one line: what says nothing is left out."""
    return " ".join(f"{key}={value_text(value)}" for key, value in row.items() if value not in (None, [], False))


def value_text(value: Json) -> str:
    """A value of a row in few signs, a condition in its words; `--format json` has it whole."""
    if isinstance(value, dict) and (condition := _condition(value)) is not None:
        value = to_text(condition)
    if isinstance(value, dict):
        return "(" + " ".join(f"{key}={value_text(part)}" for key, part in value.items() if part is not None) + ")"
    if isinstance(value, list):
        listed = ",".join(map(value_text, value[:_MOST]))
        return listed if len(value) <= _MOST else f"{listed} and {len(value) - _MOST} more"
    text = _NONE if value is None else str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _condition(value: dict[str, Json]) -> Condition | None:
    """The condition that an object of a row is; None where it is something else, such as states."""
    try:
        return condition_from_plain(value)
    except ValueError:
        return None


def spans(versions: Sequence[str], order: Sequence[str]) -> str:
    """Versions as runs: "13.0.0–14.0.1 and 16.0.0 (9 versions)".

    Args:
        versions: those to tell, in the order of `order`.
        order: all versions that are stored; a run ends where one of them is missing.
    """
    texts = [first if first == last else f"{first}–{last}" for first, last in stretches(versions, order)]
    count = f" ({len(versions)} versions)" if len(versions) > 1 else ""
    return f"{', '.join(texts)}{count}"
