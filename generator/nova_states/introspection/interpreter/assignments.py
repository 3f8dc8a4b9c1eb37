"""Assignments: to variables, to fields of the server, and to what objects and dictionaries hold."""

from __future__ import annotations

import ast
from dataclasses import replace

from nova_states.introspection.interpreter.abstract_state import State
from nova_states.introspection.interpreter.instance_model import add_view, write_field
from nova_states.introspection.interpreter.machine import Context
from nova_states.introspection.interpreter.slicing import is_server_name
from nova_states.introspection.interpreter.values import (
    UNKNOWN,
    InstanceRef,
    Known,
    KnownItems,
    Metadata,
    Pairs,
    Record,
    Reraise,
    Unknown,
    Value,
    constants,
    is_attribute,
)


def assign(here: Context, target: ast.expr, value: Value, world: State, source: ast.expr | None) -> list[State]:
    """Bind a target of an assignment or a loop."""
    match target:
        case ast.Name(id=name):
            if isinstance(value, Unknown) and is_server_name(name) and not isinstance(source, ast.Constant):
                # What Nova calls an instance is one.
                world, value = add_view(world, None if world.row.exists else here.machine.unsaved)
            if name.endswith("cell_instance"):
                value = UNKNOWN  # the server's row in another cell is not the one that is followed
            return [world.binding(name, value)]
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            items = value.items if isinstance(value, KnownItems) and len(value.items) == len(parts) else None
            worlds = [world]
            for index, part in enumerate(parts):
                item = items[index] if items else UNKNOWN
                worlds = [end for one in worlds for end in assign(here, part, item, one, source)]
            return worlds
        case ast.Attribute():
            return _assign_attribute(here, target, value, world)
        case ast.Subscript():
            return _assign_item(here, target, value, world)
    return [world]


def _assign_attribute(here: Context, target: ast.Attribute, value: Value, world: State) -> list[State]:
    name = target.value.id if isinstance(target.value, ast.Name) else None
    ((_, owner), *_) = here.apart().evaluate(target.value, world)
    if isinstance(owner, InstanceRef) and is_attribute(target.attr):
        return write_field(here, target, world, (owner.view, target.attr), value)
    if isinstance(owner, Reraise) and name and target.attr == "reraise":
        return [world.binding(name, Reraise(active=value != Known(value=False)))]
    if isinstance(owner, Record) and name:
        if isinstance(value, Unknown) and is_server_name(target.attr):
            world, value = add_view(world)
        return [world.binding(name, owner.having(target.attr, value))]
    return [world]


def _assign_item(here: Context, target: ast.Subscript, value: Value, world: State) -> list[State]:
    owner = target.value
    ((_, container), *_) = here.apart().evaluate(owner, world)
    ((_, index), *_) = here.apart().evaluate(target.slice, world)
    names = constants(index)
    name = next(iter(names)) if names and len(names) == 1 else None
    if isinstance(container, Metadata) and name is not None:
        left = here.machine.stored.setdefault(str(name), {}).setdefault(here.machine.action, set())
        left.update(constants(value) or ())
    elif isinstance(container, InstanceRef) and is_attribute(name):
        return write_field(here, target, world, (container.view, name), value)
    elif isinstance(container, Pairs) and isinstance(owner, ast.Name):
        changed = container.having(name, value) if name is not None else replace(container, complete=False)
        return [world.binding(owner.id, changed)]
    return [world]
