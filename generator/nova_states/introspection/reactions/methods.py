"""Where the code of Nova's compute manager and compute API is, and which of it can change a server."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from nova_states.facts.model import Evidence
from nova_states.facts.state_set import FIELDS
from nova_states.introspection.constant_evaluator import PyValue
from nova_states.introspection.modules import Function, Module, Modules
from nova_states.introspection.reactions.path_state import Code
from nova_states.introspection.syntax import dotted_name, evidence

MANAGER, API, SERVER_CLASS = "ComputeManager", "API", "Instance"
MANAGER_FILE, API_FILE = "nova/compute/manager.py", "nova/compute/api.py"
_FILES = {MANAGER: MANAGER_FILE, API: API_FILE, SERVER_CLASS: "nova/objects/instance.py"}

DRIVER_EFFECTS = {
    "destroy": "destroy",
    "finish_revert_migration": "revert_resize",
    "resume_state_on_host_boot": "start",
}
"""Calls of a virt driver that act on the guest by themselves → our word for the effect."""

_VERB = re.compile(r"_?(\w+)_instance")
"""Methods named for an action: `stop_instance`, `_delete_instance`."""


@dataclass(kw_only=True)
class Methods:
    """The methods of the two classes."""

    modules: Modules
    nostate: frozenset[PyValue]
    """The power_state that stands for a server the hypervisor does not know."""
    error: PyValue
    """The vm_state of a server that failed."""
    _classes: dict[str, tuple[Module, dict[str, Function]]] = field(default_factory=dict)
    _looks: dict[Function, bool] = field(default_factory=dict)
    _changes: dict[tuple[str | None, ast.AST], bool] = field(default_factory=dict)

    def method(self, owner: str | None, name: str) -> Code | None:
        """A method of one of the two classes."""
        if owner not in (MANAGER, API):
            return None
        if owner not in self._classes:
            self._classes[owner] = self._methods(owner)
        module, methods = self._classes[owner]
        node = methods.get(name)
        return Code(module=module, node=node, owner=owner, name=f"{owner}.{name}") if node else None

    def of_server(self, name: str) -> Code | None:
        """A method of the server's object."""
        if not self.modules.exists(_FILES[SERVER_CLASS]):
            return None
        module, methods = self._classes.setdefault(SERVER_CLASS, self._methods(SERVER_CLASS))
        node = methods.get(name)
        return Code(module=module, node=node, owner=SERVER_CLASS, name=f"{SERVER_CLASS}.{name}") if node else None

    def _methods(self, owner: str) -> tuple[Module, dict[str, Function]]:
        module = self.modules.at(_FILES[owner])
        node = module.classes.get(owner)
        body = node.body if node else []
        return module, {s.name: s for s in body if isinstance(s, ast.FunctionDef | ast.AsyncFunctionDef)}

    def action(self, name: str) -> str | None:
        """The action of the compute API that a method of the manager does (`stop_instance`: `stop`), if any."""
        match = _VERB.fullmatch(name)
        return match.group(1) if match and self.method(API, match.group(1)) else None

    def reverting(self, method: Code) -> Evidence | None:
        """Where a decorator clears the task of the server when `method` raises an error; None where none does."""
        names = [decorator.id for decorator in method.node.decorator_list if isinstance(decorator, ast.Name)]
        for decorator in (method.module.functions[name] for name in names if name in method.module.functions):
            for inner in (node for node in decorator.body if isinstance(node, ast.FunctionDef)):
                for call in _handling_calls(inner):
                    if self.is_update(call) and not _constant(call, "task_state"):
                        return evidence(method.module, call, f"{decorator.name}.{inner.name}")
        return None

    def is_update(self, node: ast.Call) -> bool:
        """Whether a call is given states to write (`_instance_update(…, task_state=None)`)."""
        return self.is_instance_update(node) and any(keyword.arg in FIELDS for keyword in node.keywords)

    def is_instance_update(self, node: ast.Call) -> bool:
        """Whether a call writes what it is given by keyword, states or not."""
        return dotted_name(node.func).rpartition(".")[2] == "_instance_update"

    def looks_at_state(self, node: Function) -> bool:
        """Whether a function reads states or asks the hypervisor."""
        if node not in self._looks:
            self._looks[node] = self._looks_here(node)
        return self._looks[node]

    def _looks_here(self, node: Function) -> bool:
        reads = (n for n in ast.walk(node) if isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Load))
        return any(n.attr in (*FIELDS[:2], "get_info") for n in reads)

    def changes_state(self, node: ast.AST, owner: str | None) -> bool:
        """Whether some code writes states, destroys the server, or calls what does."""
        key = (owner, node)
        if key not in self._changes:
            self._changes[key] = False  # for functions that call each other
            self._changes[key] = any(self._changes_here(n, owner) for n in ast.walk(node))
        return self._changes[key]

    def _changes_here(self, node: ast.AST, owner: str | None) -> bool:
        if isinstance(node, ast.Attribute):
            return isinstance(node.ctx, ast.Store) and node.attr in FIELDS[:2]
        return isinstance(node, ast.Call) and (self.is_update(node) or self._call_changes(node, owner))

    def _call_changes(self, node: ast.Call, owner: str | None) -> bool:
        on, _, name = dotted_name(node.func).rpartition(".")
        if on == "self.driver":
            return name in DRIVER_EFFECTS
        if on == "self.compute_api" or (name == "destroy" and on.endswith("instance")):
            return True
        if on != "self" and not (on.endswith("_rpcapi") and owner == API):
            return False
        target = owner if on == "self" else MANAGER
        method = self.method(target, name)
        return method is not None and self.changes_state(method.node, target)


def _handling_calls(function: ast.AST) -> Iterator[ast.Call]:
    """The calls in a function's exception handlers."""
    for handler in ast.walk(function):
        if isinstance(handler, ast.ExceptHandler):
            yield from (node for node in ast.walk(handler) if isinstance(node, ast.Call))


def _constant(call: ast.Call, name: str) -> object:
    """The constant a call is given by keyword; something true where it is no constant."""
    value = next((keyword.value for keyword in call.keywords if keyword.arg == name), None)
    return value.value if isinstance(value, ast.Constant) else True
