"""Collects the tests on the way to a statement: what must hold for it to run."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nova_states.facts.condition import ELIDED, Condition, Matches, Raises, negated
from nova_states.introspection.code_tests import code_condition
from nova_states.introspection.modules import Function
from nova_states.introspection.syntax import blocks


@dataclass(frozen=True, kw_only=True, slots=True)
class PathCondition:
    """One thing that must hold to get on."""

    test: ast.expr | None
    """The condition; None for what is no expression."""
    holds: bool
    """Whether the condition must be true or false."""
    event: Raises | Matches | None = None
    """What must happen where no expression is tested: a handler is entered, a case is taken."""

    def as_condition(self) -> Condition:
        """The step as a condition."""
        if self.test is None:
            return self.event or ELIDED
        condition = code_condition(self.test)
        return condition if self.holds else negated(condition)


def steps_to(function: Function, target: ast.AST) -> tuple[PathCondition, ...]:
    """What must hold inside `function` for `target` to be reached, outermost first, conjunctions taken apart."""
    return _steps(function.body, target)


def _steps(body: Sequence[ast.stmt], target: ast.AST) -> tuple[PathCondition, ...]:
    found: list[PathCondition] = []
    for statement in body:
        if _holds_node([statement], target):
            return (*found, *_inside(statement, target))
        if isinstance(statement, ast.If) and _leaves(statement.body) != _leaves(statement.orelse):
            found.extend(split(statement.test, holds=_leaves(statement.orelse)))
    return ()


def _inside(statement: ast.stmt, target: ast.AST) -> tuple[PathCondition, ...]:
    for block in blocks(statement):
        if _holds_node(block, target):
            return (*_entry(statement, block), *_steps(block, target))
    return ()


def _entry(statement: ast.stmt, block: list[ast.stmt]) -> list[PathCondition]:
    """What must hold to get into a block of a compound statement."""
    match statement:
        case ast.If(test=test):
            return split(test, holds=block is statement.body)
        case ast.While(test=test) if block is statement.body:
            return split(test, holds=True)
        case ast.Try(handlers=handlers):
            caught = [handler.type for handler in handlers if handler.body is block]
            return [_happens(Raises(exceptions=tuple(_classes(kind)))) for kind in caught]
        case ast.Match(subject=subject, cases=cases):
            patterns = [ast.unparse(case.pattern) for case in cases if case.body is block]
            return [_happens(Matches(subject=ast.unparse(subject), pattern=pattern)) for pattern in patterns]
    return []


def _happens(event: Raises | Matches) -> PathCondition:
    return PathCondition(test=None, holds=True, event=event)


def _classes(kind: ast.expr | None) -> Iterator[str]:
    """The exceptions that a handler names; none where it is for any."""
    if kind is not None:
        yield from (ast.unparse(one) for one in (kind.elts if isinstance(kind, ast.Tuple) else [kind]))


def _holds_node(body: Sequence[ast.stmt], target: ast.AST) -> bool:
    return any(node is target for statement in body for node in ast.walk(statement))


def _leaves(body: Sequence[ast.stmt]) -> bool:
    """Whether a block always ends the function or the round of a loop."""
    match body[-1:]:
        case [ast.If(body=inner, orelse=otherwise)]:
            return _leaves(inner) and _leaves(otherwise)
        case [ast.Return() | ast.Raise() | ast.Continue() | ast.Break()]:
            return True
    return False


def split(test: ast.expr, *, holds: bool) -> list[PathCondition]:
    """A test as the steps that it amounts to: `a and b` are two, `not a` turns one around."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return split(test.operand, holds=not holds)
    joined = ast.And if holds else ast.Or
    if isinstance(test, ast.BoolOp) and isinstance(test.op, joined):
        return [step for part in test.values for step in split(part, holds=holds)]
    return [PathCondition(test=test, holds=holds)]
