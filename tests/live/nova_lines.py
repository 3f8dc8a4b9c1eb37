"""Notes which lines of Nova's functions a thread comes by, and which tests hold there; part of nova_server.py."""

import ast
import contextlib
import sys
from collections.abc import Iterator
from types import CodeType, FrameType
from typing import Any

PACKAGE = "/site-packages/nova/"
PLAIN = (
    ast.Expression, ast.Compare, ast.BoolOp, ast.UnaryOp, ast.Not, ast.And, ast.Or, ast.Name, ast.Attribute,
    ast.Constant, ast.Tuple, ast.List, ast.Load, ast.cmpop,
)  # fmt: skip
"""What a test may be made of: it is looked at, nothing is called."""


def as_plain_test(text: str) -> ast.Expression | None:
    """A test of Nova's code that only looks at variables, what they hold, and constants; None: another."""
    try:
        parsed = ast.parse(text, mode="eval")
    except SyntaxError:
        return None
    return parsed if all(isinstance(node, PLAIN) for node in ast.walk(parsed)) else None


def _with_instance(variables: dict[str, Any]) -> dict[str, Any]:
    """Variables of a function, its only server by the name that the facts give to any."""
    servers = [value for value in variables.values() if type(value).__name__ == "Instance"]
    return {**variables, "instance": servers[0]} if servers and "instance" not in variables else variables


class Lines:
    """The lines of some functions that were come by since they were last forgotten."""

    def __init__(self) -> None:
        self.functions: frozenset[str] = frozenset()
        """Each as its file, a blank and its qualified name."""
        self.tests: dict[str, CodeType] = {}
        """Tests of Nova's code, as the facts spell them → what tells whether they hold."""
        self.places: dict[CodeType, tuple[str, str] | None] = {}
        """What is known of functions: every call asks."""
        self.forget()

    def forget(self) -> None:
        """Begin anew."""
        self.seen: set[tuple[str, int, str]] = set()
        """File, line and function; the line that defines a function stands for the call of it."""
        self.values: dict[str, bool] = {}
        """Test → whether it held where it could first be told."""

    def watch(self, functions: list[str], texts: list[str]) -> None:
        """Watch some functions from now on, and some tests in them."""
        self.functions = frozenset(functions)
        self.places.clear()
        plain = {text: parsed for text in texts if (parsed := as_plain_test(text))}
        self.tests = {text: compile(parsed, "test", "eval") for text, parsed in plain.items()}

    @contextlib.contextmanager
    def noting(self) -> Iterator[None]:
        """Note what this thread does meanwhile."""
        before = sys.gettrace()
        sys.settrace(self._enter if self.functions else before)
        try:
            yield
        finally:
            sys.settrace(before)

    def _enter(self, frame: FrameType, _event: str, _argument: object) -> Any:
        code = frame.f_code
        if code not in self.places:
            self.places[code] = self._place(code)
        place = self.places[code]
        if place is None:
            return None
        file, function = place

        def note(inner: FrameType, _event: str, _argument: object) -> Any:
            self.seen.add((file, inner.f_lineno, function))
            variables = _with_instance(inner.f_locals)
            for text, test in self.tests.items():
                with contextlib.suppress(Exception):
                    # The first counts: what is decided by it may change it.
                    self.values.setdefault(text, bool(eval(test, inner.f_globals, variables)))  # noqa: S307
            return note

        return note(frame, _event, _argument)

    def _place(self, code: CodeType) -> tuple[str, str] | None:
        """A function's file and name, where it is watched."""
        _, found, below = code.co_filename.rpartition(PACKAGE)
        file, function = f"nova/{below}", code.co_qualname.replace(".<locals>", "")
        return (file, function) if found and f"{file} {function}" in self.functions else None
