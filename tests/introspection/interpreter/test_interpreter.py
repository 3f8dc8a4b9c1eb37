from __future__ import annotations

from pathlib import Path

import pytest

from nova_states.facts.model import FromState, Transition
from nova_states.facts.snapshots import load_snapshots
from nova_states.introspection.interpreter import machine, read_transitions
from nova_states.introspection.interpreter.unreached_writes import load_gaps
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
    action, start, end, outcome, function, *exact = edge
    is_found = (row.action, row.outcome, row.evidence.function) == (action, outcome, function)
    return is_found and (not exact or [row.certainty] == exact) and leads(row, start, end)


def leads(row: Transition, start: str, end: str) -> bool:
    """Whether a transition leads from one state to another; the task of a server that is gone does not count."""
    if row.start is None or start == "NEW":
        return row.start is None and start == "NEW" and f"{row.end.vm_state}/{row.end.task_state}" == end
    before = start.split("/")
    for states, state in zip((row.start.vm_states, row.start.task_states), before, strict=True):
        if states is not None and state not in map(str, states):
            return False
    told = (row.end.vm_state, str(row.end.task_state))
    found = [here if there == "=" else there for here, there in zip(before, told, strict=True)]
    wanted = [here if there == "=" else there for here, there in zip(before, end.split("/"), strict=True)]
    return found == wanted or found[0] == wanted[0] == "deleted"


def test_an_entry_point_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "MOST_STEPS", 3)
    case = load_case(HERE / "cases" / "failure_in_two_steps.yml")
    assert "incomplete: pause takes too many steps to read" in {
        gap.reason for gap in read_transitions(case.modules).gaps
    }


def test_each_known_gap_names_a_function() -> None:
    known = load_gaps()
    assert len({(gap.file, gap.function) for gap in known}) == len(known) > 0


@pytest.mark.parametrize(("version", "observed"), golden(HERE / "observed.yml"))
def test_what_a_running_nova_does_is_told(version: str, observed: dict[str, list[str]]) -> None:
    facts = load_snapshots().section("transitions", version).facts
    edges = [(start, end) for start, ends in observed.items() for end in ends]
    assert [edge for edge in edges if not any(leads(row, *edge) for row in facts)] == []
    # Telling everything of everything would pass as well.
    anywhere = [row.action for row in facts if row.start and row.start.vm_states is row.start.task_states is None]
    assert set(anywhere) == {"reset_state"}
