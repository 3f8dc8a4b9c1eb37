"""Finds every place of a tree that writes a server's state, so that none is passed over in silence."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from nova_states.introspection.interpreter.node_queries import dotted
from nova_states.introspection.interpreter.slicing import is_server_name
from nova_states.introspection.modules import Module, Modules
from nova_states.introspection.tree_walk import children, walk

FOLDERS = ("nova/compute", "nova/conductor")
FILES = ("nova/scheduler/utils.py",)
REST = "nova/api/openstack/compute"
VIRT = "nova/virt"

_MENTION = re.compile(
    r"\b(?:inst|server|\w*instance)(?:\.|\[['\"])(?:vm_state|task_state)(?:['\"]\])?(?:: ?\w+)? ?=[^=]"
    r"|update_task_state\(|_instance_update\(|\b(?:inst|server|\w*instance)\.(?:create|destroy)\("
)
"""What a file that writes states has in it; others are not parsed."""
_UPDATING = frozenset({"_instance_update", "update_task_state", "instance_update"})
_ENDING = frozenset({"create", "destroy"})
_STATES = frozenset({"vm_state", "task_state"})


@dataclass(frozen=True, kw_only=True, slots=True)
class WriteSite:
    """A place that writes a state."""

    path: str
    line: int
    column: int
    function: str
    """Qualified name of the function around it."""


def write_sites(modules: Modules) -> Iterator[WriteSite]:
    """All write sites of services, the REST layer and virt drivers, by file and line."""
    for module in _modules(modules):
        telling = frozenset(n for n, text in enumerate(module.lines, 1) if _MENTION.search(text))
        yield from _inside(module, module.tree, (), telling)


def _modules(modules: Modules) -> Iterator[Module]:
    """The files that hold a write; a file without the words is not parsed."""
    listed = [path for folder in (*FOLDERS, REST, VIRT) for path in modules.paths(folder)]
    for path in sorted({*listed, *(path for path in FILES if modules.exists(path))}):
        if path.endswith(".py") and _MENTION.search(modules.tree.read(path).decode(errors="replace")):
            yield modules.at(path)


def _inside(module: Module, node: ast.AST, around: tuple[str, ...], lines: frozenset[int]) -> Iterator[WriteSite]:
    """The writes below a node; only what lies on one of the telling `lines` is looked at closely."""
    for child in children(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield from _inside(module, child, (*around, child.name), lines)
        elif isinstance(getattr(child, "body", None), list):
            yield from _inside(module, child, around, lines)
        elif not lines.isdisjoint(_span(child)):
            for part in walk(child):
                if _is_write(part):
                    line, column = getattr(part, "lineno", 0), getattr(part, "col_offset", 0)
                    yield WriteSite(path=module.path, line=line, column=column, function=".".join(around))


def _span(node: ast.AST) -> range:
    first = getattr(node, "lineno", 0)
    return range(first, getattr(node, "end_lineno", first) + 1)


def _is_write(node: ast.AST) -> bool:
    match node:
        case ast.Attribute(value=owner, attr="vm_state" | "task_state", ctx=ast.Store()):
            return _is_server(owner)
        case ast.Subscript(value=owner, slice=ast.Constant(value="vm_state" | "task_state"), ctx=ast.Store()):
            return _is_server(owner)
        case ast.Call(func=function, keywords=keywords):
            name = dotted(function).rpartition(".")[2]
            if name in _UPDATING and any(keyword.arg in _STATES for keyword in keywords):
                return True
            return name in _ENDING and isinstance(function, ast.Attribute) and _is_server(function.value)
    return False


def _is_server(node: ast.expr) -> bool:
    name = dotted(node).rpartition(".")[2]
    return is_server_name(name)
