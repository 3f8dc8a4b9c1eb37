"""What holds when several ways lead to one place: the conditions along them, joined and made short."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterable
from typing import TypeAlias
from weakref import WeakKeyDictionary

from nova_states.facts.condition import (
    ELIDED,
    AllOf,
    AnyOf,
    CodeTest,
    Condition,
    all_of,
    any_of,
    is_incomplete,
    literals,
    negated,
    to_text,
)
from nova_states.introspection.code_tests import code_condition

Conditions: TypeAlias = tuple[Condition, ...]
"""Conditions that hold together, in the order in which they came about; none of them is an AllOf."""

LONGEST = 100
"""Characters of a condition; longer ones name too much to be read."""
_MOST_ALTERNATIVES = 3
_MOST_COMPARED = 30
"""Ways that are compared with each other to find a test and its opposite."""

_OUTCOMES: WeakKeyDictionary[ast.AST, tuple[Condition, Condition]] = WeakKeyDictionary()


def shortened(condition: Condition) -> Condition:
    """The condition, if its text is not too long to be told."""
    return condition if len(to_text(condition)) <= LONGEST else ELIDED


def outcomes(test: ast.expr) -> tuple[Condition, Condition]:
    """What is told where a test holds, and where it does not."""
    found = _OUTCOMES.get(test)
    if found is None:
        condition = code_condition(test)
        is_short = shortened(condition) is condition
        found = (condition, negated(condition)) if is_short else (ELIDED, ELIDED)
        _OUTCOMES[test] = found
    return found


def either(paths: Iterable[Conditions]) -> Conditions:
    """The conditions under which one of several ways is taken, each given by the conditions along it."""
    distinct = tuple(dict.fromkeys(paths))
    return distinct[0] if len(distinct) == 1 else _either(distinct)


@functools.cache
def _either(paths: tuple[Conditions, ...]) -> Conditions:
    first = paths[0]
    common = tuple(one for one in first if all(one in path for path in paths))
    rests = [tuple(one for one in path if one not in common) for path in paths]
    rests = simplified([part for rest in rests for part in _taken_apart(rest)])
    if () in rests:
        return common
    if len(rests) == 1:
        return (*common, *rests[0])
    joined = any_of(one for rest in rests if (one := all_of(rest)) is not None)
    if len(rests) > _MOST_ALTERNATIVES or is_incomplete(joined):
        joined = ELIDED
    joined = shortened(joined)
    return common if joined in common else (*common, joined)


def _taken_apart(path: Conditions) -> list[Conditions]:
    """The ways that the first alternatives in a way stand for, if their tests are plain."""
    for index, condition in enumerate(path):
        if isinstance(condition, AnyOf) and condition.holds and _is_plain(condition):
            parts = [one.conditions if isinstance(one, AllOf) else (one,) for one in condition.conditions]
            return [tuple(dict.fromkeys((*path[:index], *part, *path[index + 1 :]))) for part in parts]
    return [path]


def _is_plain(condition: Condition) -> bool:
    """Whether a condition stays short where it is told several times."""
    return all(one.plain for one in literals(condition) if isinstance(one, CodeTest))


def simplified(paths: list[Conditions]) -> list[Conditions]:
    """The same ways, those that only differ in a test and its opposite joined."""
    going = list(dict.fromkeys(paths))
    while len(going) <= _MOST_COMPARED:
        joined = _join_pair(going)
        if joined is None:
            return going
        going = joined
    return going


def _join_pair(paths: list[Conditions]) -> list[Conditions] | None:
    """Join the first pair that can be, None if no pair can."""
    sets = [frozenset(path) for path in paths]
    for index, one in enumerate(sets):
        if any(other < one for other in sets) or one in sets[:index]:
            return [path for path in paths if path is not paths[index]]
        for condition in paths[index]:
            opposite = negated(condition)
            if opposite is None:
                continue
            rest = one - {condition}
            for place, other in enumerate(sets):
                # a and X, or not a and X: X.   a, or not a and X: a, or X.
                if opposite in other and rest <= other:
                    shorter = tuple(c for c in paths[place] if c != opposite)
                    dropped = {index, place} if frozenset(shorter) == rest else {place}
                    return list(dict.fromkeys([*(w for i, w in enumerate(paths) if i not in dropped), shorter]))
    return None
