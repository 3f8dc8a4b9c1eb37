"""Tells which functions of Nova look at a server's states, themselves or through what they call.

What does not is not worth following; what does must be understood, or be reported.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from nova_states.introspection.constant_evaluator import (
    Arguments,
    ClassReference,
    External,
    FunctionReference,
    ObjectValue,
    Partial,
    PyValue,
    Scope,
    Symbol,
    bases,
    class_attribute,
    evaluate,
)
from nova_states.introspection.modules import Module, Modules
from nova_states.introspection.parsing import SourceError
from nova_states.introspection.symbols import FIELDS, is_of_concern
from nova_states.introspection.syntax import dotted_name
from nova_states.introspection.tree_walk import children, walk

_DEEPEST = 4
_OWN = ("self", "cls")
_NOT_SERVERS = frozenset({"self", "cls", "context", "ctxt"})


@dataclass(kw_only=True)
class StateInterest:
    """Answers for the functions of one tree."""

    modules: Modules
    _known: dict[tuple[str, int, str], tuple[bool, bool]] = field(default_factory=dict)

    def decides(self, value: PyValue) -> bool:
        """Whether something callable can refuse by a server's state."""
        looks = raises = False
        for function in self._functions(value):
            one_looks, one_raises = self._of(function, 0)
            looks, raises = looks or one_looks, raises or one_raises
        return looks and raises

    def parts(self, value: PyValue) -> set[tuple[str, int]]:
        """Path and line of the functions that something callable is made of."""
        found: set[tuple[str, int]] = set()
        waiting = list(self._functions(value))
        while waiting:
            function = waiting.pop()
            place = (function.module.path, function.node.lineno)
            if place not in found and any(self._of(function, 0)):
                found.add(place)
                owner = function.bound_to
                waiting.extend(self._called(function, owner.kind if isinstance(owner, ObjectValue) else owner))
        return found

    def looks(self, function: FunctionReference) -> bool:
        """Whether a function looks at a state."""
        return self._of(function, 0)[0]

    def follows(self, function: FunctionReference, given: Arguments) -> bool | None:
        """Whether a call must be followed, can be, or need not be."""
        values = (*given.positional, *given.named.values())
        looks, raises = self._of(function, 0)
        if function.enclosing is not None or looks:
            return True
        if raises and any(is_of_concern(value) for value in values):
            return False
        return None if any(isinstance(value, Symbol) for value in values) else False

    def _functions(self, value: PyValue) -> Iterator[FunctionReference]:
        if isinstance(value, FunctionReference):
            yield value
        elif isinstance(value, Partial):
            yield from self._functions(value.function)
            for part in (*value.given.positional, *value.given.named.values()):
                yield from self._functions(part)
        elif isinstance(value, ObjectValue):
            yield from self._functions(value.kind)
        elif isinstance(value, ClassReference):
            yield from self._methods(value)

    def _methods(self, kind: ClassReference, depth: int = 0) -> Iterator[FunctionReference]:
        """Methods of a class that decorates, with those of its bases."""
        for node in kind.node.body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield FunctionReference(module=kind.module, node=node, name=node.name, bound_to=kind)
        for parent in bases(kind, Scope(modules=self.modules, module=kind.module)) if depth < _DEEPEST else ():
            if isinstance(parent, ClassReference):
                yield from self._methods(parent, depth + 1)

    def _of(self, function: FunctionReference, depth: int) -> tuple[bool, bool]:
        """Whether a function looks at a state, and whether it raises anything."""
        owner = function.bound_to
        kind = owner.kind if isinstance(owner, ObjectValue) else owner
        key = (function.module.path, function.node.lineno, kind.name if kind else "")
        if key not in self._known:
            self._known[key] = (False, False)
            looks, raises = _looks(function.node), any(isinstance(n, ast.Raise) for n in walk(function.node))
            for called in self._called(function, kind) if depth < _DEEPEST else ():
                more_looks, more_raises = self._of(called, depth + 1)
                looks, raises = looks or more_looks, raises or more_raises
            self._known[key] = (looks, raises)
        return self._known[key]

    def _called(self, function: FunctionReference, kind: ClassReference | None) -> Iterator[FunctionReference]:
        """Functions of the tree that a function may hand the server to."""
        module, scope = function.module, Scope(modules=self.modules, module=function.module)
        handed = _handed(function)
        for node in walk(function.node):
            if isinstance(node, ast.Name) and node.id in module.functions:
                yield FunctionReference(module=module, node=module.functions[node.id], name=node.id)
            elif isinstance(node, ast.Name) and node.id in (*module.bindings, *module.classes):
                yield from self._evaluated(node, scope)
            elif (
                isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in _OWN and kind
            ):
                found, value = self._quietly(kind, node.attr, scope)
                if found and isinstance(value, FunctionReference):
                    yield value
            elif isinstance(node, ast.Call) and _is_imported(node.func, module) and _is_handed(node, handed):
                yield from self._evaluated(node.func, scope)

    def _evaluated(self, node: ast.expr, scope: Scope) -> Iterator[FunctionReference]:
        try:
            value = evaluate(node, scope)
        except SourceError:
            return
        if not isinstance(value, External):
            yield from self._functions(value)

    def _quietly(self, kind: ClassReference, name: str, scope: Scope) -> tuple[bool, PyValue]:
        try:
            return class_attribute(kind, name, scope)
        except SourceError:
            return False, None


def _is_imported(function: ast.expr, module: Module) -> bool:
    root = dotted_name(function).partition(".")[0]
    return module.imports.get(root, "").startswith("nova.")


def _handed(function: FunctionReference) -> frozenset[str]:
    """Parameters of a function, and of those inside it, that may hold a server or the guarded function."""
    found: set[str] = set()
    for node in walk(function.node):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            spec = node.args
            given = [*spec.posonlyargs, *spec.args, *spec.kwonlyargs, spec.vararg, spec.kwarg]
            found.update(parameter.arg for parameter in given if parameter is not None)
    return frozenset(found - _NOT_SERVERS)


def _is_handed(node: ast.Call, names: frozenset[str]) -> bool:
    for argument in (*node.args, *(keyword.value for keyword in node.keywords)):
        plain = argument.value if isinstance(argument, ast.Starred | ast.Subscript) else argument
        if isinstance(plain, ast.Name) and plain.id in names:
            return True
    return False


def _looks(function: ast.AST) -> bool:
    """Whether a state is read other than to tell it to the user."""
    waiting: list[ast.AST] = [function]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Raise):
            continue
        if isinstance(node, ast.Attribute) and node.attr in FIELDS:
            return True
        if isinstance(node, ast.Constant) and node.value in FIELDS:
            return True
        waiting.extend(children(node))
    return False
