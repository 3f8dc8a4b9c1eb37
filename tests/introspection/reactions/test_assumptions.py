from __future__ import annotations

import ast

import pytest

from nova_states.facts.condition import AnyOf, to_text
from nova_states.introspection.reactions.assumptions import FAILS, HOLDS, NOTHING, Assumption, describe, raising, test
from tests.conditions import raises

test.__test__ = False  # type: ignore[attr-defined]
CALL = raising(["driver.plug_vifs"], ["NotImplementedError", "Failed"], 9)


def assumed(*words: str) -> frozenset[Assumption]:
    """What a path took for granted: "a" for the test `a`, "-a" for its failing, "!Failed" for what a call raised."""
    found = []
    for word in words:
        if word.startswith("!"):
            found.append((CALL, frozenset((word[1:],))))
        else:
            expression = word.removeprefix("-")
            variable, opposite = test(ast.parse(expression, mode="eval").body, len(found))
            holds = word.startswith("-") == opposite
            found.append((variable, frozenset((HOLDS if holds else FAILS,))))
    return frozenset(found)


@pytest.mark.parametrize(
    ("alternatives", "condition"),
    [
        ([[]], None),
        ([["a"]], "a"),
        ([["-a"]], "not a"),
        ([["a == 1"]], "a == 1"),
        ([["-a == 1"]], "a != 1"),
        ([["a not in b"]], "a not in b"),
        ([["-a is not None"]], "a is None"),
        ([["a"], ["-a"]], None),
        ([["a", "b"], ["-a", "b"]], "b"),
        ([["-a"], ["a", "-b"]], "not a or not b"),
        ([["a"], ["a", "b"]], "a"),
        ([["a", "b"], ["a", "-b", "c"]], "a and b or a and c"),
        ([[f"!{NOTHING}"], ["!NotImplementedError"]], None),
        ([["!Failed"]], "driver.plug_vifs raises Failed"),
        ([["!Failed"], ["!NotImplementedError"]], "driver.plug_vifs raises Failed or NotImplementedError"),
        ([["a", f"!{NOTHING}"], ["a", "!NotImplementedError"]], "a"),
    ],
)
def test_describe(alternatives: list[list[str]], condition: str | None) -> None:
    assert to_text(describe(frozenset(assumed(*words) for words in alternatives))) == condition


def test_one_of_several_calls_that_raises_is_an_alternative() -> None:
    several = raising(["driver.reboot", "_mount"], ["Failed"], 1)
    condition = describe(frozenset([frozenset([(several, frozenset(("Failed",)))])]))
    assert to_text(condition) == "driver.reboot or _mount raises Failed"
    assert condition == AnyOf(conditions=(raises("driver.reboot", "Failed"), raises("_mount", "Failed")))
