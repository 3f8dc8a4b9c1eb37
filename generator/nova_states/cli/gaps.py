"""The gaps of a release as commands show them: whatever facts are printed, what was not read of them comes along."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from nova_states.catalog.comparison import kinds_of
from nova_states.catalog.losses import Loss
from nova_states.catalog.release import Release
from nova_states.facts.codec import to_plain
from nova_states.introspection.gaps import load_known_gaps, reason_of


def gaps_of(release: Release, parts: Collection[str] = ()) -> dict[str, list[dict[str, Any]]]:
    """Kind → its gaps as JSON; `listed` is the reason where gaps.toml has one.

    Args:
        release: The release that is shown.
        parts: Parts of `export_release` that are shown; all, where none is given.
    """
    kinds = {kind for part in parts for kind in kinds_of(part)}
    known = load_known_gaps()
    return {
        kind: [to_plain(gap) | {"listed": reason_of(kind, gap, known)} for gap in gaps]
        for kind, gaps in release.gaps.items()
        if not kinds or kind in kinds
    }


def has_unlisted(gaps: dict[str, list[dict[str, Any]]]) -> bool:
    """Whether something was not read that should have been."""
    return any(gap["listed"] is None for found in gaps.values() for gap in found)


def is_unread_in(release: Release, kind: str) -> bool:
    """Whether facts of a kind may be missing from a release because they were not read."""
    return has_unlisted(gaps_of(release, (kind,)))


def gap_lines(gaps: dict[str, list[dict[str, Any]]], counted: str | None = None) -> Iterator[str]:
    """A line a gap, those that are not listed first and marked; `counted` is said of those that are listed instead."""
    rows = [(gap["listed"] is not None, kind, gap) for kind, found in gaps.items() for gap in found]
    for is_listed, kind, gap in sorted(rows, key=lambda row: row[0]):
        if not (is_listed and counted):
            mark = "not read (listed)" if is_listed else "NOT READ"
            yield f"{mark}: {kind}: {gap['file']}:{gap['line']}: {gap['reason']}"
    listed = sum(row[0] for row in rows)
    if listed and counted:
        yield counted.format(count=listed)


def unacknowledged(older: str, version: str, loss: Loss) -> str:
    """What is to be said of a loss between two versions that nobody looked at yet."""
    return (
        f"{version}: {loss.kind}: {loss.name}: told by {older} and not by it; mend the extractor, or name it in "
        "acknowledged.toml with the reason"
    )
