"""Questions about Nova's syntax trees that several extractors ask."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nova_states.facts.model import Evidence, StateKind
from nova_states.introspection.modules import Function, Module


def functions_with_names(body: list[ast.stmt], prefix: str = "") -> Iterator[tuple[str, Function]]:
    """All functions at or below `body` with their qualified names ("API.stop", "API.delete.inner")."""
    for statement in body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{prefix}{statement.name}", statement
            yield from functions_with_names(statement.body, f"{prefix}{statement.name}.")
        elif isinstance(statement, ast.ClassDef):
            yield from functions_with_names(statement.body, f"{prefix}{statement.name}.")
        else:
            for block in blocks(statement):
                yield from functions_with_names(block, prefix)


_BLOCKS = ("body", "handlers", "cases", "orelse", "finalbody")
"""Fields of statements that hold blocks of statements, or branches that do, in order of the source."""

_HOLDING = {
    kind: tuple(name for name in _BLOCKS if name in kind._fields)
    for kind in ast.stmt.__subclasses__()
    if any(name in kind._fields for name in _BLOCKS)
}
"""Class of compound statement → its fields of `_BLOCKS`; most statements are simple ones."""


def blocks(statement: ast.stmt) -> list[list[ast.stmt]]:
    """The blocks of statements directly inside a compound statement, in order of the source."""
    names = _HOLDING.get(type(statement))
    if names is None:
        return []
    found: list[list[ast.stmt]] = []
    for name in names:
        part = getattr(statement, name, None)
        if part and name in ("handlers", "cases"):
            found += [branch.body for branch in part]
        elif part:
            found.append(part)
    return found


def methods(node: ast.ClassDef) -> dict[str, list[Function]]:
    """Method name → its definitions in order; microversions repeat a name inside a class."""
    found: dict[str, list[Function]] = {}
    for statement in node.body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            found.setdefault(statement.name, []).append(statement)
    return found


def dotted_name(node: ast.expr) -> str:
    """The dotted name an expression spells ("self.compute_api.stop"); empty if it is something else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        owner = dotted_name(node.value)
        return f"{owner}.{node.attr}" if owner else ""
    return ""


def decorator_name(node: ast.expr) -> str:
    """Last part of a decorator's name, called or not: "check_instance_lock"."""
    target = node.func if isinstance(node, ast.Call) else node
    return dotted_name(target).rpartition(".")[2] or ast.unparse(target)


def parameter_names(function: Function) -> list[str]:
    """Names of the positional parameters, `self` included."""
    return [argument.arg for argument in [*function.args.posonlyargs, *function.args.args]]


def string_value(node: ast.AST | None) -> str | None:
    """The text of a string literal, else None."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def state_of(node: ast.AST) -> StateKind | None:
    """Which state of a server an expression reads: `instance.vm_state`, in old releases `instance['vm_state']`."""
    name = node.attr if isinstance(node, ast.Attribute) else None
    if isinstance(node, ast.Subscript):
        name = string_value(node.slice)
    if name == "vm_state":
        return "vm_state"
    return "task_state" if name == "task_state" else None


def evidence(module: Module, node: ast.AST, function: str | None = None) -> Evidence:
    """The place of `node`."""
    return Evidence(file=module.path, line=getattr(node, "lineno", 1), function=function)


def short_module(module: Module) -> str:
    """Dotted name below Nova's package, as facts name it: "compute.api"."""
    return module.name.removeprefix("nova.")
