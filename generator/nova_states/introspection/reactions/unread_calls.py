"""Finds the calls that are given the server and might change it, though nothing that is followed shows how.

A reaction is told for certain only if every such call is known: a method that is followed or whose source shows that it
leaves the server alone, or one that `harmless_calls.toml` lists with its reason. All others are named, so that the
rows behind them say that they are not decided.
"""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from nova_states.errors import InputError
from nova_states.facts.codec import from_plain
from nova_states.facts.state_set import FIELDS
from nova_states.introspection.callees import Callees
from nova_states.introspection.interpreter.slicing import is_server_name
from nova_states.introspection.modules import Function, Modules
from nova_states.introspection.reactions.methods import Methods
from nova_states.introspection.reactions.path_state import Code
from nova_states.introspection.syntax import dotted_name
from nova_states.introspection.tree_walk import children, walk

_LIST = Path(__file__).with_name("harmless_calls.toml")
SERVER = "instance"
"""What the server is called in the name of a call, whatever a function calls it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class HarmlessCalls:
    """Calls that may be given the server and leave its states alone."""

    calls: tuple[str, ...]
    """Globs over names of calls, local names by what they stand for: "self.network_api.*"."""
    reason: str


@cache
def load_harmless_calls(path: Path = _LIST) -> tuple[HarmlessCalls, ...]:
    """All entries of harmless_calls.toml.

    Raises:
        InputError: the file does not fit, with the entry.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise InputError(f"{path.name}: {error}") from error
    return tuple(from_plain(entry, HarmlessCalls, f"{path.name}: {name}") for name, entry in table.items())


@cache
def is_harmless(name: str) -> bool:
    """Whether a call of this name is listed."""
    return any(fnmatchcase(name, pattern) for entry in load_harmless_calls() for pattern in entry.calls)


