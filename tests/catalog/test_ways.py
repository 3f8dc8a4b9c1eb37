"""What changed about a step or a reaction: states it starts from, conditions that came, went, or bind it."""

from __future__ import annotations

from typing import Any

import pytest

from nova_states.catalog.ways import Cases, Told, way_changes
from nova_states.facts.condition import LiteralCondition, negated

TEST_A = {"test": "a", "holds": True}
NOT_A = {"test": "a", "holds": False}
TEST_B = {"test": "b", "holds": True}
ANY_ERROR = {"raises": ["Exception"], "by": None}
BOTH = {"all": [TEST_A, TEST_B]}


def row(tree: dict[str, Any] | None, vm_states: list[str] | str = "*", **way: object) -> dict[str, Any]:
    """A step's row as `facts --format json` prints it."""
    return {
        "action": "stop",
        "actor": "compute",
        "outcome": "failure",
        "from": {"vm_states": vm_states, "task_states": "*"},
        "to": {"vm_state": "error", "task_state": None},
        "condition_tree": tree,
    } | way


def say(literal: LiteralCondition, _place: str, denied: bool) -> tuple[dict[str, Any], ...]:  # noqa: FBT001 - a `Say`
    text = str(negated(literal) if denied else literal)
    return ({"en": [text, text], "ko": [text, text]},)


def told(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> list[Told]:
    return list(way_changes(before, after, "transitions", Cases(say=say)))


def conditions(found: list[Told]) -> dict[str, list[list[str]]]:
    """Word → conditions, each as its clauses."""
    return {
        word: [[clause["en"][-1] for clause in group] for group in values["when"]]
        for word, values in found
        if "when" in values
    }


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param([row(TEST_A)], [row(TEST_A), row(TEST_B)], {"when_new": [["b"]]}, id="one more case"),
        pytest.param([row(TEST_A), row(TEST_B)], [row(TEST_A)], {"when_gone": [["b"]]}, id="one case less"),
        pytest.param([row(TEST_A)], [row(BOTH)], {"only_new": [["b"]]}, id="bound to more"),
        pytest.param([row(BOTH)], [row(TEST_A)], {"only_gone": [["b"]]}, id="bound to less"),
        pytest.param([row(None)], [row(TEST_A)], {"only_new": [["a"]]}, id="always before"),
        pytest.param([row(TEST_B)], [row(TEST_B), row(TEST_A), row(NOT_A)], {}, id="a test and its contrary"),
        pytest.param([row(TEST_A)], [row(TEST_A), row(ANY_ERROR)], {}, id="an error says nothing"),
        pytest.param([row({"any": [TEST_A, TEST_B]})], [row(TEST_A), row(TEST_B)], {}, id="rows cut anew"),
        pytest.param(
            [row(TEST_A, ["active"]), row(None, ["error"])],
            [row(BOTH, ["active"]), row(None, ["error"])],
            {"only_new": [["b"]]},
            id="in one state of several",
        ),
        pytest.param([row(None)], [row(None), row(TEST_A)], {}, id="what always is needs no condition"),
    ],
)
def test_conditions(before: list[dict[str, Any]], after: list[dict[str, Any]], expected: dict[str, Any]) -> None:
    assert conditions(told(before, after)) == expected


def test_outcomes_that_changed_alike_are_told_together() -> None:
    before = [row(TEST_A), row(TEST_A, outcome="recovery")]
    after = [*before, row(TEST_B), row(TEST_B, outcome="recovery")]
    assert [values["row"] for _, values in told(before, after)] == [{"outcome": ["failure", "recovery"]}]


@pytest.mark.parametrize(
    ("before", "after", "word", "states"),
    [
        (["active"], ["active", "paused"], "starts_new", ["paused"]),
        (["active", "paused"], ["active"], "starts_gone", ["paused"]),
        ("*", ["active"], "starts_only", ["active"]),
        (["active"], "*", "starts_any", "*"),
    ],
)
def test_states_that_a_step_starts_from(
    before: list[str] | str, after: list[str] | str, word: str, states: list[str] | str
) -> None:
    sides = [[row(None, vm_states, outcome="progress")] for vm_states in (before, after)]
    assert [(word, values["field"], values["states"]) for word, values in told(*sides)] == [(word, "vm_state", states)]


def test_of_a_failure_is_not_told_where_it_starts() -> None:
    assert told([row(None, ["active"])], [row(None, ["active", "paused"])]) == [("conditions", {})]


def test_ways_that_came_and_went() -> None:
    other = row(None, to={"vm_state": "stopped", "task_state": None})
    assert [word for word, _ in told([row(None)], [other])] == ["way_gone", "way_new"]
