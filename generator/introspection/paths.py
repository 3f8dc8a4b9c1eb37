"""Collects the tests on the way to a statement: what must hold for it to run."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from generator.introspection.modules import Function


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One thing that must hold to get on."""

    test: ast.expr | None
    """The condition; None where only `text` can tell it."""
    holds: bool
    """Whether the condition must be true or false."""
    text: str | None = None
    """The step in words, for what is no expression ("on InstanceNotFound")."""

    def as_text(self) -> str:
        """The step as normalised text."""
        if self.test is None:
            return self.text or ""
        words = ast.unparse(self.test)
        if self.holds:
            return f"({words})" if isinstance(self.test, ast.BoolOp) else words
        return f"not {words}" if isinstance(self.test, ast.Name | ast.Attribute | ast.Call) else f"not ({words})"


def steps_to(function: Function, target: ast.AST) -> tuple[Step, ...]:
    """What must hold inside `function` for `target` to be reached, outermost first, conjunctions taken apart."""
    return _steps(function.body, target)


def _steps(body: Sequence[ast.stmt], target: ast.AST) -> tuple[Step, ...]:
    found: list[Step] = []
    for statement in body:
        if any(node is target for node in ast.walk(statement)):
            return (*found, *_inside(statement, target))
        if isinstance(statement, ast.If) and _leaves(statement.body) and not statement.orelse:
            found.extend(split(statement.test, holds=False))
    return ()


def _inside(statement: ast.stmt, target: ast.AST) -> tuple[Step, ...]:
    if statement is target:
        return ()
    if isinstance(statement, ast.If):
        for part, holds in ((statement.body, True), (statement.orelse, False)):
            if _holds_node(part, target):
                return (*split(statement.test, holds=holds), *_steps(part, target))
    for handler in getattr(statement, "handlers", ()):
        if _holds_node(handler.body, target):
            name = ast.unparse(handler.type) if handler.type is not None else "any exception"
            return (Step(test=None, holds=True, text=f"on {name}"), *_steps(handler.body, target))
    for field in ("body", "orelse", "finalbody"):
        block: list[ast.stmt] = getattr(statement, field, [])
        if _holds_node(block, target):
            return _steps(block, target)
    return ()


def _holds_node(body: Sequence[ast.stmt], target: ast.AST) -> bool:
    return any(node is target for statement in body for node in ast.walk(statement))


def _leaves(body: Sequence[ast.stmt]) -> bool:
    """Whether a block ends the function or the round of a loop."""
    return bool(body) and isinstance(body[-1], ast.Return | ast.Raise | ast.Continue | ast.Break)


def split(test: ast.expr, *, holds: bool) -> list[Step]:
    """A test as the steps that it amounts to: `a and b` are two, `not a` turns one around."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return split(test.operand, holds=not holds)
    joined = ast.And if holds else ast.Or
    if isinstance(test, ast.BoolOp) and isinstance(test.op, joined):
        return [step for part in test.values for step in split(part, holds=holds)]
    return [Step(test=test, holds=holds)]
