from __future__ import annotations

from pathlib import Path

import pytest

from generator.facts.model import FromState, Transition
from generator.facts.snapshots import load_snapshots
from generator.introspection.flow import machine, read_transitions
from generator.introspection.flow.gaps import load_gaps
from tests.introspection.golden import golden
from tests.introspection.synthetic import cases, load_case

HERE = Path(__file__).parent


def states(values: tuple[str | None, ...] | None) -> str:
    return "*" if values is None else ",".join(str(value) for value in values)


def line(row: Transition) -> str:
    """A transition as a case file writes it."""
    start = row.start or FromState(vm_states=(), task_states=(), power_states=None)
    return (
        f"{row.action}: {states(start.vm_states)}/{states(start.task_states)}"
        f" -> {row.end.vm_state}/{row.end.task_state}, {row.outcome}, {row.certainty}, {row.evidence.function}"
        + (f", if {row.condition}" if row.condition else "")
    )


@pytest.mark.parametrize("path", cases(HERE / "cases"))
def test_cases(path: Path) -> None:
    case = load_case(path)
    section = read_transitions(case.modules)
    assert [line(row) for row in section.facts] == case.expected
    assert [f"{gap.file}:{gap.line}: {gap.reason}" for gap in section.gaps] == case.gaps


@pytest.mark.parametrize(("version", "edges"), golden(HERE / "golden.yml"))
def test_edges_looked_up_by_hand(version: str, edges: list[list[str]]) -> None:
    snapshots = load_snapshots()
    stored = snapshots.versions.get(version)
    if stored is None or "transitions" not in stored.documents:
        pytest.skip(f"transitions of {version} are not among the committed facts; run make facts")
    facts = snapshots.section("transitions", version).facts
    assert [edge for edge in edges if not any(tells(row, edge) for row in facts)] == []


def tells(row: Transition, edge: list[str]) -> bool:
    """Whether a transition is an edge that was looked up."""
    action, start, end, outcome, function = edge
    vm_state, _, task_state = start.partition("/")
    is_start = row.start is None
    if row.start is not None:
        vms, tasks = row.start.vm_states, row.start.task_states
        is_start = (vms is None or vm_state in vms) and (tasks is None or task_state in map(str, tasks))
    found = (row.action, f"{row.end.vm_state}/{row.end.task_state}", row.outcome, row.evidence.function)
    return is_start and (row.start is None) == (start == "NEW") and found == (action, end, outcome, function)


def test_an_entry_point_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "MOST_STEPS", 3)
    case = load_case(HERE / "cases" / "failure_in_two_steps.yml")
    assert "incomplete: pause takes too many steps to read" in {
        gap.reason for gap in read_transitions(case.modules).gaps
    }


def test_each_known_gap_names_a_function() -> None:
    known = load_gaps()
    assert len({(gap.file, gap.function) for gap in known}) == len(known) > 0
