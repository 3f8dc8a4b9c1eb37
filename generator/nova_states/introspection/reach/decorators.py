"""What decorators put in place of a function, and which calls write down a server's fault."""

from __future__ import annotations

import ast

from nova_states.introspection.modules import Function
from nova_states.introspection.reach.program import Code, Program
from nova_states.introspection.reach.steps import nested_functions
from nova_states.introspection.syntax import dotted_name, parameter_names

_FAULT_WRITER = "add_instance_fault_from_exc"


def is_fault_writer(node: ast.Call) -> bool:
    """Whether a call writes down a server's fault."""
    return dotted_name(node.func).endswith(_FAULT_WRITER)


def names_handed(node: ast.Call) -> set[str]:
    """The names that a call is handed as they are."""
    return {part.id for part in (*node.args, *(one.value for one in node.keywords)) if isinstance(part, ast.Name)}


def wrapper(code: Code, program: Program) -> tuple[Function | None, frozenset[str]]:
    """The innermost function that a decorator puts in place of what it wraps, and the names it calls that by."""
    names = set(parameter_names(code.node))
    waiting = list(program.nested(code).values())
    while waiting:
        inner = waiting.pop(0)
        called = {
            node.func.id for node in ast.walk(inner) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }
        deeper = nested_functions(inner)
        wrapped = names & called
        if wrapped and not any(
            isinstance(n, ast.Name) and n.id in wrapped for one in deeper.values() for n in ast.walk(one)
        ):
            return inner, frozenset(wrapped)
        names |= set(parameter_names(inner))
        waiting.extend(deeper.values())
    return None, frozenset()
