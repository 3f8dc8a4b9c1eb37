"""Reads which states an action is allowed from: the guard decorators, and checks written into bodies.

What a decorator does is read from its own `def`: its defaults, and whether it refuses what is in its lists or what is
not. Checks in bodies are read by `checks.py`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nova_states.facts.condition import ComputeApi
from nova_states.facts.model import Count, Gap, Guard, Section, States
from nova_states.introspection.constant_evaluator import (
    FunctionReference,
    PyValue,
    Scope,
    UnreadableError,
    bind,
    evaluate,
)
from nova_states.introspection.guard_decorators import (
    TASK_STATE,
    VM_STATE,
    ActionMethod,
    condition_names,
    guard_decorators,
    guarded_methods,
    mode,
)
from nova_states.introspection.inline_guards import read_checks
from nova_states.introspection.modules import Function, Module, Modules
from nova_states.introspection.parsing import SourceError
from nova_states.introspection.public_actions import API_CLASS, COMPUTE_API
from nova_states.introspection.syntax import decorator_name, evidence, short_module

_CELLS_API = "nova/compute/cells_api.py"
"""A second compute API, used instead of the first in deployments with cells v1 (to 19.x)."""

_LAUNCHED = "must_have_launched"


def read_guards(modules: Modules) -> Section[Guard]:
    """All guards, decorators first, each group in the order of the source."""
    facts: list[Guard] = []
    gaps: list[Gap] = []
    checks: Section[Guard] = Section(facts=(), gaps=(), counts=())
    try:
        is_guard = guard_decorators(modules.at(COMPUTE_API))
        if not is_guard:
            gaps.append(Gap(file=COMPUTE_API, line=1, reason="no decorator here compares a server's states with lists"))
        for path in (COMPUTE_API, _CELLS_API):
            if modules.exists(path):
                _read_decorators(modules.at(path), is_guard, modules, facts, gaps)
        checks = read_checks(modules)
    except SourceError as error:
        gaps.append(error.as_gap("guards"))
    counts = (Count(name="guards", read=len(facts), found=len(facts) + len(gaps)), *checks.counts)
    return Section(facts=(*facts, *checks.facts), gaps=(*gaps, *checks.gaps), counts=counts)


def _read_decorators(
    module: Module, is_guard: frozenset[str], modules: Modules, facts: list[Guard], gaps: list[Gap]
) -> None:
    for method in guarded_methods(module, is_guard):
        for node in method.function.decorator_list:
            if decorator_name(node) in is_guard:
                try:
                    facts.append(_guard(method, node, is_guard, module, modules))
                except SourceError as error:
                    gaps.append(error.as_gap(f"guard of {method.name}"))


def _guard(method: ActionMethod, node: ast.expr, is_guard: frozenset[str], module: Module, modules: Modules) -> Guard:
    name = decorator_name(node)
    decorator = modules.at(COMPUTE_API).functions.get(name)
    if decorator is None:
        raise UnreadableError(module, node, f"{name} is not defined here")
    sort = mode(decorator)
    if sort is None:
        raise UnreadableError(module, node, f"{name} allows one kind of state and rejects the other")
    values = _arguments(decorator, node, module, modules)
    owner = method.name.partition(".")[0]
    return Guard(
        action=method.action,
        method=f"{short_module(module)}.{method.name}",
        mode=sort,
        vm_states=_states(values.get(VM_STATE), module, node),
        task_states=_states(values.get(TASK_STATE), module, node),
        must_have_launched=_flag(values.get(_LAUNCHED, False), module, node),
        when=None if owner == API_CLASS else ComputeApi(name=owner),
        conditions=condition_names(method.function, is_guard),
        evidence=evidence(module, node, method.name),
    )


def _arguments(decorator: Function, node: ast.expr, module: Module, modules: Modules) -> dict[str, PyValue]:
    """Parameter → value of one use of a guard decorator, its defaults filled in."""
    if not isinstance(node, ast.Call):
        raise UnreadableError(module, node, "the guard is not called with its states")
    scope = Scope(modules=modules, module=module)
    reference = FunctionReference(module=modules.at(COMPUTE_API), node=decorator, name=decorator.name)
    keywords: dict[str, PyValue] = {}
    for keyword in node.keywords:
        if keyword.arg is None:
            raise UnreadableError(module, node, "the guard's states come from a mapping")
        if keyword.arg not in (VM_STATE, TASK_STATE, _LAUNCHED):
            raise UnreadableError(module, node, f"the guard looks at {keyword.arg} too, which is not known here")
        keywords[keyword.arg] = evaluate(keyword.value, scope)
    return bind(reference, [evaluate(argument, scope) for argument in node.args], keywords, scope)


def _flag(value: PyValue, module: Module, node: ast.expr) -> bool:
    if not isinstance(value, bool):
        raise UnreadableError(module, node, f"{_LAUNCHED} is given as {type(value).__name__}, not as a bool")
    return value


def _states(value: PyValue, module: Module, node: ast.expr) -> States:
    """A list of states in the order of facts, None first."""
    if value is None:
        return None
    states = set(_members(value, module, node))
    return tuple(sorted(states, key=lambda state: (state is not None, state or "")))


def _members(value: PyValue, module: Module, node: ast.expr) -> Iterator[str | None]:
    if not isinstance(value, list | tuple | set | frozenset):
        raise UnreadableError(module, node, f"states are given as {type(value).__name__}, not as a list")
    for state in value:
        if state is not None and not isinstance(state, str):
            raise UnreadableError(module, node, f"{state!r} is no state")
        yield state
