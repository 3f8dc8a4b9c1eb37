"""How a way differs: for what is out of the ordinary, for other states it starts from, for a try that failed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from nova_states.catalog.transition_graph import SAME, is_aside
from nova_states.explanations.languages import Text
from nova_states.facts.condition import (
    CodeTest,
    Condition,
    Elided,
    LiteralCondition,
    Race,
    Raises,
    Unread,
    all_of,
    any_of,
)
from nova_states.facts.model import Transition
from nova_states.stories.assumptions import Assumption, Cause
from nova_states.stories.ways import State, Way, best_way, through_of

RETRY = "retry"
"""Theme of the conditions that another host is tried on."""
_MOST_CAUSES = 3
"""Causes of one variant that are told; of more, those that name the least."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OtherWay:
    """Where a way leaves the ordinary one, and where it comes back."""

    after: int | None
    moves: Way
    then: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundVariant:
    """A way that differs, and what for."""

    cause: Condition | None
    vm_states: tuple[str, ...]
    is_retry: bool
    way: OtherWay


def find_variants(
    rows: tuple[Transition, ...],
    ordinary: Way,
    by_start: dict[State, Way],
    assumption: Assumption,
    untold: frozenset[LiteralCondition] = frozenset(),
) -> Iterator[FoundVariant]:
    """All ways but the ordinary one: by the state they start from, by cause, and after a failure.

    Args:
        rows: The action's transitions.
        ordinary: The way that the story tells.
        by_start: The way from each state that the action begins from.
        assumption: The ordinary world.
        untold: Literals for which no variant is told.
    """
    yield from _by_start(ordinary, by_start)
    yield from _by_cause(through_of(rows), ordinary, by_start, assumption, untold)
    yield from _retries(rows, ordinary, assumption)


def _by_start(ordinary: Way, by_start: dict[State, Way]) -> Iterator[FoundVariant]:
    groups: list[tuple[Way, list[str]]] = []
    for (vm_state, _), way in by_start.items():
        if not way or are_alike(way, ordinary):
            continue
        group = next((states for other, states in groups if are_alike(other, way)), None)
        if group is None:
            groups.append((way, [vm_state]))
        else:
            group.append(vm_state)
    for way, states in groups:
        yield FoundVariant(cause=None, vm_states=tuple(states), is_retry=False, way=_differing(way, ordinary))


def _by_cause(
    rows: tuple[Transition, ...],
    ordinary: Way,
    by_start: dict[State, Way],
    assumption: Assumption,
    untold: frozenset[LiteralCondition],
) -> Iterator[FoundVariant]:
    causes = dict.fromkeys(
        cause
        for row in rows
        for cause in assumption.causes_in(row.condition)
        if cause and _can_be_told(cause) and not untold.intersection(atom for atom, _ in cause)
    )
    groups: list[tuple[OtherWay, tuple[str, ...], list[Cause]]] = []
    told: list[Cause] = []
    for cause in sorted(causes, key=len):
        # What one cause does, it does beside others.
        changed = None if any(one <= cause for one in told) else _under(rows, cause, ordinary, by_start, assumption)
        if changed is None:
            continue
        told.append(cause)
        other, states = changed
        group = next((found for known, of, found in groups if of == states and _are_same(known, other)), None)
        if group is None:
            groups.append((other, states, [cause]))
        else:
            group.append(cause)
    for number, (way, states, found) in enumerate(groups):
        others = [frozenset.intersection(*causes) for at, (_, _, causes) in enumerate(groups) if at != number]
        yield FoundVariant(
            cause=_common(_told_here(found, others, assumption)), vm_states=states, is_retry=False, way=way
        )


def _told_here(causes: list[Cause], others: list[Cause], assumption: Assumption) -> list[Cause]:
    """Causes without those that another variant has, if only in other words: Nova asks the same in several ways."""
    elsewhere = [_said(cause, assumption) for cause in others if cause]
    return [cause for cause in causes if not any(said <= _said(cause, assumption) for said in elsewhere)] or causes


