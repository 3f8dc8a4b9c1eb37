"""Matrices, as any release has them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from nova_states.catalog.fact_ids import FactIds
from nova_states.catalog.reactions import REACTION_KINDS
from nova_states.catalog.release import Release
from nova_states.facts.model import Evidence
from nova_states.pages.automatic_changes import POWER_SYNC, STARTUP
from nova_states.pages.drivers import DRIVERS, build_drivers
from nova_states.pages.lens import LensPage, LensPages, LensPart, always
from nova_states.pages.matrices import (
    GUARD_HISTORY,
    GUARDS,
    STATUSES,
    build_guard_history,
    build_guards,
    build_statuses,
)
from nova_states.pages.models import MatrixPage
from nova_states.pages.reaction_matrices import build_power_sync, build_startup
from nova_states.pages.seen_words import seen_key
from nova_states.pages.state_machine import build_transitions, machine_parts
from nova_states.pages.state_neighbours import TRANSITIONS
from nova_states.pages.writer import Writer

_GUARDING = ("guards", "actions")
_MACHINE = ("transitions", "guards", "actions")
_SEEN = {"statuses", *REACTION_KINDS}
"""Kinds of facts of which a matrix says whether they were seen running."""
_NOWHERE = Evidence(file="", line=0, function=None)
_Builder = Callable[[Writer], MatrixPage]
MATRICES: tuple[tuple[str, _Builder, tuple[str, ...] | None], ...] = (
    (GUARDS, build_guards, _GUARDING),
    (STATUSES, build_statuses, ("statuses",)),
    (GUARD_HISTORY, build_guard_history, None),
    (POWER_SYNC, build_power_sync, ("power_sync",)),
    (STARTUP, build_startup, ("startup",)),
    (DRIVERS, build_drivers, ("drivers",)),
    (TRANSITIONS, build_transitions, _MACHINE),
)
"""Address, builder, and the kinds of facts that it reads beside the states; None: it is about all releases at once."""


def matrix_pages(writer: Writer) -> LensPages:
    """The page of each matrix that is about one release."""
    for address, build, kinds in MATRICES:
        if kinds is None:
            continue
        part = LensPart(
            name="matrix",
            template="matrix",
            key=partial(_key, kinds),
            fields=partial(_fields, build),
            is_of_all=address == DRIVERS,  # the page has the drivers that were removed as well
        )
        yield LensPage(address=address, shown=writer.latest.version, has=always, parts=(part,))


def _key(kinds: tuple[str, ...], ids: FactIds, version: str) -> Hashable:
    if kinds == _MACHINE:
        return ids.derived(version, (*_MACHINE, "states"), "machine", machine_parts), ids.whole(version, "states")
    if kinds != _GUARDING:
        return ids.whole(version, "states", *kinds), seen_key(version) if set(kinds) <= _SEEN else None
    asked = ids.derived(version, _GUARDING, "what guards ask", lambda release: tuple(_asked(release)))
    return asked, ids.whole(version, "states")


def _asked(release: Release) -> Iterator[Hashable]:
    """What the guards of each action ask, wherever they stand."""
    for action, fact in release.actions.items():
        guards = release.guards_of(action)
        asked = tuple(replace(guard, evidence=_NOWHERE, conditions=()) for guard in guards)
        yield action, fact.guarded_by, release.parts.get(action), asked


def _fields(build: _Builder, page: Writer, _release: Release) -> dict[str, Any]:
    model = build(page)
    return {name: getattr(model, name) for name in ("legend", "first", "matrices", "notes", "sections")}
