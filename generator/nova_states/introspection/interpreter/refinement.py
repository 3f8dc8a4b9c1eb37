"""Decides tests: on a server's states exactly, on known values exactly, and otherwise both ways under a condition."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Hashable
from weakref import WeakKeyDictionary

from nova_states.facts.condition import negated
from nova_states.introspection.code_tests import code_condition
from nova_states.introspection.interpreter.abstract_state import KnownTest, State
from nova_states.introspection.interpreter.conditions import either, outcomes
from nova_states.introspection.interpreter.exceptions import covers
from nova_states.introspection.interpreter.machine import Exits, Frame, Machine
from nova_states.introspection.interpreter.node_queries import has_call, names_in
from nova_states.introspection.interpreter.values import (
    Attribute,
    InstanceRef,
    Known,
    OneOf,
    Raised,
    Unchanged,
    Value,
    constants,
    members,
    truth,
)

Branches = tuple[list[State], list[State]]
"""The worlds in which a test holds, and those in which it does not."""


def branch(machine: Machine, frame: Frame, test: ast.expr, world: State, exits: Exits) -> Branches:
    """Split a world by a test."""
    decide = _DECIDERS.get(type(test), _decide_value)
    return decide(machine, frame, test, world, exits)


def _decide_not(machine: Machine, frame: Frame, test: ast.expr, world: State, exits: Exits) -> Branches:
    assert isinstance(test, ast.UnaryOp)  # noqa: S101 - the table dispatches on it
    if not isinstance(test.op, ast.Not):
        return _both(test, world)
    holds, fails = branch(machine, frame, test.operand, world, exits)
    return fails, holds


def _decide_boolean(machine: Machine, frame: Frame, test: ast.expr, world: State, exits: Exits) -> Branches:
    assert isinstance(test, ast.BoolOp)  # noqa: S101 - the table dispatches on it
    is_and = isinstance(test.op, ast.And)
    going: list[State] = [world]
    settled: list[State] = []
    for part in test.values:
        further: list[State] = []
        for one in going:
            holds, fails = branch(machine, frame, part, one, exits)
            further += holds if is_and else fails
            settled += fails if is_and else holds
        going = further
    if _is_open(going, settled, test, world):
        return _both(test, world)
    settled = _together(settled, world)
    return (going, settled) if is_and else (settled, going)


def _is_open(going: list[State], settled: list[State], test: ast.BoolOp, before: State) -> bool:
    """Whether no part of a test was decided, nor said anything of the states."""
    parts = len(test.values)
    return (
        len(going) == 1
        and len(settled) == parts
        and len(going[0].conditions) == len(before.conditions) + parts
        and all(one.row == before.row and one.views == before.views for one in (*going, *settled))
        and not before.symbolic
        and not any(isinstance(part, ast.NamedExpr) for value in test.values for part in ast.walk(value))
    )


def _together(worlds: list[State], before: State) -> list[State]:
    """Join the worlds in which different parts of a test decided it, where the states are the same."""
    groups: dict[object, list[State]] = {}
    for world in worlds:
        groups.setdefault((world.row, world.views, world.symbolic), []).append(world)
    return [
        group[0]
        if len(group) == 1
        else group[0].but(conditions=either([one.conditions for one in group]), known=before.known)
        for group in groups.values()
    ]


def _decide_compare(machine: Machine, frame: Frame, test: ast.expr, world: State, exits: Exits) -> Branches:
    assert isinstance(test, ast.Compare)  # noqa: S101 - the table dispatches on it
    comparison = _COMPARISONS.get(type(test.ops[0]))
    if len(test.ops) != 1 or comparison is None:
        return _both(test, world)
    kind, positive = comparison
    left, right = test.left, test.comparators[0]
    field = _state_field(machine, frame, left, world)
    if field is None and kind == "equal":
        field = _state_field(machine, frame, right, world)
        left, right = (right, left) if field else (left, right)
    if field is None:
        return _compare_values(machine, frame, test, world, exits)
    ((after, value), *others) = machine.evaluate(frame, right, world, exits)
    wanted = members(value) if kind == "member" else constants(value)
    if wanted is None or others:
        return _both(test, world)
    if isinstance(value, OneOf) and len(value.values) > 1 and kind == "equal":
        return _both(test, world)
    holds, fails = _narrow(machine, after, field, wanted)
    return (holds, fails) if positive else (fails, holds)


def _state_field(machine: Machine, frame: Frame, node: ast.expr, world: State) -> tuple[int, Attribute] | None:
    """The server's object and field that an expression reads, if it does nothing else."""
    match node:
        case ast.Name(id=name) if isinstance(world.names.get(name), Unchanged):
            held = world.names[name]
            assert isinstance(held, Unchanged)  # noqa: S101 - just looked at
            is_stale = held.attribute in world.row.written or world.views[held.view].of(held.attribute) is not None
            return None if is_stale else (held.view, held.attribute)
        case ast.Attribute(value=owner, attr="vm_state" | "task_state" as name):
            pass
        case ast.Subscript(value=owner, slice=ast.Constant(value="vm_state" | "task_state" as name)):
            pass
        case _:
            return None
    if has_call(owner):
        return None
    for _, value in machine.evaluate(frame, owner, world, Exits()):
        if isinstance(value, InstanceRef):
            return value.view, name
    return None


def _narrow(machine: Machine, world: State, field: tuple[int, Attribute], wanted: frozenset[Hashable]) -> Branches:
    view, attribute = field
    states = world.states(view, attribute)
    everything = machine.universe.each(attribute) if states is None else states
    inside = frozenset(state for state in everything if state in wanted)
    outside = everything - inside
    holds = [world.narrowed(view, attribute, inside)] if inside else []
    fails = [world.narrowed(view, attribute, outside)] if outside else []
    return holds, fails


