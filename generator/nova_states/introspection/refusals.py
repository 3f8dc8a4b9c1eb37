"""Tells which statements refuse a server for its state, by what they raise or by the test right before them."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from nova_states.introspection.constant_evaluator import ClassReference, Partial, Scope, evaluate
from nova_states.introspection.modules import Function, Module, Modules
from nova_states.introspection.parsing import SourceError
from nova_states.introspection.path_conditions import PathCondition
from nova_states.introspection.symbols import FIELDS
from nova_states.introspection.syntax import blocks, dotted_name, state_of, string_value
from nova_states.introspection.tree_walk import walk

_SUFFIX = "InvalidState"
"""How Nova has named what it raises for a state since there is such a thing."""
_DEEPEST = 3
"""Local variables that are given by local variables."""


@dataclass(kw_only=True)
class Refusals:
    """Answers for one tree."""

    modules: Modules
    names: frozenset[str]
    """Exceptions that are known to refuse for a state: those that the guards raise."""
    _known: dict[tuple[str, str], bool] = field(default_factory=dict)
    _assigned: dict[int, tuple[Function, dict[str, list[ast.expr]]]] = field(default_factory=dict)

    @property
    def words(self) -> frozenset[str]:
        """What the text of a file with a refusal has."""
        return self.names | {_SUFFIX}

    def of(self, function: Function, module: Module) -> Iterator[ast.stmt]:
        """Refusing statements of a function, nested functions left to themselves."""
        yield from self._in(function.body, function, module, is_tested=False)

    def _in(
        self, body: Sequence[ast.stmt], function: Function, module: Module, *, is_tested: bool
    ) -> Iterator[ast.stmt]:
        for statement in body:
            match statement:
                case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                    pass
                case ast.Raise(exc=ast.expr() as raised):
                    if self._refuses(raised, function, module, is_tested=is_tested):
                        yield statement
                case ast.If(test=test) | ast.Match(subject=test):
                    inner = mentions_state(self.inlined(test, function))
                    for block in blocks(statement):
                        yield from self._in(block, function, module, is_tested=inner)
                case ast.Try(body=tried, handlers=handlers, orelse=otherwise, finalbody=last):
                    yield from self._in([*tried, *otherwise, *last], function, module, is_tested=is_tested)
                    for handler in handlers:
                        yield from self._in(handler.body, function, module, is_tested=False)
                case _:
                    for block in blocks(statement):
                        yield from self._in(block, function, module, is_tested=is_tested)

    def _refuses(self, raised: ast.expr, function: Function, module: Module, *, is_tested: bool) -> bool:
        if is_tested:
            return True
        return any(self._class(maker, module) for maker in self._makers(raised, function))

    def _makers(self, raised: ast.expr, function: Function, depth: int = 0) -> Iterator[ast.expr]:
        """The names of the exceptions that an expression may be: followed through local variables and partials."""
        match raised:
            case ast.Call(func=maker, args=[first, *_]) if dotted_name(maker).rpartition(".")[2] == "partial":
                yield from self._makers(first, function, depth)
            case ast.Call(func=maker):
                yield from self._makers(maker, function, depth)
            case ast.IfExp(body=one, orelse=other):
                yield from self._makers(one, function, depth)
                yield from self._makers(other, function, depth)
            case ast.BoolOp(values=values):
                for value in values:
                    yield from self._makers(value, function, depth)
            case ast.Name(id=name) if depth < _DEEPEST and name in self._locals(function):
                for value in self._locals(function)[name]:
                    yield from self._makers(value, function, depth + 1)
            case ast.Name() | ast.Attribute():
                yield raised

    def _locals(self, function: Function) -> dict[str, list[ast.expr]]:
        """Local name of a function → what it is assigned."""
        known = self._assigned.get(id(function))
        if known is None:
            known = (function, {})
            for node in walk(function):
                match node:
                    case ast.Assign(targets=[ast.Name(id=name)], value=value):
                        known[1].setdefault(name, []).append(value)
                    case ast.NamedExpr(target=ast.Name(id=name), value=value):
                        known[1].setdefault(name, []).append(value)
            self._assigned[id(function)] = known
        return known[1]

    def inlined(self, test: ast.expr, function: Function, depth: int = 0) -> ast.expr:
        """A test with those local names replaced that are given a state once: `vm_state = instance.vm_state`."""
        made = self._locals(function)
        names: dict[str, ast.expr] = {}
        has_walrus = False
        for part in walk(test):
            has_walrus = has_walrus or isinstance(part, ast.NamedExpr)
            if isinstance(part, ast.Name) and len(made.get(part.id, ())) == 1 and depth < _DEEPEST:
                value = self.inlined(made[part.id][0], function, depth + 1)
                if mentions_state(value):
                    names[part.id] = value
        return _Inlining(names).visit(copy.deepcopy(test)) if names or has_walrus else test

    def steps(self, steps: tuple[PathCondition, ...], function: Function) -> tuple[PathCondition, ...]:
        """Steps inside a function, in terms of its parameters where they are about states."""
        return tuple(
            replace(step, test=self.inlined(step.test, function)) if step.test is not None else step for step in steps
        )

    def _class(self, maker: ast.expr, module: Module) -> bool:
        """Whether an exception is one that refuses, by its name where it is defined."""
        if self._is_named(dotted_name(maker).rpartition(".")[2]):
            return True
        key = (module.path, ast.unparse(maker))
        if key not in self._known:
            self._known[key] = self._looked_up(maker, module)
        return self._known[key]

    def _looked_up(self, maker: ast.expr, module: Module) -> bool:
        try:
            value = evaluate(maker, Scope(modules=self.modules, module=module))
        except SourceError:
            return False
        while isinstance(value, Partial):
            value = value.function
        return isinstance(value, ClassReference) and self._is_named(value.name)

    def _is_named(self, name: str) -> bool:
        return name.endswith(_SUFFIX) or name in self.names


def mentions_state(node: ast.AST | None) -> bool:
    """Whether an expression reads a state of a server."""
    return node is not None and any(state_of(part) or _is_other_state(part) for part in walk(node))


def _is_other_state(node: ast.AST) -> bool:
    match node:
        case ast.Attribute(attr=name):
            return name == "launched_at"
        case ast.Call(func=ast.Name(id="getattr"), args=[_, ast.Constant(value=name), *_]):
            return name in FIELDS
    return isinstance(node, ast.Subscript) and string_value(node.slice) == "launched_at"


class _Inlining(ast.NodeTransformer):
    """Replaces names by expressions, and a walrus by its value."""

    def __init__(self, names: dict[str, ast.expr]) -> None:
        self._names = names

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self._names.get(node.id, node)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> ast.expr:
        visited = self.visit(node.value)
        assert isinstance(visited, ast.expr)  # noqa: S101 - an expression stays one
        return visited
