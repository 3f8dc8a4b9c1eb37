"""A document that is written as the difference to another comes back as it was."""

from __future__ import annotations

from typing import Any

import pytest

from nova_states.errors import InputError
from nova_states.facts.document_rows import Row, applied, difference, rows_of_documents

BASE: tuple[Row, ...] = (("a", (1,)), ("b", (5, 9)), ("b", (7, 9)), ("c", (20,)), ("d", (30,)))
OTHERS: dict[str, tuple[Row, ...]] = {
    "the same": BASE,
    "moved together": tuple((row, tuple(line + 4 for line in lines)) for row, lines in BASE),
    "moved apart": (("a", (1,)), ("b", (5, 9)), ("b", (8, 9)), ("c", (25,)), ("d", (35,))),
    "one gone": (BASE[0], *BASE[2:]),
    "some come": (("z", (0,)), *BASE[:2], ("y", ()), *BASE[2:], ("x", (99, 1))),
    "another order": (*BASE[3:], *BASE[:3]),
    "more lines": (("a", (1, 2)), *BASE[1:]),
    "nothing left": (),
    "nothing alike": (("q", (1,)),),
}


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_written_as_a_difference_comes_back(name: str) -> None:
    written = difference(BASE, OTHERS[name])
    assert applied(BASE, written["edits"], written["shifts"]) == OTHERS[name]
    back = difference(OTHERS[name], BASE)
    assert applied(OTHERS[name], back["edits"], back["shifts"]) == BASE


def test_what_moved_together_is_told_once() -> None:
    assert difference(BASE, OTHERS["the same"]) == {"edits": [5], "shifts": [7, 0]}
    assert difference(BASE, OTHERS["moved together"]) == {"edits": [5], "shifts": [7, 4]}
    assert difference(BASE, OTHERS["one gone"]) == {"edits": [1, -1, 3], "shifts": [5, 0]}


FULL = {"key": "one", "rows": [["a", 1], ["b", 5, 9]]}


def test_documents_follow_one_another() -> None:
    second = {"key": "two", "after": "one", "edits": [1, ["c", 3], 1], "shifts": [3, 2]}
    third = {"key": "three", "after": "two", "edits": [-1, 2], "shifts": [3, 0]}
    found = rows_of_documents([("1", FULL), ("2", second), ("3", third)])
    assert found["two"] == (("a", (3,)), ("c", (3,)), ("b", (7, 11)))
    assert found["three"] == found["two"][1:]


@pytest.mark.parametrize(
    "line",
    [
        {"key": "two", "after": "none", "edits": [], "shifts": []},
        {"key": "two", "after": "one", "edits": [3], "shifts": [3, 0]},
        {"key": "two", "after": "one", "edits": [2], "shifts": [1, 0]},
        {"key": "two", "after": "one", "edits": [2], "shifts": [1]},
        {"key": "two", "after": "one", "edits": [None], "shifts": []},
        {"key": "two", "after": "one"},
        {"key": "two"},
    ],
)
def test_a_difference_that_does_not_fit_is_named(line: dict[str, Any]) -> None:
    with pytest.raises(InputError, match=r"^events/documents.jsonl:2: not a document of facts"):
        rows_of_documents([("1", FULL), ("events/documents.jsonl:2", line)])
