"""Calls that raise nothing: what an object holds and has not saved yet is not written by who handles their failure.

Asked only where something is unsaved. Elsewhere a failure that cannot be leads where one of the calls around it does.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

from nova_states.introspection.constant_evaluator import Scope, UnreadableError, evaluate
from nova_states.introspection.interpreter.abstract_state import State
from nova_states.introspection.interpreter.machine import Context, Machine
from nova_states.introspection.interpreter.node_queries import dotted
from nova_states.introspection.interpreter.values import Routine, Value, lift
from nova_states.introspection.modules import Module
from nova_states.introspection.parsing import SourceError
from nova_states.introspection.syntax import blocks
from nova_states.introspection.tree_walk import walk

_QUIET = re.compile(
    r"^(?:LOG\.\w+|_|bool|dict|id|int|isinstance|len|list|repr|set|str|tuple|type|sys\.exc_info|timeutils\.utcnow)$"
    r"|(?:data|properties)\.get$|\.format_message$"
)
"""What only looks at what is in memory: Python's, the clock, a server's data, the words of an exception."""
_ALL = frozenset({"BaseException", "Exception"})
_DEEPEST = 3
"""Functions that call each other."""


def is_quiet(here: Context, node: ast.Call, function: Value, world: State) -> bool:
    """Whether a call that is not read raises nothing; False as well where nothing of the server waits to be saved."""
    if not any(field and field.dirty for view in world.views for field in (view.vm_state, view.task_state)):
        return False
    return bool(_QUIET.search(dotted(node.func))) or _is_quiet(here.machine, _named(here, node, function), 0)


def _named(here: Context, node: ast.Call, function: Value) -> Value:
    """What is called, also if it lies in a module that tells nothing of states."""
    return function if isinstance(function, Routine) else _found(here.machine, here.frame.module, node.func)


def _found(machine: Machine, module: Module, node: ast.expr) -> Value:
    try:
        return lift(evaluate(node, Scope(modules=machine.modules, module=module)))
    except (SourceError, UnreadableError):
        return lift(None)


def _is_quiet(machine: Machine, function: Value, depth: int) -> bool:
    if not isinstance(function, Routine) or isinstance(function.node, ast.Lambda) or depth > _DEEPEST:
        return False
    node, module = function.node, function.module
    return machine.memo.once(
        ("quiet", node), lambda: not node.decorator_list and _are_quiet(machine, module, node.body, depth)
    )


def _are_quiet(machine: Machine, module: Module, body: Iterable[ast.stmt], depth: int) -> bool:
    """Whether statements raise nothing of their own and handle all that is raised in them."""
    return all(_statement_is_quiet(machine, module, statement, depth) for statement in body)


def _statement_is_quiet(machine: Machine, module: Module, node: ast.stmt, depth: int) -> bool:
    if isinstance(node, ast.Raise | ast.Assert | ast.With | ast.FunctionDef | ast.ClassDef):
        return False
    if isinstance(node, ast.Try) and any(_handles_all(handler) for handler in node.handlers):
        around = [*(handler.body for handler in node.handlers), node.orelse, node.finalbody]
        return all(_are_quiet(machine, module, one, depth) for one in around)
    inside = blocks(node)
    parts = [part for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr) for part in walk(child)]
    calls = [part for part in parts if isinstance(part, ast.Call)]
    return all(
        _QUIET.search(dotted(call.func)) or _is_quiet(machine, _found(machine, module, call.func), depth + 1)
        for call in calls
    ) and all(_are_quiet(machine, module, one, depth) for one in inside)


def _handles_all(handler: ast.ExceptHandler) -> bool:
    return handler.type is None or dotted(handler.type) in _ALL
