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
        if isinstance(statement, ast.If) and leaves(statement.body) != leaves(statement.orelse):
            found.extend(split(statement.test, holds=leaves(statement.orelse)))
        elif isinstance(statement, ast.Match):
            found.extend(_unmatched(statement))
    return ()


def _unmatched(statement: ast.Match) -> list[PathCondition]:
    """What must not be matched to get behind a statement whose cases leave."""
    found: list[PathCondition] = []
    for case in statement.cases:
        test = _as_test(statement.subject, case.pattern)
        if not leaves(case.body):
            continue
        if test is None:
            found.append(PathCondition(test=None, holds=False))
        elif case.guard is not None:
            both = ast.copy_location(ast.BoolOp(op=ast.And(), values=[test, case.guard]), test)
            found += split(both, holds=False)
        else:
            found += split(test, holds=False)
    return found


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
            return _matched(subject, cases, block)
    return []


def _matched(subject: ast.expr, cases: list[ast.match_case], block: list[ast.stmt]) -> list[PathCondition]:
    """What must hold to get into a case: its pattern as a test where it can be one, and none of those before."""
    found: list[PathCondition] = []
    for case in cases:
        test = _as_test(subject, case.pattern)
        if case.body is block:
            event = Matches(subject=ast.unparse(subject), pattern=ast.unparse(case.pattern))
            own = [_happens(event)] if test is None else split(test, holds=True)
            guards = split(case.guard, holds=True) if case.guard is not None else []
            return [*found, *(step for step in own if not _is_certain(step)), *guards]
        if test is not None and case.guard is None:
            found += split(test, holds=False)
        elif test is not None and case.guard is not None:
            both = ast.copy_location(ast.BoolOp(op=ast.And(), values=[test, case.guard]), test)
            found += split(both, holds=False)
    return found


def _is_certain(step: PathCondition) -> bool:
    return isinstance(step.test, ast.Constant) and bool(step.test.value) == step.holds


def _as_test(subject: ast.expr, pattern: ast.pattern) -> ast.expr | None:
    """A pattern as a test of its subject; None for what is no comparison."""
    made: ast.expr | None = None
    match pattern:
        case ast.MatchValue(value=value):
            made = ast.Compare(left=subject, ops=[ast.Eq()], comparators=[value])
        case ast.MatchSingleton(value=value):
            made = ast.Compare(left=subject, ops=[ast.Is()], comparators=[ast.Constant(value=value)])
        case ast.MatchOr(patterns=patterns):
            parts = [_as_test(subject, one) for one in patterns]
            known = [part for part in parts if part is not None]
            made = ast.BoolOp(op=ast.Or(), values=known) if len(known) == len(parts) else None
        case ast.MatchAs(pattern=None):
            made = ast.Constant(value=True)
        case ast.MatchAs(pattern=ast.pattern() as inner):
            made = _as_test(subject, inner)
    return ast.fix_missing_locations(ast.copy_location(made, subject)) if made is not None else None


def _happens(event: Raises | Matches) -> PathCondition:
    return PathCondition(test=None, holds=True, event=event)


def _classes(kind: ast.expr | None) -> Iterator[str]:
    """The exceptions that a handler names; none where it is for any."""
    if kind is not None:
        yield from (ast.unparse(one) for one in (kind.elts if isinstance(kind, ast.Tuple) else [kind]))


def _holds_node(body: Sequence[ast.stmt], target: ast.AST) -> bool:
    return any(node is target for statement in body for node in ast.walk(statement))


def leaves(body: Sequence[ast.stmt]) -> bool:
    """Whether a block always ends the function or the round of a loop."""
    match body[-1:]:
        case [ast.If(body=inner, orelse=otherwise)]:
            return leaves(inner) and leaves(otherwise)
        case [ast.With(body=inner)]:
            return leaves(inner)
        case [ast.Match(cases=cases)]:
            return all(leaves(case.body) for case in cases) and any(
                isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None and case.guard is None
                for case in cases
            )
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
