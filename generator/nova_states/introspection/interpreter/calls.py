"""Calls: functions of the tree are read in place, messages to other services in theirs, the rest may raise.

What a function does from given states with given arguments is remembered, so that no one is read twice alike.
"""
# ruff: noqa: PLR0913, PLR0917 - machine, frame, world and exits are what every step of an interpreter is given

from __future__ import annotations

import ast
from dataclasses import replace

from nova_states.introspection.interpreter import builtins, rpc, virt_driver
from nova_states.introspection.interpreter.abstract_state import ATTRIBUTES, State
from nova_states.introspection.interpreter.arguments import bind, given
from nova_states.introspection.interpreter.constructors import construct
from nova_states.introspection.interpreter.expressions import evaluate_all
from nova_states.introspection.interpreter.guard_application import pass_guards
from nova_states.introspection.interpreter.instance_model import save, write_field
from nova_states.introspection.interpreter.machine import (
    DEEPEST,
    Exits,
    Found,
    Frame,
    Machine,
    RemoteCall,
    entered,
    raise_any,
    routine_key,
)
from nova_states.introspection.interpreter.node_queries import has_call, is_docstring
from nova_states.introspection.interpreter.summaries import apply
from nova_states.introspection.interpreter.values import (
    CALLABLE,
    NONE,
    UNKNOWN,
    Class,
    InstanceRef,
    Method,
    Partial,
    Remote,
    Routine,
    Value,
)
from nova_states.introspection.modules import Function

_SENDERS = ("rpcapi.py", "conductor/api.py")
"""Where messages to other services are sent from."""
_UPDATE = "_instance_update"
"""The method that assigns its keywords and saves; the write is where it is called."""


def evaluate_call(machine: Machine, frame: Frame, node: ast.Call, world: State, exits: Exits) -> Found:
    """The values of a call expression."""
    machine.spend()
    special = builtins.evaluate(machine, frame, node, world, exits)
    if special is not None:
        return special
    found: Found = []
    for after, function in machine.evaluate(frame, node.func, world, exits):
        if is_followed(machine, function):
            for ready, arguments, keywords in given(machine, frame, node, after, exits):
                found += machine.call(frame, node, function, arguments, keywords, ready, exits)
        else:
            found += _call_stranger(machine, frame, node, after, exits)
    return found


def is_followed(machine: Machine, function: Value) -> bool:
    """Whether a call of this value is read."""
    if isinstance(function, Routine):
        if function.bare or isinstance(function.node, ast.Lambda):
            return True
        return machine.relevance.follows(function.node.name) or _is_getter(function.node)
    return isinstance(function, Partial | Remote | Method | Class)


def _is_getter(function: Function) -> bool:
    """Whether a method does nothing but give an attribute of its object."""
    match [statement for statement in function.body if not is_docstring(statement)]:
        case [ast.Return(value=ast.Attribute(value=ast.Name(id="self")))]:
            return True
    return False


def call(
    machine: Machine,
    frame: Frame,
    node: ast.AST,
    function: Value,
    arguments: list[Value],
    keywords: dict[str, Value],
    world: State,
    exits: Exits,
) -> Found:
    """Call a value with arguments already evaluated."""
    match function:
        case Routine():
            return _call_routine(machine, frame, node, function, arguments, keywords, world, exits)
        case Partial():
            arguments = [*function.arguments, *arguments]
            keywords = dict(function.keywords) | keywords
            return call(machine, frame, node, function.function, arguments, keywords, world, exits)
        case Remote():
            return rpc.send(machine, frame, node, function, arguments, keywords, world, exits)
        case Method():
            return builtins.call_method(machine, frame, node, function, arguments, keywords, world, exits)
        case Class():
            return [(world, construct(machine, frame, function, arguments, keywords, world))]
    raise_any(machine, world, exits)
    return [(world, UNKNOWN)]


