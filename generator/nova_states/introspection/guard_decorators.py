"""Finds the decorators that guard a method by its server's state, and the methods that carry them.

A guard decorator is known by what it does, not by its name or where it stands: it looks at a state of the server and
can refuse.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from nova_states.introspection.constant_evaluator import (
    ClassReference,
    PyValue,
    Scope,
    UnreadableError,
    evaluate,
    lineage,
)
from nova_states.introspection.modules import Function, Module, Modules
from nova_states.introspection.parsing import SourceError
from nova_states.introspection.state_interest import StateInterest
from nova_states.introspection.syntax import decorator_name, dotted_name, functions_with_names, methods
from nova_states.introspection.tree_walk import walk

_BUILT_IN = frozenset({"classmethod", "property", "staticmethod"})
_DEEPEST = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class ActionMethod:
    """A function of the compute API, with the action it belongs to."""

    action: str
    name: str
    """Qualified name in the file, "API.stop"."""
    function: Function
    parent: str | None
    """Public action that calls it, if it is private itself."""


@dataclass(kw_only=True)
class GuardDecorators:
    """Tells guards from other decorators in one tree."""

    modules: Modules
    interest: StateInterest = field(init=False)
    _known: dict[tuple[str, str], bool | None] = field(default_factory=dict)
    _parts: set[tuple[str, int]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.interest = StateInterest(modules=self.modules)

    def is_guard(self, node: ast.expr, module: Module, owner: ClassReference | None = None) -> bool | None:
        """Whether a decorator refuses by a server's state; None where that cannot be told."""
        maker = node.func if isinstance(node, ast.Call) else node
        key = (module.path, ast.unparse(maker))
        if key not in self._known:
            self._known[key] = self._is_guard(node, maker, module, owner)
        return self._known[key]

    def _is_guard(self, node: ast.expr, maker: ast.expr, module: Module, owner: ClassReference | None) -> bool | None:
        if isinstance(maker, ast.Name) and maker.id in _BUILT_IN and not module.binds(maker.id):
            return False
        scope = Scope(modules=self.modules, module=module, within=within(maker, module, owner))
        for expression in dict.fromkeys((maker, node)):
            try:
                return self.decides(evaluate(expression, scope))
            except SourceError:
                continue
        return None if self._may_decide(node, module, scope) else False

    def _may_decide(self, node: ast.expr, module: Module, scope: Scope, depth: int = 0) -> bool:
        """Whether a decorator that cannot be told may be a guard: by what the names it is made of stand for."""
        for part in walk(node):
            if not isinstance(part, ast.Name):
                continue
            try:
                if self.decides(evaluate(part, scope)):
                    return True
            except SourceError:
                made = module.bindings.get(part.id)
                if made is None or depth > _DEEPEST or self._may_decide(made, module, scope, depth + 1):
                    return True
        return False

    def decides(self, value: PyValue) -> bool:
        """Whether something callable refuses by a server's state; remembers the functions it is made of."""
        if not self.interest.decides(value):
            return False
        self._parts |= self.interest.parts(value)
        return True

    def is_part(self, module: Module, function: Function) -> bool:
        """Whether a function belongs to a guard decorator, in use or not."""
        return (module.path, function.lineno) in self._parts or _is_decorator(function)


def _is_decorator(function: Function) -> bool:
    """Whether a function returns one that is defined in it."""
    inner = {node.name for node in walk(function) if isinstance(node, ast.FunctionDef) and node is not function}
    returned = (node.value for node in walk(function) if isinstance(node, ast.Return) and node.value is not None)
    return any(isinstance(value, ast.Name) and value.id in inner for value in returned)


def within(node: ast.expr, module: Module, owner: ClassReference | None) -> ClassReference | None:
    """The class to look names up in, if an expression has names that its module does not bind."""
    names = {part.id for part in walk(node) if isinstance(part, ast.Name)}
    return owner if owner is not None and not all(module.binds(name) for name in names) else None


def guarded_methods(module: Module, guards: GuardDecorators) -> Iterator[ActionMethod]:
    """Functions of the compute API that carry a guard, in order of the source."""
    for name, function in functions_with_names(module.tree.body):
        owner = owner_of(name, module)
        if any(guards.is_guard(node, module, owner) for node in function.decorator_list):
            yield action_method(name, function, module)


def owner_of(name: str, module: Module) -> ClassReference | None:
    """The class that a function of this qualified name belongs to."""
    first = name.partition(".")[0]
    node = module.classes.get(first)
    return ClassReference(module=module, node=node, name=first) if node is not None else None


def action_method(name: str, function: Function, module: Module) -> ActionMethod:
    """A function with its action: the outermost method around it, or its public caller's part."""
    owner, _, rest = name.partition(".")
    outermost = (rest or owner).partition(".")[0]
    parent = _public_caller(module, owner, outermost) if outermost.startswith("_") else None
    return ActionMethod(action=outermost.lstrip("_"), name=name, function=function, parent=parent)


def condition_names(function: Function, module: Module, guards: GuardDecorators) -> tuple[str, ...]:
    """Names of a function's decorators other than state guards, outermost first."""
    return tuple(decorator_name(node) for node in function.decorator_list if not guards.is_guard(node, module))


def api_classes(module: Module, name: str, modules: Modules) -> list[ClassReference]:
    """The class of the compute API and its bases inside the tree, in the order in which they are asked."""
    node = module.classes.get(name)
    if node is None:
        return []
    return lineage(ClassReference(module=module, node=node, name=name), Scope(modules=modules, module=module))


def _public_caller(module: Module, owner: str, private: str) -> str | None:
    """The public method of the class that calls the private one."""
    if owner not in module.classes:
        return None
    for name, definitions in methods(module.classes[owner]).items():
        for function in definitions:
            calls = {dotted_name(node.func) for node in walk(function) if isinstance(node, ast.Call)}
            if not name.startswith("_") and f"self.{private}" in calls:
                return name
    return None


def unreadable(module: Module, node: ast.expr) -> UnreadableError:
    """What is said of a decorator that cannot be told."""
    return UnreadableError(module, node, f"what the decorator {ast.unparse(node)} does cannot be told")
