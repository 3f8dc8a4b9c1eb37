"""Finds the decorators that guard a method by its server's state, and the methods that carry them.

A guard decorator is known by what it does, not by its name: it takes lists of states and compares the server's
task_state with one of them.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from nova_states.introspection.modules import Function, Module
from nova_states.introspection.syntax import (
    decorator_name,
    dotted_name,
    functions_with_names,
    methods,
    parameter_names,
    state_of,
)

VM_STATE, TASK_STATE = "vm_state", "task_state"
Mode: TypeAlias = Literal["allow", "reject"]


@dataclass(frozen=True, kw_only=True, slots=True)
class ActionMethod:
    """A function of the compute API, with the action it belongs to."""

    action: str
    name: str
    """Qualified name in the file, "API.stop"."""
    function: Function
    parent: str | None
    """Public action that calls it, if it is private itself."""


def guard_decorators(module: Module) -> frozenset[str]:
    """Names of the module's decorators that compare a server's states with lists they are given."""
    return frozenset(
        name
        for name, function in module.functions.items()
        if TASK_STATE in [*parameter_names(function), *(a.arg for a in function.args.kwonlyargs)] and _modes(function)
    )


def mode(decorator: Function) -> Mode | None:
    """Whether the decorator raises for states that are not in its lists (allow) or that are (reject).

    None where it does the one with vm_state and the other with task_state.
    """
    modes = _modes(decorator)
    return modes.pop() if len(modes) == 1 else None


def _modes(decorator: Function) -> set[Mode]:
    found: set[Mode] = set()
    for node in ast.walk(decorator):
        match node:
            case ast.Compare(left=left, ops=[ast.NotIn()]) if state_of(left):
                found.add("allow")
            case ast.Compare(left=left, ops=[ast.In()]) if state_of(left):
                found.add("reject")
    return found


def guarded_methods(module: Module, is_guard: frozenset[str]) -> Iterator[ActionMethod]:
    """Functions of the compute API that carry one of the decorators `is_guard`, in order of the source."""
    for name, function in functions_with_names(module.tree.body):
        if not is_guard.intersection(decorator_name(node) for node in function.decorator_list):
            continue
        owner, _, rest = name.partition(".")
        outermost = (rest or owner).partition(".")[0]
        parent = _public_caller(module, owner, outermost) if outermost.startswith("_") else None
        yield ActionMethod(action=outermost.lstrip("_"), name=name, function=function, parent=parent)


def condition_names(function: Function, is_guard: frozenset[str]) -> tuple[str, ...]:
    """Names of a function's decorators other than state guards, outermost first."""
    return tuple(name for node in function.decorator_list if (name := decorator_name(node)) not in is_guard)


def _public_caller(module: Module, owner: str, private: str) -> str | None:
    """The public method of the class that calls the private one."""
    if owner not in module.classes:
        return None
    for name, definitions in methods(module.classes[owner]).items():
        for function in definitions:
            calls = {dotted_name(node.func) for node in ast.walk(function) if isinstance(node, ast.Call)}
            if not name.startswith("_") and f"self.{private}" in calls:
                return name
    return None
