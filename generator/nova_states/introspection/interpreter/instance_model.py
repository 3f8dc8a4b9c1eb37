"""What happens to the row when an Instance object is read, assigned, saved, created or destroyed.

Mirrors nova/objects/instance.py: what is assigned is to be saved, be it what the object shows already; a save checks
what it expects against the database, writes what was assigned and reads the row anew.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from typing import TypeAlias

from nova_states.facts.condition import CodeTest, Condition, Race, Selected, literals
from nova_states.facts.guard_check import admitted
from nova_states.facts.state_set import FieldStates, StateSet, exclude, intersect
from nova_states.introspection.interpreter.abstract_state import (
    ATTRIBUTES,
    FieldValue,
    ObjectView,
    ServerRow,
    State,
)
from nova_states.introspection.interpreter.machine import Arguments, Context, StateWrite
from nova_states.introspection.interpreter.values import (
    NONE,
    UNKNOWN,
    Attribute,
    InstanceListRef,
    InstanceRef,
    Known,
    KnownItems,
    Many,
    Pairs,
    Raised,
    ServerField,
    Unchanged,
    Value,
    constants,
    members,
)

DELETED = "deleted"
"""The vm_state of a server whose row has ended."""

Writes: TypeAlias = dict[Attribute, str | None]
"""Field → the state that is written."""

_UNEXPECTED = Raised(name="nova.exception.UnexpectedTaskStateError")
_DELETING = Raised(name="nova.exception.UnexpectedDeletingTaskStateError")
_NOT_FOUND = Raised(name="nova.exception.InstanceNotFound")
_NOT_DESTROYED = Raised(name="nova.exception.ObjectActionError")
_MOST_APART = 6
"""States that are followed one by one once a variable holds them; more stay together."""
_TASK_DELETING = "deleting"
_MEANWHILE = Race(request="delete")
"""Condition of a write that a delete came before."""
_OWN_FILTERS = frozenset({"vm_state", "task_state", "host", "deleted", "soft_deleted"})
"""Filters that pick a host's servers by state."""
_QUERIES: dict[str, InstanceListRef] = {
    "get_hung_in_rebooting": InstanceListRef(states=StateSet(task_state=frozenset({"rebooting"}))),
}
"""Queries whose filter is in the database layer (nova/db: instance_get_all_hung_in_rebooting)."""


def read_field(world: State, view: int, attribute: Attribute) -> list[tuple[State, Value]]:
    """The values of a field, each with the world in which it has that value."""
    states = world.states(view, attribute)
    if states is not None and len(states) == 1:
        return [(world, Known(value=next(iter(states)), read_from=attribute))]
    if states is None or len(states) > _MOST_APART:
        return [(world, Unchanged(view=view, attribute=attribute))]
    return [
        (world.narrowed(view, attribute, frozenset({state})), Known(value=state, read_from=attribute))
        for state in sorted(states, key=str)
    ]


def write_field(here: Context, node: ast.AST, world: State, field: ServerField, value: Value) -> list[State]:
    """Assign a field in memory."""
    here.mark(node)
    view, attribute = field
    if isinstance(value, Unchanged):
        return [world]
    states = constants(value)
    if states is None:
        here.machine.unread[here.frame.site(node)] = f"the value assigned to {attribute} is not known"
        return [world]
    symbolic = world.symbolic or not isinstance(value, Known)
    return [
        _assigned(world.but(symbolic=symbolic), view, attribute, state)
        for state in sorted(states, key=str)
        if state is None or isinstance(state, str)
    ]


def _assigned(world: State, view: int, attribute: Attribute, state: str | None) -> State:
    field_value = FieldValue(states=frozenset({state}), dirty=True)
    if world.views[view].of(attribute) == field_value:
        return world
    return world.viewing(view, world.views[view].having(attribute, field_value))


def add_view(world: State, view: ObjectView | None = None) -> tuple[State, InstanceRef]:
    """Another object for the server."""
    return world.but(views=(*world.views, view or ObjectView())), InstanceRef(view=len(world.views))


