"""Values of expressions: names, attributes and literals as far as they are known; calls are handed to `calls`."""

from __future__ import annotations

import ast

from nova_states.introspection.constant_evaluator import Scope, UnreadableError, evaluate
from nova_states.introspection.dispatch import Dispatch
from nova_states.introspection.interpreter import attribute_lookup
from nova_states.introspection.interpreter.abstract_state import State
from nova_states.introspection.interpreter.instance_model import read_field
from nova_states.introspection.interpreter.machine import Context, Found, Machine
from nova_states.introspection.interpreter.node_queries import has_call, names_in, root
from nova_states.introspection.interpreter.slicing import tells
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
    is_attribute,
    lift,
    truth,
)
from nova_states.introspection.modules import Module, Modules

INSTANCE_METHODS = frozenset({"create", "destroy", "get", "obj_clone", "refresh", "save", "update"})
"""Methods of Instance that read or write its states."""
_MODELLED = frozenset({"append", "copy", "extend", "get", "items", "pop", "setdefault", "update", "values"})


_READERS: Dispatch[Context, [State], Found] = Dispatch()
"""What reads each kind of expression; any other is unknown."""


def evaluate_expression(here: Context, node: ast.expr, world: State) -> Found:
    """All values an expression can have here; what it can raise is entered in the exits."""
    reader = _READERS.handler(node)
    if reader is not None:
        return reader(here, node, world)
    if has_call(node):
        here.raises_any(world)
    return [(world, UNKNOWN)]


def evaluate_all(here: Context, nodes: list[ast.expr], world: State) -> list[tuple[State, tuple[Value, ...]]]:
    """The values of several expressions, evaluated in their order."""
    found: list[tuple[State, tuple[Value, ...]]] = [(world, ())]
    for node in nodes:
        found = [(after, (*values, value)) for before, values in found for after, value in here.evaluate(node, before)]
    return found


def module_value(here: Context, node: ast.expr) -> Value:
    """The value of an expression that only depends on its module (constants, classes, functions), else Unknown."""
    machine, module = here.machine, here.frame.module
    return machine.memo.once(("module value", node), lambda: _module_value(machine.modules, module, node))


def _module_value(modules: Modules, module: Module, node: ast.expr) -> Value:
    try:
        return lift(evaluate(node, Scope(modules=modules, module=module))) if tells(module, node) else UNKNOWN
    except UnreadableError:
        return UNKNOWN


@_READERS.on(ast.Constant)
def _read_constant(_here: Context, node: ast.Constant, world: State) -> Found:
    return [(world, lift(node.value))]


@_READERS.on(ast.Name)
def _read_name(here: Context, node: ast.Name, world: State) -> Found:
    if node.id in world.names:
        return [(world, world.names[node.id])]
    return [(world, module_value(here, node))]


@_READERS.on(ast.Attribute)
def _read_attribute(here: Context, node: ast.Attribute, world: State) -> Found:
    base = root(node)
    if base is not None and base not in world.names:
        return [(world, module_value(here, node))]
    found: Found = []
    for after, owner in here.evaluate(node.value, world):
        if isinstance(owner, InstanceRef) and is_attribute(node.attr):
            found += read_field(after, owner.view, node.attr)
        else:
            found.append((after, _attribute(here, owner, node.attr)))
    return found


def _attribute(here: Context, owner: Value, name: str) -> Value:  # noqa: PLR0911 - one return a kind of value
    if isinstance(owner, InstanceRef):
        if name in INSTANCE_METHODS:
            return Method(owner=owner, name=name)
        if name == "system_metadata":
            return Metadata()
        return attribute_lookup.writing_method(here.machine, owner, name)
    if isinstance(owner, Metadata | Pairs | KnownItems | Many):
        return Method(owner=owner, name=name) if name in _MODELLED else UNKNOWN
    if isinstance(owner, Record):
        return attribute_lookup.attribute(here.machine, owner, name)
    if name in {"cast", "call"} and here.frame.module.path.endswith("rpcapi.py") and here.frame.owner is not None:
        return Remote(waits=name == "call", path=here.frame.module.path, kind=here.frame.owner.kind.name)
    return UNKNOWN


@_READERS.on(ast.List, ast.Set, ast.Tuple)
def _read_items(here: Context, node: ast.List | ast.Set | ast.Tuple, world: State) -> Found:
    if any(isinstance(item, ast.Starred) for item in node.elts):
        return [(world, UNKNOWN)]
    return [(after, KnownItems(items=values)) for after, values in evaluate_all(here, node.elts, world)]


