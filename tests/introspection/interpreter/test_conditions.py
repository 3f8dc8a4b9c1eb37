from __future__ import annotations

import ast

import pytest

from nova_states.facts.condition import ELIDED, Condition, Raises, any_of, to_text
from nova_states.introspection.interpreter.conditions import LONGEST, Conditions, either, outcomes
from tests.conditions import code, raises

FAILED = raises(None, "Failed")
LONG = "a_rather_long_name_of_a_test_of_which_two_are_too_many"


def way(*parts: str | Condition) -> Conditions:
    return tuple(code(part) if isinstance(part, str) else part for part in parts)


@pytest.mark.parametrize(
    ("ways", "told"),
    [
        ([way("a", "b")], ["a", "b"]),
        ([way("a", "b"), way("a", "b")], ["a", "b"]),
        ([way("a", "b"), way("a", "not b")], ["a"]),
        ([way("a == 1", "b"), way("a != 1", "b")], ["b"]),
        ([way("a"), way("not a", "b")], ["a or b"]),
        ([way("a"), way("a", "b")], ["a"]),
        ([way("a"), way()], []),
        ([way("a", FAILED), way("b", FAILED)], ["on Failed", "a or b"]),
        ([way("a", "b"), way("c", "d")], ["a and b or c and d"]),
        ([way("a or b"), way("c")], ["a or b or c"]),
        ([way("a or b"), way("not a", "c")], ["a or b or c"]),
        ([way("a() or b"), way("not (a() or b)")], []),
        ([way("a"), way("b"), way("c"), way("d")], ["…"]),
        ([way(LONG), way(f"{LONG}2")], ["…"]),
        ([way("a", ELIDED), way("b")], ["…"]),
        ([way(Raises(exceptions=("A", "B", "C"), more=True)), way("b")], ["…"]),
        ([way(ELIDED, "a"), way(ELIDED, "b")], ["…", "a or b"]),
    ],
)
def test_what_holds_on_one_of_several_ways(ways: list[Conditions], told: list[str]) -> None:
    assert [to_text(one) for one in either(ways)] == told


def test_a_test_that_is_too_long_is_not_told() -> None:
    text = f"{LONG} == {'x' * LONGEST}"
    assert outcomes(ast.parse(text, mode="eval").body) == (ELIDED, ELIDED)


def test_a_condition_that_is_there_already_is_not_told_again() -> None:
    alternatives = any_of(way("a", "b"))
    assert either([(alternatives, *way("c")), (alternatives, *way("not c"))]) == (alternatives,)
