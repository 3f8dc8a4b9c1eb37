"""Puts the parts of the interpreter together."""
# ruff: noqa: PLR0913, PLR0917 - machine, frame, world and exits are what every step of an interpreter is given

from __future__ import annotations

import ast
from dataclasses import dataclass

from nova_states.introspection.interpreter import calls, expressions, refinement, statements
from nova_states.introspection.interpreter.abstract_state import State
from nova_states.introspection.interpreter.machine import Exits, Frame, Machine
from nova_states.introspection.interpreter.values import Value


@dataclass(kw_only=True)
class Interpreter(Machine):
    """Reads Nova's source over sets of states; nothing of it is run."""

    def execute(self, frame: Frame, body: list[ast.stmt], worlds: list[State], exits: Exits) -> list[State]:
        """Run statements; the worlds at their end."""
        return statements.execute(self, frame, body, worlds, exits)

    def evaluate(self, frame: Frame, node: ast.expr, world: State, exits: Exits) -> list[tuple[State, Value]]:
        """The values of an expression, each with the world it leaves behind."""
        return expressions.evaluate_expression(self, frame, node, world, exits)

    def evaluate_call(self, frame: Frame, node: ast.Call, world: State, exits: Exits) -> list[tuple[State, Value]]:
        """The values of a call expression."""
        return calls.evaluate_call(self, frame, node, world, exits)

    def branch(self, frame: Frame, test: ast.expr, world: State, exits: Exits) -> tuple[list[State], list[State]]:
        """The worlds in which a test holds, and those in which it does not."""
        return refinement.branch(self, frame, test, world, exits)

    def call(
        self,
        frame: Frame,
        node: ast.AST,
        function: Value,
        arguments: list[Value],
        keywords: dict[str, Value],
        world: State,
        exits: Exits,
    ) -> list[tuple[State, Value]]:
        """Call a value."""
        return calls.call(self, frame, node, function, arguments, keywords, world, exits)