def _said(cause: Cause, assumption: Assumption) -> frozenset[Text]:
    return frozenset(
        assumption.words.clause(part, assumption.place, denied=not holds)
        for atom, holds in cause
        for part in assumption.words.parts(atom, assumption.place)
    )


def _under(
    rows: tuple[Transition, ...],
    cause: Cause,
    ordinary: Way,
    by_start: dict[State, Way],
    assumption: Assumption,
) -> tuple[OtherWay, tuple[str, ...]] | None:
    """How the way differs under a cause, from the first start where it does, and that start if it tells of it alone."""
    changed = assumption.with_cause(cause)
    for start, usual in by_start.items():
        way = best_way(rows, start, changed)
        if way and not are_alike(way, usual):
            other = _differing(way, ordinary)
            if other.moves:
                return other, () if are_alike(usual, ordinary) else (start[0],)
    return None


def _retries(rows: tuple[Transition, ...], ordinary: Way, assumption: Assumption) -> Iterator[FoundVariant]:
    """A failure after which the way is taken again, from a step of it on."""
    found = [
        (number, row)
        for row in rows
        if RETRY in assumption.words.themes_of(row.condition, assumption.place)
        for number in _goes_on_at(row, ordinary)
    ]
    if found:
        number, row = min(found, key=lambda one: one[0])
        elsewhere = row.start.vm_states if row.start is not None and not is_aside(row) else ()
        yield FoundVariant(
            cause=None,
            vm_states=tuple(str(state) for state in elsewhere or ()),
            is_retry=True,
            way=OtherWay(after=None, moves=(), then=number),
        )


def is_retry(row: Transition, ordinary: Way, assumption: Assumption) -> bool:
    """Whether a failure is followed by another try."""
    return (
        is_aside(row)
        and RETRY in assumption.words.themes_of(row.condition, assumption.place)
        and any(True for _ in _goes_on_at(row, ordinary))
    )


def _goes_on_at(row: Transition, ordinary: Way) -> Iterator[int]:
    """Number of the step that a failure goes back to, or that is taken again in another vm_state."""
    for number, move in enumerate(ordinary, start=1):
        task = move.before[1]
        if task is None or row.start is None:
            continue
        if is_aside(row):
            if row.end.task_state == task and row.end.vm_state in (SAME, move.before[0]):
                yield number
        elif (
            task in (row.start.task_states or ())
            and row.start.vm_states is not None
            and move.before[0] not in row.start.vm_states
        ):
            yield number


def are_alike(one: Way, other: Way) -> bool:
    """Whether two ways are told alike."""
    return len(one) == len(other) and all(a.is_like(b) for a, b in zip(one, other, strict=True))


def _are_same(one: OtherWay, other: OtherWay) -> bool:
    return (one.after, one.then) == (other.after, other.then) and are_alike(one.moves, other.moves)


def _differing(way: Way, ordinary: Way) -> OtherWay:
    """The moves of a way without those that it shares with the ordinary one at its beginning and its end."""
    first = 0
    while first < min(len(way), len(ordinary)) and way[first].is_like(ordinary[first]):
        first += 1
    last = 0
    while last < min(len(way), len(ordinary)) - first and way[-1 - last].is_like(ordinary[-1 - last]):
        last += 1
    return OtherWay(
        after=first or None,
        moves=way[first : len(way) - last],
        then=len(ordinary) - last + 1 if last else None,
    )


def _can_be_told(cause: Cause) -> bool:
    return not any(isinstance(atom, Elided | Unread | Race) for atom, _ in cause)


def _common(causes: list[Cause]) -> Condition | None:
    """What causes have in common; else the least of them as alternatives."""
    shared = frozenset.intersection(*causes)
    if shared:
        return _condition(shared)
    least = [cause for cause in causes if not any(other < cause for other in causes)]
    return any_of(one for one in map(_condition, least[:_MOST_CAUSES]) if one is not None)


def _condition(cause: Cause) -> Condition | None:
    """A cause as a condition, tests before errors."""
    parts = sorted(cause, key=lambda part: (isinstance(part[0], Raises), str(part[0])))
    return all_of(
        CodeTest(text=atom.text, holds=holds) if isinstance(atom, CodeTest) else atom for atom, holds in parts
    )
