"""Evaluates a call's arguments and binds them to a function's parameters, stars included."""

from __future__ import annotations

import ast
from collections.abc import Hashable

from nova_states.introspection.constant_evaluator import defaults
from nova_states.introspection.interpreter.abstract_state import State
from nova_states.introspection.interpreter.expressions import evaluate_all, module_value
from nova_states.introspection.interpreter.machine import Arguments, Context, Frame
from nova_states.introspection.interpreter.values import UNKNOWN, KnownItems, Pairs, Routine, Value


def given(here: Context, node: ast.Call, world: State) -> list[tuple[State, Arguments]]:
    """The arguments of a call, each way with the world that evaluating them leaves behind."""
    positional = [part.value if isinstance(part, ast.Starred) else part for part in node.args]
    named = [keyword.value for keyword in node.keywords]
    found: list[tuple[State, Arguments]] = []
    for after, values in evaluate_all(here, [*positional, *named], world):
        arguments: list[Value] = []
        for part, value in zip(node.args, values, strict=False):
            if not isinstance(part, ast.Starred):
                arguments.append(value)
            elif isinstance(value, KnownItems):
                arguments.extend(value.items)
        keywords: dict[str, Value] = {}
        for keyword, value in zip(node.keywords, values[len(positional) :], strict=True):
            if keyword.arg is not None:
                keywords[keyword.arg] = value
            elif isinstance(value, Pairs):
                keywords |= {str(name): item for name, item in value.items}
        found.append((after, Arguments(positional=tuple(arguments), named=keywords)))
    return found


def bind(here: Context, routine: Routine, arguments: Arguments) -> dict[str, Value]:
    """The variables a function starts with: those around it, and its parameters."""
    node = routine.node
    parameters = [parameter.arg for parameter in (*node.args.posonlyargs, *node.args.args)]
    is_bound = routine.owner is not None and parameters[:1] == ["self"]
    positional = (routine.owner or UNKNOWN, *arguments.positional) if is_bound else arguments.positional
    names: dict[str, Value] = dict(routine.closure)
    names |= dict.fromkeys([*parameters, *(p.arg for p in node.args.kwonlyargs)], UNKNOWN)
    names |= _default_values(here, routine)
    names |= dict(zip(parameters, positional, strict=False))
    names |= {name: value for name, value in arguments.named.items() if name in names}
    if node.args.vararg:
        names[node.args.vararg.arg] = KnownItems(items=positional[len(parameters) :])
    if node.args.kwarg:
        known = {*parameters, *(p.arg for p in node.args.kwonlyargs)}
        rest: tuple[tuple[Hashable, Value], ...] = tuple(i for i in arguments.named.items() if i[0] not in known)
        names[node.args.kwarg.arg] = Pairs(items=rest)
    return names


def _default_values(here: Context, routine: Routine) -> dict[str, Value]:
    if isinstance(routine.node, ast.Lambda):
        return {}
    actor, function = here.frame.actor, here.frame.function
    inside = Frame(module=routine.module, function=function, owner=None, last_reads={}, actor=actor)
    around = dict(routine.closure)
    return {
        name: around[node.id]
        if isinstance(node, ast.Name) and node.id in around
        else module_value(here.inside(inside, here.exits), node)
        for name, node in defaults(routine.node).items()
    }
