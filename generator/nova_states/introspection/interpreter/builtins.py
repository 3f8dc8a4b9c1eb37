"""Calls that the interpreter knows by itself: objects of the server, containers, and a few functions of Python.

Everything here is matched by how Nova writes it; each entry is one line of a table.
"""
# ruff: noqa: PLR0913, PLR0917 - machine, frame, world and exits are what every step of an interpreter is given

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from dataclasses import replace

from nova_states.facts.state_set import StateSet
from nova_states.introspection.interpreter import attribute_lookup
from nova_states.introspection.interpreter.abstract_state import ATTRIBUTES, FieldValue, ObjectView, State
from nova_states.introspection.interpreter.arguments import bind, given
from nova_states.introspection.interpreter.expressions import stored
from nova_states.introspection.interpreter.instance_model import (
    add_view,
    create,
    destroy,
    query,
    read_field,
    save,
    write_field,
)
from nova_states.introspection.interpreter.machine import Exits, Found, Frame, Machine, raise_any
from nova_states.introspection.interpreter.node_queries import dotted
from nova_states.introspection.interpreter.slicing import STATE_FIELDS
from nova_states.introspection.interpreter.values import (
    NONE,
    UNKNOWN,
    InstanceListRef,
    InstanceRef,
    Known,
    KnownItems,
    Many,
    Metadata,
    Method,
    Pairs,
    Partial,
    Record,
    Routine,
    Value,
    constants,
)

_SILENT = re.compile(
    r"^(LOG|_LOG)\.|^(_|_LE|_LI|_LW|len|str|repr|bool|int|super|set|hasattr|.*\.obj_\w+|.*\.from_index|print|id|type)$"
)
"""Calls without effect that do not fail."""
_LONGEST_LIST = 4
"""Items of a list that are kept apart."""
_INSTANCE = re.compile(r"(?:^|\.)(?:objects|instance_obj|instance)\.(Instance|InstanceList)(?:\.(\w+))?$")


def evaluate(machine: Machine, frame: Frame, node: ast.Call, world: State, exits: Exits) -> Found | None:
    """The values of a call that is known by how it is written; None: it is not."""
    text = dotted(node.func)
    if _SILENT.search(text):
        return [(world, UNKNOWN)]
    instance = _INSTANCE.search(text)
    if instance:
        return _call_instance_class(machine, frame, node, world, exits, instance.group(1), instance.group(2))
    reader = _FUNCTIONS.get(text.rpartition(".")[2]) if text not in world.names else None
    if reader is None:
        return None
    found: Found = []
    for after, arguments, keywords in given(machine, frame, node, world, exits):
        found += reader(machine, frame, node, arguments, keywords, after)
    return found


def _call_instance_class(
    machine: Machine, frame: Frame, node: ast.Call, world: State, exits: Exits, kind: str, method: str | None
) -> Found:
    """`attribute_lookup.Instance(...)` and the queries of Instance and InstanceList."""
    found: Found = []
    for after, arguments, keywords in given(machine, frame, node, world, exits):
        if kind == "InstanceList":
            raise_any(machine, after, exits)
            servers = query(method or "", arguments, keywords, anchored=machine.anchored)
            found.append((after, UNKNOWN if method is None else servers))
        elif method is None:
            # An object made from scratch holds what it was given; it is the server's, or will be with create().
            held = {a: _held(keywords[a]) for a in ATTRIBUTES if a in keywords}
            found.append(add_view(after, ObjectView(**held)))
        else:
            raise_any(machine, after, exits)
            found.append(add_view(after))
    return found


def _held(value: Value) -> FieldValue | None:
    states = constants(value)
    if states is None:
        return None
    return FieldValue(states=frozenset(s for s in states if s is None or isinstance(s, str)), dirty=True)


