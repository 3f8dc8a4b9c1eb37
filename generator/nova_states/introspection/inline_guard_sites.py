"""Finds the places outside the decorators that refuse a server for its state, and all that must hold to get there.

Where such a place stands in a private helper, each call of the helper is a way of its own, with the call's arguments
put in. A place that no action leads to is reported.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from nova_states.facts.condition import Condition
from nova_states.facts.model import Gap
from nova_states.introspection.callees import Callee, Callees
from nova_states.introspection.compute_api import API_CLASS
from nova_states.introspection.conflict_words import conflict_word
from nova_states.introspection.constant_evaluator import ClassReference, Scope, defaults, evaluate
from nova_states.introspection.guard_decorators import GuardDecorators, api_classes
from nova_states.introspection.modules import Function, Module
from nova_states.introspection.parsing import SourceError
from nova_states.introspection.path_conditions import PathCondition, steps_to
from nova_states.introspection.public_actions import request_name, snake_case
from nova_states.introspection.refusals import Refusals
from nova_states.introspection.rest import Handler
from nova_states.introspection.syntax import (
    blocks,
    functions_with_names,
    methods,
    parameter_names,
    short_module,
    string_value,
)
from nova_states.introspection.tree_walk import children, walk

_CONFLICT = "raise_http_conflict_for_instance_invalid_state"
_DEEPEST_HELPER = 3
_Arguments = Mapping[str, ast.expr]


@dataclass(frozen=True, kw_only=True, slots=True)
class GuardSite:
    """A place that refuses, with all that must hold to reach it from the action's entry."""

    action: str
    method: str
    """Qualified method that is the action's entry, "compute.api.API.unshelve"."""
    module: Module
    function: str
    """Qualified function the refusing statement stands in."""
    node: ast.stmt
    steps: tuple[PathCondition, ...]


def find_sites(
    api: Module, handlers: Sequence[Handler], guards: GuardDecorators, refusals: Refusals
) -> tuple[list[GuardSite], list[Gap]]:
    """All places that refuse: those of the compute API, then those of the REST layer; and those nothing leads to."""
    finder = _Finder(refusals=refusals, guards=guards)
    own = sorted(
        finder.compute_sites(api), key=lambda site: (site.module is not api, site.module.path, site.node.lineno)
    )
    sites = [*own, *(site for handler in handlers for site in finder.rest_sites(handler))]
    known = {id(site.node) for site in sites}
    places = [(api, node) for node in finder.refusals_of(api)]
    controllers = {handler.module.path: handler.module for handler in handlers}
    places += [(module, node) for module in controllers.values() for node in finder.conflicts_of(module)]
    reason = "refuses by state, but no action known leads here"
    gaps = [Gap(file=module.path, line=node.lineno, reason=reason) for module, node in places if id(node) not in known]
    return _unique(sites), gaps


def _unique(sites: list[GuardSite]) -> list[GuardSite]:
    """A handler that several requests reach counts once."""
    return list({(site.action, site.method, id(site.node), _conditions(site.steps)): site for site in sites}.values())


def _conditions(steps: tuple[PathCondition, ...]) -> tuple[Condition, ...]:
    return tuple(step.as_condition() for step in steps)


