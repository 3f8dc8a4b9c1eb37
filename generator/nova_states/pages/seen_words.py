"""What pages say of how their facts are known: seen running, or read from the source."""

from __future__ import annotations

from collections.abc import Iterator

from nova_states.catalog.reactions import ReactionKind
from nova_states.catalog.release import Release
from nova_states.catalog.seen import reasons, seen_as_json, seen_of
from nova_states.facts.observed import observed_releases
from nova_states.pages.writer import Writer


def seen_key(version: str) -> str | None:
    """What decides, beside the facts, how they are known."""
    return version if version in observed_releases() else None


def seen_note(page: Writer, release: Release) -> str:
    """How the marks of an action's transitions are read."""
    seen = seen_of(release)
    return page.words("read_from_source") if seen is None else page.words("seen_marked", version=seen.version)


def guards_note(page: Writer, release: Release, action: str) -> str:
    """How the guards of an action are known."""
    seen = seen_of(release)
    if seen is None or action not in seen.guards:
        return page.words("read_from_source")
    return page.words("seen_guards", version=seen.version, count=len(release.state_pairs))


def statuses_note(page: Writer, release: Release) -> str:
    """How it is known what the API shows."""
    seen = seen_of(release)
    if seen is None or not seen.shown_in_all:
        return page.words("read_from_source")
    return page.words("seen_statuses", version=seen.version, count=len(release.state_pairs))


def reactions_note(page: Writer, release: Release, kind: ReactionKind) -> str:
    """How it is known what Nova does by itself."""
    seen = seen_of(release)
    if seen is None or kind not in seen.found_in_all:
        return page.words("read_from_source")
    combinations = len(release.state_pairs) * len(release.constants["power_state"])
    return page.words("seen_reactions", version=seen.version, count=combinations)


def seen_shares(page: Writer, release: Release) -> Iterator[tuple[str, int, int]]:
    """Kind of fact, how many were seen running, and how many can be."""
    for kind, counts in seen_as_json(release).items():
        yield page.words(f"seen_{kind}_kind"), counts["seen"], counts["reachable"]


def not_reached(page: Writer, release: Release) -> Iterator[tuple[str, int]]:
    """Why transitions cannot be seen running here, and how many each reason keeps out of sight."""
    seen = seen_of(release)
    found = list(seen.unreachable.values()) if seen else []
    for name, reason in reasons().items():
        if name in found:
            yield reason[page.language], found.count(name)
