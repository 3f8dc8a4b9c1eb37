"""Finds the function of the tree that a call in a method reaches: of the same class, the same module or another one."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from nova_states.introspection.constant_evaluator import ClassReference, FunctionReference, Scope, evaluate, lineage
from nova_states.introspection.modules import Function, Module, Modules
from nova_states.introspection.parsing import SourceError
from nova_states.introspection.syntax import dotted_name

_OWN = ("self", "cls")


@dataclass(frozen=True, kw_only=True, slots=True)
class Callee:
    """A function that is called, and where it stands."""

    module: Module
    function: Function
    owner: str | None
    """Name of its class."""

    @property
    def name(self) -> str:
        """Qualified name in the file."""
        return f"{self.owner}.{self.function.name}" if self.owner else self.function.name


@dataclass(kw_only=True)
class Callees:
    """Answers for one tree; another module is read only if its text has one of the words that are looked for."""

    modules: Modules
    words: frozenset[str]
    """What a function elsewhere must have in its file to be of interest."""
    _worth: dict[str, bool] = field(default_factory=dict)
    _methods: dict[tuple[str, str], dict[str, Callee]] = field(default_factory=dict)

    def of(self, call: ast.Call, module: Module, kind: ClassReference | None) -> Callee | None:
        """The function that `call` in a method of `kind` reaches, if it is known and of interest."""
        match call.func:
            case ast.Attribute(value=ast.Name(id=owner), attr=name) if owner in _OWN and kind is not None:
                return self.methods(kind).get(name)
            case ast.Name(id=name) if name in module.functions:
                return Callee(module=module, function=module.functions[name], owner=None)
            case ast.Name() | ast.Attribute():
                return self._elsewhere(call.func, module)
        return None

    def methods(self, kind: ClassReference) -> dict[str, Callee]:
        """Method name → the first definition that the class or a base of it has."""
        key = (kind.module.path, kind.name)
        if key not in self._methods:
            found: dict[str, Callee] = {}
            for one in lineage(kind, Scope(modules=self.modules, module=kind.module)):
                for node in one.node.body:
                    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                        found.setdefault(node.name, Callee(module=one.module, function=node, owner=one.name))
            self._methods[key] = found
        return self._methods[key]

    def _elsewhere(self, function: ast.expr, module: Module) -> Callee | None:
        root = dotted_name(function).partition(".")[0]
        origin = module.imports.get(root, "")
        local = root in module.classes or root in module.bindings
        if not local and not (origin.startswith("nova.") and self._is_worth(origin)):
            return None
        try:
            value = evaluate(function, Scope(modules=self.modules, module=module))
        except SourceError:
            return None
        if not isinstance(value, FunctionReference):
            return None
        bound = value.bound_to
        return Callee(
            module=value.module, function=value.node, owner=bound.name if isinstance(bound, ClassReference) else None
        )

    def _is_worth(self, dotted: str) -> bool:
        """Whether the module an import leads to has one of the words in its text."""
        if dotted not in self._worth:
            stem = dotted.replace(".", "/")
            parent = dotted.rpartition(".")[0].replace(".", "/")
            paths = [f"{stem}.py", f"{stem}/__init__.py", f"{parent}.py", f"{parent}/__init__.py"]
            path = next((path for path in paths if self.modules.exists(path)), None)
            text = self.modules.tree.read(path) if path is not None else b""
            self._worth[dotted] = any(word.encode() in text for word in self.words)
        return self._worth[dotted]