@_READERS.on(ast.Dict)
def _read_dict(here: Context, node: ast.Dict, world: State) -> Found:
    keys = [key for key in node.keys if key is not None]
    if len(keys) != len(node.keys):
        return [(world, UNKNOWN)]
    here.mark(node)
    found: Found = []
    for middle, names in evaluate_all(here, keys, world):
        known = [next(iter(one)) if (one := constants(name)) and len(one) == 1 else None for name in names]
        for after, values in evaluate_all(here, node.values, middle):
            pairs = tuple((key, value) for key, value in zip(known, values, strict=True) if key is not None)
            found.append((after, Pairs(items=pairs, complete=None not in known)))
    return found


@_READERS.on(ast.Subscript)
def _read_subscript(here: Context, node: ast.Subscript, world: State) -> Found:
    found: Found = []
    for after, (owner, key) in evaluate_all(here, [node.value, node.slice], world):
        if isinstance(owner, InstanceRef) and isinstance(key, Known) and is_attribute(key.value):
            found += read_field(after, owner.view, key.value)
        else:
            found.append((after, _item(here.machine, after, owner, key)))
    return found


def _item(machine: Machine, world: State, owner: Value, key: Value) -> Value:
    wanted = constants(key)
    if isinstance(owner, Metadata):
        return stored(machine, world, wanted, None)
    if isinstance(owner, Pairs):
        if wanted is not None and len(wanted) == 1:
            return owner.get(next(iter(wanted))) or UNKNOWN
        listed = [constants(value) for _, value in owner.items]
        states = [one for one in listed if one is not None]
        if owner.complete and len(states) == len(listed):
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


@_READERS.on(ast.IfExp)
def _read_conditional(here: Context, node: ast.IfExp, world: State) -> Found:
    holds, fails = here.branch(node.test, world)
    found: Found = []
    for side, worlds in ((node.body, holds), (node.orelse, fails)):
        for one in worlds:
            found += here.evaluate(side, one)
    return found


@_READERS.on(ast.Compare, ast.UnaryOp)
def _read_test(here: Context, node: ast.Compare | ast.UnaryOp, world: State) -> Found:
    """A comparison or `not` as a value."""
    holds, fails = here.branch(node, world)
    if holds and fails and all(one.row == world.row for one in (*holds, *fails)):
        return [(world, UNKNOWN)]
    found: Found = [(one, Known(value=True)) for one in holds]
    return found + [(one, Known(value=False)) for one in fails]


@_READERS.on(ast.BoolOp)
def _read_operands(here: Context, node: ast.BoolOp, world: State) -> Found:
    """`a or b` as the operand it stops at."""
    stops_at = isinstance(node.op, ast.Or)
    found: Found = []
    going = [world]
    for index, part in enumerate(node.values):
        further = []
        for one in going:
            for after, value in here.evaluate(part, one):
                outcome = truth(value)
                if index == len(node.values) - 1 or outcome is stops_at:
                    found.append((after, value))
                elif outcome is None:
                    found.append((after, UNKNOWN))
                else:
                    further.append(after)
        going = further
    return found


@_READERS.on(ast.Lambda)
def _read_lambda(here: Context, node: ast.Lambda, world: State) -> Found:
    routine = Routine(
        path=here.frame.module.path,
        line=node.lineno,
        name=f"{here.frame.function}.<lambda>",
        owner=here.frame.owner,
        closure=captured(node, world),
        module=here.frame.module,
        node=node,
    )
    return [(world, routine)]


def captured(node: ast.AST, world: State) -> tuple[tuple[str, Value], ...]:
    """The variables around a nested function that it reads."""
    return tuple((name, world.names[name]) for name in names_in(node) if name in world.names)


@_READERS.on(ast.GeneratorExp, ast.ListComp, ast.SetComp)
def _read_comprehension(here: Context, node: ast.GeneratorExp | ast.ListComp | ast.SetComp, world: State) -> Found:
    """A list of instances stays one if it is only filtered; anything else is not followed."""
    here.raises_any(world)
    loop = node.generators[0]
    if isinstance(node.elt, ast.Name) and isinstance(loop.target, ast.Name) and node.elt.id == loop.target.id:
        return [
            (after, value if not isinstance(value, KnownItems) else UNKNOWN)
            for after, value in here.evaluate(loop.iter, world)
        ]
    return [(world, UNKNOWN)]


@_READERS.on(ast.NamedExpr)
def _read_named(here: Context, node: ast.NamedExpr, world: State) -> Found:
    return [(after.binding(node.target.id, value), value) for after, value in here.evaluate(node.value, world)]


@_READERS.on(ast.Call)
def _read_call(here: Context, node: ast.Call, world: State) -> Found:
    return here.evaluate_call(node, world)