def save(here: Context, node: ast.AST, world: State, view: int, keywords: dict[str, Value]) -> list[State]:
    """Write what was assigned, if the row is as the save expects."""
    if not world.row.exists:
        here.raises(world, _NOT_FOUND)
        return []
    row = world.row
    asked = {a: _expected(here, node, keywords.get(f"expected_{a}", NONE)) for a in ATTRIBUTES}
    for attribute, expected in asked.items():
        if expected is None:
            continue
        refused = exclude(row.of(attribute), expected, frozenset())
        if refused:
            here.raises(world.but(row=row.having(attribute, refused)), _UNEXPECTED)
        if attribute == "task_state" and _TASK_DELETING not in expected:
            # Deleting is allowed at any time, so that any save that expects a task can come too late.
            gone = row.having(attribute, frozenset({_TASK_DELETING}))
            here.raises(world.but(row=gone), _DELETING)
        row = row.having(attribute, intersect(row.of(attribute), expected))
        if row.states.is_empty:
            return []
    return [_written(here, node, world.but(row=row), view, asked["task_state"])]


def _expected(here: Context, node: ast.AST, value: Value) -> FieldStates:
    """The states a save accepts; None: it does not look."""
    found = members(value)
    if found is None:
        here.machine.unread[here.frame.site(node)] = "the states that a save expects are not known"
    if found is None or value == NONE:
        return None
    return frozenset(state for state in found if state is None or isinstance(state, str))


def _written(here: Context, node: ast.AST, world: State, view: int, expected: FieldStates) -> State:
    """The world once what was assigned is written to its row."""
    row = world.row
    writes: Writes = {}
    for attribute in ATTRIBUTES:
        field_value = world.views[view].of(attribute)
        if field_value and field_value.dirty and field_value.states:
            (writes[attribute],) = field_value.states
    after = row
    views = list(world.views)
    for attribute, state in writes.items():
        after = after.having(attribute, frozenset({state}))
        if row.of(attribute) != frozenset({state}):
            stale = FieldValue(states=row.of(attribute), dirty=False)
            views = [v if v.of(attribute) else v.having(attribute, stale) for v in views]
    changed = frozenset(attribute for attribute, state in writes.items() if row.of(attribute) != frozenset({state}))
    after = replace(after, written=after.written | changed)
    views[view] = ObjectView()
    for start in _changed(row, writes):
        _record(here, node, world, _Change(start=start, writes=writes, expected=expected))
    if (expected is None or _TASK_DELETING in expected) and _can_be_late(here, world, writes):
        _record_late(here, node, world, _Change(start=row, writes=writes, expected=expected))
    return world.but(row=after, views=tuple(views))


def _can_be_late(here: Context, world: State, writes: Writes) -> bool:
    """Whether a write that lets a delete's task pass can come after a delete that came in since the row was read.

    Of what succeeds it is told where the delete is lost, as its task is written over.
    """
    if here.frame.actor == "api" or writes.get("task_state") == _TASK_DELETING:
        return False
    if not world.failing and ("task_state" not in writes or not here.machine.anchored):
        return False
    tasks = world.row.of("task_state")
    return tasks is not None and _TASK_DELETING not in tasks


def _record_late(here: Context, node: ast.AST, world: State, change: _Change) -> None:
    """Keep what a write does once a delete has come in, as far as delete's guards let it."""
    states = world.row.states
    for guard in here.machine.delete_guards:
        states = admitted(guard, states, here.machine.universe)
    if states.is_empty:
        return
    row = replace(world.row, states=states.having("task_state", frozenset({_TASK_DELETING})))
    for start in _changed(row, change.writes):
        _record(here, node, world.provided(_MEANWHILE), replace(change, start=start))


def _changed(row: ServerRow, writes: Writes) -> list[ServerRow]:
    """The part of the row that the writes change, as combinations of states."""
    result: list[ServerRow] = []
    rest = row
    for attribute, state in writes.items():
        states = rest.of(attribute)
        if states is None:
            return [*result, rest]
        if states - {state}:
            result.append(rest.having(attribute, states - {state}))
        if state not in states:
            return result
        rest = rest.having(attribute, frozenset({state}))
    return result


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Change:
    """What a write does to the row."""

    start: ServerRow | None
    """None: the row is created."""
    writes: Writes
    expected: FieldStates = None


