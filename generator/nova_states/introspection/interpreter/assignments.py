"""Assignments: to variables, to fields of the server, and to what objects and dictionaries hold."""
# ruff: noqa: PLR0913, PLR0917 - machine, frame, world and exits are what every step of an interpreter is given

from __future__ import annotations

import ast
from dataclasses import replace

from nova_states.introspection.interpreter.abstract_state import State
from nova_states.introspection.interpreter.instance_model import add_view, write_field
from nova_states.introspection.interpreter.machine import Exits, Frame, Machine
from nova_states.introspection.interpreter.slicing import STATE_FIELDS, is_server_name
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
)


def assign(
    machine: Machine, frame: Frame, target: ast.expr, value: Value, world: State, source: ast.expr | None
) -> list[State]:
    """Bind a target of an assignment or a loop."""
    match target:
        case ast.Name(id=name):
            if isinstance(value, Unknown) and is_server_name(name) and not isinstance(source, ast.Constant):
                # What Nova calls an instance is one.
                world, value = add_view(world, None if world.row.exists else machine.unsaved)
            if name.endswith("cell_instance"):
                value = UNKNOWN  # the server's row in another cell is not the one that is followed
            return [world.binding(name, value)]
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            items = value.items if isinstance(value, KnownItems) and len(value.items) == len(parts) else None
            worlds = [world]
            for index, part in enumerate(parts):
                item = items[index] if items else UNKNOWN
                worlds = [end for one in worlds for end in assign(machine, frame, part, item, one, source)]
            return worlds
        case ast.Attribute():
            return _assign_attribute(machine, frame, target, value, world)
        case ast.Subscript(value=owner, slice=key):
            return _assign_item(machine, frame, target, owner, key, value, world)
    return [world]


def _assign_attribute(machine: Machine, frame: Frame, target: ast.Attribute, value: Value, world: State) -> list[State]:
    name = target.value.id if isinstance(target.value, ast.Name) else None
    ((_, owner), *_) = machine.evaluate(frame, target.value, world, Exits())
    if isinstance(owner, InstanceRef) and target.attr in STATE_FIELDS:
        return write_field(machine, frame, target, world, owner.view, target.attr, value)  # type: ignore[arg-type]
    if isinstance(owner, Reraise) and name and target.attr == "reraise":
        return [world.binding(name, Reraise(active=value != Known(value=False)))]
    if isinstance(owner, Record) and name:
        if isinstance(value, Unknown) and is_server_name(target.attr):
            world, value = add_view(world)
        return [world.binding(name, owner.having(target.attr, value))]
    return [world]


def _assign_item(
    machine: Machine, frame: Frame, target: ast.expr, owner: ast.expr, key: ast.expr, value: Value, world: State
) -> list[State]:
    ((_, container), *_) = machine.evaluate(frame, owner, world, Exits())
    ((_, index), *_) = machine.evaluate(frame, key, world, Exits())
    names = constants(index)
    name = next(iter(names)) if names and len(names) == 1 else None
    if isinstance(container, Metadata) and name is not None:
        left = machine.stored.setdefault(str(name), {}).setdefault(machine.action, set())
        left.update(constants(value) or ())
    elif isinstance(container, InstanceRef) and name in STATE_FIELDS:
        return write_field(machine, frame, target, world, container.view, name, value)  # type: ignore[arg-type]
    elif isinstance(container, Pairs) and isinstance(owner, ast.Name):
        changed = container.having(name, value) if name is not None else replace(container, complete=False)
        return [world.binding(owner.id, changed)]
    return [world]
