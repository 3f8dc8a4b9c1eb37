"""Values of expressions: names, attributes and literals as far as they are known; calls are handed to `calls`."""

from __future__ import annotations

import ast
from collections.abc import Callable

from nova_states.introspection.constant_evaluator import Scope, UnreadableError, evaluate
from nova_states.introspection.interpreter import attribute_lookup
from nova_states.introspection.interpreter.abstract_state import State
from nova_states.introspection.interpreter.instance_model import read_field
from nova_states.introspection.interpreter.machine import Exits, Found, Frame, Machine, raise_any
from nova_states.introspection.interpreter.node_queries import has_call, names_in, root
from nova_states.introspection.interpreter.slicing import STATE_FIELDS, tells
from nova_states.introspection.interpreter.values import (
    UNKNOWN,
    InstanceRef,
    Known,
    KnownItems,
    Many,
    Metadata,
    Method,
    OneOf,
    Pairs,
    Record,
    Remote,
    Routine,
    Value,
    constants,
    lift,
    truth,
)

INSTANCE_METHODS = frozenset({"create", "destroy", "get", "obj_clone", "refresh", "save", "update"})
"""Methods of Instance that read or write its states."""
_MODELLED = frozenset({"append", "copy", "extend", "get", "items", "pop", "setdefault", "update", "values"})


def evaluate_expression(machine: Machine, frame: Frame, node: ast.expr, world: State, exits: Exits) -> Found:
    """All values an expression can have here; what it can raise is entered in `exits`."""
    reader = _READERS.get(type(node))
    if reader is not None:
        return reader(machine, frame, node, world, exits)
    if has_call(node):
        raise_any(machine, world, exits)
    return [(world, UNKNOWN)]


def evaluate_all(
    machine: Machine, frame: Frame, nodes: list[ast.expr], world: State, exits: Exits
) -> list[tuple[State, tuple[Value, ...]]]:
    """The values of several expressions, evaluated in their order."""
    found: list[tuple[State, tuple[Value, ...]]] = [(world, ())]
    for node in nodes:
        found = [
            (after, (*values, value))
            for before, values in found
            for after, value in machine.evaluate(frame, node, before, exits)
        ]
    return found


def module_value(machine: Machine, frame: Frame, node: ast.expr) -> Value:
    """The value of an expression that only depends on its module (constants, classes, functions), else Unknown."""
    key = ("module value", node)
    if key not in machine.remembered:
        try:
            scope = Scope(modules=machine.modules, module=frame.module)
            value = lift(evaluate(node, scope)) if tells(frame.module, node) else UNKNOWN
        except UnreadableError:
            value = UNKNOWN
        machine.remembered[key] = value
    return machine.remembered[key]  # type: ignore[return-value]  # what was just stored


def _read_constant(_machine: Machine, _frame: Frame, node: ast.expr, world: State, _exits: Exits) -> Found:
    assert isinstance(node, ast.Constant)  # noqa: S101 - the table dispatches on it
    return [(world, lift(node.value))]


def _read_name(machine: Machine, frame: Frame, node: ast.expr, world: State, _exits: Exits) -> Found:
    assert isinstance(node, ast.Name)  # noqa: S101 - the table dispatches on it
    if node.id in world.names:
        return [(world, world.names[node.id])]
    return [(world, module_value(machine, frame, node))]


def _read_attribute(machine: Machine, frame: Frame, node: ast.expr, world: State, exits: Exits) -> Found:
    assert isinstance(node, ast.Attribute)  # noqa: S101 - the table dispatches on it
    base = root(node)
    if base is not None and base not in world.names:
        return [(world, module_value(machine, frame, node))]
    found: Found = []
    for after, owner in machine.evaluate(frame, node.value, world, exits):
        if isinstance(owner, InstanceRef) and node.attr in STATE_FIELDS:
            found += read_field(after, owner.view, node.attr)  # type: ignore[arg-type]  # one of the two fields
        else:
            found.append((after, _attribute(machine, frame, owner, node.attr)))
    return found


