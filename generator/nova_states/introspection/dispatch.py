"""Hands a node of a syntax tree to the function that is for nodes of its type."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Concatenate, Generic, ParamSpec, TypeVar, overload

A = TypeVar("A", bound=ast.AST)
B = TypeVar("B", bound=ast.AST)
D = TypeVar("D", bound=ast.AST)
C = TypeVar("C")
P = ParamSpec("P")
R = TypeVar("R")


class Dispatch(Generic[C, P, R]):
    """Handlers by type of node; each takes what it works with or for (`C`), the node, and what `P` says.

    `@handlers.on(ast.If)` enters a function or method, whose second parameter is then an `ast.If`.
    """

    def __init__(self) -> None:
        """Begin with no handlers."""
        self._handlers: dict[type[ast.AST], Callable[..., R]] = {}

    @overload
    def on(
        self, kind: type[A], /
    ) -> Callable[[Callable[Concatenate[C, A, P], R]], Callable[Concatenate[C, A, P], R]]: ...

    @overload
    def on(
        self, kind: type[A], other: type[B], /
    ) -> Callable[[Callable[Concatenate[C, A | B, P], R]], Callable[Concatenate[C, A | B, P], R]]: ...

    @overload
    def on(
        self, kind: type[A], other: type[B], third: type[D], /
    ) -> Callable[[Callable[Concatenate[C, A | B | D, P], R]], Callable[Concatenate[C, A | B | D, P], R]]: ...

    def on(self, *kinds: type[ast.AST]) -> Callable[[Callable[..., R]], Callable[..., R]]:
        """Enter a handler for these types of node."""

        def enter(handler: Callable[..., R]) -> Callable[..., R]:
            self._handlers |= dict.fromkeys(kinds, handler)
            return handler

        return enter

    def handler(self, node: ast.AST) -> Callable[Concatenate[C, ast.AST, P], R] | None:
        """What is entered for the type of a node; None where nothing is."""
        return self._handlers.get(type(node))
