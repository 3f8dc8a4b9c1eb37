"""Passes calls that are not followed: those that are given the server leave the rest of the path undecided."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace

from nova_states.facts.state_set import FIELDS
from nova_states.introspection.interpreter.slicing import is_server_name
from nova_states.introspection.reactions.assumptions import unread
from nova_states.introspection.reactions.decision_table import UNDECIDED
from nova_states.introspection.reactions.expression_reader import ExpressionReader
from nova_states.introspection.reactions.path_state import (
    Code,
    Event,
    Pairs,
    Path,
    RuntimeValue,
    ServerObject,
    runtime_name,
)
from nova_states.introspection.reactions.unread_calls import MADE_OF, SERVER, UnreadCalls
from nova_states.introspection.syntax import dotted_name, evidence
from nova_states.introspection.tree_walk import children, walk

_READING = ("copy", "get", "items", "keys", "values")
"""Methods of a dictionary that leave it as it is."""


@dataclass(kw_only=True)
class PassingReader(ExpressionReader):
    """Reads expressions and knows which calls in them are given the server."""

    unread_calls: UnreadCalls
    notes: bool = True
    """Whether what happens is noted as events and failures are followed, or only where success leads."""

    def past_arguments(self, node: ast.Call, path: Path, code: Code) -> Path:
        """The path past what is handed to a call that is not followed, and past what gives its function."""
        for part in (*node.args, *(keyword.value for keyword in node.keywords)):
            path = self.passing(part, path, code)
        match node.func:
            case ast.Attribute(value=ast.Name(id=name), attr=attribute) if isinstance(path.names.get(name), Pairs):
                # What a method adds to a dictionary is not followed.
                return path if attribute in _READING else path.named(name, runtime_name(name))
        return path if dotted_name(node.func) else self.passing(node.func, path, code)

    def is_given(self, node: ast.Call, path: Path, code: Code) -> bool:
        """Whether a call is given the server or something made from it, or is a method of the server."""
        return any(self._leads_to_server(one, path, code) for one in _handed(node))

    def _leads_to_server(self, node: ast.AST, path: Path, code: Code) -> bool:
        if isinstance(node, ast.Attribute) and node.attr in FIELDS:
            return False
        if isinstance(node, ast.Name):
            value = path.names.get(node.id)
            if isinstance(value, RuntimeValue):
                is_made = any(isinstance(part, ast.Name) and part.id == SERVER for part in walk(value.node))
                return is_made or node.id in self.unread_calls.holding(code.node)
            is_bound = node.id in path.names
            return isinstance(value, ServerObject) or (not is_bound and node.id in self.unread_calls.holding(code.node))
        parts = (part for part in children(node) if isinstance(part, MADE_OF))
        return any(self._leads_to_server(part, path, code) for part in parts)

    def passing(self, node: ast.AST, path: Path, code: Code) -> Path:
        """See `ExpressionReader.passing`."""
        for call in (part for part in walk(node) if isinstance(part, ast.Call)):
            if self.is_given(call, path, code):
                for name in self.unread_calls.inside(call, code, self.unread_calls.holding(code.node)):
                    path = self.unread(name, call, path, code)
        return path

    def unread(self, name: str, node: ast.AST, path: Path, code: Code) -> Path:
        """The path past a call that is given the server and not read: all that comes after rests on it."""
        assumption = unread(name, getattr(node, "lineno", 0))
        if assumption in path.assumptions:
            return path
        after = path.but(assumptions=(*path.assumptions, assumption))
        if not self.notes:
            return after
        place = evidence(code.module, node, code.name)
        return happened(after, Event(effect=UNDECIDED, evidence=place, assumed=len(after.assumptions)))


def _handed(node: ast.Call) -> Iterator[ast.expr]:
    """What a call is given, its object included if it is a name or an attribute of one."""
    if isinstance(node.func, ast.Attribute) and is_server_name(dotted_name(node.func).partition(".")[0]):
        yield node.func.value
    yield from node.args
    yield from (keyword.value for keyword in node.keywords)


def happened(path: Path, event: Event) -> Path:
    """The path with one more event; the one before ends in what is saved by now."""
    events = path.events
    if events and events[-1].end is None:
        last = events[-1]
        closed = replace(last, end=path.saved)
        events = (*events[:-1], closed)
    return path.but(events=(*events, event))
