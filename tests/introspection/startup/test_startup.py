from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import pytest

from nova_states.facts.condition import CodeTest, literals
from nova_states.facts.model import Reaction
from nova_states.facts.snapshots import load_snapshots
from nova_states.introspection.startup import read_startup
from tests.introspection.golden import assert_golden, golden
from tests.introspection.reaction_tables import Cell, assert_each_is_decided_once, line, rows_of
from tests.introspection.synthetic import cases, load_case

HERE = Path(__file__).parent


@pytest.mark.parametrize("path", cases(HERE / "cases"))
def test_cases(path: Path) -> None:
    case = load_case(path)
    section = read_startup(case.modules)
    assert sorted(line(row) for row in section.facts) == case.expected
    assert [f"{gap.file}:{gap.line}: {gap.reason}" for gap in section.gaps] == case.gaps
    if section.facts:
        assert_each_is_decided_once(section.facts, case.modules)


@pytest.mark.parametrize(("version", "cells"), golden(HERE / "golden.yml"))
def test_cells_verified_by_hand(version: str, cells: list[list[str | None]]) -> None:
    assert_golden("startup", version, cells)


@pytest.mark.parametrize(("version", "boxes"), golden(HERE / "driven.yml"))
def test_every_combination_ends_as_it_did_in_a_run(version: str, boxes: list[tuple[Any, Any, Any, str]]) -> None:
    snapshots = load_snapshots()
    states = {
        kind: [fact.value for fact in snapshots.section("states", version).facts if fact.kind == kind]
        for kind in ("vm_state", "task_state")
    }
    powers = [fact.name for fact in snapshots.section("states", version).facts if fact.kind == "power_state"]
    whole = (states["vm_state"], [None, *states["task_state"]], powers)
    facts = snapshots.section("startup", version).facts
    seen: set[Cell] = set()
    wrong = []
    for *parts, end in boxes:
        for cell in product(*(all_ if part == "*" else part for part, all_ in zip(parts, whole, strict=True))):
            seen.add(cell)
            usual = [row for row in rows_of(cell, facts) if is_usual(row)]
            ends = {ended(cell, f"{row.end.vm_state}/{row.end.task_state}") for row in usual}
            if ends != {ended(cell, end)}:
                wrong.append(f"{cell}: {end} in a run, {ends}")
    assert wrong == []
    assert len(seen) == len(whole[0]) * len(whole[1]) * len(whole[2])


def is_usual(row: Reaction) -> bool:
    """Whether a row tells what happens by default: on no condition, or on that of an option that is off."""
    first = next(literals(row.condition), None)
    return first is None or (isinstance(first, CodeTest) and first.about == "configuration" and not first.holds)


def ended(cell: Cell, end: str) -> tuple[str | None, str | None]:
    """The states at the end; the task of a server that is gone does not count."""
    vm_state, _, task_state = end.partition("/")
    vm = cell[0] if vm_state == "=" else vm_state
    return (vm, None if vm == "deleted" else str(cell[1]) if task_state == "=" else task_state)
