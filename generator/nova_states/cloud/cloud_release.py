"""Which release answers for a cloud: its API tells no version of Nova, but the newest microversion it knows.

A series that brings no microversion shares that of the one before: then the newest of them answers, and the others are
named, as only whoever runs the cloud knows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nova_states.cloud.compute_api import Microversion
from nova_states.errors import InputError


@dataclass(frozen=True, kw_only=True, slots=True)
class CloudRelease:
    """What is known of a cloud's release."""

    version: str
    """The version that answers."""
    others: tuple[str, ...] = ()
    """Versions of other series with the same microversion, newest first."""
    word: str | None = None
    """What is to be said of the choice: "release_shared", "release_newer", "release_between"; None: nothing."""


def newest_known(tables: Mapping[str, Any]) -> Microversion:
    """The newest microversion of any release that is known here."""
    return max(_pair(microversion) for microversion, _ in tables["microversions"])


def release_of(newest: Microversion, tables: Mapping[str, Any]) -> CloudRelease:
    """The release that a cloud whose newest microversion this is runs.

    Args:
        newest: Of the cloud.
        tables: The compiled tables.

    Raises:
        InputError: it is older than all that is known.
    """
    known: Sequence[tuple[Microversion, str]] = [(_pair(word), version) for word, version in tables["microversions"]]
    same = [version for microversion, version in known if microversion == newest]
    if same:
        *others, version = same
        return CloudRelease(version=version, others=tuple(reversed(others)), word="release_shared" if others else None)
    older = [version for microversion, version in known if microversion < newest]
    if not older:
        (lowest, first) = known[0]
        raise InputError(
            f"the cloud's compute API ends at microversion {_word(newest)}, so it is older than {first} "
            f"({_word(lowest)}), the oldest release that is known here; `--release {first}` answers all the same"
        )
    is_newest = len(older) == len(known)
    return CloudRelease(version=older[-1], word="release_newer" if is_newest else "release_between")


def series_of(version: str, tables: Mapping[str, Any]) -> str:
    """A version with the name of its series: "33.0.2 (2026.1)"."""
    for name, _, majors in tables["series"]:
        if f"{version}.".startswith(tuple(majors)):
            return f"{version} ({name})"
    return version


def _pair(word: str) -> Microversion:
    major, minor = word.split(".")
    return int(major), int(minor)


def _word(microversion: Microversion) -> str:
    return "{}.{}".format(*microversion)
