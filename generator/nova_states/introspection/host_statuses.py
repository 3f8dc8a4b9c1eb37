"""Reads the values of host_status with the conditions they stand for, and the highest microversion of the API."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace

from nova_states.facts.condition import Condition, all_of
from nova_states.facts.model import Count, Gap, HostStatus, Microversion, Section
from nova_states.introspection.compute_api import API_CLASS, COMPUTE_API
from nova_states.introspection.constant_evaluator import Scope, evaluate
from nova_states.introspection.modules import Function, Module, Modules
from nova_states.introspection.parsing import SourceError
from nova_states.introspection.path_conditions import PathCondition, split, steps_to
from nova_states.introspection.syntax import dotted_name, evidence, methods
from nova_states.introspection.tree_walk import walk

_DECIDING = "get_instance_host_status"
_ENUM = "HostStatus."
_DEAD_CELL = "host_status"
_VIEW = "nova/api/openstack/compute/views/servers.py"
_VERSIONS = "nova/api/openstack/api_version_request.py"
_HIGHEST = "_MAX_API_VERSION"


def read_host_statuses(modules: Modules) -> Section[HostStatus]:
    """Each value at each place that decides for it, in the order of the source; none in releases that have none."""
    facts: list[HostStatus] = []
    gaps: list[Gap] = []
    found = 0
    try:
        module = modules.at(COMPUTE_API)
    except SourceError as error:
        gaps.append(error.as_gap("host_status"))
        return Section(facts=(), gaps=tuple(gaps), counts=(Count(name="host statuses", read=0, found=1),))
    api = module.classes.get(API_CLASS)
    for function in methods(api).get(_DECIDING, ()) if api else ():
        for value, steps in _values(function):
            found += 1
            try:
                word = evaluate(value, Scope(modules=modules, module=module))
                place = evidence(module, value, f"{API_CLASS}.{_DECIDING}")
                facts.append(HostStatus(value=str(word), condition=_condition(function, steps), evidence=place))
            except SourceError as error:
                gaps.append(error.as_gap("host_status"))
    count = Count(name="host statuses", read=len(facts), found=found)
    return Section(facts=tuple(facts), gaps=tuple(gaps), counts=(count,))


def _condition(function: Function, steps: tuple[PathCondition, ...]) -> Condition | None:
    """The steps as one condition, with what was asked in place of a local name that holds the answer."""
    asked: dict[str, ast.expr] = {}
    for statement in walk(function):
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=ast.Attribute(attr=question))):
                asked[name] = ast.Name(id=question, ctx=ast.Load())
    told = (
        replace(step, test=asked.get(step.test.id, step.test)) if isinstance(step.test, ast.Name) else step
        for step in steps
    )
    return all_of(step.as_condition() for step in told)


def _values(function: Function) -> Iterator[tuple[ast.expr, tuple[PathCondition, ...]]]:
    """The constants that the function decides for, each with what must hold."""
    assignments = [node for node in walk(function) if isinstance(node, ast.Assign | ast.Return)]
    for statement in sorted(assignments, key=lambda node: node.lineno):
        if statement.value is not None:
            for value, more in _alternatives(statement.value):
                yield value, (*steps_to(function, statement), *more)


def _alternatives(node: ast.expr) -> Iterator[tuple[ast.expr, tuple[PathCondition, ...]]]:
    """The constants that an expression can be: itself, `a and X or Y`, or `X if a else Y`."""
    match node:
        case ast.Attribute() if _ENUM in dotted_name(node):
            yield node, ()
        case ast.BoolOp(op=ast.Or(), values=[ast.BoolOp(op=ast.And(), values=[test, first]), second]):
            yield from ((value, (*split(test, holds=True), *more)) for value, more in _alternatives(first))
            yield from ((value, (*split(test, holds=False), *more)) for value, more in _alternatives(second))
        case ast.IfExp(test=test, body=first, orelse=second):
            yield from ((value, (*split(test, holds=True), *more)) for value, more in _alternatives(first))
            yield from ((value, (*split(test, holds=False), *more)) for value, more in _alternatives(second))


def read_microversions(modules: Modules) -> Section[Microversion]:
    """The one highest microversion; none before Kilo, which has no microversions."""
    if not modules.exists(_VERSIONS):
        return Section(facts=(), gaps=(), counts=(Count(name="highest microversions", read=0, found=0),))
    try:
        fact = _highest(modules.at(_VERSIONS), modules)
    except SourceError as error:
        gap = error.as_gap("the highest microversion")
        return Section(facts=(), gaps=(gap,), counts=(Count(name="highest microversions", read=0, found=1),))
    return Section(facts=(fact,), gaps=(), counts=(Count(name="highest microversions", read=1, found=1),))


def _highest(module: Module, modules: Modules) -> Microversion:
    node = module.bindings.get(_HIGHEST)
    if node is None:
        raise SourceError(module.path, 1, f"has no {_HIGHEST}")
    value = evaluate(node, Scope(modules=modules, module=module))
    return Microversion(value=str(value), evidence=evidence(module, node))
