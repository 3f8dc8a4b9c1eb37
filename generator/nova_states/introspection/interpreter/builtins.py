"""Calls that the interpreter knows by itself: objects of the server, containers, and a few functions of Python.

Everything here is matched by how Nova writes it; each entry is one line of a table.
"""

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
from nova_states.introspection.interpreter.machine import Arguments, Context, Found
from nova_states.introspection.interpreter.node_queries import dotted
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
    Raised,
    Record,
    Routine,
    Value,
    constants,
    is_attribute,
)

_SILENT = re.compile(
    r"^(LOG|_LOG)\.|^(_|_LE|_LI|_LW|len|str|repr|bool|int|super|set|hasattr|.*\.obj_\w+|.*\.from_index|print|id|type)$"
)
"""Calls without effect that do not fail."""
_LONGEST_LIST = 4
"""Items of a list that are kept apart."""
_INSTANCE = re.compile(r"(?:^|\.)(?:objects|instance_obj|instance)\.(Instance|InstanceList)(?:\.(\w+))?$")


def evaluate(here: Context, node: ast.Call, world: State) -> Found | None:
    """The values of a call that is known by how it is written; None: it is not."""
    text = dotted(node.func)
    if _SILENT.search(text):
        return [(world, UNKNOWN)]
    instance = _INSTANCE.search(text)
    if instance:
        return _call_instance_class(here, node, world, instance.group(1), instance.group(2))
    reader = _FUNCTIONS.get(text.rpartition(".")[2]) if text not in world.names else None
    if reader is None:
        return None
    found: Found = []
    for after, arguments in given(here, node, world):
        found += reader(here, node, arguments, after)
    return found


def _call_instance_class(here: Context, node: ast.Call, world: State, kind: str, method: str | None) -> Found:
    """`attribute_lookup.Instance(...)` and the queries of Instance and InstanceList."""
    found: Found = []
    for after, arguments in given(here, node, world):
        if kind == "InstanceList":
            here.raises_any(after)
            servers = query(method or "", arguments, anchored=here.machine.anchored)
            found.append((after, UNKNOWN if method is None else servers))
        elif method is None:
            # An object made from scratch holds what it was given; it is the server's, or will be with create().
            fields = {a: _field_value(arguments.named[a]) for a in ATTRIBUTES if a in arguments.named}
            found.append(add_view(after, ObjectView(**fields)))
        else:
            here.raises_any(after)
            found.append(add_view(after))
    return found


def _field_value(value: Value) -> FieldValue | None:
    states = constants(value)
    if states is None:
        return None
    return FieldValue(states=frozenset(s for s in states if s is None or isinstance(s, str)), dirty=True)


def call_method(here: Context, node: ast.AST, method: Method, arguments: Arguments, world: State) -> Found:
    """A method of an Instance object or a container."""
    owner, given_values = method.owner, arguments.positional
    if isinstance(owner, InstanceRef):
        return _SERVER_METHODS.get(method.name, _unknown_method)(here, node, owner, arguments, world)
    if isinstance(owner, Metadata) and method.name in {"get", "pop"} and given_values:
        default = given_values[1] if len(given_values) > 1 else NONE
        return [(world, stored(here.machine, world, constants(given_values[0]), default))]
    if isinstance(owner, Pairs):
        return [_call_pairs(node, owner, method.name, arguments, world)]
    if isinstance(owner, KnownItems | Many) and method.name == "append" and given_values:
        return [(_rebound(node, world, _appended(owner, given_values[0])), NONE)]
    if isinstance(owner, KnownItems | Many) and method.name in {"extend", "pop"}:
        return [(_rebound(node, world, UNKNOWN), UNKNOWN)]
    return [(world, UNKNOWN)]


def _appended(container: KnownItems | Many, item: Value) -> Value:
    """A list with one more item; of long ones only what such an item is stays known."""
    if isinstance(container, KnownItems) and len(container.items) < _LONGEST_LIST:
        return KnownItems(items=(*container.items, item))
    return Many(item=item)


def _save(here: Context, node: ast.AST, server: InstanceRef, arguments: Arguments, world: State) -> Found:
    order = ("expected_vm_state", "expected_task_state")
    keywords = dict(zip(order, arguments.positional, strict=False)) | arguments.named
    return [(after, NONE) for after in save(here, node, world, server.view, keywords)]


