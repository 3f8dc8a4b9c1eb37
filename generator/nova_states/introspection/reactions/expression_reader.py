"""Values and tests as a path sees them: states are known or narrowed, constants computed, the rest has a text.

Reading an expression may split a path, so each reader gives pairs of a path and what the expression is on it.
"""

from __future__ import annotations

import ast
import copy
import operator
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeAlias

from nova_states.facts.model import StateKind
from nova_states.facts.state_set import FIELDS
from nova_states.introspection.constant_evaluator import (
    ClassReference,
    External,
    FunctionReference,
    ModuleReference,
    PyValue,
    Scope,
    UnreadableError,
    evaluate,
)
from nova_states.introspection.dispatch import Dispatch
from nova_states.introspection.modules import Modules
from nova_states.introspection.reactions.assumptions import FAILS, HOLDS, test
from nova_states.introspection.reactions.path_state import (
    POWER_STATE,
    Code,
    Guest,
    Initial,
    Pairs,
    Path,
    RuntimeValue,
    ServerObject,
    ServerQuery,
    runtime_value,
    server_attribute,
)

Evaluations: TypeAlias = Iterator[tuple[Path, PyValue]]

_UNREAD = object()


@dataclass(kw_only=True)
class ExpressionReader(ABC):
    """Reads expressions; what a call gives is told by the class that follows calls."""

    _readers: ClassVar[Dispatch[ExpressionReader, [Path, Code], Evaluations]] = Dispatch()
    """What reads each kind of expression; any other is what the source alone tells of it."""

    modules: Modules
    assumes: bool = True
    """Whether a test that the state does not decide is remembered as an assumption."""
    _constants: dict[ast.expr, PyValue] = field(default_factory=dict)
    _names: dict[ast.expr, tuple[str, ...]] = field(default_factory=dict)
    _worded: dict[object, ast.expr] = field(default_factory=dict)

    @abstractmethod
    def call(self, node: ast.Call, path: Path, code: Code, *, used: bool) -> Evaluations:
        """What a call gives; `used` tells whether anyone looks at it."""

    @abstractmethod
    def passing(self, node: ast.expr, path: Path, code: Code) -> Path:
        """The path past an expression whose calls are not followed."""

    def value(self, node: ast.expr, path: Path, code: Code) -> Evaluations:
        """What an expression is."""
        reader = self._readers.handler(node)
        if reader is None:
            yield self.passing(node, path, code), self._constant(node, path, code)
        else:
            yield from reader(self, node, path, code)

    def decide(self, node: ast.expr, path: Path, code: Code) -> Iterator[tuple[Path, bool]]:
        """Whether a test holds; the path is split where it holds for a part of it only."""
        for after, value in self.value(node, path, code):
            if isinstance(value, RuntimeValue):
                yield from self._suppose(_expression(value), after, node.lineno)
            elif isinstance(value, Initial):
                yield from self._split(after, value.kind, bool)
            else:
                yield after, not isinstance(value, External) and bool(value)

    def _suppose(self, node: ast.expr, path: Path, line: int) -> Iterator[tuple[Path, bool]]:
        """Both outcomes of a test that the state does not decide, unless the path has settled it before."""
        variable, opposite = test(node, line)
        settled = dict(path.assumptions).get(variable)
        for outcome in (HOLDS, FAILS):
            if settled is None or outcome in settled:
                after = path
                if settled is None and self.assumes:
                    after = path.but(assumptions=(*path.assumptions, (variable, frozenset((outcome,)))))
                yield after, (outcome == HOLDS) != opposite

    def _split(self, path: Path, kind: StateKind, holds: Callable[[PyValue], bool]) -> Iterator[tuple[Path, bool]]:
        """The path where `holds` says yes to its state, and the path where it says no."""
        for wanted in (True, False):
            states = frozenset(state for state in path.box.each(kind) if holds(state) is wanted)
            box = path.box.having(kind, states)
            if not box.is_empty:
                yield path.but(box=box), wanted

    @_readers.on(ast.Name)
    def _name(self, node: ast.Name, path: Path, code: Code) -> Evaluations:
        if node.id in path.names:
            yield path, path.names[node.id]
        else:
            yield path, self._constant(node, path, code)

    @_readers.on(ast.Attribute)
    def _attribute(self, node: ast.Attribute, path: Path, code: Code) -> Evaluations:
        if isinstance(node.value, ast.Name) and node.value.id not in path.names:
            yield path, self._constant(node, path, code)
            return
        for after, owner in self.value(node.value, path, code):
            yield after, self._member(owner, node.attr, node, after, code)

    @_readers.on(ast.Subscript)
    def _subscript(self, node: ast.Subscript, path: Path, code: Code) -> Evaluations:
        key = node.slice.value if isinstance(node.slice, ast.Constant) else None
        for after, owner in self.value(node.value, path, code):
            if isinstance(owner, ServerObject) and isinstance(key, str):
                yield after, self._member(owner, key, node, after, code)
            else:
                yield self.passing(node.slice, after, code), self._constant(node, after, code)

    def _member(self, owner: PyValue, name: str, node: ast.expr, path: Path, code: Code) -> PyValue:
        if isinstance(owner, ServerObject):
            return getattr(path, name) if name in FIELDS else server_attribute(name)
        if isinstance(owner, Guest) and name == "state":
            return POWER_STATE
        if isinstance(owner, RuntimeValue):
            return runtime_value(ast.Attribute(value=owner.node, attr=name))
        return self._constant(node, path, code)

    @_readers.on(ast.Call)
    def _call(self, node: ast.Call, path: Path, code: Code) -> Evaluations:
        return self.call(node, path, code, used=True)

    @_readers.on(ast.BoolOp)
    def _boolean(self, node: ast.BoolOp, path: Path, code: Code) -> Evaluations:
        stops_at = isinstance(node.op, ast.Or)
        open_paths = [path]
        for part in node.values:
            results = [result for one in open_paths for result in self.decide(part, one, code)]
            yield from ((after, holds) for after, holds in results if holds is stops_at)
            open_paths = [after for after, holds in results if holds is not stops_at]
        yield from ((after, not stops_at) for after in open_paths)

    @_readers.on(ast.UnaryOp)
    def _unary(self, node: ast.UnaryOp, path: Path, code: Code) -> Evaluations:
        if isinstance(node.op, ast.Not):
            yield from ((after, not holds) for after, holds in self.decide(node.operand, path, code))
        else:
            yield self.passing(node, path, code), self._constant(node, path, code)

    @_readers.on(ast.IfExp)
    def _conditional(self, node: ast.IfExp, path: Path, code: Code) -> Evaluations:
        for after, holds in self.decide(node.test, path, code):
            yield from self.value(node.body if holds else node.orelse, after, code)

    @_readers.on(ast.NamedExpr)
    def _walrus(self, node: ast.NamedExpr, path: Path, code: Code) -> Evaluations:
        for after, value in self.value(node.value, path, code):
            yield after.named(node.target.id, value), value

    @_readers.on(ast.List, ast.Set, ast.Tuple)
    def _items(self, node: ast.Tuple | ast.List | ast.Set, path: Path, code: Code) -> Evaluations:
        results: list[tuple[Path, tuple[PyValue, ...]]] = [(path, ())]
        for item in node.elts:
            results = [(q, (*values, v)) for p, values in results for q, v in self.value(item, p, code)]
        yield from results

    @_readers.on(ast.Dict)
    def _dict(self, node: ast.Dict, path: Path, code: Code) -> Evaluations:
        """A dictionary as its pairs: filters of a query and assignments matter, and those name a state directly."""
        pairs = []
        for key, item in zip(node.keys, node.values, strict=True):
            value = next(self.value(item, path, code))[1]
            pairs.append((key.value if isinstance(key, ast.Constant) else None, value))
        yield path, Pairs(items=tuple(pairs))

    @_readers.on(ast.Compare)
    def _compare(self, node: ast.Compare, path: Path, code: Code) -> Evaluations:
        if len(node.ops) != 1:
            yield self.passing(node, path, code), self._constant(node, path, code)
            return
        kind = type(node.ops[0])
        for one, left in self.value(node.left, path, code):
            for two, right in self.value(node.comparators[0], one, code):
                yield from self._compared(node, kind, (_known(left, two), _known(right, two)), two, code)

    def _compared(
        self, node: ast.Compare, kind: type[ast.cmpop], sides_of: tuple[PyValue, PyValue], path: Path, code: Code
    ) -> Evaluations:
        left, right = sides_of

        def compare(one: PyValue, other: PyValue) -> bool:
            try:
                return _COMPARE[kind](one, other)
            except TypeError as error:
                raise UnreadableError(code.module, node, f"evaluation fails with {type(error).__name__}") from error

        if _is_plain(left) and _is_plain(right):
            yield path, compare(left, right)
        elif isinstance(left, Initial) and isinstance(right, Initial):
            yield path, (left == right) == (kind in (ast.Eq, ast.Is))
        elif isinstance(left, Initial) and _is_plain(right):
            yield from self._split(path, left.kind, lambda state: compare(state, right))
        elif isinstance(right, Initial) and _is_plain(left) and kind in (ast.Eq, ast.NotEq):
            yield from self._split(path, right.kind, lambda state: compare(left, state))
        else:
            sides = [self._side(left, node.left, path), self._side(right, node.comparators[0], path)]
            worded = ast.Compare(left=sides[0], ops=node.ops, comparators=sides[1:])
            for after, holds in self._suppose(worded, path, node.lineno):
                equal = holds is (kind in (ast.Eq, ast.Is))
                if equal and kind in _EQUALITY and isinstance(left, RuntimeValue) and _is_plain(right):
                    yield after.but(facts=(*after.facts, (left.text, right))), holds
                else:
                    yield after, holds

    def _side(self, value: PyValue, node: ast.expr, path: Path) -> ast.expr:
        """One side of a comparison for a condition: an unknown by what it stands for, a constant as in the source."""
        return _expression(value) if isinstance(value, RuntimeValue | Initial) else self.worded(node, path)

    def worded(self, node: ast.expr, path: Path) -> ast.expr:
        """The expression with local names replaced by what they stand for, for a condition's text."""
        if node not in self._names:
            self._names[node] = tuple(sorted({part.id for part in ast.walk(node) if isinstance(part, ast.Name)}))
        key = (node, tuple(path.names.get(name) for name in self._names[node]))
        if key not in self._worded:
            self._worded[key] = _Wording(path).visit(copy.deepcopy(node))
        return self._worded[key]

    def _constant(self, node: ast.expr, path: Path, code: Code) -> PyValue:
        """What the source alone tells of an expression: a constant, a function or class of the tree, or a text."""
        if node in self._constants:
            return self._constants[node]
        names = {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
        known = {name: path.names[name] for name in names if name in path.names}
        if not all(_is_plain(value) for value in known.values()):
            return runtime_value(self.worded(node, path))
        try:
            scope = Scope(modules=self.modules, module=code.module, names=known)
            value = frozen(evaluate(node, scope), node)
        except UnreadableError:
            value = runtime_value(self.worded(node, path))
        if isinstance(value, External):
            value = runtime_value(node)
        if not known:
            self._constants[node] = value
        return value


def frozen(value: PyValue, node: ast.expr) -> PyValue:
    """The value of an expression with lists and sets made hashable; a dictionary is told by the expression."""
    match value:
        case list() | tuple():
            return tuple(frozen(item, node) for item in value)
        case set() | frozenset():
            return frozenset(value)
        case dict():
            return runtime_value(node)
    return value


def _known(value: PyValue, path: Path) -> PyValue:
    """The value itself, or what the path has found an unknown value to be."""
    return dict(path.facts).get(value.text, value) if isinstance(value, RuntimeValue) else value


_REFERENCES = (
    Initial,
    RuntimeValue,
    ServerObject,
    Guest,
    Pairs,
    ServerQuery,
    Code,
    ClassReference,
    External,
    FunctionReference,
)


def _is_plain(value: PyValue) -> bool:
    """Whether a value is a constant of Python, all through."""
    if isinstance(value, tuple):
        return all(_is_plain(item) for item in value)
    return not isinstance(value, (*_REFERENCES, ModuleReference))


def _expression(value: PyValue) -> ast.expr:
    """A value as an expression, to be part of a condition."""
    match value:
        case RuntimeValue(node=node):
            return node
        case Initial(kind="power_state"):
            return ast.Name(id="vm_power_state")
        case Initial(kind=kind):
            return ast.Attribute(value=ast.Name(id="instance"), attr=kind)
        case ServerObject():
            return ast.Name(id="instance")
    return ast.Constant(value=value)


class _Wording(ast.NodeTransformer):
    """Replaces local names by what they stand for."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def visit_Name(self, node: ast.Name) -> ast.expr:
        value = self._path.names.get(node.id)
        return _expression(value) if isinstance(value, RuntimeValue | Initial | ServerObject) else node


_EQUALITY = (ast.Eq, ast.NotEq, ast.Is, ast.IsNot)

_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda item, container: item in container,
    ast.Is: operator.eq,
    ast.IsNot: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.NotEq: operator.ne,
    ast.NotIn: lambda item, container: item not in container,
}
