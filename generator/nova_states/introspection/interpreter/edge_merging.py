"""Joins edges that say the same: equal but for their conditions, or for one field of the states they start from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from nova_states.introspection.interpreter.abstract_state import FieldStates, ServerRow
from nova_states.introspection.interpreter.conditions import Conditions, either, simplified
from nova_states.introspection.interpreter.machine import StateWrite

_MOST_WAYS = 4
"""Conditions under which the same change is told apart; more are told as one."""


def joined(edges: Iterable[StateWrite]) -> tuple[StateWrite, ...]:
    """The same changes in fewer edges, in the order of their first."""
    groups: dict[StateWrite, list[Conditions]] = {}
    for edge in edges:
        groups.setdefault(replace(edge, conditions=()), []).append(edge.conditions)
    told = (replace(edge, conditions=way) for edge, ways in groups.items() for way in _few(ways))
    return _united(_united(list(told), "vm_state"), "task_state")


def apart(edge: StateWrite) -> Iterator[StateWrite]:
    """An edge for each vm_state it starts from: what is a condition for one may be none for another."""
    if edge.start is None or edge.start.vm_state is None:
        yield edge
        return
    for vm_state in sorted(edge.start.vm_state, key=str):
        yield replace(edge, start=replace(edge.start, vm_state=frozenset({vm_state})))


def _few(ways: list[Conditions]) -> list[Conditions]:
    """The conditions of one change: as they are if they are few, else what they have in common."""
    ways = simplified(ways)
    return ways if len(ways) <= _MOST_WAYS else [either(ways)]


def _united(edges: Iterable[StateWrite], field: str) -> tuple[StateWrite, ...]:
    """Join edges whose starts differ in one field only."""
    groups: dict[object, list[StateWrite]] = {}
    for edge in edges:
        if edge.start is None:
            groups.setdefault(edge, []).append(edge)
            continue
        other = edge.start.task_state if field == "vm_state" else edge.start.vm_state
        groups.setdefault((other, replace(edge, start=None)), []).append(edge)
    return tuple(_one(group, field) for group in groups.values())


def _one(edges: list[StateWrite], field: str) -> StateWrite:
    first = edges[0]
    if len(edges) == 1 or first.start is None:
        return first
    states: FieldStates = frozenset()
    for edge in edges:
        start = edge.start or ServerRow()
        mine = start.vm_state if field == "vm_state" else start.task_state
        states = None if states is None or mine is None else states | mine
    row = first.start
    vms, tasks = (states, row.task_state) if field == "vm_state" else (row.vm_state, states)
    return replace(first, start=ServerRow(vm_state=vms, task_state=tasks, exists=row.exists))