@dataclass(kw_only=True)
class _Finder:
    refusals: Refusals
    guards: GuardDecorators
    callees: Callees = field(init=False)
    _refuse: dict[tuple[str, int], bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.callees = Callees(modules=self.refusals.modules, words=self.refusals.words)

    def refusals_of(self, module: Module) -> Iterator[ast.stmt]:
        """Refusing statements of the compute API, guard decorators left out."""
        decorators = {node.name for node in module.functions.values() if self.guards.is_part(module, node)}
        decorators |= {name for name, node in module.classes.items() if self._is_part(node, module)}
        for name, function in functions_with_names(module.tree.body):
            if name.partition(".")[0] not in decorators:
                yield from self.refusals.of(function, module)

    def _is_part(self, node: ast.ClassDef, module: Module) -> bool:
        """Whether a class is a guard decorator."""
        return any(self.guards.is_part(module, one) for functions in methods(node).values() for one in functions)

    def conflicts_of(self, module: Module) -> Iterator[ast.stmt]:
        """Statements of a controller's module that refuse."""
        for _, function in functions_with_names(module.tree.body):
            yield from self._conflicts(function, module)

    def compute_sites(self, module: Module) -> Iterator[GuardSite]:
        """Refusals that the public methods of the compute API lead to."""
        for kind in api_classes(module, API_CLASS, self.refusals.modules):
            for name, function in functions_with_names(kind.node.body):
                entry = name.partition(".")[0]
                if entry.startswith("_"):
                    continue
                start = Callee(module=kind.module, function=function, owner=kind.name)
                for reached, way in self._reached(start, kind, (), {}):
                    is_own = reached.function is function
                    for statement in self.refusals.of(reached.function, reached.module):
                        inner = self.refusals.steps(steps_to(reached.function, statement), reached.function)
                        yield GuardSite(
                            action=entry,
                            method=f"{short_module(kind.module)}.{kind.name}.{name if is_own else entry}",
                            module=reached.module,
                            function=f"{kind.name}.{name}" if is_own else reached.name,
                            node=statement,
                            steps=(*way.steps, *_substituted(inner, way.given)),
                        )

    def _reached(
        self, callee: Callee, kind: ClassReference, steps: tuple[PathCondition, ...], given: _Arguments, depth: int = 0
    ) -> Iterator[tuple[Callee, _Way]]:
        """A function and those it calls that lead to a refusal, each with the steps to it."""
        yield callee, _Way(steps=steps, given=given)
        if depth < _DEEPEST_HELPER:
            for inner, call in self._calls(callee, kind):
                own = self.refusals.steps(steps_to(callee.function, call), callee.function)
                way = (*steps, *_substituted(own, given))
                names = _arguments(inner.function, call, given)
                if inner.module is not callee.module:
                    names = {name: self._carried(value, callee.module) for name, value in names.items()}
                yield from self._reached(inner, kind, way, names, depth + 1)

    def _carried(self, node: ast.expr, module: Module) -> ast.expr:
        """An argument in terms that another module has too: states that it computes are written out."""
        try:
            value = evaluate(node, Scope(modules=self.refusals.modules, module=module))
        except SourceError:
            return node
        return _literal(value, node) or node

    def _calls(self, callee: Callee, kind: ClassReference) -> Iterator[tuple[Callee, ast.Call]]:
        """Calls of a function that lead to a refusal."""
        for statement in own_statements(callee.function.body):
            for call in _own_calls(statement):
                inner = self.callees.of(call, callee.module, kind)
                if inner is not None and inner.function is not callee.function and self._leads(inner, kind):
                    yield inner, call

    def _leads(self, callee: Callee, kind: ClassReference, depth: int = 0) -> bool:
        """Whether a helper refuses, itself or through others; public methods are actions of their own."""
        if callee.owner is not None and not callee.function.name.startswith("_") and callee.owner == kind.name:
            return False
        key = (callee.module.path, callee.function.lineno)
        if key not in self._refuse:
            self._refuse[key] = False
            self._refuse[key] = any(self.refusals.of(callee.function, callee.module)) or (
                depth < _DEEPEST_HELPER
                and any(
                    self._leads(inner, kind, depth + 1)
                    for statement in own_statements(callee.function.body)
                    for call in _own_calls(statement)
                    if (inner := self.callees.of(call, callee.module, kind)) is not None
                )
            )
        return self._refuse[key]

    def rest_sites(self, handler: Handler) -> Iterator[GuardSite]:
        """Refusals in a REST handler and its helpers, other than the translation of a caught refusal."""
        kind = ClassReference(module=handler.module, node=handler.controller, name=handler.controller.name)
        start = Callee(module=handler.module, function=handler.function, owner=kind.name)
        for reached, way in self._reached_by(start, kind, (), {}):
            for statement in self._conflicts(reached.function, reached.module):
                word = string_value(_substitute(conflict_word(statement), way.given))
                inner = self.refusals.steps(steps_to(reached.function, statement), reached.function)
                yield GuardSite(
                    action=(*handler.calls, snake_case(word) if word else request_name(handler))[0],
                    method=f"{short_module(handler.module)}.{kind.name}.{handler.function.name}",
                    module=reached.module,
                    function=reached.name,
                    node=statement,
                    steps=(*way.steps, *_substituted(inner, way.given)),
                )

    def _reached_by(
        self, callee: Callee, kind: ClassReference, steps: tuple[PathCondition, ...], given: _Arguments, depth: int = 0
    ) -> Iterator[tuple[Callee, _Way]]:
        """A handler and the helpers it calls, each with the steps to it and what its parameters stand for."""
        yield callee, _Way(steps=steps, given=given)
        if depth < _DEEPEST_HELPER:
            for statement in own_statements(callee.function.body):
                for call in _own_calls(statement):
                    inner = self.callees.of(call, callee.module, kind)
                    if inner is None or inner.function is callee.function or inner.function.name.endswith(_CONFLICT):
                        continue
                    own = self.refusals.steps(steps_to(callee.function, call), callee.function)
                    way = (*steps, *_substituted(own, given))
                    inside = _arguments(inner.function, call, given)
                    yield from self._reached_by(inner, kind, way, inside, depth + 1)

    def _conflicts(self, function: Function, module: Module) -> list[ast.stmt]:
        """Statements that raise the 409 themselves, not in answer to an exception, or anything right behind a test."""
        caught = {id(n) for t in walk(function) if isinstance(t, ast.Try) for h in t.handlers for n in walk(h)}
        found = [
            node for node in own_statements(function.body) if conflict_word(node) is not None and id(node) not in caught
        ]
        known = {id(node) for node in found}
        return found + [node for node in self.refusals.of(function, module) if id(node) not in known]


def _literal(value: object, place: ast.expr) -> ast.expr | None:
    """A value as an expression, if it is a state or a list of states."""
    if value is None or isinstance(value, str | bool):
        return ast.copy_location(ast.Constant(value=value), place)
    if isinstance(value, list | tuple | set | frozenset) and all(one is None or isinstance(one, str) for one in value):
        items: list[ast.expr] = [
            ast.Constant(value=one) for one in sorted(value, key=lambda one: (one is not None, one or ""))
        ]
        return ast.fix_missing_locations(ast.copy_location(ast.Tuple(elts=items, ctx=ast.Load()), place))
    return None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Way:
    """How a function is reached."""

    steps: tuple[PathCondition, ...]
    given: _Arguments
    """What its parameters stand for."""


def _own_calls(statement: ast.stmt) -> Iterator[ast.Call]:
    """Calls in a statement itself, those of its blocks and of functions inside it left out."""
    inner = {id(one) for block in blocks(statement) for one in block}
    waiting: list[ast.AST] = [statement]
    while waiting:
        node = waiting.pop()
        if id(node) in inner or isinstance(node, ast.Lambda | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        if isinstance(node, ast.Call):
            yield node
        waiting.extend(children(node))


def own_statements(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """All statements of a body, those of nested functions and classes left out."""
    for statement in body:
        yield statement
        if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            for block in blocks(statement):
                yield from own_statements(block)


def _arguments(function: Function, call: ast.Call, outer: _Arguments) -> _Arguments:
    """Parameter → what a call hands over for it, in terms of the outermost function."""
    names = [name for name in parameter_names(function) if name != "self"]
    given = defaults(function) | dict(zip(names, call.args, strict=False))
    given |= {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
    return {name: _substitute(node, outer) or node for name, node in given.items()}


def _substituted(steps: tuple[PathCondition, ...], given: _Arguments) -> tuple[PathCondition, ...]:
    return tuple(replace(step, test=_substitute(step.test, given)) for step in steps)


def _substitute(node: ast.expr | None, given: _Arguments) -> ast.expr | None:
    """The expression with parameters replaced by what was handed over for them."""
    return _Substitution(given).visit(copy.deepcopy(node)) if node is not None else None


class _Substitution(ast.NodeTransformer):
    """Replaces names by expressions."""

    def __init__(self, given: _Arguments) -> None:
        self._given = given

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self._given.get(node.id, node)
