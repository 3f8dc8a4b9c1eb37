from __future__ import annotations

import json
from pathlib import Path

import pytest

from nova_states.errors import InputError
from nova_states.facts.codec import canonical, from_plain, with_condition
from nova_states.facts.condition import (
    ELIDED,
    AllOf,
    AnyOf,
    Callback,
    ComputeApi,
    Condition,
    Driver,
    Matches,
    Race,
    Raises,
    Selected,
    Unread,
    all_of,
    any_of,
    is_incomplete,
    literals,
    negated,
    tells_exception,
    to_text,
)
from nova_states.facts.condition_codec import condition_from_plain, condition_to_plain
from nova_states.facts.model import KINDS
from nova_states.facts.snapshots import Snapshots, load_snapshots
from tests.conditions import code, raises

GOLDEN = Path(__file__).parent / "golden" / "conditions.tsv"
"""Kind of fact and text of each condition as it read while conditions were texts."""

A, B, C = code("a"), code("b"), code("c")
LISTED = [
    (Unread(call="policy.decide"), "policy.decide is not read", {"unread": "policy.decide"}),
    (A, "a", {"test": "a", "holds": True}),
    (code("not a"), "not a", {"test": "a", "holds": False}),
    (code("a != 1"), "a != 1", {"test": "a == 1", "holds": False, "opposite": "a != 1"}),
    (code("a == 1"), "a == 1", {"test": "a == 1", "holds": True, "opposite": "a != 1"}),
    (code("a >= 1"), "a >= 1", {"test": "a < 1", "holds": False, "opposite": "a >= 1"}),
    (code("not CONF.x.y"), "not CONF.x.y", {"test": "CONF.x.y", "holds": False, "about": "configuration"}),
    (
        code("uncached_info.state in (OFF, GONE)"),
        "uncached_info.state in (OFF, GONE)",
        {
            "test": "uncached_info.state in (OFF, GONE)",
            "holds": True,
            "opposite": "uncached_info.state not in (OFF, GONE)",
            "about": "second_answer",
        },
    ),
    (raises(None, "KeyError"), "on KeyError", {"raises": ["KeyError"], "by": None}),
    (raises(None, "A", "B"), "on A, B", {"raises": ["A", "B"], "by": None}),
    (raises(None, "e.A", "e.B"), "on (e.A, e.B)", {"raises": ["e.A", "e.B"], "by": None}),
    (raises(None), "on any exception", {"raises": [], "by": None}),
    (
        Raises(exceptions=("A", "B", "C"), more=True),
        "on A, B, C, …",
        {"raises": ["A", "B", "C"], "by": None, "more": True},
    ),
    (
        Raises(exceptions=("Exception",), by="driver.reboot", other_than=("NotImplementedError",)),
        "driver.reboot raises Exception other than NotImplementedError",
        {"raises": ["Exception"], "by": "driver.reboot", "other_than": ["NotImplementedError"]},
    ),
    (Driver(name="ironic"), "driver ironic", {"driver": "ironic"}),
    (Callback(function="update"), "driver calls update", {"driver_calls": "update"}),
    (Race(request="delete"), "deleted meanwhile", {"race": "delete"}),
    (Selected(filters=("host", "uuid")), "selected by host, uuid", {"selected_by": ["host", "uuid"]}),
    (ComputeApi(name="CellsAPI"), "the compute API is CellsAPI", {"compute_api": "CellsAPI"}),
    (Matches(subject="kind", pattern="'a' | 'b'"), "kind matches 'a' | 'b'", {"match": "kind", "case": "'a' | 'b'"}),
    (ELIDED, "…", {"elided": True}),
    (
        code("a", "b or not c"),
        "a and (b or not c)",
        {
            "all": [
                {"test": "a", "holds": True},
                {"any": [{"test": "b", "holds": True}, {"test": "c", "holds": False}]},
            ]
        },
    ),
    (
        AnyOf(conditions=(code("a", "b"), C)),
        "a and b or c",
        {"any": [{"all": [{"test": "a", "holds": True}, {"test": "b", "holds": True}]}, {"test": "c", "holds": True}]},
    ),
    (
        AllOf(conditions=(A, AnyOf(conditions=(B, C), holds=False))),
        "a and (not (b or c))",
        {
            "all": [
                {"test": "a", "holds": True},
                {"any": [{"test": "b", "holds": True}, {"test": "c", "holds": True}], "holds": False},
            ]
        },
    ),
    (
        AllOf(conditions=(A, any_of((raises("api.delete", "E"), raises("api.stop", "E"))))),
        "a and api.delete or api.stop raises E",
        {
            "all": [
                {"test": "a", "holds": True},
                {"any": [{"raises": ["E"], "by": "api.delete"}, {"raises": ["E"], "by": "api.stop"}]},
            ]
        },
    ),
]


