"""Decides tests: on a server's states exactly, on known values exactly, and otherwise both ways under a condition."""

from __future__ import annotations

import ast
import re
from collections.abc import Hashable
from weakref import WeakKeyDictionary

from nova_states.facts.condition import negated
from nova_states.introspection.code_tests import code_condition
from nova_states.introspection.dispatch import Dispatch
from nova_states.introspection.interpreter.abstract_state import KnownTest, State
from nova_states.introspection.interpreter.conditions import either, outcomes
from nova_states.introspection.interpreter.exceptions import covers
from nova_states.introspection.interpreter.machine import Branches, Context, Machine
from nova_states.introspection.interpreter.node_queries import has_call, names_in
from nova_states.introspection.interpreter.values import (
    InstanceRef,
    Known,
    OneOf,
    Raised,
    ServerField,
    Unchanged,
    Value,
    constants,
    members,
    truth,
)
from nova_states.introspection.tree_walk import walk

_DECIDERS: Dispatch[Context, [State], Branches] = Dispatch()
"""What decides each kind of test; any other is decided by its value."""


def branch(here: Context, test: ast.expr, world: State) -> Branches:
    """Split a world by a test."""
    decide = _DECIDERS.handler(test)
    return decide(here, test, world) if decide else _decide_value(here, test, world)


@_DECIDERS.on(ast.UnaryOp)
def _decide_not(here: Context, test: ast.UnaryOp, world: State) -> Branches:
    if not isinstance(test.op, ast.Not):
        return _both(test, world)
    holds, fails = branch(here, test.operand, world)
    return fails, holds


@_DECIDERS.on(ast.BoolOp)
def _decide_boolean(here: Context, test: ast.BoolOp, world: State) -> Branches:
    is_and = isinstance(test.op, ast.And)
    going: list[State] = [world]
    settled: list[State] = []
    for part in test.values:
        further: list[State] = []
        for one in going:
            holds, fails = branch(here, part, one)
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
        and not any(isinstance(part, ast.NamedExpr) for value in test.values for part in walk(value))
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


@_DECIDERS.on(ast.Compare)
def _decide_compare(here: Context, test: ast.Compare, world: State) -> Branches:
    comparison = _COMPARISONS.get(type(test.ops[0]))
    if len(test.ops) != 1 or comparison is None:
        return _both(test, world)
    kind, positive = comparison
    left, right = test.left, test.comparators[0]
    field = _state_field(here, left, world)
    if field is None and kind == "equal":
        field = _state_field(here, right, world)
        left, right = (right, left) if field else (left, right)
    if field is None:
        return _compare_values(here, test, world)
    ((after, value), *others) = here.evaluate(right, world)
    wanted = members(value) if kind == "member" else constants(value)
    if wanted is None or others:
        return _both(test, world)
    if isinstance(value, OneOf) and len(value.values) > 1 and kind == "equal":
        return _both(test, world)
    holds, fails = _narrow(here.machine, after, field, wanted)
    return (holds, fails) if positive else (fails, holds)


def _state_field(here: Context, node: ast.expr, world: State) -> ServerField | None:
    """The server's object and field that an expression reads, if it does nothing else."""
    match node:
        case ast.Name(id=name):
            variable = world.names.get(name)
            if not isinstance(variable, Unchanged):
                return None
            is_stale = (
                variable.attribute in world.row.written or world.views[variable.view].of(variable.attribute) is not None
            )
            return None if is_stale else (variable.view, variable.attribute)
        case ast.Attribute(value=owner, attr="vm_state" | "task_state" as name):
            pass
        case ast.Subscript(value=owner, slice=ast.Constant(value="vm_state" | "task_state" as name)):
            pass
        case _:
            return None
    if has_call(owner):
        return None
    for _, value in here.apart().evaluate(owner, world):
        if isinstance(value, InstanceRef):
            return value.view, name
    return None


def _narrow(machine: Machine, world: State, field: ServerField, wanted: frozenset[Hashable]) -> Branches:
    view, attribute = field
    states = world.states(view, attribute)
    everything = machine.universe.each(attribute) if states is None else states
    inside = frozenset(state for state in everything if state in wanted)
    outside = everything - inside
    holds = [world.narrowed(view, attribute, inside)] if inside else []
    fails = [world.narrowed(view, attribute, outside)] if outside else []
    return holds, fails


def _compare_values(here: Context, test: ast.Compare, world: State) -> Branches:
    kind, positive = _COMPARISONS[type(test.ops[0])]
    holds: list[State] = []
    fails: list[State] = []
    for middle, left in here.evaluate(test.left, world):
        for after, right in here.evaluate(test.comparators[0], middle):
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


@_DECIDERS.on(ast.Call)
def _decide_call(here: Context, test: ast.Call, world: State) -> Branches:
    match test:
        case ast.Call(func=ast.Name(id="isinstance"), args=[subject, kinds]):
            found = here.evaluate(subject, world)
            if len(found) == 1 and isinstance(found[0][1], Raised):
                verdict = covers(here, kinds, found[0][1])
                if verdict is not None:
                    return ([world], []) if verdict else ([], [world])
            if len(found) == 1 and isinstance(found[0][1], InstanceRef) and _OBJECTS.search(ast.unparse(kinds)):
                return [world], []
    return _decide_value(here, test, world)


def _decide_value(here: Context, test: ast.expr, world: State) -> Branches:
    field = _state_field(here, test, world)
    if field:
        empty, full = _narrow(here.machine, world, field, frozenset({None}))
        return full, empty
    holds: list[State] = []
    fails: list[State] = []
    for after, value in here.evaluate(test, world):
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
    (known, condition), (known_not, opposite) = zip(_known(test), outcomes(test), strict=True)
    if not positive:
        known, known_not, condition, opposite = known_not, known, opposite, condition
    if known in world.known:
        return [world], []
    if known_not in world.known:
        return [], [world]
    if has_call(test):
        return [world.provided(condition)], [world.provided(opposite)]
    return (
        [world.but(known=world.known | {known}).provided(condition)],
        [world.but(known=world.known | {known_not}).provided(opposite)],
    )


def _known(test: ast.expr) -> tuple[KnownTest, KnownTest]:
    """What is known where a test holds, and where it does not."""
    found = _KNOWN.get(test)
    if found is None:
        names = names_in(test)
        condition = code_condition(test)
        found = (KnownTest(outcome=condition, names=names), KnownTest(outcome=negated(condition), names=names))
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