def call_method(
    machine: Machine,
    frame: Frame,
    node: ast.AST,
    method: Method,
    arguments: list[Value],
    keywords: dict[str, Value],
    world: State,
    exits: Exits,
) -> Found:
    """A method of an Instance object or a container."""
    owner = method.owner
    if isinstance(owner, InstanceRef):
        return _call_server(machine, frame, node, owner, method.name, arguments, keywords, world, exits)
    if isinstance(owner, Metadata) and method.name in {"get", "pop"} and arguments:
        default = arguments[1] if len(arguments) > 1 else NONE
        return [(world, stored(machine, world, constants(arguments[0]), default))]
    if isinstance(owner, Pairs):
        return [_call_pairs(node, owner, method.name, arguments, keywords, world)]
    if isinstance(owner, KnownItems | Many) and method.name == "append" and arguments:
        return [(_rebound(node, world, _appended(owner, arguments[0])), NONE)]
    if isinstance(owner, KnownItems | Many) and method.name in {"extend", "pop"}:
        return [(_rebound(node, world, UNKNOWN), UNKNOWN)]
    return [(world, UNKNOWN)]


def _appended(container: KnownItems | Many, item: Value) -> Value:
    """A list with one more item; of long ones only what such an item is stays known."""
    if isinstance(container, KnownItems) and len(container.items) < _LONGEST_LIST:
        return KnownItems(items=(*container.items, item))
    return Many(item=item)


def _call_server(  # noqa: PLR0911 - one return a method
    machine: Machine,
    frame: Frame,
    node: ast.AST,
    server: InstanceRef,
    name: str,
    arguments: list[Value],
    keywords: dict[str, Value],
    world: State,
    exits: Exits,
) -> Found:
    match name:
        case "save":
            order = ("expected_vm_state", "expected_task_state")
            keywords = dict(zip(order, arguments, strict=False)) | keywords
            return [(after, NONE) for after in save(machine, frame, node, world, server.view, keywords, exits)]
        case "create":
            return [(after, NONE) for after in create(machine, frame, node, world, server.view)]
        case "destroy":
            return [(after, NONE) for after in destroy(machine, frame, node, world, exits)]
        case "refresh":
            raise_any(machine, world, exits)
            return [(world.viewing(server.view, ObjectView()), NONE)]
        case "update":
            pairs = next((one for one in arguments if isinstance(one, Pairs)), Pairs(items=()))
            worlds = [world]
            for attribute, value in [*pairs.items, *keywords.items()]:
                if attribute in STATE_FIELDS:
                    worlds = [
                        after
                        for one in worlds
                        for after in write_field(machine, frame, node, one, server.view, attribute, value)  # type: ignore[arg-type]
                    ]
            return [(after, NONE) for after in worlds]
        case "get" if arguments and arguments[0] in {Known(value=field) for field in STATE_FIELDS}:
            return read_field(world, server.view, str(next(iter(constants(arguments[0]) or ()))))  # type: ignore[arg-type]
        case "obj_clone":
            return [add_view(world, world.views[server.view])]
    raise_any(machine, world, exits)
    return [(world, UNKNOWN)]


def _call_pairs(
    node: ast.AST, owner: Pairs, name: str, arguments: list[Value], keywords: dict[str, Value], world: State
) -> tuple[State, Value]:
    if name == "copy":
        return world, owner
    if name == "items":
        return world, KnownItems(items=tuple(KnownItems(items=(Known(value=k), v)) for k, v in owner.items))
    if name == "update":
        given_pairs = [one for one in arguments if isinstance(one, Pairs)]
        for key, value in [*(item for one in given_pairs for item in one.items), *keywords.items()]:
            owner = owner.having(key, value)
        return _rebound(node, world, replace(owner, complete=owner.complete and bool(given_pairs or keywords))), NONE
    wanted = constants(arguments[0]) if arguments else None
    if wanted is not None and len(wanted) == 1:
        # A key that is not known may have been added by a function that was not read.
        return world, owner.get(next(iter(wanted))) or UNKNOWN
    return world, UNKNOWN


