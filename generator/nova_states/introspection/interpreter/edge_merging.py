"""Joins edges that say the same: equal but for their conditions, or for one field of the states they start from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from nova_states.facts.state_set import minimise
from nova_states.introspection.interpreter.abstract_state import ServerRow
from nova_states.introspection.interpreter.conditions import Conditions, either, simplified
from nova_states.introspection.interpreter.machine import StateWrite

_MOST_ALTERNATIVES = 4
"""Conditions under which the same change is told apart; more are told as one."""


def joined(edges: Iterable[StateWrite]) -> tuple[StateWrite, ...]:
    """The same changes in fewer edges, in the order of their first."""
    groups: dict[StateWrite, list[Conditions]] = {}
    for edge in edges:
        groups.setdefault(replace(edge, conditions=()), []).append(edge.conditions)
    merged = (replace(edge, conditions=one) for edge, alternatives in groups.items() for one in _few(alternatives))
    return tuple(_united(merged))


def apart(edge: StateWrite) -> Iterator[StateWrite]:
    """An edge for each vm_state it starts from: what is a condition for one may be none for another."""
    vm_states = edge.start.of("vm_state") if edge.start else None
    if edge.start is None or vm_states is None:
        yield edge
        return
    for vm_state in sorted(vm_states, key=str):
        yield replace(edge, start=edge.start.having("vm_state", frozenset({vm_state})))


def _few(alternatives: list[Conditions]) -> list[Conditions]:
    """The conditions of one change: as they are if they are few, else what they have in common."""
    alternatives = simplified(alternatives)
    return alternatives if len(alternatives) <= _MOST_ALTERNATIVES else [either(alternatives)]


def _united(edges: Iterable[StateWrite]) -> Iterator[StateWrite]:
    """Join edges that differ in one field of their starts only."""
    groups: dict[StateWrite, list[ServerRow]] = {}
    for edge in edges:
        if edge.start is None:
            groups.setdefault(edge, [])
        else:
            groups.setdefault(replace(edge, start=None), []).append(edge.start)
    for edge, starts in groups.items():
        if not starts:
            yield edge
        for states in minimise(start.states for start in starts):
            yield replace(edge, start=ServerRow(states=states, exists=starts[0].exists))
