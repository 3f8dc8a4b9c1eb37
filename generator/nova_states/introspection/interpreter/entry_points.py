"""Where changes of state begin: what users ask for, and what Nova does unasked."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from nova_states.introspection.constant_evaluator import Scope, UnreadableError, defaults, evaluate
from nova_states.introspection.interpreter import attribute_lookup
from nova_states.introspection.interpreter.abstract_state import ServerRow
from nova_states.introspection.interpreter.machine import Machine
from nova_states.introspection.interpreter.slicing import functions, is_server_name
from nova_states.introspection.interpreter.values import (
    UNKNOWN,
    Class,
    InstanceRef,
    Known,
    Many,
    Record,
    Routine,
    Value,
)

API = "nova/compute/api.py"
MANAGER = "nova/compute/manager.py"
ADMIN_ACTIONS = "nova/api/openstack/compute/admin_actions.py"

POWER_SYNC = "power_sync"
STARTUP = "startup"
RESET_STATE = "reset_state"
CREATE = "create"
_POWER_SYNC_TASK = "_sync_power_states"


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Entry:
    """A function that begins a change of state."""

    action: str
    """Action id, or the name of what runs by itself ("periodic:poll_rebooting_instances")."""
    routine: Routine
    actor: str
    keywords: tuple[tuple[str, Value], ...] = ()
    """What its parameters are, other than servers."""
    anchored: bool = True
    """Whether it is about one given server."""
    row: ServerRow = field(default_factory=ServerRow)


_LEAVING = ("resize", "suspend")
"""Actions that leave a state in system_metadata for others to find; they are read first."""


def is_unasked(action: str) -> bool:
    """Whether what has this name happens without a user's asking, or restores what went wrong."""
    return ":" in action or action in {POWER_SYNC, STARTUP, RESET_STATE}


def in_order(machine: Machine) -> list[Entry]:
    """All entry points of a release, in the order in which they are to be read."""
    found = [*actions(machine), *unasked(machine)]
    return sorted(found, key=lambda entry: entry.action not in _LEAVING)


def actions(machine: Machine) -> Iterator[Entry]:
    """What users ask of a server: the compute API's guarded methods, and those without a guard."""
    api = attribute_lookup.class_at(machine, API, "API")
    if api is None:
        return
    owner = Record(kind=api)
    names: dict[str, str] = {}
    for guards in machine.guards.values():
        for guard in guards:
            _, _, qualified = guard.method.partition("compute.api.")
            if qualified.count(".") == 1:
                names.setdefault(guard.action, qualified.partition(".")[2])
    for action, method in sorted(names.items()):
        found = attribute_lookup.attribute(machine, owner, method)
        if isinstance(found, Routine):
            yield Entry(action=action, routine=found, actor="api")
    creating = attribute_lookup.attribute(machine, owner, CREATE)
    if isinstance(creating, Routine):
        yield Entry(action=CREATE, routine=creating, actor="api", row=ServerRow(exists=False))
    yield from _reset_state(machine)


def _reset_state(machine: Machine) -> Iterator[Entry]:
    """The REST action that writes states itself, whatever it is called in a release."""
    if not machine.modules.exists(ADMIN_ACTIONS):
        return
    module = machine.modules.at(ADMIN_ACTIONS)
    for kind in module.classes.values():
        for function in functions(kind):
            if "reset_state" in function.name and function.name.startswith("_"):
                owner = attribute_lookup.class_at(machine, ADMIN_ACTIONS, kind.name)
                if owner is not None:
                    yield Entry(action=RESET_STATE, routine=_method(owner, function), actor="api")


def _method(kind: Class, function: ast.FunctionDef | ast.AsyncFunctionDef) -> Routine:
    return Routine(
        path=kind.path,
        line=function.lineno,
        name=f"{kind.name}.{function.name}",
        owner=Record(kind=kind),
        module=kind.module,
        node=function,
    )