@pytest.mark.parametrize(("condition", "text", "plain"), LISTED, ids=[text for _, text, _ in LISTED])
def test_a_condition_as_text_and_as_json(condition: Condition, text: str, plain: object) -> None:
    assert to_text(condition) == text
    assert condition_to_plain(condition) == plain
    assert condition_from_plain(plain) == condition
    row = with_condition({"id": 1, "when": None, "place": 2}, "when", condition)
    assert list(row.items()) == [("id", 1), ("when", text), ("when_tree", plain), ("place", 2)]


def test_no_condition_has_neither_text_nor_structure() -> None:
    assert to_text(None) is None
    assert list(literals(None)) == []
    assert with_condition({"condition": None}, "condition", None) == {"condition": None, "condition_tree": None}


@pytest.mark.parametrize(
    "plain",
    [
        "on KeyError",
        [],
        {},
        {"all": {}},
        {"any": ["a"]},
        {"test": 1, "holds": True},
        {"test": "a"},
        {"test": "a", "holds": "yes"},
        {"test": "a", "holds": True, "about": "the weather"},
        {"test": "a", "holds": True, "more": 1},
        {"raises": "KeyError", "by": None},
        {"raises": ["KeyError"]},
        {"race": "stop"},
        {"match": "kind"},
        {"elided": False},
    ],
)
def test_what_is_no_condition_is_refused_in_one_line(plain: object) -> None:
    with pytest.raises(InputError, match=r"^rows\.jsonl:3: .* is no .*\$\.condition") as caught:
        from_plain({"condition": plain}, KINDS["startup"], "rows.jsonl:3")
    assert "\n" not in str(caught.value)


def test_one_stands_for_itself_and_parts_that_hold_together_are_one_level() -> None:
    assert all_of([]) is None
    assert all_of([A]) == any_of([A]) == A
    assert all_of([code("a", "b"), C]) == AllOf(conditions=(A, B, C))


@pytest.mark.parametrize(
    ("condition", "opposite"),
    [
        (A, code("not a")),
        (code("a != 1"), code("a == 1")),
        (code("a or b"), AnyOf(conditions=(A, B), holds=False)),
        (raises(None, "KeyError"), None),
        (ELIDED, None),
        (code("a", "b"), None),
    ],
)
def test_the_opposite_of_a_test_is_the_test_with_the_other_outcome(
    condition: Condition, opposite: Condition | None
) -> None:
    assert negated(condition) == opposite
    assert opposite is None or negated(opposite) == condition


def test_what_a_condition_says_is_asked_of_its_literals() -> None:
    late = all_of([A, raises(None, "KeyError")])
    early = any_of([raises(None, "KeyError"), A])
    assert late is not None
    assert list(literals(late)) == [A, raises(None, "KeyError")]
    assert (tells_exception(late), tells_exception(early)) == (False, True)
    assert [is_incomplete(one) for one in (late, any_of([A, ELIDED]), Raises(exceptions=("A",), more=True))] == [
        False,
        True,
        True,
    ]


@pytest.fixture(scope="module")
def committed() -> Snapshots:
    return load_snapshots()


def conditions(snapshots: Snapshots, kind: str) -> list[Condition]:
    facts = snapshots.rows(kind).values()
    found = (getattr(fact, "when" if kind == "guards" else "condition") for fact in facts)
    return [condition for condition in found if condition is not None]


@pytest.mark.parametrize("kind", ["transitions", "power_sync", "startup", "guards", "groups"])
def test_no_text_of_a_stored_condition_was_lost(committed: Snapshots, kind: str) -> None:
    lines = GOLDEN.read_text(encoding="utf-8").splitlines()
    golden = {text for line in lines for of, _, text in [line.partition("\t")] if of == kind}
    assert golden
    assert golden <= {to_text(condition) for condition in conditions(committed, kind)}


@pytest.mark.parametrize("kind", ["transitions", "power_sync", "startup", "guards", "groups"])
def test_stored_conditions_differ_in_their_text_if_they_differ(committed: Snapshots, kind: str) -> None:
    found = conditions(committed, kind)
    assert len({to_text(condition) for condition in found}) == len(set(found))
    for condition in found:
        assert condition_from_plain(json.loads(canonical(condition_to_plain(condition)))) == condition
