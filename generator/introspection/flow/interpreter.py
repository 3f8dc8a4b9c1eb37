"""Puts the parts of the interpreter together."""
# ruff: noqa: PLR0913, PLR0917 - machine, frame, world and exits are what every step of an interpreter is given

from __future__ import annotations

import ast
from dataclasses import dataclass

from generator.introspection.flow import branches, calls, expressions, statements
from generator.introspection.flow.machine import Exits, Frame, Machine
from generator.introspection.flow.states import World
from generator.introspection.flow.values import Value


@dataclass(kw_only=True)
class Interpreter(Machine):
    """Reads Nova's source over sets of states; nothing of it is run."""

    def execute(self, frame: Frame, body: list[ast.stmt], worlds: list[World], exits: Exits) -> list[World]:
        """Run statements; the worlds at their end."""
        return statements.execute(self, frame, body, worlds, exits)

    def evaluate(self, frame: Frame, node: ast.expr, world: World, exits: Exits) -> list[tuple[World, Value]]:
        """The values of an expression, each with the world it leaves behind."""
        return expressions.evaluate_expression(self, frame, node, world, exits)

    def evaluate_call(self, frame: Frame, node: ast.Call, world: World, exits: Exits) -> list[tuple[World, Value]]:
        """The values of a call expression."""
        return calls.evaluate_call(self, frame, node, world, exits)

    def branch(self, frame: Frame, test: ast.expr, world: World, exits: Exits) -> tuple[list[World], list[World]]:
        """The worlds in which a test holds, and those in which it does not."""
        return branches.branch(self, frame, test, world, exits)

    def call(
        self,
        frame: Frame,
        node: ast.AST,
        function: Value,
        arguments: list[Value],
        keywords: dict[str, Value],
        world: World,
        exits: Exits,
    ) -> list[tuple[World, Value]]:
        """Call a value."""
        return calls.call(self, frame, node, function, arguments, keywords, world, exits)
