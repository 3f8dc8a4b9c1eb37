"""What a reviewer is told of a change of the stored facts."""

from __future__ import annotations

import json
from typing import Any

import pytest

from nova_states.errors import InputError
from nova_states.facts.stored_changes import ReadFile, compare_stored

STOP = {"action": "stop", "vm_states": ["active"]}
STOP_RESCUED = {"action": "stop", "vm_states": ["active", "rescued"]}
START = {"action": "start", "vm_states": ["stopped"]}


def stored(versions: dict[str, list[dict[str, Any]]], *, id_first: bool = False) -> ReadFile:
    """Facts of one kind, as the files have them."""
    rows = {json.dumps(row): f"id{place}" for place, row in enumerate(r for rows in versions.values() for r in rows)}
    pairs = [[key, json.loads(row)] if id_first else [json.loads(row), key] for row, key in rows.items()]
    files: dict[str, list[Any]] = {
        "versions.jsonl": [{"version": name, "documents": {"guards": name}} for name in versions],
        "guards/rows.jsonl": pairs,
        "guards/documents.jsonl": [
            {"key": name, "rows": [[rows[json.dumps(row)], 17] for row in found]} for name, found in versions.items()
        ],
    }
    return lambda path: "".join(f"{json.dumps(line)}\n" for line in files[path]) if path in files else None


def test_equal_facts_are_no_change_whichever_way_they_are_written() -> None:
    before = stored({"1.0.0": [STOP, START]}, id_first=True)
    versions, changes = compare_stored(before, stored({"1.0.0": [START, STOP]}))
    assert (versions.came, versions.went, changes) == ((), (), ())


def test_a_change_is_told_once_for_all_versions_that_have_it() -> None:
    before = stored({"1.0.0": [STOP], "2.0.0": [STOP], "3.0.0": [STOP]})
    _, changes = compare_stored(before, stored({"1.0.0": [STOP], "2.0.0": [STOP_RESCUED], "3.0.0": [STOP_RESCUED]}))
    assert [(one.kind, one.name, one.versions) for one in changes] == [("guards", "stop", ("2.0.0", "3.0.0"))]
    assert (changes[0].removed, changes[0].added) == ((STOP,), (STOP_RESCUED,))


def test_a_fact_that_went_and_one_that_came_are_told_by_name() -> None:
    _, changes = compare_stored(stored({"1.0.0": [STOP]}), stored({"1.0.0": [START]}))
    assert [(one.name, one.removed, one.added) for one in changes] == [("start", (), (START,)), ("stop", (STOP,), ())]


def test_versions_on_one_side_only_are_named_and_not_compared() -> None:
    versions, changes = compare_stored(stored({"1.0.0": [STOP]}), stored({"2.0.0": [START]}))
    assert (versions.came, versions.went, changes) == (("2.0.0",), ("1.0.0",), ())


def test_a_side_without_facts_and_a_damaged_line_are_refused() -> None:
    with pytest.raises(InputError, match=r"versions\.jsonl: no facts are stored there"):
        compare_stored(lambda _: None, stored({"1.0.0": [STOP]}))
    with pytest.raises(InputError, match=r"versions\.jsonl:1: not JSON"):
        compare_stored(lambda _: "{", stored({"1.0.0": [STOP]}))
