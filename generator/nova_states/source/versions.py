"""How Nova's releases are spelled and ordered where its source comes from: tags, indexes, package metadata.

Nova counted by year up to 2015.1 (Kilo) and starts at 12.0.0 with Liberty, so the plain order of versions
would put Kilo last.
"""

from __future__ import annotations

import bisect
import re
from typing import TYPE_CHECKING

from packaging.metadata import parse_email
from packaging.version import InvalidVersion, Version

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_FINAL = re.compile(r"[0-9]+(\.[0-9]+){1,2}")
_FIRST_MAJOR, _FIRST_YEAR = 12, 2000


def final_releases(names: Iterable[str]) -> tuple[str, ...]:
    """Sort those of the names that are final releases (`33.0.2`, `2011.3`), the oldest release first."""
    return tuple(sorted((name for name in names if _FINAL.fullmatch(name)), key=_order))


def nearest_releases(name: str, known: Sequence[str]) -> tuple[str, ...]:
    """Pick the releases next to the one meant, or the newest where `name` does not begin with a version.

    Args:
        name: what was asked for and is not known, such as "33.0.9" or "33.0.0.0rc7".
        known: releases as `final_releases` sorts them.
    """
    meant = _FINAL.match(name)
    place = bisect.bisect(known, _order(meant[0]), key=_order) if meant else len(known)
    return tuple(known[max(place - 2, 0) : place + 1])


def is_version(text: str) -> bool:
    """Say whether the text is a version at all, be it final or not."""
    try:
        Version(text)
    except InvalidVersion:
        return False
    return True


def read_version(metadata: bytes) -> str | None:
    """Read Nova's version from a package's metadata (`METADATA`, `PKG-INFO`); None if it is not that of Nova."""
    fields, _ = parse_email(metadata)
    version = fields.get("version")
    return version if fields.get("name") == "nova" and version and is_version(version) else None


def _order(release: str) -> tuple[int, ...]:
    numbers = [int(number) for number in release.split(".")]
    return (_FIRST_MAJOR <= numbers[0] < _FIRST_YEAR, *numbers)