def unasked(machine: Machine) -> Iterator[Entry]:
    """What nova-compute does by itself: at its start, from time to time, and on events."""
    manager = attribute_lookup.class_at(machine, MANAGER, "ComputeManager")
    if manager is None:
        return
    for function in functions(manager.node):
        if machine.relevance.includes(function.name) and _is_periodic(function):
            name = function.name.lstrip("_")
            action = POWER_SYNC if function.name == _POWER_SYNC_TASK else f"periodic:{name}"
            yield Entry(action=action, routine=_method(manager, function), actor="compute", anchored=False)
    owner = Record(kind=manager)
    starting = attribute_lookup.attribute(machine, owner, "init_host")
    if isinstance(starting, Routine):
        yield Entry(action=STARTUP, routine=starting, actor="compute", anchored=False)
    yield from _lifecycle_events(machine, owner)
    yield from _external_events(machine, owner)


def _is_periodic(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any("periodic_task" in ast.unparse(decorator) for decorator in function.decorator_list)


def _lifecycle_events(machine: Machine, owner: Record) -> Iterator[Entry]:
    """What the hypervisor reports of a server by itself (nova/virt/event.py)."""
    handler = attribute_lookup.attribute(machine, owner, "handle_lifecycle_event")
    kind = attribute_lookup.class_at(machine, "nova/virt/event.py", "LifecycleEvent")
    if not isinstance(handler, Routine) or kind is None:
        return
    for name, node in kind.module.bindings.items():
        if name.startswith("EVENT_LIFECYCLE_"):
            value = evaluate(node, Scope(modules=machine.modules, module=kind.module))
            event = Record(kind=kind, attributes=(("transition", Known(value=value)),))
            word = name.removeprefix("EVENT_LIFECYCLE_").lower().replace("_", "-")
            yield Entry(
                action=f"lifecycle:{word}",
                routine=handler,
                actor="compute",
                keywords=(("event", event),),
                anchored=False,
            )


def _external_events(machine: Machine, owner: Record) -> Iterator[Entry]:
    """What other services report of a server (nova/objects/external_event.py)."""
    handler = attribute_lookup.attribute(machine, owner, "external_instance_event")
    kind = attribute_lookup.class_at(machine, "nova/objects/external_event.py", "InstanceExternalEvent")
    if not isinstance(handler, Routine) or kind is None:
        return
    try:
        names = evaluate(kind.module.bindings["EVENT_NAMES"], Scope(modules=machine.modules, module=kind.module))
    except (KeyError, UnreadableError):
        return
    for name in names:
        for attributes in _attributes_of(machine, kind, name):
            event = Record(kind=kind, attributes=attributes)
            yield Entry(
                action=f"event:{name}",
                routine=handler,
                actor="compute",
                keywords=(("instances", Many(item=InstanceRef(view=0))), ("events", Many(item=event))),
            )


def _attributes_of(machine: Machine, kind: Class, name: str) -> Iterator[tuple[tuple[str, Value], ...]]:
    """What an event can carry: its name, and the tag where the module has constants for it (power-update: POWER_ON)."""
    word = name.partition("-")[0].upper()
    scope = Scope(modules=machine.modules, module=kind.module)
    tags: list[str] = []
    for constant, node in kind.module.bindings.items():
        if constant.startswith(f"{word}_"):
            with suppress(UnreadableError):
                tags += [value] if isinstance(value := evaluate(node, scope), str) else []
    named: tuple[tuple[str, Value], ...] = (("name", Known(value=name)),)
    if not tags:
        yield named
    for tag in tags:
        yield (*named, ("tag", Known(value=tag)))


def parameters(entry: Entry) -> dict[str, Value]:
    """The arguments an entry point is called with."""
    given = dict(entry.keywords)
    for parameter in entry.routine.node.args.args:
        if entry.anchored and is_server_name(parameter.arg) and parameter.arg not in given:
            given[parameter.arg] = InstanceRef(view=0)
    node = entry.routine.node
    for name, default in ({} if isinstance(node, ast.Lambda) else defaults(node)).items():
        if isinstance(default, ast.Constant) and default.value is False:
            given.setdefault(name, UNKNOWN)  # a flag that one user sets and another does not
    return given
