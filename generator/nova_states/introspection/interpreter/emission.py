"""Turns edges into transitions: what is equal becomes one row, in an order of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Literal

from nova_states.facts.condition import ELIDED, Race, Raises, all_of, tells_exception, to_text
from nova_states.facts.model import Certainty, Evidence, FromState, ToState, Transition
from nova_states.facts.state_set import FieldStates, StateSet, field_key, sort_key
from nova_states.facts.state_set import ordered as ordered_states
from nova_states.facts.stored_states import start_of, states_of
from nova_states.introspection.interpreter.abstract_state import ServerRow
from nova_states.introspection.interpreter.conditions import Conditions
from nova_states.introspection.interpreter.edge_merging import apart, joined
from nova_states.introspection.interpreter.entry_points import is_unasked
from nova_states.introspection.interpreter.machine import StateWrite

UNCHANGED = "="
_ERROR = "error"
_BUILDING: frozenset[str | None] = frozenset({"building"})
_MOST_TESTS = 3
"""Tests and exceptions of a condition that are told, the last of each: the nearest to the write."""
_MANY = 5
"""Rows of one write that are told with all that; of more only the last test and exception are told."""


def rows(action: str, edges: Iterable[StateWrite], universe: StateSet) -> Iterator[Transition]:
    """The transitions of an entry point's edges, equal ones joined."""
    parts = _late_at_large([part for edge in edges for part in apart(_normal(edge))])
    brief = [replace(part, conditions=_nearest(part.conditions)) for part in parts]
    groups: dict[object, list[StateWrite]] = {}
    for edge in joined(_one_expectation(brief)):
        groups.setdefault(_write(edge), []).append(edge)
    for group in groups.values():
        brief = [replace(edge, conditions=_nearest(edge.conditions, most=1)) for edge in group]
        for edge in joined(brief) if len(group) > _MANY else group:
            yield _row(action, edge, universe)


def _late_at_large(edges: list[StateWrite]) -> list[StateWrite]:
    """The same, those told at large that come after a failure and after a delete that came in meanwhile.

    How the work failed that a delete came into is no matter: what handles the failure writes all the same. So it is
    told once for all of an action's ways to a write, under what all of them have in common.
    """
    groups: dict[object, list[Conditions]] = {}
    for edge in edges:
        if edge.failing and _is_late(edge):
            groups.setdefault(_write(edge), []).append(edge.conditions)
    at_large = {write: _at_large(ways) for write, ways in groups.items()}
    return [
        replace(edge, conditions=at_large[_write(edge)]) if edge.failing and _is_late(edge) else edge for edge in edges
    ]


def _is_late(edge: StateWrite) -> bool:
    return any(isinstance(one, Race) for one in edge.conditions)


def _at_large(ways: list[Conditions]) -> Conditions:
    """What several ways have in common, and that something fails where it is an exception in each of them."""
    first, *others = ways
    common = tuple(one for one in first if all(one in way for way in others))
    if any(map(tells_exception, common)) or not all(any(map(tells_exception, way)) for way in ways):
        return common
    return (Raises(exceptions=("Exception",)), *common)


def _one_expectation(edges: list[StateWrite]) -> list[StateWrite]:
    """What a change makes sure of: where that depends on the way to it, all that it may be."""
    asked: dict[StateWrite, FieldStates] = {}
    for edge in edges:
        change = replace(edge, conditions=(), expected=None)
        before = asked.get(change, edge.expected)
        asked[change] = None if before is None or edge.expected is None else before | edge.expected
    return [replace(edge, expected=asked[replace(edge, conditions=(), expected=None)]) for edge in edges]


def ends(edges: Iterable[StateWrite]) -> frozenset[str]:
    """The vm_states that an entry point writes when nothing fails."""
    normal = [_normal(edge) for edge in edges]
    return frozenset(edge.vm_state for edge in normal if edge.vm_state is not None and not edge.failing)


def _write(edge: StateWrite) -> object:
    """What is written, in which function, and whether a delete came before."""
    what = (edge.vm_state, edge.writes_task, edge.task_state, edge.failing, _is_late(edge))
    return (edge.site.path, edge.site.function, what)


def _normal(edge: StateWrite) -> StateWrite:
    """A field that is written as it was is a field that stays."""
    start = edge.start
    if start is None:
        return edge
    if edge.vm_state == _ERROR and not edge.symbolic:
        edge = replace(edge, failing=True)  # an error that the caller asks for by name (reset-state) is what it wants
    if edge.vm_state is not None and start.of("vm_state") == frozenset({edge.vm_state}):
        edge = replace(edge, vm_state=None)
    if edge.writes_task and start.of("task_state") == frozenset({edge.task_state}):
        edge = replace(edge, writes_task=False, task_state=None)
    return edge


def _nearest(conditions: Conditions, *, most: int = _MOST_TESTS) -> Conditions:
    """The conditions nearest to the write."""
    raised = [one for one in conditions if tells_exception(one)][-most:]
    tests = [one for one in conditions if not tells_exception(one) and one != ELIDED][-most:]
    return tuple(one for one in conditions if one in raised or one in tests) or conditions[:1]


def _row(action: str, edge: StateWrite, universe: StateSet) -> Transition:
    end = ToState(
        vm_state=edge.vm_state or UNCHANGED,
        task_state=edge.task_state if edge.writes_task else UNCHANGED,
    )
    certainty: Certainty = "symbolic" if edge.symbolic else "conditional" if edge.conditions else "exact"
    return Transition(
        action=action,
        actor=edge.actor,
        start=_start(edge.start, universe),
        end=end,
        outcome=_outcome(action, edge),
        condition=all_of(edge.conditions),
        certainty=certainty,
        expected_task_states=None if edge.expected is None else ordered_states(edge.expected),
        evidence=Evidence(file=edge.site.path, line=edge.site.line, function=edge.site.function),
    )


def _start(row: ServerRow | None, universe: StateSet) -> FromState | None:
    return None if row is None else start_of(row.states.relaxed(universe))


def _outcome(action: str, edge: StateWrite) -> Literal["progress", "success", "failure", "recovery"]:
    if edge.failing:
        return "failure"
    tasks = edge.start.of("task_state") if edge.start else frozenset({None})
    ends_busy = edge.task_state is not None if edge.writes_task else tasks is None or None not in tasks
    vms = frozenset({edge.vm_state}) if edge.vm_state or edge.start is None else edge.start.of("vm_state")
    is_building = vms == _BUILDING
    if is_building or (ends_busy and edge.vm_state != "deleted"):
        return "progress"
    return "recovery" if is_unasked(action) else "success"


def ordered(rows: Iterable[Transition]) -> list[Transition]:
    """Transitions in an order of their own; of those that only differ in the line the first is kept."""
    found: dict[Transition, Transition] = {}
    for row in sorted(rows, key=_sort_key):
        found.setdefault(replace(row, evidence=replace(row.evidence, line=0)), row)
    return list(found.values())


def _sort_key(row: Transition) -> tuple[object, ...]:
    """The order of transitions: by action, then from the states they start in to the place they were read from."""
    expected = row.expected_task_states
    return (
        row.action,
        () if row.start is None else sort_key(states_of(row.start)),
        row.end.vm_state,
        row.end.task_state or "",
        row.outcome,
        to_text(row.condition) or "",
        row.evidence.file,
        row.evidence.line,
        row.actor,
        row.certainty,
        field_key(None if expected is None else frozenset(expected)),
    )
