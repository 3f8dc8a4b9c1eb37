"""What calling a class of the tree gives: an exception, or an object with the attributes its constructor sets."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace

from nova_states.introspection.interpreter import attribute_lookup
from nova_states.introspection.interpreter.abstract_state import State
from nova_states.introspection.interpreter.arguments import bind, given
from nova_states.introspection.interpreter.exceptions import ancestors
from nova_states.introspection.interpreter.machine import Arguments, Context, Exits, Frame
from nova_states.introspection.interpreter.slicing import FILES
from nova_states.introspection.interpreter.values import UNKNOWN, Class, Raised, Record, Routine, Value

_DEEPEST = 4
"""Constructors that call their base's."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Unfinished:
    """An object whose constructor is being read."""

    record: Record
    kind: Class
    """The class whose constructor it is: the object's, or a base of it."""
    depth: int = 0
    """Constructors around this one."""


def construct(here: Context, kind: Class, arguments: Arguments, world: State) -> Value:
    """The object that calling `kind` gives; only of Nova's own services and tasks are attributes read."""
    name = f"{kind.module.name}.{kind.name}"
    if kind.path == "nova/exception.py" or "nova.exception.NovaException" in ancestors(here.machine, name):
        return Raised(name=name)
    record = Record(kind=kind)
    if kind.path not in FILES:
        return record
    return _initialised(here, _Unfinished(record=record, kind=kind), arguments, world)


def _initialised(here: Context, made: _Unfinished, arguments: Arguments, world: State) -> Record:
    for one in attribute_lookup.lineage(here.machine, made.kind):
        for function in one.node.body:
            if isinstance(function, ast.FunctionDef) and function.name == "__init__" and made.depth < _DEEPEST:
                return _run(here, replace(made, kind=one), function, arguments, world)
    return made.record


def _run(here: Context, made: _Unfinished, function: ast.FunctionDef, arguments: Arguments, world: State) -> Record:
    """Read the assignments to `self` that a constructor makes outright, and its base's."""
    kind, record = made.kind, made.record
    routine = Routine(
        path=kind.path, line=function.lineno, name="__init__", owner=record, module=kind.module, node=function
    )
    frame = Frame(module=kind.module, function="__init__", owner=record, last_reads={}, actor=here.frame.actor)
    inside = here.inside(frame, Exits())
    there = State(row=world.row, views=world.views, names=bind(inside, routine, arguments))
    for statement in function.body:
        match statement:
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Call(func=ast.Name(id="super"))) as call_)):
                base = next((one for one in attribute_lookup.lineage(here.machine, kind) if one != kind), None)
                call = statement.value
                if base is not None and call_.attr == "__init__" and isinstance(call, ast.Call):
                    ((_, passed), *_) = given(inside, call, there)
                    unfinished = _Unfinished(record=record, kind=base, depth=made.depth + 1)
                    record = _initialised(here, unfinished, passed, world)
            case ast.Assign(targets=[ast.Attribute(value=ast.Name(id="self"), attr=attribute)], value=value):
                found = inside.evaluate(value, there)
                given_value = found[0][1] if found else UNKNOWN
                if given_value != UNKNOWN:
                    record = record.having(attribute, given_value)
    return record
