"""The objects that a class of Nova keeps as attributes of its own, by what it assigns to them, and their methods.

`self.share_manager` is what `self.share_manager = share_management.ShareManager(...)` says it is. An attribute that is
given objects of several classes, or what is made by something that is no class of the tree, is not known.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from nova_states.introspection.callees import Callees
from nova_states.introspection.constant_evaluator import ClassReference, Scope, evaluate
from nova_states.introspection.modules import Module, Modules
from nova_states.introspection.parsing import SourceError
from nova_states.introspection.reactions.path_state import Code
from nova_states.introspection.syntax import dotted_name
from nova_states.introspection.tree_walk import walk


@dataclass(kw_only=True)
class Collaborators:
    """Answers for one tree. The class of one is known by a key: "nova.compute.share_management.ShareManager"."""

    modules: Modules
    _kinds: dict[str, ClassReference] = field(default_factory=dict)
    _attributes: dict[str, dict[str, str | None]] = field(default_factory=dict)
    _calls: dict[str, dict[str, list[ast.Call]]] = field(default_factory=dict)
    _callees: Callees = field(init=False)

    def __post_init__(self) -> None:
        """Look for methods in any module."""
        self._callees = Callees(modules=self.modules, words=frozenset(("",)))

    def knows(self, key: str) -> bool:
        """Whether `key` is that of a collaborator."""
        return key in self._kinds

    def method(self, key: str, name: str) -> Code | None:
        """A method of a collaborator, its own or that of a base."""
        found = self._callees.methods(self._kinds[key]).get(name)
        return Code(module=found.module, node=found.function, owner=key, name=found.name) if found else None

    def of_collaborator(self, key: str, attribute: str) -> str | None:
        """The key of what a collaborator holds as `attribute`, if it is known."""
        kind = self._kinds.get(key)
        return self.of_class(key, kind.module, kind.node, attribute) if kind else None

    def of_class(self, key: str, module: Module, node: ast.ClassDef, attribute: str) -> str | None:
        """The key of what a class holds as `attribute`, if it is known.

        Args:
            key: What the class is known by.
            module: Where it stands.
            node: The class.
            attribute: The name after `self.`.
        """
        known = self._attributes.setdefault(key, {})
        if attribute not in known:
            if key not in self._calls:
                self._calls[key] = _made(node)
            kinds = [self._kind(call, module) for call in self._calls[key].get(attribute, ())]
            known[attribute] = kinds[0] if len(set(kinds)) == 1 else None
        return known[attribute]

    def _kind(self, call: ast.Call, module: Module) -> str | None:
        """The key of the class of the tree that a call makes an object of."""
        root = dotted_name(call.func).partition(".")[0]
        if root not in module.classes and not module.imports.get(root, "").startswith("nova."):
            return None
        try:
            kind = evaluate(call.func, Scope(modules=self.modules, module=module))
        except SourceError:
            return None
        if not isinstance(kind, ClassReference):
            return None
        key = f"{kind.module.name}.{kind.name}"
        self._kinds.setdefault(key, kind)
        return key


def _made(node: ast.ClassDef) -> dict[str, list[ast.Call]]:
    """The calls whose results a class assigns to each attribute of `self`."""
    found: dict[str, list[ast.Call]] = {}
    for part in walk(node):
        match part:
            case ast.Assign(targets=[ast.Attribute(value=ast.Name(id="self"), attr=name)], value=ast.Call() as call):
                found.setdefault(name, []).append(call)
            case ast.AnnAssign(target=ast.Attribute(value=ast.Name(id="self"), attr=name), value=ast.Call() as call):
                found.setdefault(name, []).append(call)
    return found