def _compare_values(machine: Machine, frame: Frame, test: ast.Compare, world: State, exits: Exits) -> Branches:
    kind, positive = _COMPARISONS[type(test.ops[0])]
    holds: list[State] = []
    fails: list[State] = []
    for middle, left in machine.evaluate(frame, test.left, world, exits):
        for after, right in machine.evaluate(frame, test.comparators[0], middle, exits):
            outcome = _outcome(kind, left, right)
            if outcome is None:
                yes, no = _split(test, after, left, right, kind) or _both(test, after, positive=positive)
                holds += yes
                fails += no
            else:
                (holds if outcome else fails).append(_remembering(test, after, left, holds=outcome is positive))
    return (holds, fails) if positive else (fails, holds)


def _remembering(test: ast.Compare, world: State, left: Value, *, holds: bool) -> State:
    """A test of a state that the server had before is a condition once the server's state tells no more of it."""
    if not isinstance(left, Known) or left.read_from is None:
        return world
    if world.row.of(left.read_from) == frozenset({left.value}):
        return world
    return world.provided(outcomes(test)[0 if holds else 1])


def _outcome(kind: str, left: Value, right: Value) -> bool | None:
    """Whether a comparison of two values holds; None: it may or may not."""
    mine = constants(left)
    theirs = members(right) if kind == "member" else constants(right)
    if mine is not None and theirs is not None:
        if kind == "equal" and len(theirs) > 1:
            return None if mine & theirs else False
        inside = {one in theirs for one in mine}
        return inside.pop() if len(inside) == 1 else None
    if kind == "equal" and right == Known(value=None) and truth(left):
        return False  # an object is not None
    return None


def _split(test: ast.Compare, world: State, left: Value, right: Value, kind: str) -> Branches | None:
    """Split a variable that is one of several constants."""
    positive = _COMPARISONS[type(test.ops[0])][1]
    theirs = members(right) if kind == "member" else constants(right)
    if not isinstance(left, OneOf) or theirs is None or not isinstance(test.left, ast.Name):
        return None
    sides = []
    for kept in (left.values & theirs, left.values - theirs):
        value: Value = Known(value=next(iter(kept))) if len(kept) == 1 else OneOf(values=kept)
        sides.append(world.binding(test.left.id, value))
    inside, outside = outcomes(test) if positive else reversed(outcomes(test))
    return [sides[0].provided(inside)], [sides[1].provided(outside)]


def _decide_call(machine: Machine, frame: Frame, test: ast.expr, world: State, exits: Exits) -> Branches:
    match test:
        case ast.Call(func=ast.Name(id="isinstance"), args=[subject, kinds]):
            found = machine.evaluate(frame, subject, world, exits)
            if len(found) == 1 and isinstance(found[0][1], Raised):
                verdict = covers(machine, frame, kinds, found[0][1])
                if verdict is not None:
                    return ([world], []) if verdict else ([], [world])
            if len(found) == 1 and isinstance(found[0][1], InstanceRef) and _OBJECTS.search(ast.unparse(kinds)):
                return [world], []
    return _decide_value(machine, frame, test, world, exits)


def _decide_value(machine: Machine, frame: Frame, test: ast.expr, world: State, exits: Exits) -> Branches:
    field = _state_field(machine, frame, test, world)
    if field:
        empty, full = _narrow(machine, world, field, frozenset({None}))
        return full, empty
    holds: list[State] = []
    fails: list[State] = []
    for after, value in machine.evaluate(frame, test, world, exits):
        outcome = truth(value)
        if outcome is None:
            yes, no = _both(test, after)
            holds += yes
            fails += no
        else:
            (holds if outcome else fails).append(after)
    return holds, fails


def _both(test: ast.expr, world: State, *, positive: bool = True) -> Branches:
    """Go on both ways, unless the same test was already decided on this path; not positive: for its opposite."""
    (known, told), (known_not, told_not) = zip(_known(test), outcomes(test), strict=True)
    if not positive:
        known, known_not, told, told_not = known_not, known, told_not, told
    if known in world.known:
        return [world], []
    if known_not in world.known:
        return [], [world]
    if has_call(test):
        return [world.provided(told)], [world.provided(told_not)]
    return (
        [world.but(known=world.known | {known}).provided(told)],
        [world.but(known=world.known | {known_not}).provided(told_not)],
    )


def _known(test: ast.expr) -> tuple[KnownTest, KnownTest]:
    """What is known where a test holds, and where it does not."""
    found = _KNOWN.get(test)
    if found is None:
        names = names_in(test)
        condition = code_condition(test)
        opposite = negated(condition) or condition
        found = (KnownTest(outcome=condition, names=names), KnownTest(outcome=opposite, names=names))
        _KNOWN[test] = found
    return found


_KNOWN: WeakKeyDictionary[ast.AST, tuple[KnownTest, KnownTest]] = WeakKeyDictionary()

_OBJECTS = re.compile(r"\b(?:NovaObject|Instance)\b")
"""The classes an Instance object is of."""

_COMPARISONS: dict[type[ast.cmpop], tuple[str, bool]] = {
    ast.Eq: ("equal", True),
    ast.Is: ("equal", True),
    ast.NotEq: ("equal", False),
    ast.IsNot: ("equal", False),
    ast.In: ("member", True),
    ast.NotIn: ("member", False),
}

_DECIDERS: dict[type[ast.expr], Callable[[Machine, Frame, ast.expr, State, Exits], Branches]] = {
    ast.UnaryOp: _decide_not,
    ast.BoolOp: _decide_boolean,
    ast.Compare: _decide_compare,
    ast.Call: _decide_call,
}
