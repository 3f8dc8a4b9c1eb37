"""Sets of server states: what a fact starts from, a guard lets pass, a rule speaks of. Their algebra lives here alone.

A set is a product: each of its vm_states with each of its task_states and power_states. Most sets in Nova's source are
such products; any other is several of them, which `minimise` keeps few. A field that is None is not restricted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import permutations, product
from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    # Answers are looked up with sets alone; the shapes of facts take longer to load than an answer takes.
    from nova_states.facts.model import StateKind

StateValue: TypeAlias = Any
"""Nova's word for a vm_state or task_state, None for no task; a power_state is a constant's name, or its number."""
FieldStates: TypeAlias = frozenset[StateValue] | None
"""What one field may be; None: anything."""

FIELDS: Final[tuple[StateKind, ...]] = ("vm_state", "task_state", "power_state")
"""The fields of a set, in the order in which they sort."""

_ANY_KEY: Final = ((True,),)


@dataclass(frozen=True, kw_only=True, slots=True)
class StateSet:
    """All combinations of these states; no field may be empty but in a set that holds nothing."""

    vm_state: FieldStates = None
    task_state: FieldStates = None
    power_state: FieldStates = None
    """What the hypervisor reports."""

    def of(self, kind: StateKind) -> FieldStates:
        """What one field may be."""
        if kind == "vm_state":
            return self.vm_state
        return self.task_state if kind == "task_state" else self.power_state

    def having(self, kind: StateKind, states: FieldStates) -> StateSet:
        """The same set with one field replaced."""
        if kind == "vm_state":
            return StateSet(vm_state=states, task_state=self.task_state, power_state=self.power_state)
        if kind == "task_state":
            return StateSet(vm_state=self.vm_state, task_state=states, power_state=self.power_state)
        return StateSet(vm_state=self.vm_state, task_state=self.task_state, power_state=states)

    @property
    def is_empty(self) -> bool:
        """Whether no server is in it."""
        return any(states is not None and not states for states in (self.vm_state, self.task_state, self.power_state))

    def contains(self, vm_state: StateValue, task_state: StateValue, power_state: StateValue) -> bool:
        """Whether a server in these states is in it."""
        return (
            (self.vm_state is None or vm_state in self.vm_state)
            and (self.task_state is None or task_state in self.task_state)
            and (self.power_state is None or power_state in self.power_state)
        )

    def combinations(self) -> Iterator[tuple[StateValue, StateValue, StateValue]]:
        """Its combinations one by one, in no order.

        Raises:
            ValueError: a field is any.
        """
        return product(*(self.each(kind) for kind in FIELDS))

    def each(self, kind: StateKind) -> frozenset[StateValue]:
        """What one field may be, one by one.

        Raises:
            ValueError: it may be anything.
        """
        states = self.of(kind)
        if states is None:
            raise ValueError(f"any {kind} cannot be counted out")
        return states

    def within(self, kind: StateKind, states: FieldStates) -> StateSet:
        """The combinations whose field is one of `states`; look at `is_empty`."""
        return self.having(kind, intersect(self.of(kind), states))

    def narrow(self, other: StateSet) -> StateSet:
        """The combinations in both; look at `is_empty`."""
        return StateSet(
            vm_state=intersect(self.vm_state, other.vm_state),
            task_state=intersect(self.task_state, other.task_state),
            power_state=intersect(self.power_state, other.power_state),
        )

    def relaxed(self, everything: StateSet) -> StateSet:
        """The same set with any in place of a field that is all there is."""
        relaxed = self
        for kind in FIELDS:
            if self.of(kind) == everything.of(kind):
                relaxed = relaxed.having(kind, None)
        return relaxed

    def meets(self, other: StateSet) -> bool:
        """Whether some combination is in both."""
        return not self.narrow(other).is_empty

    def covers(self, other: StateSet) -> bool:
        """Whether every combination of `other` is in it."""
        return other.is_empty or all(_covers(self.of(kind), other.of(kind)) for kind in FIELDS)

    def union(self, other: StateSet) -> StateSet | None:
        """The combinations in either, where they are one product: the two differ in one field, or one covers the other.

        Returns:
            None where they are not; as two sets they stay exact.
        """
        differing = [kind for kind in FIELDS if self.of(kind) != other.of(kind)]
        if len(differing) <= 1:
            return (
                self.having(differing[0], unite(self.of(differing[0]), other.of(differing[0]))) if differing else self
            )
        return self if self.covers(other) else other if other.covers(self) else None


def intersect(one: FieldStates, other: FieldStates) -> FieldStates:
    """The states of one field that are in both."""
    if one is None or other is None:
        return other if one is None else one
    return one & other


def unite(one: FieldStates, other: FieldStates) -> FieldStates:
    """The states of one field that are in either."""
    return None if one is None or other is None else one | other


def unite_all(several: Iterable[FieldStates]) -> FieldStates:
    """The states of one field that are in any of several sets; none where there are no sets."""
    found: FieldStates = frozenset()
    for states in several:
        found = unite(found, states)
    return found


def exclude(states: FieldStates, removed: Iterable[StateValue], everything: FieldStates) -> FieldStates:
    """The states of one field without some of them.

    Args:
        states: What the field may be.
        removed: What it may not be after all.
        everything: All states there are; stands in for a field that is not restricted.

    Raises:
        ValueError: neither is known.
    """
    known = everything if states is None else states
    if known is None:
        raise ValueError("what is left of any state is not known without all there are")
    return known.difference(removed)


def choose(everything: Iterable[StateValue], states: FieldStates) -> tuple[StateValue, ...]:
    """Of all states of a field, in their order, those that it may be."""
    return tuple(state for state in everything if states is None or state in states)


def minimise(sets: Iterable[StateSet], kinds: tuple[StateKind, ...] = FIELDS) -> list[StateSet]:
    """The same combinations in fewer sets: those that differ in one of `kinds` only become one, until none do.

    The order is that of the first set that each came from.
    """
    found = list(dict.fromkeys(sets))
    before = 0
    while len(found) > 1 and len(found) != before:
        before = len(found)
        for kind in kinds:
            alike: dict[Hashable, StateSet] = {}
            for one in found:
                key = one.having(kind, None)
                same = alike.get(key)
                alike[key] = one if same is None else one.having(kind, unite(same.of(kind), one.of(kind)))
            found = list(alike.values())
    return found


def products(cells: Collection[tuple[StateValue, StateValue, StateValue]]) -> list[StateSet]:
    """Combinations as disjoint sets, few of them: the fields are taken apart in the order that needs fewest."""
    return min((_products(cells, order) for order in permutations(FIELDS)), key=len)


def _products(
    cells: Iterable[tuple[StateValue, StateValue, StateValue]], order: tuple[StateKind, ...]
) -> list[StateSet]:
    """Values of the first field that leave the same rest share a set, and so on in the rest."""
    places = [FIELDS.index(kind) for kind in order]
    by_first: dict[StateValue, set[tuple[StateValue, StateValue]]] = defaultdict(set)
    for cell in cells:
        first, second, third = (cell[place] for place in places)
        by_first[first].add((second, third))
    found = []
    for firsts, rest in _alike(by_first):
        by_second: dict[StateValue, set[StateValue]] = defaultdict(set)
        for second, third in rest:
            by_second[second].add(third)
        for seconds, thirds in _alike(by_second):
            fields = dict(zip(order, (firsts, seconds, thirds), strict=True))
            found.append(
                StateSet(
                    vm_state=fields["vm_state"], task_state=fields["task_state"], power_state=fields["power_state"]
                )
            )
    return found


def _alike(members: Mapping[StateValue, set[Any]]) -> list[tuple[frozenset[StateValue], frozenset[Any]]]:
    """Keys that have the same set, with that set."""
    groups: dict[frozenset[Any], set[StateValue]] = defaultdict(set)
    for member, rest in members.items():
        groups[frozenset(rest)].add(member)
    return [(frozenset(keys), rest) for rest, keys in groups.items()]


def ordered(states: Iterable[StateValue]) -> tuple[StateValue, ...]:
    """The states of one field as they are stored and shown: no task first, then by name or number."""
    return tuple(sorted(states, key=_state_key))


def sort_key(states: StateSet) -> tuple[object, ...]:
    """Sorts sets: by vm_states, then task_states, then power_states; any comes after no task and before all names."""
    return tuple(field_key(states.of(kind)) for kind in FIELDS)


def field_key(states: FieldStates) -> tuple[tuple[object, ...], ...]:
    """Sorts what one field may be, as `sort_key` does."""
    return _ANY_KEY if states is None else tuple(map(_state_key, ordered(states)))


def _state_key(state: StateValue) -> tuple[bool, StateValue]:
    return (state is not None, "" if state is None else state)


def _covers(one: FieldStates, other: FieldStates) -> bool:
    return one is None or (other is not None and other <= one)