def _call_stranger(machine: Machine, frame: Frame, node: ast.Call, world: State, exits: Exits) -> Found:
    """A call that is not read: it may raise, call back what it was handed, or start that in a thread."""
    found: Found = []
    if any(_is_callable(machine, frame, one, world) for one in (*node.args, *(k.value for k in node.keywords))):
        for ready, arguments, keywords in given(machine, frame, node, world, exits):
            raise_any(machine, ready, exits, node)
            found += virt_driver.call_back(machine, frame, node, arguments, keywords, ready, exits)
        return found
    effects = [one for one in (*node.args, *(k.value for k in node.keywords)) if has_call(one)]
    for after, _ in evaluate_all(machine, frame, effects, world, exits):
        raise_any(machine, after, exits, node)
        found += virt_driver.call_driver(machine, frame, node, after, exits)
    return found


def _is_callable(machine: Machine, frame: Frame, argument: ast.expr, world: State) -> bool:
    """Whether an argument is a function that would be read if it were called."""
    match argument:
        case ast.Name(id=name) if name in world.names:
            value = world.names[name]
        case ast.Attribute(value=ast.Name(id="self")):
            ((_, value), *_) = machine.evaluate(frame, argument, world, Exits())
        case _:
            return isinstance(argument, ast.Lambda)
    return isinstance(value, CALLABLE) and is_followed(machine, value)


def _call_routine(
    machine: Machine,
    frame: Frame,
    node: ast.AST,
    routine: Routine,
    arguments: list[Value],
    keywords: dict[str, Value],
    world: State,
    exits: Exits,
) -> Found:
    name = routine.name.rpartition(".")[2]
    if name == _UPDATE:
        return _update(machine, frame, node, arguments, keywords, world, exits)
    if routine_key(routine) in frame.stack or frame.depth > DEEPEST:
        if routine.path.endswith(_SENDERS):
            afresh = replace(frame, stack=(), depth=0)
            machine.later(
                RemoteCall(frame=afresh, node=node, sender=routine, arguments=arguments, keywords=keywords, world=world)
            )
        raise_any(machine, world, exits)
        return [(world, UNKNOWN)]
    outer = routine if routine.bare else _decorated(machine, frame, routine)
    if outer is not routine:
        if routine.owner is not None:
            arguments = [routine.owner, *arguments]
        return call(machine, frame, node, outer, arguments, keywords, world, exits)
    names = bind(machine, frame, routine, arguments, keywords)
    found: Found = []
    for allowed in pass_guards(machine, routine, names, world, exits):
        found += apply(machine, frame, routine, names, allowed, exits)
    return found


def _update(
    machine: Machine,
    frame: Frame,
    node: ast.AST,
    arguments: list[Value],
    keywords: dict[str, Value],
    world: State,
    exits: Exits,
) -> Found:
    server = next((value for value in arguments if isinstance(value, InstanceRef)), None)
    if server is None:
        raise_any(machine, world, exits)
        return [(world, NONE)]
    worlds = [world]
    for attribute in ATTRIBUTES:
        if attribute in keywords:
            value = keywords[attribute]
            worlds = [
                after
                for one in worlds
                for after in write_field(machine, frame, node, one, server.view, attribute, value)
            ]
    return [(after, NONE) for one in worlds for after in save(machine, frame, node, one, server.view, keywords, exits)]


def _decorated(machine: Machine, frame: Frame, routine: Routine) -> Routine:
    """What stands in a function's place once its decorators that write state have wrapped it."""
    key = ("decorated", routine_key(routine))
    if key not in machine.remembered:
        machine.remembered[key] = _decorate(machine, frame, routine)
    found = machine.remembered[key]
    return routine if found is None else found  # type: ignore[return-value]  # what was just stored


def _decorate(machine: Machine, frame: Frame, routine: Routine) -> Routine | None:
    if isinstance(routine.node, ast.Lambda):
        return None
    inner = replace(routine, owner=None, bare=True)
    result: Value = inner
    inside = replace(frame, module=routine.module)
    for decorator in reversed(routine.node.decorator_list):
        if not isinstance(decorator, ast.Name):
            continue
        empty = entered(State(row=machine.no_row, names={}), {})
        ((_, wrapper), *_) = machine.evaluate(inside, decorator, empty, Exits())
        if not isinstance(wrapper, Routine) or not machine.relevance.includes(decorator.id):
            continue
        for _, value in call(machine, inside, decorator, wrapper, [result], {}, empty, Exits()):
            if isinstance(value, Routine):
                result = replace(value, bare=True)
    return result if isinstance(result, Routine) and result is not inner else None
