"""What of a release's facts was seen running: the committed observations, joined to the facts they bear out."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final, TypeAlias

from nova_states.catalog.release import Release, StoredSections
from nova_states.facts.condition import (
    AllOf,
    AnyOf,
    Callback,
    CodeTest,
    Condition,
    Raises,
)
from nova_states.facts.model import Guard, Transition
from nova_states.facts.observed import FOLDER, observed_releases, read_guards
from nova_states.facts.observed_writes import Write, borne_out, leads_to, read_writes

SEEN_KINDS: Final = ("guards", "transitions")
"""Kinds of fact that observations are joined to."""
Share: TypeAlias = tuple[int, int]
"""How many were seen, and of how many."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """What was seen of a release."""

    version: str
    wheel: str
    """The digest of what ran."""
    guards: frozenset[str]
    """Actions of which every combination of states was asked."""
    transitions: frozenset[Transition]
    """Those of which a write was seen that can be no other's."""
    without_lines: frozenset[Transition]
    """The same without their lines, as releases share them."""
    alternatives: frozenset[Transition]
    """Those of which a write was seen that may be another's at the same place: which condition held is not told."""
    unreachable: Mapping[Transition, str]
    """Those that the fake driver and one host of services cannot bring about → the name of the reason."""
    unknown: tuple[Write, ...]
    """Writes that no transition tells of."""

    def has(self, fact: Guard | Transition) -> bool:
        """Whether a guard or a transition was seen; its line does not matter."""
        return fact.action in self.guards if isinstance(fact, Guard) else _without_line(fact) in self.without_lines


def _without_line(fact: Transition) -> Transition:
    return replace(fact, evidence=replace(fact.evidence, line=0))


def seen_of(release: Release) -> Seen | None:
    """What was seen of a release; None where nobody looked, and of a tree that is read now."""
    if not isinstance(release.sections, StoredSections):
        return None
    return release.memo.once(("seen",), lambda: _seen_of(release)) if release.version in observed_releases() else None


def _seen_of(release: Release) -> Seen | None:
    kept, cells = read_writes(release.version), read_guards(release.version)
    if kept is None and not cells:
        return None
    transitions = release.facts("transitions")
    at_places: dict[tuple[str, str], list[Transition]] = {}
    for row in transitions:
        place = f"{row.evidence.file}:{row.evidence.line} {row.evidence.function}"
        at_places.setdefault((row.action, place), []).append(row)
    alone, beside, unknown = set(), set(), []
    for write in sorted(kept.writes, key=repr) if kept else ():
        near = {row: None for place in write.way for row in at_places.get((write.action, place), ())}
        found = borne_out(near, write)
        if len(found) == 1:
            alone.update(found)
        beside.update(found)
        if not any(leads_to(row, write) for row in near):
            unknown.append(write)
    combinations = len(release.vm_states) * (len(release.task_states) + 1)
    asked: dict[str, int] = {}
    for cell in cells:
        asked[cell.action] = asked.get(cell.action, 0) + 1
    return Seen(
        version=release.version,
        wheel=kept.wheel if kept else "",
        guards=frozenset(action for action, count in asked.items() if count == combinations),
        transitions=frozenset(alone),
        without_lines=frozenset(map(_without_line, alone)),
        alternatives=frozenset(beside - alone),
        unreachable={row: why for row in transitions if row not in beside and (why := why_not_reached(row))},
        unknown=tuple(unknown),
    )


def shares(release: Release) -> dict[str, Share]:
    """How much of what can be seen was; nothing where nobody looked."""
    seen = seen_of(release)
    if seen is None:
        return {}
    guards, transitions = release.facts("guards"), release.facts("transitions")
    reachable = [row for row in transitions if row not in seen.unreachable]
    return {
        "guards": (sum(seen.has(row) for row in guards), len(guards)),
        "transitions": (sum(seen.has(row) for row in reachable), len(reachable)),
    }


def with_seen(release: Release, rows: list[dict[str, Any]], facts: Iterable[Any]) -> list[dict[str, Any]]:
    """Facts as JSON, each with where it was seen running: the version, or nothing."""
    seen = seen_of(release)
    return [
        row | {"seen": [release.version] if seen and seen.has(fact) else []}
        for row, fact in zip(rows, facts, strict=True)
    ]


def seen_as_json(release: Release) -> dict[str, dict[str, int]]:
    """How much was seen of each kind of what can be, and how much cannot; nothing where nobody looked."""
    seen = seen_of(release)
    return {
        kind: {"seen": count, "reachable": reachable, "all": len(release.facts(kind))}
        for kind, (count, reachable) in (shares(release) if seen else {}).items()
    }


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """A change that was seen and is not among the facts, and what is known of that."""

    action: str
    """"*": any."""
    place: str
    before: tuple[str, str]
    """vm_state and task_state, "none" being no task; "*": any."""
    after: tuple[str, str]
    reason: str

    def is_about(self, write: Write) -> bool:
        """Whether a write is this change."""
        states = (*(write.before or ("", None)), *write.after)
        wanted = (*self.before, *self.after)
        is_between = all(one in {"*", state or "none"} for one, state in zip(wanted, states, strict=True))
        return self.action in {"*", write.action} and self.place in write.way and is_between


@lru_cache
def differences() -> tuple[Difference, ...]:
    """What was seen and is not among the facts, as far as it is known."""
    kept = tomllib.loads((FOLDER / "differences.toml").read_text(encoding="utf-8"))
    return tuple(
        Difference(
            action=one["action"],
            place=one["place"],
            before=tuple(one["before"]),
            after=tuple(one["after"]),
            reason=one["reason"],
        )
        for one in kept["difference"]
    )


@lru_cache
def reasons() -> Mapping[str, Mapping[str, Any]]:
    """Name of a reason why something cannot be reached → the literals that it is about, and its words."""
    return tomllib.loads((FOLDER / "unreachable.toml").read_text(encoding="utf-8"))


def why_not_reached(transition: Transition) -> str | None:
    """The name of the reason why a transition cannot be reached; None where it can."""
    for name, reason in reasons().items():
        if transition.evidence.function in reason.get("functions", ()):
            return name
        if _needs(transition.condition, reason):
            return name
    return None


def _needs(condition: Condition | None, reason: Mapping[str, Any]) -> bool:
    """Whether a condition cannot hold without one of the literals of a reason."""
    match condition:
        case AllOf(conditions=conditions):
            return any(_needs(one, reason) for one in conditions)
        case AnyOf(conditions=conditions, holds=True):
            return all(_needs(one, reason) for one in conditions)
        case CodeTest():
            named = str(condition) in reason.get("tests", ())
        case Raises(exceptions=exceptions):
            named = bool(exceptions) and set(exceptions) <= set(reason.get("exceptions", ()))
        case Callback(function=function):
            named = function in reason.get("callbacks", ())
        case _:
            named = type(condition).__name__ in reason.get("kinds", ())
    return named
