"""The way that a server goes through an action's transitions, under what is assumed.

A way is a chain of moves without a repetition that ends in a success. Of several the one counts that most services
have a part in, then the longest: a short one leaves out what the longer tells.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TypeAlias

from nova_states.catalog.transition_graph import DELETED, NEW, SAME, is_aside
from nova_states.facts.model import ToState, Transition
from nova_states.stories.assumptions import Assumption

State: TypeAlias = tuple[str, str | None]
"""vm_state and task_state of a server."""

COMMON = ("active", "stopped", "shelved_offloaded", "shelved", "paused", "suspended", "error", "resized", "rescued")
"""vm_states in the order in which an action is told from them."""
_MOST_WAYS = 2000
"""Ways beyond which no more are looked at; actions of Nova have a few dozen."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Move:
    """What one service writes, by all rows that say so."""

    actor: str
    before: State
    after: State
    ends: tuple[ToState, ...]
    """What is written; several where a request names the one of them."""
    rows: tuple[Transition, ...]

    @property
    def is_end(self) -> bool:
        """Whether an action may end here."""
        return any(row.outcome in ("success", "recovery") for row in self.rows)

    @property
    def all_after(self) -> tuple[State, ...]:
        """Where it may end: one state for each that a request may name."""
        return tuple(dict.fromkeys(_changed(self.before, end) for end in self.ends))

    @property
    def keeps_vm_state(self) -> bool:
        """Whether only the task is written."""
        return all(end.vm_state == SAME for end in self.ends)

    def is_like(self, other: Move) -> bool:
        """Whether it is the same step of a server that began elsewhere."""
        return (self.actor, self.before[1], self.after[1]) == (other.actor, other.before[1], other.after[1]) and (
            self.after[0] == other.after[0] or (self.keeps_vm_state and other.keeps_vm_state)
        )


Way: TypeAlias = tuple[Move, ...]


def through_of(rows: Iterable[Transition]) -> tuple[Transition, ...]:
    """The transitions that ways are made of: no failures, and no delete that is lost."""
    return tuple(row for row in rows if not is_aside(row))


def starts_of(through: Iterable[Transition], vm_states: Iterable[str]) -> dict[State, None]:
    """Where an action begins: what the API writes first, or whoever writes where the API writes nothing.

    Args:
        through: The action's transitions without failures.
        vm_states: All there are.
    """
    through = tuple(through)
    new = [row for row in through if row.start is None]
    if new:
        return {(NEW, None): None}
    first = [row for row in through if row.actor == "api"] or through
    every = tuple(vm_states)
    ends = {row.end.task_state for row in through} - {None, SAME}
    found: dict[State, None] = {}
    for row in first:
        if row.start is None:
            continue
        tasks = row.start.task_states
        usual = (None,) if tasks is None or None in tasks else tuple(task for task in tasks if task not in ends)
        for vm_state in row.start.vm_states or every:
            for task in usual:
                if vm_state != DELETED:
                    found[str(vm_state), task] = None
    return dict.fromkeys(sorted(found, key=_rank))


def _rank(state: State) -> tuple[int, bool, str]:
    vm_state, task = state
    return (COMMON.index(vm_state) if vm_state in COMMON else len(COMMON), task is not None, vm_state)


def best_way(rows: Iterable[Transition], start: State, assumption: Assumption) -> Way:
    """The way from a start through transitions without failures; empty where none leads to a success."""
    ways = islice(_ways(list(rows), start, assumption, ()), _MOST_WAYS)
    return max(ways, key=lambda way: _value(way, assumption), default=())


def _value(way: Way, assumption: Assumption) -> tuple[int, int, int]:
    """How much a way tells: of the cause first, then of services and steps."""
    caused = sum(any(assumption.needs_cause(row.condition) for row in move.rows) for move in way)
    return (caused, len({move.actor for move in way}), len(way))


def _ways(rows: list[Transition], state: State, assumption: Assumption, passed: tuple[State, ...]) -> Iterator[Way]:
    moves = moves_from(rows, state, assumption)
    if not passed:
        # A request begins with what the API writes; the rest comes of it, if the server comes by here again.
        moves = [move for move in moves if move.actor == "api"] or moves
    else:
        moves = [move for move in moves if move.actor != "api" or not _was_ended(state)]
    for move in moves:
        further = False
        if move.after not in passed and move.after[0] != DELETED:
            for rest in _ways(rows, move.after, assumption, (*passed, move.after)):
                further = True
                yield (move, *rest)
        if move.is_end and not further:
            yield (move,)


def _was_ended(state: State) -> bool:
    """Whether no task runs, so that the API would begin anew."""
    return state[1] is None


def moves_from(rows: Iterable[Transition], state: State, assumption: Assumption) -> list[Move]:
    """What may be written next to a server in a state, whatever the open literals are."""
    groups: dict[object, list[Transition]] = {}
    for row in rows:
        after = _after(row, state)
        if not _applies(row, state) or (after == state and row.certainty != "symbolic"):
            continue
        # A request that names the state has a row for each that it may name.
        key = row.evidence if row.certainty == "symbolic" else (row.actor, after, row.end)
        groups.setdefault(key, []).append(row)
    return [
        Move(
            actor=group[0].actor,
            before=state,
            after=_after(group[0], state),
            ends=tuple(dict.fromkeys(row.end for row in group)),
            rows=tuple(group),
        )
        for group in groups.values()
        if assumption.always(row.condition for row in group)
    ]


def _applies(row: Transition, state: State) -> bool:
    vm_state, task = state
    if row.start is None:
        return vm_state == NEW
    if vm_state == NEW or (row.start.vm_states is not None and vm_state not in row.start.vm_states):
        return False
    return row.start.task_states is None or task in row.start.task_states


def _after(row: Transition, state: State) -> State:
    return _changed(state, row.end)


def _changed(state: State, end: ToState) -> State:
    vm_state = state[0] if end.vm_state == SAME else end.vm_state
    task = state[1] if end.task_state == SAME else end.task_state
    return (vm_state, None if vm_state == DELETED else task)
