"""Where the code of Nova's compute manager, compute API and their collaborators is, and what can change a server."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from nova_states.facts.model import Evidence
from nova_states.facts.state_set import FIELDS
from nova_states.introspection.constant_evaluator import PyValue
from nova_states.introspection.modules import Function, Module, Modules
from nova_states.introspection.reactions.collaborators import Collaborators
from nova_states.introspection.reactions.path_state import Code
from nova_states.introspection.syntax import dotted_name, evidence
from nova_states.introspection.tree_walk import walk

MANAGER, API, SERVER_CLASS = "ComputeManager", "API", "Instance"
MANAGER_FILE, API_FILE = "nova/compute/manager.py", "nova/compute/api.py"
_FILES = {MANAGER: MANAGER_FILE, API: API_FILE, SERVER_CLASS: "nova/objects/instance.py"}

DRIVER_EFFECTS = {
    "destroy": "destroy",
    "finish_revert_migration": "revert_resize",
    "resume_state_on_host_boot": "start",
}
"""Calls of a virt driver that act on the guest by themselves → our word for the effect."""

_OTHERS = ("compute_api", "driver")
"""Attributes whose calls are told by what they do to a server as a whole, not by what stands in them."""

_VERB = re.compile(r"_?(\w+)_instance")
"""Methods named for an action: `stop_instance`, `_delete_instance`."""


@dataclass(kw_only=True)
class Methods:
    """The methods of the two classes, and of the collaborators that they hold as attributes."""

    modules: Modules
    nostate: frozenset[PyValue]
    """The power_state that stands for a server the hypervisor does not know."""
    error: PyValue
    """The vm_state of a server that failed."""
    _classes: dict[str, tuple[Module, dict[str, Function]]] = field(default_factory=dict)
    _collaborators: Collaborators = field(init=False)
    _looks: dict[Function, bool] = field(default_factory=dict)
    _changes: dict[tuple[str | None, ast.AST], bool] = field(default_factory=dict)
    _acts: dict[tuple[str | None, ast.AST], bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Look for collaborators in the same tree."""
        self._collaborators = Collaborators(modules=self.modules)

    def method(self, owner: str | None, name: str) -> Code | None:
        """A method of one of the two classes, or of a collaborator's."""
        if owner is not None and self._collaborators.knows(owner):
            return self._collaborators.method(owner, name)
        if owner not in (MANAGER, API):
            return None
        if owner not in self._classes:
            self._classes[owner] = self._methods(owner)
        module, methods = self._classes[owner]
        node = methods.get(name)
        return Code(module=module, node=node, owner=owner, name=f"{owner}.{name}") if node else None

    def is_of_collaborator(self, method: Code) -> bool:
        """Whether a method is one of what a class keeps as an attribute."""
        return method.owner is not None and self._collaborators.knows(method.owner)

    def called(self, owner: str | None, name: str) -> Code | None:
        """The method that a name of the source leads to in a class: "self.stop_instance", "self.share_manager.mount".

        None where it is not known, and where the call ends elsewhere: in a virt driver, the compute API or a message.
        """
        match name.split("."):
            case ["self", own]:
                return self.method(owner, own)
            case ["self", attribute, last] if attribute not in _OTHERS and not attribute.endswith("_rpcapi"):
                return self._of_collaborator(owner, attribute, last)
        return None

    def _of_collaborator(self, owner: str | None, attribute: str, name: str) -> Code | None:
        if owner in (MANAGER, API):
            module = self.modules.at(_FILES[owner])
            node = module.classes.get(owner)
            kind = self._collaborators.of_class(owner, module, node, attribute) if node else None
        else:
            kind = self._collaborators.of_collaborator(owner, attribute) if owner else None
        return self._collaborators.method(kind, name) if kind else None

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
        reads = (n for n in walk(node) if isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Load))
        return any(n.attr in (*FIELDS[:2], "get_info") for n in reads)

    def changes_state(self, node: ast.AST, owner: str | None) -> bool:
        """Whether some code writes states, destroys the server, or calls what does."""
        key = (owner, node)
        if key not in self._changes:
            self._changes[key] = False  # for functions that call each other
            self._changes[key] = any(self._changes_here(n, owner) for n in walk(node))
        return self._changes[key]

    def acts_on_guest(self, node: ast.AST, owner: str | None) -> bool:
        """Whether some code calls a virt driver, itself or by a method that it calls."""
        key = (owner, node)
        if key not in self._acts:
            self._acts[key] = False  # for functions that call each other
            self._acts[key] = any(self._acts_here(n, owner) for n in walk(node) if isinstance(n, ast.Call))
        return self._acts[key]

    def _acts_here(self, node: ast.Call, owner: str | None) -> bool:
        name = dotted_name(node.func)
        if name.startswith("self.driver."):
            return True
        method = self.called(owner, name)
        return method is not None and self.acts_on_guest(method.node, method.owner)

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
        is_message = on.endswith("_rpcapi") and owner == API
        method = self.method(MANAGER, name) if is_message else self.called(owner, f"{on}.{name}")
        return method is not None and self.changes_state(method.node, method.owner)


def _handling_calls(function: ast.AST) -> Iterator[ast.Call]:
    """The calls in a function's exception handlers."""
    for handler in walk(function):
        if isinstance(handler, ast.ExceptHandler):
            yield from (node for node in walk(handler) if isinstance(node, ast.Call))


def _constant(call: ast.Call, name: str) -> object:
    """The constant a call is given by keyword; something true where it is no constant."""
    value = next((keyword.value for keyword in call.keywords if keyword.arg == name), None)
    return value.value if isinstance(value, ast.Constant) else True