def _record(here: Context, node: ast.AST, world: State, change: _Change) -> None:
    """Keep a write that reaches the database."""
    here.machine.record(
        StateWrite(
            start=replace(change.start, written=frozenset()) if change.start else None,
            vm_state=change.writes.get("vm_state"),
            task_state=change.writes.get("task_state"),
            writes_task="task_state" in change.writes,
            failing=world.failing,
            symbolic=world.symbolic,
            conditions=world.conditions,
            expected=change.expected,
            actor=here.frame.actor,
            site=here.frame.site(node),
        )
    )


def create(here: Context, node: ast.AST, world: State, view: int) -> list[State]:
    """Insert the row; a copy of a row that exists (in another cell) changes nothing."""
    here.mark(node)
    if world.row.exists:
        return [world.viewing(view, ObjectView())]
    field_value = {attribute: world.views[view].of(attribute) for attribute in ATTRIBUTES}
    writes: Writes = {"vm_state": None, "task_state": None}
    writes |= {a: next(iter(h.states)) for a, h in field_value.items() if h and h.states}
    _record(here, node, world, _Change(start=None, writes=writes))
    states = StateSet(vm_state=frozenset({writes["vm_state"]}), task_state=frozenset({writes["task_state"]}))
    row = ServerRow(states=states)
    return [world.but(row=row, views=(*world.views[:view], ObjectView(), *world.views[view + 1 :]))]


def destroy(here: Context, node: ast.AST, world: State) -> list[State]:
    """End the row."""
    here.mark(node)
    if not world.row.exists:
        here.raises(world, _NOT_FOUND)
        return [world]
    here.raises(world, _NOT_DESTROYED)
    for start in _changed(world.row, {"vm_state": DELETED}):
        _record(here, node, world, _Change(start=start, writes={"vm_state": DELETED}))
    return [world.but(row=replace(world.row.having("vm_state", frozenset({DELETED})), exists=False))]


def query(name: str, arguments: Arguments, *, anchored: bool) -> Value:
    """What a query of InstanceList gives; `anchored`: the entry point is about one given server."""
    if anchored:
        return UNKNOWN
    if name in _QUERIES:
        return _QUERIES[name]
    filters = next((value for value in arguments.all() if isinstance(value, Pairs)), Pairs(items=()))
    vms, tasks = (_filter(filters.get(attribute)) for attribute in ATTRIBUTES)
    if filters.get("deleted") == Known(value=True):
        vms = frozenset({DELETED})  # rows that have ended
    others = sorted(str(name) for name, _ in filters.items if name not in _OWN_FILTERS)
    return InstanceListRef(
        states=StateSet(vm_state=None if vms is None else vms - {None}, task_state=tasks),
        condition=Selected(filters=tuple(others)) if others else None,
    )


def _filter(value: Value | None) -> FieldStates:
    found = members(value) if value is not None else None
    return None if found is None else frozenset(state for state in found if state is None or isinstance(state, str))


def element(world: State, iterable: Value) -> tuple[State, Value]:
    """One item of what a loop runs over; a server of a query starts in the states that the query asks for."""
    if isinstance(iterable, InstanceListRef):
        row = ServerRow(states=iterable.states)
        configured = tuple(one for one in world.conditions if _is_configured(one))
        fresh = world.but(row=row, views=(), conditions=configured, symbolic=False).handling(None, failing=False)
        return add_view(fresh.provided(iterable.condition) if iterable.condition else fresh)
    if isinstance(iterable, Many):
        return world, iterable.item
    if isinstance(iterable, KnownItems) and len(set(iterable.items)) == 1:
        return world, iterable.items[0]
    return world, UNKNOWN


def _is_configured(condition: Condition) -> bool:
    """Whether a condition is about the options of a host, and so the same for all its servers."""
    return any(isinstance(one, CodeTest) and one.about == "configuration" for one in literals(condition))