def _rebound(node: ast.AST, world: State, value: Value) -> State:
    """The world after a method changed the container that a variable holds."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name))):
            return world.binding(name, value)
    return world


BuiltinReader = Callable[[Machine, Frame, ast.Call, list[Value], dict[str, Value], State], Found]


def _same(_m: Machine, _f: Frame, _n: ast.Call, arguments: list[Value], _k: dict[str, Value], world: State) -> Found:
    """A copy of a container, or a wrapped function."""
    return [(world, arguments[0] if arguments else UNKNOWN)]


def _dict(m: Machine, frame: Frame, node: ast.Call, arguments: list[Value], k: dict[str, Value], world: State) -> Found:
    m.mark(frame, node)
    base = arguments[0] if arguments and isinstance(arguments[0], Pairs) else Pairs(items=(), complete=not arguments)
    for key, value in k.items():
        base = base.having(key, value)
    return [(world, base)]


def _zip(_m: Machine, _f: Frame, _n: ast.Call, arguments: list[Value], _k: dict[str, Value], world: State) -> Found:
    return [(world, Many(item=KnownItems(items=tuple(_item(one) for one in arguments))))]


def _enumerate(_m: Machine, _f: Frame, _n: ast.Call, given_: list[Value], _k: dict[str, Value], world: State) -> Found:
    return [(world, Many(item=KnownItems(items=(UNKNOWN, _item(given_[0])))))]


def _item(iterable: Value) -> Value:
    if isinstance(iterable, Many):
        return iterable.item
    if isinstance(iterable, KnownItems) and len(set(iterable.items)) == 1:
        return iterable.items[0]
    return UNKNOWN


def _partial(_m: Machine, _f: Frame, _n: ast.Call, given_: list[Value], k: dict[str, Value], world: State) -> Found:
    function, *rest = given_
    return [(world, Partial(function=function, arguments=tuple(rest), keywords=tuple(k.items())))]


def _call_arguments(
    m: Machine, frame: Frame, _n: ast.Call, given_: list[Value], k: dict[str, Value], world: State
) -> Found:
    """`inspect.getcallargs`: a function's parameters by name."""
    function, *rest = given_
    if isinstance(function, Routine):
        return [(world, Pairs(items=tuple(bind(m, frame, function, rest, k).items()), complete=False))]
    return [(world, UNKNOWN)]


def _setattr(m: Machine, f: Frame, node: ast.Call, given_: list[Value], _k: dict[str, Value], world: State) -> Found:
    match given_:
        case [InstanceRef(view=view), Known(value="vm_state" | "task_state" as name), value]:
            return [(after, NONE) for after in write_field(m, f, node, world, view, name, value)]
    return [(world, NONE)]


def _getattr(m: Machine, _f: Frame, _n: ast.Call, given_: list[Value], _k: dict[str, Value], world: State) -> Found:
    match given_:
        case [InstanceRef(view=view), Known(value="vm_state" | "task_state" as name), *_]:
            return read_field(world, view, name)
        case [Record() as owner, Known(value=str() as name), *_]:
            return [(world, attribute_lookup.attribute(m, owner, name))]
    return [(world, UNKNOWN)]


def _server(m: Machine, _f: Frame, _n: ast.Call, _g: list[Value], _k: dict[str, Value], world: State) -> Found:
    """A lookup that gives the server, or the object that a request to build it carries."""
    return [add_view(world, m.unsaved if not world.row.exists else None)]


def _servers(m: Machine, _f: Frame, _n: ast.Call, g: list[Value], k: dict[str, Value], world: State) -> Found:
    found = query("", g, k, anchored=m.anchored)
    return [(world, InstanceListRef(states=StateSet()) if found == UNKNOWN and not m.anchored else found)]


def _yes(_m: Machine, _f: Frame, _n: ast.Call, _g: list[Value], _k: dict[str, Value], world: State) -> Found:
    """What holds in every deployment that is read: one release, one cell."""
    return [(world, Known(value=True))]


def _build_request(m: Machine, _f: Frame, _n: ast.Call, _g: list[Value], k: dict[str, Value], world: State) -> Found:
    """A request to build carries the server that is not created yet."""
    match k.get("instance"):
        case InstanceRef(view=view):
            m.unsaved = world.views[view]
    return [(world, UNKNOWN)]


_FUNCTIONS: dict[str, BuiltinReader] = {
    "BuildRequest": _build_request,
    "_is_selected_host_in_source_cell": _yes,
    "can_send_version": _yes,
    "dict": _dict,
    "enumerate": _enumerate,
    "get_new_instance": _server,
    "get_wrapped_function": _same,
    "getattr": _getattr,
    "getcallargs": _call_arguments,
    "list": _same,
    "_get_instances_on_driver": _servers,
    "partial": _partial,
    "reversed": _same,
    "setattr": _setattr,
    "sorted": _same,
    "tuple": _same,
    "zip": _zip,
}
"""Functions by the last part of their name."""
