"""Laws of sets of states, held for every set of a universe small enough to count out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, combinations, permutations, product
from typing import Any, TypeVar

import pytest

from nova_states.facts.model import FromState, StateKind
from nova_states.facts.state_set import FIELDS, FieldStates, StateSet, exclude, minimise, ordered, products, sort_key
from nova_states.facts.stored_states import start_of, states_of

T = TypeVar("T")

UNIVERSE: dict[StateKind, tuple[Any, ...]] = {
    "vm_state": ("active", "error"),
    "task_state": (None, "deleting"),
    "power_state": (0, 1),
}
CELLS = tuple(product(UNIVERSE["vm_state"], UNIVERSE["task_state"], UNIVERSE["power_state"]))


def fields(values: tuple[object, ...]) -> Iterator[FieldStates]:
    """Every choice of a field: any, and each subset but the empty one."""
    yield None
    for size in range(1, len(values) + 1):
        yield from map(frozenset, combinations(values, size))


SETS = tuple(
    StateSet(vm_state=vm, task_state=task, power_state=power)
    for vm, task, power in product(*(fields(values) for values in UNIVERSE.values()))
)
PAIRS = tuple(product(SETS, SETS))


def cells(*sets: StateSet) -> frozenset[tuple[object, ...]]:
    """The combinations of some sets, counted out by what a set is, not by its methods."""
    return frozenset(
        cell
        for cell in CELLS
        for one in sets
        if all(
            states is None or value in states
            for value, states in zip(cell, (one.vm_state, one.task_state, one.power_state), strict=True)
        )
    )


def choices(values: tuple[T, ...]) -> Iterable[tuple[T, ...] | None]:
    """Every choice of a stored field."""
    return (None, *(part for size in (1, 2, 3) for part in combinations(values, size)))


def test_there_is_a_set_for_each_choice() -> None:
    assert len(set(SETS)) == 4**3


def test_it_contains_its_combinations() -> None:
    for one in SETS:
        assert {cell for cell in CELLS if one.contains(*cell)} == cells(one)


def test_narrowing_is_intersection() -> None:
    for one, other in PAIRS:
        both = one.narrow(other)
        assert cells(both) == cells(one) & cells(other)
        assert both.is_empty == (not cells(both)) == (not one.meets(other))


def test_narrowing_neither_depends_on_order_nor_adds() -> None:
    for one, other in PAIRS:
        both = one.narrow(other)
        assert both == other.narrow(one)
        assert both.narrow(one) == both
        assert one.covers(both)


def test_covering_is_being_a_superset() -> None:
    for one, other in PAIRS:
        # All there are and "any" are the same combinations, but only "any" stays so when Nova gains a state.
        assert not one.covers(other) or cells(one) >= cells(other)
        whole = any(one.of(kind) == frozenset(UNIVERSE[kind]) and other.of(kind) is None for kind in FIELDS)
        assert one.covers(other) or whole or not cells(one) >= cells(other)


def test_a_union_is_exact_or_none() -> None:
    for one, other in PAIRS:
        both = one.union(other)
        assert both == other.union(one)
        if both is None:
            assert sum(one.of(kind) != other.of(kind) for kind in FIELDS) > 1
        else:
            assert cells(both) == cells(one) | cells(other)


def test_fewer_sets_say_the_same() -> None:
    for sets in chain(PAIRS, combinations(SETS[::5], 3)):
        fewer = minimise(sets)
        assert cells(*fewer) == cells(*sets)
        assert len(fewer) <= len(set(sets))
        assert minimise(fewer) == fewer


def test_single_combinations_of_a_set_become_that_set() -> None:
    for one in SETS:
        single = (
            StateSet(vm_state=frozenset({vm}), task_state=frozenset({task}), power_state=frozenset({power}))
            for vm, task, power in sorted(cells(one), key=str)
        )
        (made,) = minimise(single)
        assert cells(made) == cells(one)


def test_combinations_are_those_of_a_set_counted_out() -> None:
    for one in SETS:
        if None in (one.vm_state, one.task_state, one.power_state):
            with pytest.raises(ValueError, match="cannot be counted out"):
                list(one.combinations())
        else:
            assert frozenset(one.combinations()) == cells(one)


def test_any_combinations_are_few_disjoint_sets() -> None:
    for size in range(1, len(CELLS) + 1):
        for some in combinations(CELLS, size):
            found = products(some)
            assert cells(*found) == set(some)
            assert sum(len(cells(one)) for one in found) == len(some)
            assert len(found) <= max(1, len(CELLS) // 2)


def test_one_field_narrows_alone() -> None:
    for one, kind in product(SETS, FIELDS):
        for states in fields(UNIVERSE[kind]):
            assert cells(one.within(kind, states)) == cells(one) & cells(StateSet().having(kind, states))


def test_a_field_can_be_replaced() -> None:
    for one, kind in product(SETS, FIELDS):
        for states in fields(UNIVERSE[kind]):
            changed = one.having(kind, states)
            assert changed.of(kind) == states
            assert all(changed.of(other) == one.of(other) for other in FIELDS if other != kind)


def test_what_is_left_without_some_states() -> None:
    everything = frozenset(UNIVERSE["task_state"])
    assert exclude(None, ("deleting",), everything) == frozenset({None})
    assert exclude(frozenset({"deleting"}), ("deleting",), None) == frozenset()
    with pytest.raises(ValueError, match="all there are"):
        exclude(None, ("deleting",), None)


def test_sorting_knows_no_order_of_making() -> None:
    assert ordered({"b", None, "a"}) == (None, "a", "b")
    assert ordered({4, 0, 1}) == (0, 1, 4)
    keys = [sort_key(one) for one in SETS]
    assert len(set(keys)) == len(SETS)
    tasks = [StateSet(task_state=states) for states in (frozenset({None}), None, frozenset({"deleting"}))]
    assert [sort_key(one) for one in tasks] == sorted(sort_key(one) for one in tasks)
    for sets in permutations(SETS[:4]):
        assert sorted(sets, key=sort_key) == sorted(SETS[:4], key=sort_key)


def test_a_fact_is_stored_as_it_was() -> None:
    powers = ("NOSTATE", "RUNNING", "PAUSED")

    for vm, task, power in product(choices(("a", "b")), choices((None, "a", "b")), choices(powers)):
        start = FromState(vm_states=vm, task_states=task, power_states=power)
        assert start_of(states_of(start), powers) == start