def _create(here: Context, node: ast.AST, server: InstanceRef, _arguments: Arguments, world: State) -> Found:
    return [(after, NONE) for after in create(here, node, world, server.view)]


def _destroy(here: Context, node: ast.AST, _server: InstanceRef, _arguments: Arguments, world: State) -> Found:
    return [(after, NONE) for after in destroy(here, node, world)]


def _refresh(here: Context, _node: ast.AST, server: InstanceRef, _arguments: Arguments, world: State) -> Found:
    here.raises_any(world)
    return [(world.viewing(server.view, ObjectView()), NONE)]


def _update(here: Context, node: ast.AST, server: InstanceRef, arguments: Arguments, world: State) -> Found:
    pairs = next((one for one in arguments.positional if isinstance(one, Pairs)), Pairs(items=()))
    worlds = [world]
    for name, value in [*pairs.items, *arguments.named.items()]:
        if is_attribute(name):
            field = (server.view, name)
            worlds = [after for one in worlds for after in write_field(here, node, one, field, value)]
    return [(after, NONE) for after in worlds]


def _get(here: Context, node: ast.AST, server: InstanceRef, arguments: Arguments, world: State) -> Found:
    match arguments.positional:
        case (Known(value="vm_state" | "task_state" as name), *_):
            return read_field(world, server.view, name)
    return _unknown_method(here, node, server, arguments, world)


def _clone(_here: Context, _node: ast.AST, server: InstanceRef, _arguments: Arguments, world: State) -> Found:
    return [add_view(world, world.views[server.view])]


def _unknown_method(here: Context, _node: ast.AST, _server: InstanceRef, _arguments: Arguments, world: State) -> Found:
    here.raises_any(world)
    return [(world, UNKNOWN)]


_SERVER_METHODS: dict[str, Callable[[Context, ast.AST, InstanceRef, Arguments, State], Found]] = {
    "create": _create,
    "destroy": _destroy,
    "get": _get,
    "obj_clone": _clone,
    "refresh": _refresh,
    "save": _save,
    "update": _update,
}
"""Methods of Instance; others may raise and tell nothing."""


def _call_pairs(node: ast.AST, owner: Pairs, name: str, arguments: Arguments, world: State) -> tuple[State, Value]:
    if name == "copy":
        return world, owner
    if name == "items":
        return world, KnownItems(items=tuple(KnownItems(items=(Known(value=k), v)) for k, v in owner.items))
    if name == "update":
        given_pairs = [one for one in arguments.positional if isinstance(one, Pairs)]
        for key, value in [*(item for one in given_pairs for item in one.items), *arguments.named.items()]:
            owner = owner.having(key, value)
        is_complete = owner.complete and bool(given_pairs or arguments.named)
        return _rebound(node, world, replace(owner, complete=is_complete)), NONE
    wanted = constants(arguments.positional[0]) if arguments.positional else None
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


def _same(_here: Context, _node: ast.Call, arguments: Arguments, world: State) -> Found:
    """A copy of a container."""
    return [(world, arguments.positional[0] if arguments.positional else UNKNOWN)]


def _wrapped(_here: Context, _node: ast.Call, arguments: Arguments, world: State) -> Found:
    """`get_wrapped_function`: what lies at the bottom of a stack of decorators (nova/safe_utils.py)."""
    function = arguments.positional[0] if arguments.positional else UNKNOWN
    while isinstance(function, Routine):
        inner = next((value for _, value in function.closure if isinstance(value, Routine)), None)
        if inner is None:
            break
        function = inner
    return [(world, function)]


def _dict(here: Context, node: ast.Call, arguments: Arguments, world: State) -> Found:
    here.mark(node)
    first = arguments.positional[0] if arguments.positional else None
    base = first if isinstance(first, Pairs) else Pairs(items=(), complete=first is None)
    for key, value in arguments.named.items():
        base = base.having(key, value)
    return [(world, base)]


def _zip(_here: Context, _node: ast.Call, arguments: Arguments, world: State) -> Found:
    return [(world, Many(item=KnownItems(items=tuple(_item(one) for one in arguments.positional))))]


def _enumerate(_here: Context, _node: ast.Call, arguments: Arguments, world: State) -> Found:
    return [(world, Many(item=KnownItems(items=(UNKNOWN, _item(arguments.positional[0])))))]


