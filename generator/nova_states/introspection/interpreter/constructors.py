"""What calling a class of the tree gives: an exception, or an object with the attributes its constructor sets."""
# ruff: noqa: PLR0913, PLR0917 - machine, frame, world and exits are what every step of an interpreter is given

from __future__ import annotations

import ast

from nova_states.introspection.interpreter import attribute_lookup
from nova_states.introspection.interpreter.abstract_state import State
from nova_states.introspection.interpreter.arguments import bind, given
from nova_states.introspection.interpreter.exceptions import ancestors
from nova_states.introspection.interpreter.machine import Exits, Frame, Machine
from nova_states.introspection.interpreter.slicing import FILES
from nova_states.introspection.interpreter.values import UNKNOWN, Class, Raised, Record, Routine, Value

_DEEPEST = 4
"""Constructors that call their base's."""


def construct(
    machine: Machine,
    frame: Frame,
    kind: Class,
    arguments: list[Value],
    keywords: dict[str, Value],
    world: State,
) -> Value:
    """The object that calling `kind` gives; only of Nova's own services and tasks are attributes read."""
    name = f"{kind.module.name}.{kind.name}"
    if kind.path == "nova/exception.py" or "nova.exception.NovaException" in ancestors(machine, name):
        return Raised(name=name)
    record = Record(kind=kind)
    if kind.path not in FILES:
        return record
    return _initialised(machine, frame, record, kind, arguments, keywords, world, 0)


def _initialised(
    machine: Machine,
    frame: Frame,
    record: Record,
    kind: Class,
    arguments: list[Value],
    keywords: dict[str, Value],
    world: State,
    depth: int,
) -> Record:
    for one in attribute_lookup.lineage(machine, kind):
        for function in one.node.body:
            if isinstance(function, ast.FunctionDef) and function.name == "__init__" and depth < _DEEPEST:
                return _run(machine, frame, record, one, function, (arguments, keywords), world, depth)
    return record


def _run(
    machine: Machine,
    frame: Frame,
    record: Record,
    kind: Class,
    function: ast.FunctionDef | ast.AsyncFunctionDef,
    passed: tuple[list[Value], dict[str, Value]],
    world: State,
    depth: int,
) -> Record:
    """Read the assignments to `self` that a constructor makes outright, and its base's."""
    routine = Routine(
        path=kind.path, line=function.lineno, name="__init__", owner=record, module=kind.module, node=function
    )
    inside = Frame(module=kind.module, function="__init__", owner=record, last_reads={}, actor=frame.actor)
    names = bind(machine, inside, routine, *passed)
    there = State(row=world.row, views=world.views, names=names)
    for statement in function.body:
        match statement:
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Call(func=ast.Name(id="super"))) as call_)):
                base = next((one for one in attribute_lookup.lineage(machine, kind) if one != kind), None)
                call = statement.value
                if base is not None and call_.attr == "__init__" and isinstance(call, ast.Call):
                    ((_, arguments, keywords), *_) = given(machine, inside, call, there, Exits())
                    record = _initialised(machine, frame, record, base, arguments, keywords, world, depth + 1)
            case ast.Assign(targets=[ast.Attribute(value=ast.Name(id="self"), attr=attribute)], value=value):
                found = machine.evaluate(inside, value, there, Exits())
                given_value = found[0][1] if found else UNKNOWN
                if given_value != UNKNOWN:
                    record = record.having(attribute, given_value)
    return record
