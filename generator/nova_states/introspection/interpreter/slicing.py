"""Which functions can matter to a server's state: they touch its fields, save it, or call one that does.

All others are calls that may raise and tell nothing. Names decide, not types: a function too many costs time only.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from nova_states.introspection.interpreter.node_queries import root
from nova_states.introspection.modules import Function, Module, Modules

FILES = (
    "nova/compute/api.py",
    "nova/compute/manager.py",
    "nova/compute/rpcapi.py",
    "nova/compute/share_management.py",
    "nova/compute/utils.py",
    "nova/conductor/api.py",
    "nova/conductor/manager.py",
    "nova/conductor/rpcapi.py",
    "nova/conductor/tasks/base.py",
    "nova/conductor/tasks/cross_cell_migrate.py",
    "nova/conductor/tasks/live_migrate.py",
    "nova/conductor/tasks/migrate.py",
    "nova/scheduler/utils.py",
    "nova/api/openstack/compute/admin_actions.py",
)
"""Where states are written; drivers are looked at for the callbacks they are handed."""

_TASKS = "nova/conductor/tasks/"

STATE_FIELDS = frozenset({"vm_state", "task_state"})
_QUERY = "_get_instances_on_driver"
"""Looks for servers by their state; who asks it may hand them to others."""
_SAVING = frozenset({"save", "destroy", "create", "refresh"})
_MODELLED = frozenset({"save", "create", "destroy", "refresh", "update", "get", "delete", "append", "items", "copy"})
"""Names too common to follow: methods of objects that the interpreter models, or that hold no state."""


_TELLING = (
    "nova.compute",
    "nova.conductor",
    "nova.exception",
    "nova.objects.external_event",
    "nova.objects.fields",
    "nova.scheduler.utils",
    "nova.virt.event",
)
"""Modules whose names can tell a state, an exception or a function that matters; no others are opened for a name."""


def tells(module: Module, node: ast.expr) -> bool:
    """Whether a name of the module can matter, by where it was imported from."""
    origin = module.imports.get(root(node) or "", "")
    return not origin.startswith("nova") or origin == "nova" or origin.startswith(_TELLING)


def is_server_name(name: str) -> bool:
    """Whether Nova's source would call an Instance object so."""
    if name.endswith("cell_instance"):
        return False  # the server's row in another cell
    return name in {"inst", "instance_ref", "server"} or name.rpartition("_")[2] == "instance"


@dataclass(frozen=True, kw_only=True, slots=True)
class Relevance:
    """Names of the functions that matter."""

    names: frozenset[str]
    """Without those that are too common to tell by name."""
    common: frozenset[str]

    def includes(self, name: str) -> bool:
        """Whether a function of this (unqualified) name matters, wherever it is defined."""
        return name in self.names

    def follows(self, name: str) -> bool:
        """Whether a function of this name that was found in the tree matters."""
        return name in self.names or name in self.common


def read_relevance(modules: Modules) -> Relevance:
    """Close the functions that touch states over those that mention them."""
    mentions: dict[str, set[str]] = {}
    for module in present(modules):
        for function in functions(module.tree):
            touches, named = _look(function, module)
            for name in named:
                mentions.setdefault(name, set()).add(function.name)
            if touches:
                mentions.setdefault("", set()).add(function.name)
        if module.path.startswith(_TASKS):
            # Who makes a task runs it, or hands it to who does.
            for kind in module.classes.values():
                for function in functions(kind):
                    mentions.setdefault(function.name, set()).add(kind.name)
    found: set[str] = set()
    waiting = sorted(mentions.get("", ()))
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(sorted(mentions.get(name, set()) - found))
    return Relevance(names=frozenset(found - _MODELLED), common=frozenset(found & _MODELLED))


def present(modules: Modules) -> Iterator[Module]:
    """The modules of `FILES` that this tree has."""
    for path in FILES:
        if modules.exists(path):
            yield modules.at(path)


def functions(tree: ast.AST) -> Iterator[Function]:
    """All functions of a module, nested ones included."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
        for block in ("body", "orelse", "handlers", "finalbody"):
            found = getattr(node, block, ())
            waiting.extend(found if isinstance(found, list) else ())


def _look(function: Function, module: Module) -> tuple[bool, set[str]]:
    """Whether a function itself touches states, and the names of functions it mentions."""
    touches = False
    named: set[str] = set()
    in_rpcapi = module.path.endswith("rpcapi.py")
    for node in ast.walk(function):
        match node:
            case ast.Attribute(attr="vm_state" | "task_state"):
                touches = True
            case ast.Constant(value="vm_state" | "task_state") | ast.keyword(arg="vm_state" | "task_state"):
                touches = True
            case ast.Attribute(value=ast.Name(id=owner), attr=name):
                named.add(name) if owner in {"self", "cls", "manager"} or owner in module.imports else None
                touches = touches or name == _QUERY or (name in _SAVING and is_server_name(owner))
            case ast.Attribute(value=ast.Attribute(attr=owner), attr=name):
                named.add(name) if "api" in owner or owner.endswith("manager") else None
                touches = touches or (name in _SAVING and is_server_name(owner))
            case ast.Attribute(attr=name) if name == "execute" or name.startswith("_"):
                named.add(name)
            case ast.Call(args=[_, ast.Constant(value=str() as name), *_]) if in_rpcapi:
                named.add(name)
            case ast.Name(id=name):
                named.add(name)
    return touches, named
