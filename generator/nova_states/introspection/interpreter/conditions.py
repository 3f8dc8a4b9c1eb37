"""Conditions as text: normalised tests, their opposites, and what holds when several ways lead to one place."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterable
from weakref import WeakKeyDictionary

LONGEST = 100
"""Characters of a condition; longer ones name too much to be read."""
UNSAID = "…"
"""A condition that is there but too long to be told."""
_MOST_WAYS = 3
_MOST_COMPARED = 30
"""Ways that are compared with each other to find a test and its opposite."""


_TEXTS: WeakKeyDictionary[ast.AST, str] = WeakKeyDictionary()


def condition_text(test: ast.expr) -> str:
    """A test as text, on one line."""
    found = _TEXTS.get(test)
    if found is None:
        found = " ".join(ast.unparse(test).split())
        found = found if len(found) <= LONGEST else UNSAID
        _TEXTS[test] = found
    return found


@functools.cache
def negated(text: str) -> str:
    """The opposite of a condition, normalised."""
    if text == UNSAID:
        return UNSAID
    try:
        test = ast.parse(text, mode="eval").body
    except SyntaxError:
        return f"not {text}"  # not a test of the source: "on NoValidHost"
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return ast.unparse(operand)
        case ast.Compare(left=left, ops=[operation], comparators=comparators) if type(operation) in _OPPOSITES:
            opposite = _OPPOSITES[type(operation)]()
            return ast.unparse(ast.Compare(left=left, ops=[opposite], comparators=comparators))
    return ast.unparse(ast.UnaryOp(op=ast.Not(), operand=test))


def either(ways: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """The conditions under which one of several ways is taken, each given by the conditions along it."""
    distinct = tuple(dict.fromkeys(ways))
    return distinct[0] if len(distinct) == 1 else _either(distinct)


@functools.cache
def _either(ways: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
    first = ways[0]
    common = tuple(one for one in first if all(one in way for way in ways))
    rests = [tuple(one for one in way if one not in common) for way in ways]
    rests = simplified([part for rest in rests for part in _taken_apart(rest)])
    if () in rests:
        return common
    if len(rests) == 1:
        return (*common, *rests[0])
    text = " or ".join(" and ".join(rest) for rest in rests)
    if len(rests) > _MOST_WAYS or len(text) > LONGEST or UNSAID in text:
        text = UNSAID
    return common if text in common else (*common, text)


def _taken_apart(way: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The ways that a condition of several alternatives stands for, where it is plain enough to tell."""
    for index, condition in enumerate(way):
        if " or " in condition and not any(sign in condition for sign in "()'\""):
            parts = [tuple(part.split(" and ")) for part in condition.split(" or ")]
            return [tuple(dict.fromkeys((*way[:index], *part, *way[index + 1 :]))) for part in parts]
    return [way]


def simplified(ways: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The same ways, those that only differ in a test and its opposite joined."""
    going = list(dict.fromkeys(ways))
    while len(going) <= _MOST_COMPARED:
        joined = _join_pair(going)
        if joined is None:
            return going
        going = joined
    return going


def _join_pair(ways: list[tuple[str, ...]]) -> list[tuple[str, ...]] | None:
    """Join the first pair that can be, None if no pair can."""
    sets = [frozenset(way) for way in ways]
    for index, one in enumerate(sets):
        if any(other < one for other in sets):
            return [way for way in ways if way is not ways[index]]
        for condition in ways[index]:
            opposite = negated(condition)
            rest = one - {condition}
            for place, other in enumerate(sets):
                # a and X, or not a and X: X.   a, or not a and X: a, or X.
                if opposite in other and opposite != UNSAID and rest <= other:
                    shorter = tuple(c for c in ways[place] if c != opposite)
                    dropped = {index, place} if frozenset(shorter) == rest else {place}
                    return list(dict.fromkeys([*(w for i, w in enumerate(ways) if i not in dropped), shorter]))
    return None


_OPPOSITES: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Lt: ast.GtE,
    ast.GtE: ast.Lt,
    ast.Gt: ast.LtE,
    ast.LtE: ast.Gt,
}
