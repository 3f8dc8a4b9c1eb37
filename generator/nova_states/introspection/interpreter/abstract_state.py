"""What the flow interpreter carries along a path: the server's row in the database and the objects that show it.

An Instance object is a view of the row: a field is as the row has it, or held in memory because it was assigned
and not yet saved, or because somebody else changed the row since.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from nova_states.facts.condition import Condition
from nova_states.facts.state_set import FieldStates, StateSet, unite_all
from nova_states.introspection.constants import state_values
from nova_states.introspection.interpreter.conditions import Conditions, either
from nova_states.introspection.interpreter.values import Attribute, Many, Raised, Record, Reraise, Unknown, Value, join
from nova_states.introspection.modules import Modules

ATTRIBUTES: tuple[Attribute, ...] = ("vm_state", "task_state")

_MOST_WORLDS = 4
"""Worlds of equal states kept apart for what their variables hold, before they are joined."""


def read_universe(modules: Modules) -> StateSet:
    """The vm_states and task_states of this tree."""
    vm_states = frozenset(str(value) for value in state_values(modules, "vm_state").values())
    task_states = frozenset(str(value) for value in state_values(modules, "task_state").values())
    return StateSet(vm_state=vm_states, task_state=task_states | {None})


@dataclass(frozen=True, kw_only=True, slots=True)
class ServerRow:
    """The server's row: any combination of these states."""

    states: StateSet = field(default_factory=StateSet)
    exists: bool = True
    written: frozenset[Attribute] = frozenset()
    """The fields that were written since the entry point or the message began."""

    def of(self, attribute: Attribute) -> FieldStates:
        """The states of one field."""
        return self.states.of(attribute)

    def having(self, attribute: Attribute, states: FieldStates) -> ServerRow:
        """The same row with one field in other states."""
        return ServerRow(states=self.states.having(attribute, states), exists=self.exists, written=self.written)


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldValue:
    """A field that an object holds in memory, apart from the row."""

    states: FieldStates
    dirty: bool
    """True: assigned, the next save writes it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ObjectView:
    """An Instance object; None in place of a field: as the row has it."""

    vm_state: FieldValue | None = None
    task_state: FieldValue | None = None

    def of(self, attribute: Attribute) -> FieldValue | None:
        """What is held of one field."""
        return self.vm_state if attribute == "vm_state" else self.task_state

    def having(self, attribute: Attribute, field_value: FieldValue | None) -> ObjectView:
        """The same object holding something else."""
        if attribute == "vm_state":
            return ObjectView(vm_state=field_value, task_state=self.task_state)
        return ObjectView(vm_state=self.vm_state, task_state=field_value)


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownTest:
    """A test with the outcome that it had."""

    outcome: Condition
    names: tuple[str, ...]
    """The names that it reads; a new value of one of them makes it unknown again."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class State:
    """One way things can stand at a point of the source."""

    row: ServerRow
    views: tuple[ObjectView, ...] = ()
    names: dict[str, Value]
    """Local variables of the function being read."""
    known: frozenset[KnownTest] = frozenset()
    """Tests of this function whose outcome is known on this path."""
    conditions: Conditions = ()
    """What had to hold to get here, as far as the states do not tell."""
    failing: bool = False
    """True inside the handling of an exception."""
    symbolic: bool = False
    """True once a state was chosen that only another operation or a user knows."""
    handled: Raised | None = None
    """The exception being handled."""
    saved: tuple[dict[str, Value], ...] = ()
    """Variables of the functions whose `with` bodies run inside this one."""
    leaving: tuple[tuple[str, Value], ...] = ()
    """How a `with` body was left (return, break, continue) while its context manager finishes."""

    def but(self, **changes: Any) -> State:  # noqa: ANN401 - the fields of State
        """The same with other fields; what `dataclasses.replace` does, at a tenth of the cost."""
        new = object.__new__(State)
        for name in _WORLD_FIELDS:
            object.__setattr__(new, name, changes[name] if name in changes else getattr(self, name))
        return new

    def states(self, view: int, attribute: Attribute) -> FieldStates:
        """What a read of a server's field can give."""
        field_value = self.views[view].of(attribute)
        return field_value.states if field_value else self.row.of(attribute)

    def narrowed(self, view: int, attribute: Attribute, states: FieldStates) -> State:
        """The same, knowing that a read of the field gives one of `states`."""
        field_value = self.views[view].of(attribute)
        if field_value is None:
            return self.but(row=self.row.having(attribute, states))
        return self.viewing(view, self.views[view].having(attribute, replace(field_value, states=states)))

    def viewing(self, index: int, view: ObjectView) -> State:
        """The same with one object changed."""
        return self.but(views=(*self.views[:index], view, *self.views[index + 1 :]))

    def binding(self, name: str, value: Value) -> State:
        """The same with a variable set; what was known of tests on it is forgotten."""
        known = frozenset(test for test in self.known if name not in test.names) if self.known else self.known
        return self.but(names=self.names | {name: value}, known=known)

    def handling(self, raised: Raised | None, *, failing: bool) -> State:
        """The same inside (or again outside) the handling of an exception."""
        return self.but(handled=raised, failing=failing)

    def provided(self, condition: Condition) -> State:
        """The same under one more condition."""
        return self if condition in self.conditions else self.but(conditions=(*self.conditions, condition))


