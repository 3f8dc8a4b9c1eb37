"""Since when, and until when, something holds: versions that have it, told in marks.

A change comes with a series (22.0.0) and is often brought back into older ones (21.1.0, 20.4.0): a mark is the version
of the first series that had it from its start on, with the backports beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise


def stretches(present: Collection[str], known: Sequence[str]) -> list[tuple[str, str]]:
    """First and last of each unbroken stretch of versions: [("13.0.0", "17.0.1"), …].

    Args:
        present: Versions that something holds of.
        known: All versions in order; a stretch ends where one of them is missing.
    """
    found: list[tuple[str, str]] = []
    for holds, group in groupby(known, set(present).__contains__):
        if holds:
            versions = list(group)
            found.append((versions[0], versions[-1]))
    return found


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


@dataclass(frozen=True, kw_only=True, slots=True)
class _Series:
    """How something fares within one series."""

    first: str
    start: bool
    """Whether the first version has it."""
    end: bool
    flips: tuple[tuple[bool, str], ...]
    """Point releases at which it changed, with what it changed to."""


def runs(present: Collection[str], known: Sequence[str], series_of: Callable[[str], str]) -> tuple[Run, ...]:
    """Since when, and until when, something holds.

    Args:
        present: Versions in which it holds.
        known: All versions in order; those of a series stand together.
        series_of: Tells the series of a version.

    Returns:
        The stretches in order, backports beside the change they were taken from.
    """
    groups: dict[str, list[str]] = {}
    for version in known:
        groups.setdefault(series_of(version), []).append(version)
    history = [_within(versions, present) for versions in groups.values()]
    place = {version: number for number, version in enumerate(known)}
    changes = sorted(_changes(history), key=lambda change: place[change[1].version])
    return _pair(changes)


def _within(versions: Sequence[str], present: Collection[str]) -> _Series:
    states = [(version in present, version) for version in versions]
    flips = tuple(now for before, now in pairwise(states) if before[0] != now[0])
    return _Series(first=versions[0], start=states[0][0], end=states[-1][0], flips=flips)


def _changes(history: Sequence[_Series]) -> Iterator[tuple[bool, Mark]]:
    """All changes with what they change to; a backport is told beside the change of the series it was taken from."""
    early: list[_Series] = []
    holds = False
    for number, series in enumerate(history):
        if series.start != holds:
            yield series.start, Mark(version=series.first, also=_backports(early))
            early, holds = [], series.start
        yield from ((state, Mark(version=version, also=())) for state, version in series.flips[: _blips(series)])
        if series.end == holds:
            continue
        if number == len(history) - 1:
            yield series.end, Mark(version=series.flips[-1][1], also=_backports(early))
            early = []
        else:
            early.append(series)
    # What is left was never taken over: it holds in its own series only.
    for series in early:
        yield series.end, Mark(version=series.flips[-1][1], also=())
        yield series.start, Mark(version=history[history.index(series) + 1].first, also=())


def _blips(series: _Series) -> int:
    """How many of a series' changes were taken back within it."""
    return len(series.flips) - (series.end != series.start)


def _backports(early: Sequence[_Series]) -> tuple[str, ...]:
    """The point releases in which earlier series took over a change, newest first."""
    return tuple(series.flips[-1][1] for series in reversed(early))


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
