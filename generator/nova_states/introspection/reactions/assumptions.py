"""What a path takes for granted where the state does not decide, and how to say it in few words.

A table row stands for many paths through a function. Their assumptions are joined to one condition: what makes no
difference disappears, and the rest is put in words of the source.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias

HOLDS, FAILS = "holds", "fails"
"""Outcomes of a test."""
ANY_ERROR = "Exception"
"""What a bare `raise` or `except` is about."""
NOTHING = ""
"""The outcome of a `try` whose body raises nothing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Variable:
    """Something a function depends on that is not a state: a test, or what a call raises."""

    text: str
    """The test, or the calls that may raise, normalised."""
    outcomes: frozenset[str] = field(compare=False)
    negation: str | None = field(compare=False)
    """The text of the test's opposite; None for what a call raises."""
    line: int = field(compare=False)
    """Where it is first met; orders the words of a condition."""
    raised_by: bool = field(default=False, compare=False)
    """Whether it stands for a whole function that was left by an error."""


Assumption: TypeAlias = tuple[Variable, frozenset[str]]
"""A variable with the outcomes it may have; one that is not mentioned may have any."""
Conjunction: TypeAlias = frozenset[Assumption]


def test(node: ast.expr, line: int) -> tuple[Variable, bool]:
    """The variable a test stands for, and whether the test is its opposite (`a != b` is the opposite of `a == b`)."""
    opposite = False
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        opposite = type(node.ops[0]) in (ast.NotEq, ast.NotIn, ast.IsNot)
        turned = ast.Compare(left=node.left, ops=[_OPPOSITE[type(node.ops[0])]()], comparators=node.comparators)
        positive, negative = (turned, node) if opposite else (node, turned)
        texts = ast.unparse(positive), ast.unparse(negative)
    else:
        texts = ast.unparse(node), ast.unparse(ast.UnaryOp(op=ast.Not(), operand=node))
    outcomes = frozenset((HOLDS, FAILS))
    return Variable(text=texts[0], outcomes=outcomes, negation=texts[1], line=line), opposite


def raising(calls: str, exceptions: Iterable[str], line: int) -> Variable:
    """The variable that tells which of `exceptions`, if any, is raised by `calls`."""
    return Variable(text=calls, outcomes=frozenset((NOTHING, *exceptions)), negation=None, line=line)


def describe(alternatives: frozenset[Conjunction]) -> str | None:
    """The condition under which one of the `alternatives` holds; None if that is always or when nothing fails."""
    # Variables are equal by their text; what else they say belongs to the tree they were met in.
    outcomes = frozenset((v.text, v.outcomes, v.line) for conjunction in alternatives for v, _ in conjunction)
    return _described(alternatives, outcomes)


@lru_cache(maxsize=4096)
def _described(alternatives: frozenset[Conjunction], _outcomes: frozenset[object]) -> str | None:
    texts = []
    for conjunction in _simplify(alternatives):
        words = [word for variable, allowed in _ordered(conjunction) if (word := _word(variable, allowed))]
        if not words:
            return None
        texts.append(" and ".join(words))
    return " or ".join(sorted(texts, key=lambda text: (len(text), text)))


Assumptions: TypeAlias = tuple[Assumption, ...]
"""What a path takes for granted, in the order it was met."""


def joined(one: Assumptions, other: Assumptions) -> tuple[Assumptions, int | None] | None:
    """What two paths assume together if they differ in one variable, and its place if it makes no difference any more.

    Returns:
        None where the two cannot be said as one.
    """
    if len(one) != len(other):
        return None
    places = [index for index, pair in enumerate(zip(one, other, strict=True)) if pair[0] != pair[1]]
    if not places:
        return one, None
    index = places[0]
    variable, allowed = one[index]
    if len(places) > 1 or variable != other[index][0]:
        return None
    allowed |= other[index][1]
    if allowed == variable.outcomes:
        return (*one[:index], *one[index + 1 :]), index
    return (*one[:index], (variable, allowed), *one[index + 1 :]), None


def _simplify(conjunctions: Iterable[Conjunction]) -> list[Conjunction]:
    """The same alternatives with nothing superfluous in them."""
    ordered = sorted(conjunctions, key=_sort_key)
    changed = True
    while changed:
        changed = False
        for index in range(len(ordered)):
            for other in ordered:
                wider = _widen(ordered[index], other)
                changed = changed or wider != ordered[index]
                ordered[index] = wider
        ordered = sorted(set(ordered), key=_sort_key)
    return [one for one in ordered if not any(other != one and _implies(one, other) for other in ordered)]


def _widen(one: Conjunction, other: Conjunction) -> Conjunction:
    """`one` with a variable allowed the outcomes that `other` covers: `a or (not a and b)` is `a or b`."""
    mine = dict(one)
    narrower = [v for v, allowed in other if not mine.get(v, v.outcomes) <= allowed]
    if len(narrower) != 1 or narrower[0] not in mine:
        return one
    variable = narrower[0]
    mine[variable] |= dict(other)[variable]
    if mine[variable] == variable.outcomes:
        del mine[variable]
    return frozenset(mine.items())


def _implies(one: Conjunction, other: Conjunction) -> bool:
    mine = dict(one)
    return all(mine.get(variable, variable.outcomes) <= allowed for variable, allowed in other)


def _word(variable: Variable, allowed: frozenset[str]) -> str | None:
    if variable.negation is not None:
        return variable.text if HOLDS in allowed else variable.negation
    if NOTHING in allowed:
        return None
    # Any other exception is an Exception, too.
    others = sorted(variable.outcomes - allowed - {NOTHING}) if ANY_ERROR in allowed else []
    spared = f" other than {' or '.join(others)}" if others else ""
    return f"{variable.text} raises {' or '.join(sorted(allowed))}{spared}"


def _ordered(conjunction: Conjunction) -> list[tuple[Variable, frozenset[str]]]:
    return sorted(conjunction, key=lambda literal: (literal[0].line, literal[0].text))


def _sort_key(conjunction: Conjunction) -> list[tuple[int, str, list[str]]]:
    return [(variable.line, variable.text, sorted(allowed)) for variable, allowed in _ordered(conjunction)]


_OPPOSITE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.Gt: ast.LtE,
    ast.GtE: ast.Lt,
    ast.In: ast.NotIn,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.Lt: ast.GtE,
    ast.LtE: ast.Gt,
    ast.NotEq: ast.Eq,
    ast.NotIn: ast.In,
}