def _attribute(machine: Machine, frame: Frame, owner: Value, name: str) -> Value:
    if isinstance(owner, InstanceRef):
        if name in INSTANCE_METHODS:
            return Method(owner=owner, name=name)
        return Metadata() if name == "system_metadata" else UNKNOWN
    if isinstance(owner, Metadata | Pairs | KnownItems | Many):
        return Method(owner=owner, name=name) if name in _MODELLED else UNKNOWN
    if isinstance(owner, Record):
        return attribute_lookup.attribute(machine, owner, name)
    if name in {"cast", "call"} and frame.module.path.endswith("rpcapi.py") and frame.owner is not None:
        return Remote(waits=name == "call", path=frame.module.path, kind=frame.owner.kind.name)
    return UNKNOWN


def _read_items(machine: Machine, frame: Frame, node: ast.expr, world: State, exits: Exits) -> Found:
    assert isinstance(node, ast.List | ast.Tuple | ast.Set)  # noqa: S101 - the table dispatches on it
    if any(isinstance(item, ast.Starred) for item in node.elts):
        return [(world, UNKNOWN)]
    return [
        (after, KnownItems(items=values)) for after, values in evaluate_all(machine, frame, node.elts, world, exits)
    ]


def _read_dict(machine: Machine, frame: Frame, node: ast.expr, world: State, exits: Exits) -> Found:
    assert isinstance(node, ast.Dict)  # noqa: S101 - the table dispatches on it
    keys = [key for key in node.keys if key is not None]
    if len(keys) != len(node.keys):
        return [(world, UNKNOWN)]
    machine.mark(frame, node)
    found: Found = []
    for middle, names in evaluate_all(machine, frame, keys, world, exits):
        known = [next(iter(one)) if (one := constants(name)) and len(one) == 1 else None for name in names]
        for after, values in evaluate_all(machine, frame, node.values, middle, exits):
            pairs = tuple((key, value) for key, value in zip(known, values, strict=True) if key is not None)
            found.append((after, Pairs(items=pairs, complete=None not in known)))
    return found


def _read_subscript(machine: Machine, frame: Frame, node: ast.expr, world: State, exits: Exits) -> Found:
    assert isinstance(node, ast.Subscript)  # noqa: S101 - the table dispatches on it
    found: Found = []
    for after, (owner, key) in evaluate_all(machine, frame, [node.value, node.slice], world, exits):
        if isinstance(owner, InstanceRef) and key in {Known(value="vm_state"), Known(value="task_state")}:
            assert isinstance(key, Known)  # noqa: S101 - one of the two above
            found += read_field(after, owner.view, str(key.value))  # type: ignore[arg-type]  # one of the two fields
        else:
            found.append((after, _item(machine, after, owner, key)))
    return found


def _item(machine: Machine, world: State, owner: Value, key: Value) -> Value:
    wanted = constants(key)
    if isinstance(owner, Metadata):
        return stored(machine, world, wanted, None)
    if isinstance(owner, Pairs):
        if wanted is not None and len(wanted) == 1:
            return owner.get(next(iter(wanted))) or UNKNOWN
        held = [constants(value) for _, value in owner.items]
        states = [one for one in held if one is not None]
        if owner.complete and len(states) == len(held):
            return OneOf(values=frozenset().union(*states))  # a user's word picks one of them
    if isinstance(owner, KnownItems) and wanted and len(wanted) == 1:
        index = next(iter(wanted))
        if isinstance(index, int) and -len(owner.items) <= index < len(owner.items):
            return owner.items[index]
    return owner.item if isinstance(owner, Many) else UNKNOWN


def stored(machine: Machine, world: State, keys: frozenset[object] | None, default: Value | None) -> Value:
    """A state out of system_metadata: what an operation left there that can have led to here, or the read's default."""
    if not keys or len(keys) != 1:
        return UNKNOWN
    left = machine.stored.get(str(next(iter(keys))), {})
    values = frozenset(
        value for action, states in left.items() if _can_follow(machine, world, action) for value in states
    )
    mine = constants(default) if default is not None else frozenset()
    if not values or mine is None:
        return UNKNOWN
    choice = values | mine
    return Known(value=next(iter(choice))) if len(choice) == 1 else OneOf(values=choice)


def _can_follow(machine: Machine, world: State, action: str) -> bool:
    """Whether a server may have been left in this world's state by an action."""
    ends = machine.left_in.get(action)
    states = world.row.of("vm_state")
    return ends is None or states is None or machine.action == action or not ends.isdisjoint(states)


