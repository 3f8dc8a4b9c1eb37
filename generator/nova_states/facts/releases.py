"""Which OpenStack series a Nova version belongs to, and which version a user's word for a release means.

The series, their dates and where each is from are kept by hand in `releases.toml`; the versions known are
given by the caller, because they come from the facts that were extracted.
"""

from __future__ import annotations

import bisect
import difflib
import functools
import tomllib
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import cattrs
from packaging.version import InvalidVersion, Version

from nova_states.errors import CheckError, InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

_FIRST_YEAR = 2000

RELEASES_FILE = Path(__file__).with_name("releases.toml")

SupportStatus = Literal["maintained", "unmaintained", "end of life"]
SeriesAttribute = Literal[
    "name", "codename", "major", "released", "extended_maintenance", "unmaintained", "eol", "status", "planned"
]


@dataclass(frozen=True, kw_only=True, slots=True)
class SeriesSource:
    """Where some of a series' facts can be looked up."""

    facts: tuple[SeriesAttribute, ...]
    """The attributes of `Series` that this page states."""
    url: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Phase:
    """A phase of a series' life that has been announced."""

    status: SupportStatus
    date: date


@dataclass(frozen=True, kw_only=True, slots=True)
class Series:
    """An OpenStack series, as seen from Nova."""

    name: str
    """What Nova's branches and tags call it: `mitaka`, `2026.1`."""
    codename: str
    """Its name in words, also where `name` is a date: `mitaka`, `gazpacho`."""
    major: tuple[str, ...]
    """What its Nova versions begin with, closing dot included: `13.`, before Liberty `2015.1.`."""
    released: date
    extended_maintenance: date | None = None
    """When Nova entered extended maintenance, a phase there was until 2024."""
    unmaintained: date | None = None
    """When the Nova team ceased to maintain the branch."""
    eol: date | None = None
    """End of life of the series as a whole."""
    status: SupportStatus
    planned: Phase | None = None
    """The next phase, where a date is announced for it."""
    sources: tuple[SeriesSource, ...] = ()
    """Each fact above that is known, exactly once."""

    def has(self, version: str) -> bool:
        """Say whether a Nova version, or the beginning of one (`13`, `13.1`), belongs to this series."""
        return f"{version}.".startswith(self.major)


@dataclass(frozen=True, kw_only=True, slots=True)
class _ReleasesFile:
    sources: tuple[SeriesSource, ...]
    """What holds for all series that do not name a source of their own."""
    series: tuple[Series, ...]


@functools.cache
def load_releases() -> tuple[Series, ...]:
    """Read `releases.toml`, oldest series first.

    Raises:
        CheckError: with all that is wrong in the file, each with its place.
    """
    return read_releases(RELEASES_FILE.read_text(encoding="utf-8"))


def read_releases(text: str) -> tuple[Series, ...]:
    """Read a text in the form of `releases.toml`.

    Returns:
        The series, each of their facts with its source, oldest first.

    Raises:
        CheckError: with all that is wrong in the text, each with its place.
    """
    converter = cattrs.Converter(forbid_extra_keys=True)
    converter.register_structure_hook(date, _read_date)
    try:
        file = converter.structure(tomllib.loads(text), _ReleasesFile)
    except tomllib.TOMLDecodeError as error:
        raise CheckError((f"{RELEASES_FILE.name}: {error}",)) from error
    except cattrs.ClassValidationError as error:
        raise CheckError(tuple(f"{RELEASES_FILE.name}: {line}" for line in cattrs.transform_error(error))) from error
    return tuple(replace(series, sources=_sources_of(series, file.sources)) for series in file.series)


def series_of(version: str) -> Series:
    """Return the series that a Nova version belongs to.

    Raises `InputError` for a version of no series in `releases.toml`.
    """
    for series in load_releases():
        if series.has(version):
            return series
    raise InputError(f"version {version} belongs to no series: add its series to {RELEASES_FILE.name}")


def sort_versions(versions: Iterable[str]) -> tuple[str, ...]:
    """Sort versions from the oldest to the newest: 13.1.4 before 14.0.9 before 14.0.10.

    Raises `InputError` for a text that is no version.
    """
    try:
        return tuple(sorted(versions, key=_release_order))
    except InvalidVersion as error:
        raise InputError(f"{error}: a Nova version looks like 13.1.4") from error


def _release_order(version: str) -> tuple[bool, Version]:
    """Versions named by year, up to 2015.1, came before 12.0.0."""
    parsed = Version(version)
    return parsed.major < _FIRST_YEAR, parsed


def resolve_release(word: str, known: Iterable[str]) -> str:
    """Return the version among `known` that a user means.

    The word is an exact version, a series by name, codename or beginning of its versions (`mitaka`, `2026.1`,
    `gazpacho`, `13`, `13.1`: the newest of them), or `latest`. Release candidates are meant only by their exact
    name, or where there is nothing else. Raises `InputError` that names the nearest words that would do.
    """
    versions = sort_versions(known)
    sought = word.strip().lower()
    if sought in versions:
        return sought
    meant = _versions_meant(sought, versions)
    if not meant:
        raise InputError(_describe_unknown(word, versions))
    final = [version for version in meant if not Version(version).is_prerelease]
    return (final or meant)[-1]


def _versions_meant(word: str, versions: tuple[str, ...]) -> list[str]:
    if word == "latest":
        return list(versions)
    for series in load_releases():
        if word in (series.name, series.codename):
            return [version for version in versions if series.has(version)]
    return [version for version in versions if version.startswith(f"{word}.")]


def _describe_unknown(word: str, versions: tuple[str, ...]) -> str:
    if not versions:
        return f"release {word!r} is unknown, as is any other: no facts have been extracted yet, run `make facts`"
    near = _nearest(word.strip().lower(), versions)
    hint = f"did you mean {', '.join(near)}? Known are" if near else "known are"
    return f"release {word!r} is unknown: {hint} {versions[0]} to {versions[-1]}, their series by name, and latest"


def _nearest(word: str, versions: tuple[str, ...]) -> list[str]:
    """Find the names spelled most alike or, where there are none, the versions next to it."""
    names = [
        name
        for series in load_releases()
        if any(series.has(version) for version in versions)
        # mitaka is both a name and a codename, and is offered once.
        for name in dict.fromkeys((series.name, series.codename))
    ]
    if alike := difflib.get_close_matches(word, ["latest", *names]):
        return alike
    try:
        place = bisect.bisect(versions, _release_order(word), key=_release_order)
    except InvalidVersion:
        return []
    return list(versions[max(place - 1, 0) : place + 1])


def _sources_of(series: Series, shared: tuple[SeriesSource, ...]) -> tuple[SeriesSource, ...]:
    sourced: set[SeriesAttribute] = set()
    sources = []
    # A series' own sources go first and win.
    for source in (*series.sources, *shared):
        facts = tuple(fact for fact in source.facts if fact not in sourced and getattr(series, fact) is not None)
        if facts:
            sources.append(SeriesSource(facts=facts, url=source.url.format(name=series.name, codename=series.codename)))
            sourced.update(facts)
    return tuple(sources)


def _read_date(value: object, _: type[date]) -> date:
    if type(value) is not date:
        raise ValueError(value)
    return value
