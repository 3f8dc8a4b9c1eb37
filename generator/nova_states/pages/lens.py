"""What of a page is another in other releases: its parts, what decides about each, and how each is made for a release.

A reader may look at a page as any release has it (the *lens*). No page is made once a release: a part is made once for
all releases that say the same of it, which its key tells before anything is worked out.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from typing import Any

from nova_states.catalog.fact_ids import FactIds
from nova_states.catalog.release import Release
from nova_states.pages.writer import Writer


@dataclass(frozen=True, kw_only=True, slots=True)
class LensPart:
    """A part of a page."""

    name: str
    """What the page's template calls it (`data-part`)."""
    template: str
    """Below templates/parts/."""
    key: Callable[[FactIds, str], Hashable]
    """All that decides about the part in a version; equal keys are equal parts."""
    fields: Callable[[Writer, Release], dict[str, Any]]
    """The variables of its template, for a writer that looks at the release."""
    is_of_all: bool = False
    """Whether the page itself shows what there was in any release, which it is as of none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LensPage:
    """A page that can be looked at as any release has it."""

    address: str
    shown: str
    """The version that the page itself speaks of."""
    has: Callable[[FactIds, str], bool]
    """Whether a version has what the page is about."""
    parts: tuple[LensPart, ...]


def always(_ids: FactIds, _version: str) -> bool:
    """For pages that are about something of all releases."""
    return True


LensPages = Iterator[LensPage]