_WORLD_FIELDS = State.__slots__


def merge(worlds: Iterable[State], live: frozenset[str] | None = None, *, most: int = _MOST_WORLDS) -> list[State]:
    """Join worlds that stand alike: equal states, and variables still to be read (`live`; None: all) equal or many.

    `most`: worlds of equal states that are kept apart for their variables.
    """
    worlds = list({id(world): world for world in worlds}.values())
    if len(worlds) <= 1:
        return worlds
    groups: dict[object, dict[object, list[State]]] = {}
    decisive: dict[int, object] = {}
    for world in worlds:
        names = id(world.names)  # worlds share their variables until one of them is assigned
        if names not in decisive:
            decisive[names] = _decisive(world, live)
        groups.setdefault(_standing(world), {}).setdefault(decisive[names], []).append(world)
    result: list[State] = []
    for partitions in groups.values():
        if len(partitions) > most:
            result.append(_join([world for part in partitions.values() for world in part], live))
        else:
            result.extend(_join(part, live) for part in partitions.values())
    return _unite(result, live) if len(result) > 1 else result


def _standing(world: State) -> tuple[object, ...]:
    """What tells worlds apart whatever their variables are."""
    return (world.row, world.views, world.failing, world.symbolic, world.handled, world.leaving,
            tuple(id(names) for names in world.saved))  # fmt: skip


def _decisive(world: State, live: frozenset[str] | None) -> frozenset[tuple[str, Value]]:
    """The variables that can decide a test or be written: constants, states, servers."""
    return frozenset(
        (name, value)
        for name, value in world.names.items()
        if (live is None or name in live or isinstance(value, Reraise))
        and not isinstance(value, Unknown | Record | Many)
    )


def _unite(worlds: list[State], live: frozenset[str] | None) -> list[State]:
    """Join worlds that differ in one field of the row only, under equal conditions."""
    for attribute in ATTRIBUTES:
        groups: dict[object, list[State]] = {}
        for world in worlds:
            key = (
                world.row.states.having(attribute, None),
                world.row.exists,
                *_standing(world)[1:],
                world.conditions,
                _decisive(world, live),
            )
            groups.setdefault(key, []).append(world)
        if len(groups) < len(worlds):
            worlds = [_united(group, attribute, live) for group in groups.values()]
    return worlds


def _united(worlds: list[State], attribute: Attribute, live: frozenset[str] | None) -> State:
    joined = _join(worlds, live)
    return joined.but(row=joined.row.having(attribute, unite_all(world.row.of(attribute) for world in worlds)))


def _join(worlds: list[State], live: frozenset[str] | None) -> State:
    first, *others = worlds
    if not others:
        return first
    conditions = either([world.conditions for world in worlds])
    known = first.known.intersection(*(world.known for world in others))
    names = {
        name: join([value, *(world.names[name] for world in others)])
        for name, value in first.names.items()
        if (live is None or name in live or isinstance(value, Reraise)) and all(name in world.names for world in others)
    }
    return first.but(names=names, known=known, conditions=conditions)
