"""What decides about an action, over time: most releases share it, so questions are asked once an era, not a release.

An era is a set of versions in which an action's guards are equal but for the place they stand in. What is decided for
one version of an era holds for all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace

from nova_states.catalog.catalog import Catalog
from nova_states.catalog.permissions import decide
from nova_states.catalog.release import Release
from nova_states.catalog.version_spans import Run
from nova_states.facts.guard_check import Refusal, ServerStates
from nova_states.facts.model import Evidence, Guard

_NOWHERE = Evidence(file="", line=0, function=None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Era:
    """Versions in which something has the same value."""

    release: Release
    """The newest of them."""
    versions: frozenset[str]


def eras(catalog: Catalog, value: Callable[[Release], Hashable | None]) -> tuple[Era, ...]:
    """All versions grouped by a value of them, oldest group first; those where it is None are left out."""
    found: dict[Hashable, list[str]] = {}
    for version in catalog.all_versions:
        key = value(catalog.release(version))
        if key is not None:
            found.setdefault(key, []).append(version)
    return tuple(Era(release=catalog.release(group[-1]), versions=frozenset(group)) for group in found.values())


def action_eras(catalog: Catalog, action: str) -> tuple[Era, ...]:
    """The eras of an action: its guards and those of its parts, told by what they ask, not where they stand."""
    return eras(catalog, lambda release: _guards(release, action) if action in release.actions else None)


def _guards(release: Release, action: str) -> tuple[Guard, ...]:
    names = (action, *release.parts.get(action, ()))
    return tuple(
        replace(guard, evidence=_NOWHERE, conditions=()) for name in names for guard in release.guards_of(name)
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Permission:
    """Whether an action may be asked of a server in certain states, now and through the releases."""

    action: str
    refusal: Refusal | None
    """Why the newest release refuses it; None: allowed."""
    exists: bool
    """Whether the newest release has the action."""
    allowed: tuple[Run, ...]
    """Releases that allow it."""


def permission(catalog: Catalog, found: tuple[Era, ...], action: str, server: ServerStates) -> Permission:
    """What all releases say to an action on a server.

    Args:
        catalog: All releases.
        found: The action's eras (`action_eras`): each is asked once.
        action: Id of the action.
        server: States to decide about; one that a release does not know is in none of its lists.
    """
    latest = catalog.release(catalog.latest)
    allowed = {v for era in found if decide(era.release, action, server) is None for v in era.versions}
    return Permission(
        action=action,
        refusal=decide(latest, action, server),
        exists=action in latest.actions,
        allowed=catalog.runs_of(allowed),
    )