@dataclass(kw_only=True)
class UnreadCalls:
    """Answers for the functions of one tree, by what stands in them: nothing is run."""

    modules: Modules
    methods: Methods
    _found: dict[tuple[ast.AST, str | None, frozenset[str]], tuple[str, ...]] = field(default_factory=dict)
    _holding: dict[tuple[Function, frozenset[str]], frozenset[str]] = field(default_factory=dict)
    _callees: Callees = field(init=False)

    def __post_init__(self) -> None:
        """Look in every module for what a call reaches."""
        self._callees = Callees(modules=self.modules, words=frozenset(("",)))

    def holding(self, function: Function, given: frozenset[str] = frozenset()) -> frozenset[str]:
        """The local names that hold the server or something made from it, `given` and by Nova's names for servers."""
        key = (function, given)
        if key not in self._holding:
            names = {node.id for node in walk(function) if isinstance(node, ast.Name)}
            found = {name for name in names if is_server_name(name)} | given
            bindings = [one for node in walk(function) for one in _bindings(node)]
            while more := {name for name, value in bindings if name not in found and _mentions(value, found)}:
                found |= more
            self._holding[key] = frozenset(found)
        return self._holding[key]

    def inside(self, node: ast.AST, code: Code, holding: frozenset[str]) -> tuple[str, ...]:
        """Names of the calls below a node of `code` that are not known to leave the server alone.

        Args:
            node: A part of a function, or the whole.
            code: The function.
            holding: The names there that hold the server or something made from it.
        """
        key = (node, code.owner, holding)
        if key not in self._found:
            self._found[key] = ()  # for functions that call each other
            calls = (one for one in walk(node) if isinstance(one, ast.Call) and is_given(one, holding))
            self._found[key] = tuple(
                dict.fromkeys(name for call in calls for name in self._unknown(call, code, holding))
            )
        return self._found[key]

    def _unknown(self, call: ast.Call, code: Code, holding: frozenset[str]) -> Iterator[str]:
        name = call_name(call.func)
        if is_local(call.func, code) or (is_harmless(name) and not self._is_shown_to_change(name, code)):
            return
        if self.methods.is_instance_update(call):
            writes = any(keyword.arg is None or keyword.arg in FIELDS for keyword in call.keywords)
            yield from (name,) if writes else ()
            return
        callee = self.reached(call, name, code)
        if callee is None or self.changes(callee):
            yield name
        else:
            yield from self.inside(callee.node, callee, self._handed(callee, call, holding))

    def _is_shown_to_change(self, name: str, code: Code) -> bool:
        """Whether the source of a call that is listed shows the opposite."""
        callee = self.methods.called(code.owner, name)
        return callee is not None and self.changes(callee)

    def changes(self, callee: Code) -> bool:
        """Whether a function shows that it changes a server, in itself or in methods of the same class."""
        return self.methods.changes_state(callee.node, callee.owner)

    def is_unknown(self, callee: Code) -> bool:
        """Whether a function changes a server or gives it to what might."""
        return self.changes(callee) or bool(self.inside(callee.node, callee, self.holding(callee.node)))

    def _handed(self, callee: Code, call: ast.Call, holding: frozenset[str]) -> frozenset[str]:
        """The names that hold the server in a function that is called."""
        spec = callee.node.args
        parameters = [one.arg for one in (*spec.posonlyargs, *spec.args)]
        if parameters[:1] in (["self"], ["cls"]):
            parameters = parameters[1:]
        given = dict(zip(parameters, call.args, strict=False))
        given |= {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
        found = frozenset(name for name, value in given.items() if _mentions(value, holding))
        return self.holding(callee.node, found)

    def reached(self, call: ast.Call, name: str, code: Code) -> Code | None:
        """The function of the tree that a call leads to: of the same class, or a function of a module."""
        owner, _, last = name.rpartition(".")
        if name.startswith("self."):
            return self.methods.called(code.owner, name)
        if owner == SERVER:
            return self.methods.of_server(last)
        found = self._callees.of(call, code.module, None)
        if found is None:
            return None
        # What is handed `self` goes on to be a method's own object.
        return Code(module=found.module, node=found.function, owner=code.owner, name=found.name)


def call_name(function: ast.expr) -> str:
    """What a call is spelled like, the server by one name: "instance.save"; a constant `getattr` is an attribute."""
    match function:
        case ast.Call(func=ast.Name(id="getattr"), args=[owner, ast.Constant(value=str() as attribute)]):
            return f"{call_name(owner)}.{attribute}"
    dotted = dotted_name(function)
    root, dot, rest = dotted.partition(".")
    if dot and is_server_name(root):
        return f"{SERVER}.{rest}"
    return dotted or " ".join(ast.unparse(function).split())


def is_local(function: ast.expr, code: Code) -> bool:
    """Whether a function inside `code` is called: its body is a part of the same function."""
    if not isinstance(function, ast.Name):
        return False
    inner = (node for node in walk(code.node) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return any(node.name == function.id for node in inner if node is not code.node)


def is_given(call: ast.Call, holding: frozenset[str]) -> bool:
    """Whether a call is given one of some names, or is a method of a server."""
    if is_server_name(dotted_name(call.func).partition(".")[0]) and isinstance(call.func, ast.Attribute):
        return True
    return any(_mentions(value, holding) for value in (*call.args, *(keyword.value for keyword in call.keywords)))


def _mentions(node: ast.AST, names: frozenset[str] | set[str]) -> bool:
    """Whether an expression is made of one of some names, other than by a state: that leads back to no server."""
    if isinstance(node, ast.Attribute) and node.attr in FIELDS:
        return False
    if isinstance(node, ast.Name):
        return node.id in names
    return any(_mentions(part, names) for part in children(node) if isinstance(part, MADE_OF))


_KEEPING = ("add", "append", "extend", "insert", "setdefault", "update")
"""Methods of containers that keep what they are given."""
MADE_OF = (ast.expr, ast.keyword, ast.comprehension)


def _bindings(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """Names that a node binds, each with what it is made of."""
    match node:
        case ast.Assign(targets=targets, value=value):
            pairs = [(target, value) for target in targets]
        case ast.AnnAssign(target=target, value=ast.expr() as value) | ast.NamedExpr(target=target, value=value):
            pairs = [(target, value)]
        case ast.For(target=target, iter=value) | ast.comprehension(target=target, iter=value):
            pairs = [(target, value)]
        case ast.withitem(optional_vars=ast.expr() as target, context_expr=value):
            pairs = [(target, value)]
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=attribute), args=values) if (
            attribute in _KEEPING
        ):
            yield from ((name, value) for value in values)
            return
        case _:
            return
    for target, value in pairs:
        for part in walk(target):
            if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
                yield part.id, value