def _item(iterable: Value) -> Value:
    if isinstance(iterable, Many):
        return iterable.item
    if isinstance(iterable, KnownItems) and len(set(iterable.items)) == 1:
        return iterable.items[0]
    return UNKNOWN


def _partial(_here: Context, _node: ast.Call, arguments: Arguments, world: State) -> Found:
    function, *rest = arguments.positional
    return [(world, Partial(function=function, arguments=tuple(rest), keywords=tuple(arguments.named.items())))]


def _call_arguments(here: Context, node: ast.Call, arguments: Arguments, world: State) -> Found:
    """`inspect.getcallargs`: a function's parameters by name; Nova's own before that was not given the object."""
    function, *rest = arguments.positional
    if isinstance(function, Routine):
        is_method = [one.arg for one in function.node.args.args[:1]] == ["self"]
        if is_method and not dotted(node.func).startswith("inspect."):
            rest = [UNKNOWN, *rest]
        bound = bind(here, function, Arguments(positional=tuple(rest), named=arguments.named))
        return [(world, Pairs(items=tuple(bound.items()), complete=False))]
    return [(world, UNKNOWN)]


def _exception_info(_here: Context, _node: ast.Call, _arguments: Arguments, world: State) -> Found:
    """`sys.exc_info`: the class, the exception and the way of what is being handled."""
    return [(world, KnownItems(items=(UNKNOWN, world.handled or UNKNOWN, UNKNOWN)))]


def _reraise(here: Context, node: ast.Call, arguments: Arguments, world: State) -> Found:
    """`six.reraise`: the second of what `sys.exc_info` gave goes on."""
    match arguments.positional:
        case (_, Raised() as raised, *_):
            here.raises(world, raised)
        case _:
            here.raises_any(world, node)
    return []


def _setattr(here: Context, node: ast.Call, arguments: Arguments, world: State) -> Found:
    match arguments.positional:
        case (InstanceRef(view=view), Known(value="vm_state" | "task_state" as name), value):
            return [(after, NONE) for after in write_field(here, node, world, (view, name), value)]
    return [(world, NONE)]


def _getattr(here: Context, _node: ast.Call, arguments: Arguments, world: State) -> Found:
    match arguments.positional:
        case (InstanceRef(view=view), Known(value="vm_state" | "task_state" as name), *_):
            return read_field(world, view, name)
        case (Record() as owner, Known(value=str() as name), *_):
            return [(world, attribute_lookup.attribute(here.machine, owner, name))]
    return [(world, UNKNOWN)]


def _server(here: Context, _node: ast.Call, _arguments: Arguments, world: State) -> Found:
    """A lookup that gives the server, or the object that a request to build it carries."""
    return [add_view(world, here.machine.unsaved if not world.row.exists else None)]


def _servers(here: Context, _node: ast.Call, arguments: Arguments, world: State) -> Found:
    anchored = here.machine.anchored
    found = query("", arguments, anchored=anchored)
    return [(world, InstanceListRef(states=StateSet()) if found == UNKNOWN and not anchored else found)]


def _yes(_here: Context, _node: ast.Call, _arguments: Arguments, world: State) -> Found:
    """What holds in every deployment that is read: one release, one cell."""
    return [(world, Known(value=True))]


def _build_request(here: Context, _node: ast.Call, arguments: Arguments, world: State) -> Found:
    """A request to build carries the server that is not created yet."""
    match arguments.named.get("instance"):
        case InstanceRef(view=view):
            here.machine.unsaved = world.views[view]
    return [(world, UNKNOWN)]


_FUNCTIONS: dict[str, Callable[[Context, ast.Call, Arguments, State], Found]] = {
    "BuildRequest": _build_request,
    "_is_selected_host_in_source_cell": _yes,
    "can_send_version": _yes,
    "dict": _dict,
    "enumerate": _enumerate,
    "exc_info": _exception_info,
    "get_new_instance": _server,
    "get_wrapped_function": _wrapped,
    "getattr": _getattr,
    "getcallargs": _call_arguments,
    "list": _same,
    "_get_instances_on_driver": _servers,
    "partial": _partial,
    "reraise": _reraise,
    "reversed": _same,
    "setattr": _setattr,
    "sorted": _same,
    "tuple": _same,
    "zip": _zip,
}
"""Functions by the last part of their name."""
