"""What a version no longer tells that the version before it told: by names, so that each loss can be acknowledged.

A loss is either a change of Nova or something that was not read. Facts alone do not tell the two apart; a person does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from nova_states.catalog.release import Release
from nova_states.facts.model import CENSUS, KINDS, Evidence

_MUCH = 8
"""Facts or mentions of a kind from which on losing more than half of them is a loss of its own."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Loss:
    """Something that the version before had."""

    kind: str
    """"actions", "endpoints", "guards", "statuses", ...: what sort of name it is."""
    name: str


def losses(before: Release, after: Release, kinds: Iterable[str] = ()) -> tuple[Loss, ...]:
    """What is gone, by kind and name; of what went with a whole action or driver only that is named.

    Args:
        before: The version before.
        after: The version that may tell less.
        kinds: Kinds of fact to look at; all, where none is given.
    """
    wanted = frozenset(kinds or KINDS)
    found: list[Loss] = []
    for sort, (kind, names) in _NAMES.items():
        if kind in wanted:
            gone = frozenset(names(before.bare(kind))) - frozenset(names(after.bare(kind)))
            found.extend(Loss(kind=sort, name=name) for name in sorted(gone))
    found.extend(_halved(before, after, wanted))
    whole = {(loss.kind, loss.name) for loss in found}
    return tuple(loss for loss in found if not _is_part(loss, whole))


def _is_part(loss: Loss, whole: set[tuple[str, str]]) -> bool:
    owner = loss.name.partition(": ")[0]
    if loss.kind in _PARTS and ("actions", owner) in whole:
        return True
    return loss.kind == "driver states" and ("drivers", owner) in whole


def _halved(before: Release, after: Release, wanted: frozenset[str]) -> Iterator[Loss]:
    """Kinds of which less than half is left."""
    for kind in KINDS:
        if kind in wanted and kind != CENSUS:
            had, has = len(before.bare(kind)), len(after.bare(kind))
            if had >= _MUCH and has * 2 < had:
                yield Loss(kind="half", name=kind)
    if CENSUS in wanted:
        has_read = {count.name: count.read for count in after.counts(CENSUS)}
        for count in before.counts(CENSUS):
            if count.name in KINDS and count.read >= _MUCH and has_read.get(count.name, 0) * 2 < count.read:
                yield Loss(kind="half", name=f"mentions of {count.name}")


def _endpoints(actions: Iterable[Any]) -> Iterator[str]:
    for action in actions:
        for one in action.endpoints:
            yield f"{action.id}: {' '.join(part for part in (one.verb, one.path, one.body_key) if part)}"


def _guards(guards: Iterable[Any]) -> Iterator[str]:
    for guard in guards:
        yield guard.action if guard.when is None else f"{guard.action}: check in {guard.evidence.function}"


def _folder(place: Evidence) -> str:
    """The part of Nova that a file belongs to: "nova/compute"."""
    return "/".join(place.file.split("/")[:2])


def _host_checks(checks: Iterable[Any]) -> Iterator[str]:
    for check in checks:
        yield f"{check.action}: {check.host} {check.must_be}"


def _statuses(statuses: Iterable[Any]) -> Iterator[str]:
    for entry in statuses:
        yield f"{entry.vm_state or '*'}: {entry.task_state}"


_NAMES: dict[str, tuple[str, Callable[[Iterable[Any]], Iterable[str]]]] = {
    "states": ("states", lambda facts: (f"{one.kind} {one.name}" for one in facts)),
    "groups": ("groups", lambda facts: (one.name for one in facts)),
    "actions": ("actions", lambda facts: (one.id for one in facts)),
    "endpoints": ("actions", _endpoints),
    "guards": ("guards", _guards),
    "host_checks": ("host_checks", _host_checks),
    "statuses": ("statuses", _statuses),
    "messages": ("messages", lambda facts: (f"{one.id} {one.language}" for one in facts)),
    "drivers": ("drivers", lambda facts: (one.driver for one in facts)),
    "driver states": ("drivers", lambda facts: (f"{one.driver}: {one.state}" for one in facts)),
    "options": ("options", lambda facts: (f"{one.group or 'DEFAULT'}.{one.name}" for one in facts)),
    "transitions": ("transitions", lambda facts: (one.action for one in facts)),
    "power_sync": ("power_sync", lambda facts: (one.effect for one in facts)),
    "startup": ("startup", lambda facts: (one.effect for one in facts)),
    "errors": ("errors", lambda facts: (one.evidence.file for one in facts)),
    "raise_sites": ("raise_sites", lambda facts: (_folder(one.evidence) for one in facts)),
    "fault_causes": ("fault_causes", lambda facts: (action for one in facts for action in one.actions)),
    "refusals": ("refusals", lambda facts: (one.action for one in facts)),
    "translations": ("translations", lambda facts: (one.language for one in facts)),
    "log_messages": ("log_messages", lambda facts: (one.evidence.file for one in facts)),
    "migration_statuses": ("migration_statuses", lambda facts: (one.value for one in facts)),
    "events": ("events", lambda facts: (f"{one.kind} {one.name}" for one in facts)),
    "host_statuses": ("host_statuses", lambda facts: (one.value or "no host" for one in facts)),
    "microversions": ("microversions", lambda facts: ("highest" for _ in facts)),
}
"""Sort of name → the kind of fact it is taken from, and how.

Nova renames and drops exceptions and lines of logs freely: of these the files are named that no longer have any.
"""

_PARTS = ("endpoints", "guards", "transitions", "host_checks", "fault_causes", "refusals")
"""Sorts of names that begin with an action's id."""

LOSS_KINDS = (*_NAMES, "half")
"""Everything that can be lost."""
