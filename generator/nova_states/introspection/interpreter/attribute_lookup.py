"""Attributes of Nova's own objects: methods through their bases, and collaborators by what the constructor makes.

`self.compute_rpcapi` is what `self.compute_rpcapi = compute_rpcapi.ComputeAPI()` says it is.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nova_states.introspection.constant_evaluator import ClassReference, Scope, UnreadableError, evaluate
from nova_states.introspection.interpreter.machine import Machine
from nova_states.introspection.interpreter.slicing import STATE_FIELDS, tells
from nova_states.introspection.interpreter.values import NONE, UNKNOWN, Class, InstanceRef, Record, Routine, Value

_FACTORIES = {
    "compute.API": ("nova/compute/api.py", "API"),
    "compute_api.API": ("nova/compute/api.py", "API"),
    "conductor.API": ("nova/conductor/api.py", "API"),
    "conductor.ComputeTaskAPI": ("nova/conductor/api.py", "ComputeTaskAPI"),
}
"""Functions of old releases that choose a class by configuration: the class of an ordinary deployment."""

_SERVER_FILE = "nova/objects/instance.py"

_SETTINGS: dict[str, Value] = {"cell_type": NONE}
"""Attributes that an ordinary deployment decides: it has no cells v1."""
_PROPERTIES = frozenset({"property", "cached_property"})


def class_at(machine: Machine, path: str, name: str) -> Class | None:
    """The class `name` of the file `path`, if this tree has it."""
    if not machine.modules.exists(path):
        return None
    module = machine.modules.at(path)
    node = module.classes.get(name)
    return Class(path=path, name=name, module=module, node=node) if node else None


def attribute(machine: Machine, owner: Record, name: str) -> Value:
    """The attribute `name` of an object."""
    given = owner.get(name) or _SETTINGS.get(name)
    if given is not None:
        return given
    value = machine.memo.once(("attribute", owner.kind, name), lambda: _find(machine, owner.kind, name))
    return bound(value, owner) if isinstance(value, Routine) else value


def writing_method(machine: Machine, server: InstanceRef, name: str) -> Value:
    """A method of the server's own class that writes its states, other than those the interpreter models."""
    kind = class_at(machine, _SERVER_FILE, "Instance")
    if kind is None:
        return UNKNOWN
    names = machine.memo.once(("writing methods", kind), lambda: _writing(kind))
    found = attribute(machine, Record(kind=kind), name) if name in names else UNKNOWN
    return bound(found, server) if isinstance(found, Routine) else UNKNOWN


def _writing(kind: Class) -> frozenset[str]:
    """The methods of a class that assign states to `self`, themselves or by one another."""
    calls: dict[str, set[str]] = {}
    found: set[str] = set()
    for function in kind.node.body:
        if isinstance(function, ast.FunctionDef):
            owned = [n for n in ast.walk(function) if isinstance(n, ast.Attribute) and _is_self(n.value)]
            calls[function.name] = {node.attr for node in owned}
            if any(node.attr in STATE_FIELDS and isinstance(node.ctx, ast.Store) for node in owned):
                found.add(function.name)
    while more := {name for name, called in calls.items() if name not in found and called & found}:
        found |= more
    return frozenset(found)


def _is_self(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "self"


def bound(routine: Routine, owner: Value) -> Routine:
    """A method of a class as a method of an object; a static method stays without one."""
    names = {part.id for d in getattr(routine.node, "decorator_list", []) for part in [d] if isinstance(part, ast.Name)}
    return Routine(
        path=routine.path,
        line=routine.line,
        name=routine.name,
        owner=None if "staticmethod" in names else owner,
        module=routine.module,
        node=routine.node,
    )


def _find(machine: Machine, kind: Class, name: str) -> Value:
    for one in lineage(machine, kind):
        for statement in reversed(one.node.body):
            if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef) and statement.name == name:
                decorators = {d.id for d in statement.decorator_list if isinstance(d, ast.Name)}
                if decorators & _PROPERTIES:
                    return _made(machine, one, [s.value for s in ast.walk(statement) if isinstance(s, ast.Return)])
                return Routine(
                    path=one.path,
                    line=statement.lineno,
                    name=f"{one.name}.{name}",
                    owner=None,
                    module=one.module,
                    node=statement,
                )
    for one in lineage(machine, kind):
        made = _made(machine, one, _assigned(machine, one, name))
        if made != UNKNOWN:
            return made
    return UNKNOWN


def lineage(machine: Machine, kind: Class) -> Iterator[Class]:
    """A class and its bases inside the tree, in the order in which attributes are looked up."""
    yield kind
    for base in kind.node.bases:
        try:
            value = evaluate(base, Scope(modules=machine.modules, module=kind.module))
        except UnreadableError:
            continue  # a base outside the tree binds nothing that could be read
        if isinstance(value, ClassReference):
            parent = Class(path=value.module.path, name=value.name, module=value.module, node=value.node)
            yield from lineage(machine, parent)


def _assigned(machine: Machine, kind: Class, name: str) -> list[ast.expr | None]:
    """What the methods of a class assign to `self.<name>`."""
    return machine.memo.once(("assigned", kind), lambda: _assignments(kind)).get(name, [])


def _assignments(kind: Class) -> dict[str, list[ast.expr | None]]:
    """What the methods of a class assign to each attribute of `self`."""
    found: dict[str, list[ast.expr | None]] = {}
    for node in ast.walk(kind.node):
        match node:
            case ast.Assign(targets=[ast.Attribute(value=ast.Name(id="self"), attr=attr)], value=value):
                found.setdefault(attr, []).append(value)
    return found


def _made(machine: Machine, kind: Class, values: list[ast.expr | None]) -> Value:
    """The object that one of the expressions constructs."""
    for value in values:
        for call in ast.walk(value) if value is not None else ():
            if not isinstance(call, ast.Call):
                continue
            factory = _FACTORIES.get(ast.unparse(call.func))
            found = class_at(machine, *factory) if factory else None
            if found is None and tells(kind.module, call.func):
                try:
                    made = evaluate(call.func, Scope(modules=machine.modules, module=kind.module))
                except UnreadableError:
                    continue  # made by something that is no class of the tree
                if isinstance(made, ClassReference):
                    found = Class(path=made.module.path, name=made.name, module=made.module, node=made.node)
            if found is not None:
                return Record(kind=found)
    return UNKNOWN
