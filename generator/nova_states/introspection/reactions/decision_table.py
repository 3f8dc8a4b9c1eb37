"""Turns the paths through a function back into a table: as few rows as say, for each combination, what happens."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from nova_states.facts.condition import CodeTest, Condition, Unread, literals, to_text
from nova_states.facts.model import Certainty, Evidence, FromState, Reaction, ToState
from nova_states.facts.state_set import StateSet, products, sort_key
from nova_states.facts.stored_states import start_of, states_of
from nova_states.introspection.constant_evaluator import PyValue
from nova_states.introspection.reactions.assumptions import HOLDS, Assumption, Conjunction, Variable, describe
from nova_states.introspection.reactions.path_state import Event, Initial, Path

NOTHING = "none"
"""The effect of a path on which nothing is done to the server."""
SET_STATE = "set_state"
"""The effect of a write of states that has no other word."""
UPDATE_POWER_STATE = "update_power_state"
"""The effect of a write of the power_state, which says nothing of the other two."""
UNDECIDED = "undecided"
"""The effect of a path on which a call is given the server that is not read."""

_UNCHANGED = ToState(vm_state="=", task_state="=")

StateTriple: TypeAlias = tuple[PyValue, PyValue, PyValue]
"""vm_state, task_state and power_state."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Result:
    effect: str
    end: ToState
    evidence: Evidence


def build_rows(
    paths: Iterable[Path], whole: StateSet, power_names: dict[PyValue, str], *, idle: bool
) -> list[Reaction]:
    """One row for each result and set of combinations it holds for, in order of the source.

    Args:
        paths: The ways through a function.
        whole: All combinations there are.
        power_names: Number of a power_state → its constant.
        idle: Whether a path on which nothing is done is a result as well.
    """
    alternatives: dict[_Result, dict[StateTriple, set[int]]] = defaultdict(lambda: defaultdict(set))
    # What many combinations share is counted through: a number is compared faster than what it stands for.
    numbers: dict[Conjunction, int] = {}
    for path in paths:
        for result, assumptions in _results(path, idle=idle):
            conjunction = _telling(assumptions)
            reached, number = alternatives[result], numbers.setdefault(conjunction, len(numbers))
            for cell in path.box.combinations():
                reached[cell].add(number)
    conjunctions = tuple(numbers)
    rows: list[Reaction] = []
    for result, reached in alternatives.items():
        alike: dict[frozenset[int], set[StateTriple]] = defaultdict(set)
        for cell, found in reached.items():
            alike[frozenset(found)].add(cell)
        conditions: dict[Condition | None, set[StateTriple]] = defaultdict(set)
        for found_in, cells in alike.items():
            conditions[describe(frozenset(conjunctions[number] for number in found_in))] |= cells
        for condition, cells in conditions.items():
            rows.extend(
                Reaction(
                    start=_start(box, whole, power_names),
                    end=result.end,
                    effect=result.effect,
                    condition=condition,
                    certainty=_certainty(result.effect, condition),
                    evidence=result.evidence,
                )
                for box in products(cells)
            )
    return sorted(rows, key=_position)


def _certainty(effect: str, condition: Condition | None) -> Certainty:
    if effect == UNDECIDED or any(isinstance(one, Unread) for one in literals(condition)):
        return "unknown"
    return "conditional" if condition else "exact"


def undecided(paths: Iterable[Path], whole: StateSet) -> set[StateTriple]:
    """Combinations that no path accounts for."""
    decided = {cell for path in paths if path.ending != "raise" for cell in path.box.combinations()}
    return set(whole.combinations()) - decided


def _results(path: Path, *, idle: bool) -> Iterator[tuple[_Result, tuple[Assumption, ...]]]:
    done = [(event, _end_of(event, path)) for event in path.events]
    for index, (event, end) in enumerate(done):
        if not any(_overtakes(later, later_end, event, end) for later, later_end in done[index + 1 :]):
            result = _Result(effect=event.effect, end=end, evidence=event.evidence)
            # What a plain write comes to shows only where the path ends.
            yield result, path.assumptions if event.effect == SET_STATE else path.assumptions[: event.assumed]
    if idle and path.ending != "raise" and all(event.effect == UPDATE_POWER_STATE for event in path.events):
        yield _Result(effect=NOTHING, end=_UNCHANGED, evidence=path.branch), path.assumptions


def _end_of(event: Event, path: Path) -> ToState:
    return _UNCHANGED if event.effect in (UNDECIDED, UPDATE_POWER_STATE) else _end(*(event.end or path.saved))


def _overtakes(later: Event, later_end: ToState, event: Event, end: ToState) -> bool:
    """Whether an event is but a step to a later one: that does the same again, or changes the states once more."""
    if event.effect == SET_STATE and later.effect not in (UNDECIDED, UPDATE_POWER_STATE):
        return True
    is_same = (later.effect, later_end) == (event.effect, end)
    is_certain = later.assumed == event.assumed and end not in (_UNCHANGED, later_end)
    return is_same or is_certain


def _end(vm_state: PyValue, task_state: PyValue) -> ToState:
    return ToState(
        vm_state="=" if isinstance(vm_state, Initial) else vm_state,
        task_state="=" if isinstance(task_state, Initial) else task_state,
    )


def _telling(assumptions: tuple[Assumption, ...]) -> Conjunction:
    """The assumptions without that the server is on this host, which is what the whole table is about.

    A call that is made several times on a path is one variable, and may do each time what it did at one of them.
    """
    possible: dict[Variable, frozenset[str]] = {}
    for variable, allowed in assumptions:
        possible[variable] = possible.get(variable, frozenset()) | allowed
    return frozenset(
        (variable, allowed)
        for variable, allowed in possible.items()
        if allowed != variable.outcomes and (variable.test not in _HERE or HOLDS not in allowed)
    )


_HERE = tuple(
    CodeTest(text=f"{one} == {other}", holds=True, opposite=f"{one} != {other}")
    for one, other in (("self.host", "instance.host"), ("instance.host", "self.host"))
)


def _start(states: StateSet, whole: StateSet, power_names: dict[PyValue, str]) -> FromState:
    """The states as a fact has them: all there are is any, power_states have names."""
    states = states.relaxed(whole)
    if states.power_state is not None:
        states = states.having("power_state", frozenset(power_names[number] for number in states.power_state))
    return start_of(states, [power_names[number] for number in sorted(power_names)])


def _position(row: Reaction) -> tuple[object, ...]:
    text = to_text(row.condition) or ""
    return (row.evidence.file, row.evidence.line, row.effect, text, sort_key(states_of(row.start)))
