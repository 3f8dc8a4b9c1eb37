"""What of a release's facts was seen running: the committed observations, joined to the facts they bear out."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final, TypeAlias, TypeVar

from nova_states.catalog.reactions import REACTION_KINDS
from nova_states.catalog.release import Release, StoredSections
from nova_states.facts.condition import (
    AllOf,
    AnyOf,
    Callback,
    CodeTest,
    Condition,
    Raises,
)
from nova_states.facts.model import Guard, Reaction, Refusal, Status, Transition
from nova_states.facts.observation_files import FOLDER
from nova_states.facts.observation_parts import place_of
from nova_states.facts.observed import observed_releases, read_guards, read_statuses
from nova_states.facts.observed_reactions import Reacted, read_reactions, seen_doing, unexplained
from nova_states.facts.observed_writes import Write, borne_out, leads_to, read_writes

SEEN_KINDS: Final = ("guards", "transitions", "refusals", *REACTION_KINDS)
"""Kinds of fact that say row by row whether they were seen."""
STATE_REFUSED: Final = "InstanceInvalidState"
"""Nova's exception where an action is refused for the server's states."""
_Row = TypeVar("_Row", Transition, Reaction)
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
    refused: frozenset[tuple[str, int]]
    """Actions with the HTTP status by which they were refused for the states."""
    statuses: frozenset[tuple[str, str]]
    """Entries of the status map that what the API showed bears out: vm_state, and task_state or "default"."""
    shown_in_all: bool
    """Whether the API was asked for the status in every combination of states, and showed what the facts say."""
    transitions: frozenset[Transition]
    """Those of which a write was seen that can be no other's."""
    without_lines: frozenset[Transition]
    """The same without their lines, as releases share them."""
    one_of: frozenset[frozenset[Transition]]
    """Those of which a write was seen that may be each of them: which condition held is not told."""
    unreachable: Mapping[Transition, str]
    """Those that the fake driver and one host of services cannot bring about → the name of the reason."""
    unknown: tuple[Write, ...]
    """Writes that no transition tells of."""
    reactions: frozenset[Reaction]
    """Those of which something was seen that can be no other's; without their lines, as releases share them."""
    found_in_all: frozenset[str]
    """Kinds of reaction for which a server was found in every combination of states."""
    unexplained: tuple[Reacted, ...]
    """What Nova did by itself and no reaction tells of."""

    def has(self, fact: Guard | Transition | Refusal | Status | Reaction) -> bool:
        """Whether a fact was seen; its line does not matter."""
        match fact:
            case Guard(action=action):
                return action in self.guards
            case Refusal(action=action, code=code, errors=errors):
                return STATE_REFUSED in errors and (action, code) in self.refused
            case Status(vm_state=vm_state, task_state=task_state):
                return (vm_state, task_state) in self.statuses
            case Reaction():
                return _without_line(fact) in self.reactions
        return _without_line(fact) in self.without_lines

    def has_one_of(self, rows: Iterable[Transition]) -> bool:
        """Whether one of some transitions was seen, whichever of them."""
        some = frozenset(rows)
        return not some.isdisjoint(self.transitions) or any(each <= some for each in self.one_of)


def _without_line(fact: _Row) -> _Row:
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
    reactions, found_in_all, untold = _reactions(release)
    transitions = release.facts("transitions")
    at_places: dict[tuple[str, str], list[Transition]] = {}
    for row in transitions:
        at_places.setdefault((row.action, place_of(row.evidence)), []).append(row)
    alone: set[Transition] = set()
    one_of: set[frozenset[Transition]] = set()
    unknown = []
    for write in sorted(kept.writes, key=repr) if kept else ():
        near = {row: None for place in write.way for row in at_places.get((write.action, place), ())}
        found = borne_out(near, write)
        if len(found) == 1:
            alone.update(found)
        elif found:
            one_of.add(frozenset(found))
        if not any(leads_to(row, write) for row in near):
            unknown.append(write)
    beside = alone.union(*one_of)
    asked: dict[str, int] = {}
    for cell in cells:
        asked[cell.action] = asked.get(cell.action, 0) + 1
    return Seen(
        version=release.version,
        wheel=kept.wheel if kept else "",
        guards=frozenset(action for action, count in asked.items() if count == len(release.state_pairs)),
        refused=frozenset((cell.action, answer.http) for cell, answer in cells.items() if answer.refused_for),
        statuses=frozenset(_statuses(release)),
        shown_in_all=_is_shown_in_all(release),
        transitions=frozenset(alone),
        without_lines=frozenset(map(_without_line, alone)),
        one_of=frozenset(one_of),
        unreachable={row: why for row in transitions if row not in beside and (why := why_not_reached(row))},
        unknown=tuple(unknown),
        reactions=reactions,
        found_in_all=found_in_all,
        unexplained=untold,
    )


def _reactions(release: Release) -> tuple[frozenset[Reaction], frozenset[str], tuple[Reacted, ...]]:
    """The reactions that were seen, the kinds that were seen in every combination, and what no reaction tells of."""
    kept = read_reactions(release.version)
    combinations = len(release.state_pairs) * len(release.constants["power_state"])
    found: set[Reaction] = set()
    whole = set()
    untold: list[Reacted] = []
    for kind in REACTION_KINDS:
        rows: tuple[Reaction, ...] = release.facts(kind)
        of_kind = [one for one in kept.reacted if one.kind == kind] if kept else []
        if len({(one.before, one.power_state) for one in of_kind}) == combinations:
            whole.add(kind)
        found.update(_without_line(row) for one in of_kind for row in seen_doing(rows, one))
        untold += unexplained(rows, of_kind)
    return frozenset(found), frozenset(whole), tuple(untold)


def _statuses(release: Release) -> Iterator[tuple[str, str]]:
    for (vm_state, task_state), status in read_statuses(release.version).items():
        entry = release.status_entry(vm_state, task_state)
        if entry is not None and entry.status == status:
            yield vm_state, entry.task_state


def _is_shown_in_all(release: Release) -> bool:
    shown = read_statuses(release.version)
    return all(shown.get(pair) == release.status(*pair) for pair in release.state_pairs)


def shares(release: Release) -> dict[str, Share]:
    """How much of what can be seen was; nothing where nobody looked."""
    seen = seen_of(release)
    if seen is None:
        return {}
    can_be_seen: dict[str, list[Any]] = {
        "guards": list(release.facts("guards")),
        "transitions": [row for row in release.facts("transitions") if row not in seen.unreachable],
        "refusals": [row for row in release.facts("refusals") if STATE_REFUSED in row.errors],
        "statuses": [row for row in release.facts("statuses") if row.vm_state is not None],
    } | {kind: list(release.facts(kind)) for kind in REACTION_KINDS}
    return {kind: (sum(map(seen.has, facts)), len(facts)) for kind, facts in can_be_seen.items()}


def with_seen(release: Release, rows: list[dict[str, Any]], facts: Iterable[Any]) -> list[dict[str, Any]]:
    """Facts as JSON, each with where it was seen running: the version, or nothing."""
    seen = seen_of(release)
    return [
        row | {"seen": [release.version] if seen and seen.has(fact) else []}
        for row, fact in zip(rows, facts, strict=True)
    ]


def seen_as_json(release: Release) -> dict[str, dict[str, int]]:
    """How much was seen of each kind of what can be, and how much cannot; nothing where nobody looked."""
    return {
        kind: {"seen": count, "reachable": reachable, "all": len(release.facts(kind))}
        for kind, (count, reachable) in shares(release).items()
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
        for one in kept.get("difference", ())
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
