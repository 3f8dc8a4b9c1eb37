"""Since when, and until when, something holds: versions that have it, told in marks.

A change comes with a series (22.0.0) and is often brought back into older ones (21.1.0, 20.4.0): a mark is the version
of the first series that had it from its start on, with the backports beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """Where something begins or ends."""

    version: str
    also: tuple[str, ...]
    """Point releases of earlier series that have the change too, newest first."""

    def __str__(self) -> str:
        return f"{self.version}; also {', '.join(self.also)}" if self.also else self.version


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """A stretch of releases in which something holds."""

    since: Mark
    until: Mark | None
    """First versions without it; None: it still holds."""


def runs(present: Collection[str], known: Sequence[str], series_of: Callable[[str], str]) -> tuple[Run, ...]:
    """The stretches of `known` (versions in order) that are in `present`.

    `series_of` tells the series of a version; versions of a series stand together in `known`.
    """
    groups: dict[str, list[str]] = {}
    for version in known:
        groups.setdefault(series_of(version), []).append(version)
    changes: list[tuple[bool, Mark]] = []
    holds = False
    early: list[tuple[bool, str]] = []
    for versions in groups.values():
        first = versions[0] in present
        if first != holds:
            also = tuple(version for state, version in reversed(early) if state == first)
            changes.append((first, Mark(version=versions[0], also=also)))
            holds = first
            early = []
        early = [(state, version) for state, version in early if state != holds]
        early.extend(_changes_within(versions, present))
    for state, version in early:
        if state != holds:
            changes.append((state, Mark(version=version, also=())))
            holds = state
    return _pair(changes)


def _changes_within(versions: Sequence[str], present: Collection[str]) -> list[tuple[bool, str]]:
    """Point releases of a series at which it changed, with what it changed to."""
    states = [(version in present, version) for version in versions]
    return [now for before, now in pairwise(states) if before[0] != now[0]]


def _pair(changes: Sequence[tuple[bool, Mark]]) -> tuple[Run, ...]:
    found: list[Run] = []
    start: Mark | None = None
    for state, mark in changes:
        if state:
            start = mark
        elif start is not None:
            found.append(Run(since=start, until=mark))
            start = None
    if start is not None:
        found.append(Run(since=start, until=None))
    return tuple(found)
