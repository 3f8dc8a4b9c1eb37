"""What a path takes for granted where the state does not decide, and how to say it in few words.

A table row stands for many paths through a function. Their assumptions are joined to one condition: what makes no
difference disappears, and the rest is told by the tests of the source and by what its calls raise.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TypeAlias

from nova_states.facts.condition import AllOf, CodeTest, Condition, Raises, Unread, any_of, to_text
from nova_states.introspection.code_tests import code_test

HOLDS, FAILS = "holds", "fails"
"""Outcomes of a test."""
ANY_ERROR = "Exception"
"""What a bare `raise` or `except` is about."""
NOTHING = ""
"""The outcome of a `try` whose body raises nothing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Variable:
    """Something a function depends on that is not a state: a test, what calls raise, or what a call does unseen."""

    test: CodeTest | None = None
    """The test, as it holds."""
    calls: tuple[str, ...] = ()
    """The calls of which one may raise."""
    unread: str = ""
    """The call that is not read."""
    outcomes: frozenset[str] = field(compare=False)
    line: int = field(compare=False)
    """Where it is first met; orders the parts of a condition."""
    raised_by: bool = field(default=False, compare=False)
    """Whether it stands for a whole function that was left by an error."""

    @property
    def text(self) -> str:
        """What tells it from others of the same line."""
        return self.test.text if self.test else self.unread or " or ".join(self.calls)


Assumption: TypeAlias = tuple[Variable, frozenset[str]]
"""A variable with the outcomes it may have; one that is not mentioned may have any."""
Conjunction: TypeAlias = frozenset[Assumption]


def test(node: ast.expr, line: int) -> tuple[Variable, bool]:
    """The variable a test stands for, and whether the test is its opposite (`a != b` is the opposite of `a == b`)."""
    found = code_test(node)
    variable = Variable(test=replace(found, holds=True), outcomes=frozenset((HOLDS, FAILS)), line=line)
    return variable, not found.holds


def raising(calls: Iterable[str], exceptions: Iterable[str], line: int) -> Variable:
    """The variable that tells which of `exceptions`, if any, is raised by one of `calls`."""
    return Variable(calls=tuple(calls), outcomes=frozenset((NOTHING, *exceptions)), line=line)


def unread(call: str, line: int) -> Assumption:
    """That a call is made which is not read."""
    # Where it is not made nothing is assumed of it, so that no two paths ever cancel it out.
    variable = Variable(unread=call, outcomes=frozenset((HOLDS, FAILS)), line=line)
    return variable, frozenset((HOLDS,))


def describe(alternatives: frozenset[Conjunction]) -> Condition | None:
    """The condition under which one of the `alternatives` holds; None if that is always or when nothing fails."""
    # Variables are equal by what they ask; what else they say belongs to the tree they were met in.
    outcomes = frozenset((v, v.outcomes, v.line) for conjunction in alternatives for v, _ in conjunction)
    return _described(alternatives, outcomes)


@lru_cache(maxsize=4096)
def _described(alternatives: frozenset[Conjunction], _outcomes: frozenset[object]) -> Condition | None:
    members: list[Condition] = []
    for conjunction in _simplify(alternatives):
        parts = [part for variable, allowed in _ordered(conjunction) if (part := _literal(variable, allowed))]
        if not parts:
            return None
        members.append(parts[0] if len(parts) == 1 else AllOf(conditions=tuple(parts)))
    return any_of(sorted(members, key=_length))


def _length(condition: Condition) -> tuple[int, str]:
    text = to_text(condition)
    return len(text), text


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


def _literal(variable: Variable, allowed: frozenset[str]) -> Condition | None:
    """What an assumption says; None where it only says that nothing fails."""
    if variable.test is not None:
        return replace(variable.test, holds=HOLDS in allowed)
    if variable.unread:
        return Unread(call=variable.unread)
    if NOTHING in allowed:
        return None
    # Any other exception is an Exception, too.
    others = tuple(sorted(variable.outcomes - allowed - {NOTHING})) if ANY_ERROR in allowed else ()
    exceptions = tuple(sorted(allowed))
    return any_of(Raises(exceptions=exceptions, by=call, other_than=others) for call in variable.calls)


def _ordered(conjunction: Conjunction) -> list[tuple[Variable, frozenset[str]]]:
    return sorted(conjunction, key=lambda literal: (literal[0].line, literal[0].text))


def _sort_key(conjunction: Conjunction) -> list[tuple[int, str, list[str]]]:
    return [(variable.line, variable.text, sorted(allowed)) for variable, allowed in _ordered(conjunction)]