def _read_conditional(machine: Machine, frame: Frame, node: ast.expr, world: State, exits: Exits) -> Found:
    assert isinstance(node, ast.IfExp)  # noqa: S101 - the table dispatches on it
    holds, fails = machine.branch(frame, node.test, world, exits)
    found: Found = []
    for side, worlds in ((node.body, holds), (node.orelse, fails)):
        for one in worlds:
            found += machine.evaluate(frame, side, one, exits)
    return found


def _read_test(machine: Machine, frame: Frame, node: ast.expr, world: State, exits: Exits) -> Found:
    """A comparison or `not` as a value; `a or b` as the operand it stops at."""
    if isinstance(node, ast.BoolOp):
        return _read_operands(machine, frame, node, world, exits)
    holds, fails = machine.branch(frame, node, world, exits)
    if holds and fails and all(one.row == world.row for one in (*holds, *fails)):
        return [(world, UNKNOWN)]
    found: Found = [(one, Known(value=True)) for one in holds]
    return found + [(one, Known(value=False)) for one in fails]


def _read_operands(machine: Machine, frame: Frame, node: ast.BoolOp, world: State, exits: Exits) -> Found:
    stops_at = isinstance(node.op, ast.Or)
    found: Found = []
    going = [world]
    for index, part in enumerate(node.values):
        further = []
        for one in going:
            for after, value in machine.evaluate(frame, part, one, exits):
                outcome = truth(value)
                if index == len(node.values) - 1 or outcome is stops_at:
                    found.append((after, value))
                elif outcome is None:
                    found.append((after, UNKNOWN))
                else:
                    further.append(after)
        going = further
    return found


def _read_lambda(_machine: Machine, frame: Frame, node: ast.expr, world: State, _exits: Exits) -> Found:
    assert isinstance(node, ast.Lambda)  # noqa: S101 - the table dispatches on it
    routine = Routine(
        path=frame.module.path,
        line=node.lineno,
        name=f"{frame.function}.<lambda>",
        owner=frame.owner,
        closure=captured(node, world),
        module=frame.module,
        node=node,
    )
    return [(world, routine)]


def captured(node: ast.AST, world: State) -> tuple[tuple[str, Value], ...]:
    """The variables around a nested function that it reads."""
    return tuple((name, world.names[name]) for name in names_in(node) if name in world.names)


def _read_comprehension(machine: Machine, frame: Frame, node: ast.expr, world: State, exits: Exits) -> Found:
    """A list of instances stays one if it is only filtered; anything else is not followed."""
    assert isinstance(node, ast.ListComp | ast.GeneratorExp | ast.SetComp)  # noqa: S101 - the table dispatches on it
    raise_any(machine, world, exits)
    loop = node.generators[0]
    if isinstance(node.elt, ast.Name) and isinstance(loop.target, ast.Name) and node.elt.id == loop.target.id:
        return [
            (after, value if not isinstance(value, KnownItems) else UNKNOWN)
            for after, value in machine.evaluate(frame, loop.iter, world, exits)
        ]
    return [(world, UNKNOWN)]


def _read_named(machine: Machine, frame: Frame, node: ast.expr, world: State, exits: Exits) -> Found:
    assert isinstance(node, ast.NamedExpr)  # noqa: S101 - the table dispatches on it
    return [
        (after.binding(node.target.id, value), value)
        for after, value in machine.evaluate(frame, node.value, world, exits)
    ]


def _read_call(machine: Machine, frame: Frame, node: ast.expr, world: State, exits: Exits) -> Found:
    assert isinstance(node, ast.Call)  # noqa: S101 - the table dispatches on it
    return machine.evaluate_call(frame, node, world, exits)


_READERS: dict[type[ast.expr], Callable[[Machine, Frame, ast.expr, State, Exits], Found]] = {
    ast.Attribute: _read_attribute,
    ast.BoolOp: _read_test,
    ast.Call: _read_call,
    ast.Compare: _read_test,
    ast.Constant: _read_constant,
    ast.Dict: _read_dict,
    ast.GeneratorExp: _read_comprehension,
    ast.IfExp: _read_conditional,
    ast.Lambda: _read_lambda,
    ast.List: _read_items,
    ast.ListComp: _read_comprehension,
    ast.Name: _read_name,
    ast.NamedExpr: _read_named,
    ast.Set: _read_items,
    ast.SetComp: _read_comprehension,
    ast.Subscript: _read_subscript,
    ast.Tuple: _read_items,
    ast.UnaryOp: _read_test,
}
