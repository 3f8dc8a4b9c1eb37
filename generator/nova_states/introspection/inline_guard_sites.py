"""Finds the places outside the decorators that refuse a server for its state, and all that must hold to get there.

Where such a place stands in a private helper, each call of the helper is a way of its own, with the call's arguments
put in. A place that no action leads to is reported.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from nova_states.facts.condition import Condition
from nova_states.facts.model import Gap
from nova_states.introspection.constant_evaluator import defaults
from nova_states.introspection.guard_decorators import guard_decorators
from nova_states.introspection.modules import Function, Module
from nova_states.introspection.path_conditions import PathCondition, steps_to
from nova_states.introspection.public_actions import API_CLASS, request_name, snake_case
from nova_states.introspection.rest import Handler, conflict_word, helpers
from nova_states.introspection.syntax import (
    blocks,
    dotted_name,
    functions_with_names,
    methods,
    parameter_names,
    short_module,
    string_value,
)

_REFUSAL = "InvalidState"
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


def find_sites(api: Module, handlers: Sequence[Handler]) -> tuple[list[GuardSite], list[Gap]]:
    """All places that refuse: those of the compute API, then those of the REST layer; and those nothing leads to."""
    sites = [*_compute_sites(api), *(site for handler in handlers for site in _rest_sites(handler))]
    known = {id(site.node) for site in sites}
    places = [(api, node) for node in _refusals_of(api)]
    controllers = {handler.module.path: handler.module for handler in handlers}
    places += [(module, node) for module in controllers.values() for node in _conflicts_of(module)]
    reason = "refuses by state, but no action known leads here"
    gaps = [Gap(file=module.path, line=node.lineno, reason=reason) for module, node in places if id(node) not in known]
    return _unique(sites), gaps


def _unique(sites: list[GuardSite]) -> list[GuardSite]:
    """A handler that several requests reach counts once."""
    return list({(site.action, site.method, id(site.node), _conditions(site.steps)): site for site in sites}.values())


def _conditions(steps: tuple[PathCondition, ...]) -> tuple[Condition, ...]:
    return tuple(step.as_condition() for step in steps)


def _refusals_of(module: Module) -> Iterator[ast.stmt]:
    decorators = guard_decorators(module)
    for name, function in functions_with_names(module.tree.body):
        if name.partition(".")[0] not in decorators:
            yield from _refusals(function)


def _conflicts_of(module: Module) -> Iterator[ast.stmt]:
    for _, function in functions_with_names(module.tree.body):
        yield from _conflicts(function)


def _compute_sites(module: Module) -> Iterator[GuardSite]:
    api = module.classes.get(API_CLASS)
    for name, function in functions_with_names(api.body) if api else ():
        for statement in _refusals(function):
            outermost = name.partition(".")[0]
            for entry, steps in _entries(api, outermost, steps_to(function, statement)) if api else ():
                yield GuardSite(
                    action=entry,
                    method=f"{short_module(module)}.{API_CLASS}.{name if entry == outermost else entry}",
                    module=module,
                    function=f"{API_CLASS}.{name}",
                    node=statement,
                    steps=steps,
                )


def _entries(
    api: ast.ClassDef, method: str, steps: tuple[PathCondition, ...], depth: int = 0
) -> Iterator[tuple[str, tuple[PathCondition, ...]]]:
    """Public methods that lead into a method, with the steps from there on."""
    if not method.startswith("_"):
        yield method, steps
    elif depth < _DEEPEST_HELPER:
        own = methods(api)
        for caller, definitions in own.items():
            for function in definitions:
                for call in ast.walk(function):
                    if isinstance(call, ast.Call) and dotted_name(call.func) == f"self.{method}":
                        inner = _substituted(steps, _arguments(own[method][0], call, {}))
                        yield from _entries(api, caller, (*steps_to(function, call), *inner), depth + 1)


def _rest_sites(handler: Handler) -> Iterator[GuardSite]:
    """Refusals in a REST handler and its helpers, other than the translation of a caught refusal."""
    for function, steps, given in _reached(handler, handler.function, (), {}):
        owner = f"{handler.controller.name}." if function in handler.controller.body else ""
        for statement in _conflicts(function):
            word = string_value(_substitute(conflict_word(statement), given))
            yield GuardSite(
                action=(*handler.calls, snake_case(word) if word else request_name(handler))[0],
                method=f"{short_module(handler.module)}.{handler.controller.name}.{handler.function.name}",
                module=handler.module,
                function=f"{owner}{function.name}",
                node=statement,
                steps=(*steps, *_substituted(steps_to(function, statement), given)),
            )


def _reached(
    handler: Handler, function: Function, steps: tuple[PathCondition, ...], given: _Arguments, depth: int = 0
) -> Iterator[tuple[Function, tuple[PathCondition, ...], _Arguments]]:
    """A function and the helpers it calls, each with the steps to it and what its parameters stand for."""
    yield function, steps, given
    if depth < _DEEPEST_HELPER:
        for helper, call in helpers(handler.controller, handler.module, function):
            path = (*steps, *_substituted(steps_to(function, call), given))
            yield from _reached(handler, helper, path, _arguments(helper, call, given), depth + 1)


def _refusals(function: Function) -> list[ast.stmt]:
    """`raise ...InvalidState(...)` statements of a function, nested functions left to themselves."""
    return [
        node
        for node in own_statements(function.body)
        if isinstance(node, ast.Raise)
        and isinstance(node.exc, ast.Call)
        and dotted_name(node.exc.func).endswith(_REFUSAL)
    ]


def _conflicts(function: Function) -> list[ast.stmt]:
    """Statements that raise the 409 themselves, not in answer to an exception."""
    caught = {id(n) for t in ast.walk(function) if isinstance(t, ast.Try) for h in t.handlers for n in ast.walk(h)}
    return [
        node for node in own_statements(function.body) if conflict_word(node) is not None and id(node) not in caught
    ]


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
