"""What was seen running and is kept among the facts."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from nova_states.catalog.catalog import load_catalog
from nova_states.catalog.export import export_release
from nova_states.catalog.permissions import decide
from nova_states.catalog.seen import differences, reasons, seen_of, shares
from nova_states.facts import observed
from nova_states.facts.condition import AllOf, AnyOf, CodeTest, Condition, Driver, Raises
from nova_states.facts.guard_check import ServerStates
from nova_states.facts.model import Evidence, FromState, Reaction, ToState, Transition
from nova_states.facts.observation_files import FOLDER
from nova_states.facts.observed import Answer, Cell, read_guards, read_statuses, write_guards, write_statuses
from nova_states.facts.observed_reactions import (
    Reacted,
    SeenReactions,
    explains,
    read_reactions,
    seen_doing,
    write_reactions,
)
from nova_states.facts.observed_writes import Seen, Write, borne_out, read_writes, write_writes

KEPT = sorted(path.name.removesuffix(".guards.json") for path in FOLDER.glob("*.guards.json"))
LEAST_SEEN = 0.45
"""Of the transitions that can be reached."""
MOST_UNREACHABLE = 0.4
"""Of all transitions."""
SEEN = {
    Cell("stop", "active", None): Answer(202),
    Cell("stop", "active", "resize_prep"): Answer(409, "task_state"),
    Cell("stop", "stopped", None): Answer(409, "vm_state"),
}


def test_what_is_written_is_read_and_has_the_same_bytes_whatever_the_order(tmp_path: Path) -> None:
    first = write_guards("1.0.0", SEEN, tmp_path).read_bytes()
    assert read_guards("1.0.0", tmp_path) == SEEN
    assert write_guards("1.0.0", dict(reversed(SEEN.items())), tmp_path).read_bytes() == first


def test_a_release_that_nobody_asked_has_nothing(tmp_path: Path) -> None:
    assert read_guards("1.0.0", tmp_path) == {}


def test_what_another_harness_saw_does_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_guards("1.0.0", SEEN, tmp_path)
    monkeypatch.setattr(observed, "HARNESS", observed.HARNESS + 1)
    assert read_guards("1.0.0", tmp_path) == {}


@pytest.mark.parametrize("version", KEPT)
def test_what_was_seen_is_among_the_facts(version: str) -> None:
    release = load_catalog().release(version)
    different = {}
    for cell, answer in read_guards(version).items():
        assert cell.action in release.guards
        assert cell.vm_state in release.vm_states
        assert cell.task_state in {None, *release.task_states}
        states = ServerStates(vm_state=cell.vm_state, task_state=cell.task_state, launched=True)
        foretold = decide(release, cell.action, states)
        told = foretold and foretold.attribute
        if (told is None) != (answer.refused_for is None) or answer.refused_for not in {told, "state"}:
            different[cell] = answer, foretold
    assert different == {}


@pytest.mark.parametrize("version", KEPT)
def test_what_is_kept_is_as_it_would_be_written(version: str, tmp_path: Path) -> None:
    kept = FOLDER / f"{version}.guards.json"
    assert write_guards(version, read_guards(version), tmp_path).read_bytes() == kept.read_bytes()


WRITTEN = sorted(path.name.removesuffix(".writes.json") for path in FOLDER.glob("*.writes.json"))
REVERTED = "nova/compute/manager.py:175 reverts_task_state.decorated_function"
FAILED = ("BaseException", "Exception", "NovaException")
WRITES = frozenset(
    {
        Write("stop", ("active", None), ("active", "powering-off"), ("nova/compute/api.py:1 API.stop",)),
        Write("stop", ("active", "powering-off"), ("active", None), (REVERTED,), (FAILED,), (("retry", False),)),
        Write("create", None, ("building", "scheduling"), ("nova/conductor/manager.py:2 Manager.build",)),
    }
)


def transition(condition: Condition | None, *, end: str | None = None) -> Transition:
    return Transition(
        action="stop",
        actor="compute",
        start=FromState(vm_states=("active",), task_states=("powering-off",), power_states=None),
        end=ToState(vm_state="=", task_state=end),
        outcome="failure",
        condition=condition,
        certainty="conditional",
        expected_task_states=None,
        evidence=Evidence(file="nova/compute/manager.py", line=175, function="reverts_task_state.decorated_function"),
    )


def test_writes_are_read_as_they_are_written_and_have_the_same_bytes_whatever_their_order(tmp_path: Path) -> None:
    seen = Seen(wheel="sha256:0", writes=WRITES)
    first = write_writes("1.0.0", seen, tmp_path).read_bytes()
    assert read_writes("1.0.0", tmp_path) == seen
    assert write_writes("1.0.0", Seen("sha256:0", frozenset(sorted(WRITES, key=repr))), tmp_path).read_bytes() == first
    assert read_writes("2.0.0", tmp_path) is None


@pytest.mark.parametrize(
    ("condition", "is_borne_out"),
    [
        (None, True),
        (Raises(exceptions=("Exception",)), True),
        (Raises(exceptions=("nova.exception.NovaException",)), True),
        (Raises(exceptions=("ImageNotFound",)), False),
        (Raises(exceptions=("Exception",), other_than=("NovaException",)), False),
        (Driver(name="ironic"), False),
        (AnyOf(conditions=(Driver(name="ironic"), Raises(exceptions=("NovaException",)))), True),
        (AllOf(conditions=(Raises(exceptions=("ImageNotFound",)), CodeTest(text="retry", holds=False))), False),
        # What variables tell only decides between several.
        (CodeTest(text="retry", holds=True), True),
    ],
    ids=str,
)
def test_a_write_bears_out_what_its_exceptions_and_its_driver_fit(
    condition: Condition | None,
    is_borne_out: bool,  # noqa: FBT001 - a parameter of the cases
) -> None:
    (write,) = (one for one in WRITES if REVERTED in one.way)
    assert bool(borne_out([transition(condition)], write)) == is_borne_out
    assert borne_out([transition(condition, end="stopping")], write) == []


def test_of_several_those_drop_out_whose_tests_did_not_hold() -> None:
    (write,) = (one for one in WRITES if REVERTED in one.way)
    rows = [transition(CodeTest(text="retry", holds=holds)) for holds in (True, False)]
    assert borne_out(rows, write) == rows[1:]
    assert borne_out([*rows, transition(None)], write) == [rows[1], transition(None)]


def test_of_several_exceptions_it_is_the_one_that_is_named_most_closely() -> None:
    (write,) = (one for one in WRITES if REVERTED in one.way)
    close, wide = (transition(Raises(exceptions=(name,))) for name in ("NovaException", "Exception"))
    untold = transition(AllOf(conditions=(Raises(exceptions=("Exception",)), CodeTest(text="host", holds=True))))
    assert borne_out([wide, close, untold], write) == [close]
    assert borne_out([wide, untold], write) == [wide]
    assert borne_out([wide, transition(None)], write) == [wide, transition(None)]


@pytest.mark.parametrize("version", WRITTEN)
def test_what_was_written_is_among_the_facts_or_a_difference_that_is_known(version: str) -> None:
    seen = seen_of(load_catalog().release(version))
    assert seen is not None
    known = differences()
    assert [write for write in seen.unknown if not any(one.is_about(write) for one in known)] == []
    assert [one for one in known if not any(one.is_about(write) for write in seen.unknown)] == []


@pytest.mark.parametrize("version", WRITTEN)
def test_enough_was_seen_running(version: str) -> None:
    release = load_catalog().release(version)
    counted = shares(release)
    assert counted["guards"][0] >= 0.9 * counted["guards"][1]
    assert counted["transitions"][0] >= LEAST_SEEN * counted["transitions"][1]
    assert len(release.facts("transitions")) - counted["transitions"][1] <= MOST_UNREACHABLE * len(
        release.facts("transitions")
    )


@pytest.mark.parametrize("version", WRITTEN)
def test_every_reason_why_something_cannot_be_reached_is_needed(version: str) -> None:
    seen = seen_of(load_catalog().release(version))
    assert seen is not None
    assert set(seen.unreachable.values()) == reasons().keys()
    assert seen.unreachable.keys().isdisjoint(seen.transitions)


@pytest.mark.parametrize("version", WRITTEN)
def test_writes_are_kept_as_they_would_be_written(version: str, tmp_path: Path) -> None:
    kept = read_writes(version)
    assert kept is not None
    assert write_writes(version, kept, tmp_path).read_bytes() == (FOLDER / f"{version}.writes.json").read_bytes()


REACTED = sorted(path.name.removesuffix(".reactions.json") for path in FOLDER.glob("*.reactions.json"))
SYNCED = "nova/compute/manager.py:2 ComputeManager._sync"
BEGUN = "nova/compute/manager.py:1 ComputeManager._sync"
STOPPED = Reacted(
    kind="power_sync",
    before=("active", None),
    power_state="SHUTDOWN",
    after=("stopped", None),
    places=(BEGUN, SYNCED),
    held=(("instance.shutdown_terminate", False),),
)
LEFT = Reacted(
    kind="power_sync",
    before=("active", None),
    power_state="SHUTDOWN",
    after=("active", None),
    places=(BEGUN, SYNCED),
    errors=(FAILED,),
)


def reaction(line: int, end: str, condition: Condition | None, effect: str = "stop") -> Reaction:
    return Reaction(
        start=FromState(vm_states=("active",), task_states=(None,), power_states=("SHUTDOWN", "CRASHED")),
        end=ToState(vm_state=end, task_state="=" if end == "=" else None),
        effect=effect,
        condition=condition,
        certainty="conditional",
        evidence=Evidence(file="nova/compute/manager.py", line=line, function="ComputeManager._sync"),
    )


def test_reactions_are_read_as_they_are_written_and_have_the_same_bytes_whatever_their_order(tmp_path: Path) -> None:
    seen = SeenReactions(wheel="sha256:0", reacted=frozenset({STOPPED, LEFT}))
    first = write_reactions("1.0.0", seen, tmp_path).read_bytes()
    assert read_reactions("1.0.0", tmp_path) == seen
    other = SeenReactions("sha256:0", frozenset([LEFT, STOPPED]))
    assert write_reactions("1.0.0", other, tmp_path).read_bytes() == first
    assert read_reactions("2.0.0", tmp_path) is None


def test_a_reaction_is_borne_out_by_its_place_its_end_and_its_condition() -> None:
    told = CodeTest(text="instance.shutdown_terminate", holds=False)
    begun = reaction(1, "=", None, "none")
    stopped = reaction(2, "stopped", told)
    failed = reaction(2, "=", Raises(exceptions=("Exception",), by="compute_api.stop"), "none")
    noted = reaction(3, "=", None, "update_power_state")
    rows = (begun, stopped, failed, noted)
    assert seen_doing(rows, STOPPED) == [stopped]
    assert seen_doing(rows, LEFT) == [failed], "it is told by the exception"
    assert seen_doing(rows, LEFT._replace(errors=())) == [begun]
    at_both = (*LEFT.places, "nova/compute/manager.py:3 ComputeManager._sync")
    assert seen_doing(rows, LEFT._replace(places=at_both)) == [failed, noted], "a server may meet several"
    assert seen_doing((*rows, replace(failed, condition=None)), LEFT) == [], "which of the two is not told"
    assert seen_doing(rows, STOPPED._replace(held=(("instance.shutdown_terminate", True),))) == []
    assert seen_doing(rows, STOPPED._replace(power_state="PAUSED")) == []
    assert not any(explains(row, LEFT._replace(after=("deleted", None))) for row in rows)


@pytest.mark.parametrize("version", REACTED)
def test_what_nova_did_by_itself_is_among_the_facts(version: str) -> None:
    seen = seen_of(load_catalog().release(version))
    assert seen is not None
    assert seen.unexplained == ()
    assert seen.found_in_all == {"power_sync", "startup"}


@pytest.mark.parametrize("version", REACTED)
def test_reactions_are_kept_as_they_would_be_written(version: str, tmp_path: Path) -> None:
    kept = read_reactions(version)
    assert kept is not None
    assert write_reactions(version, kept, tmp_path).read_bytes() == (FOLDER / f"{version}.reactions.json").read_bytes()


def test_a_release_that_nobody_looked_at_is_read_from_the_source() -> None:
    release = load_catalog().release("13.0.0")
    assert seen_of(release) is None
    assert shares(release) == {}
    assert export_release(release)["seen"] == {}
    assert {tuple(row["seen"]) for row in export_release(release)["transitions"]} == {()}


@pytest.mark.parametrize("version", KEPT)
def test_what_was_allowed_and_answered_with_an_error_has_its_reason(version: str) -> None:
    kept = tomllib.loads((FOLDER / "answered-otherwise.toml").read_text(encoding="utf-8"))
    answered = {
        (cell.action, str(answer.http))
        for cell, answer in read_guards(version).items()
        if answer.refused_for is None and answer.http >= 400
    }
    assert answered == {(action, http) for action, reasons_of in kept.items() for http in reasons_of}


@pytest.mark.parametrize(
    "version", sorted(path.name.removesuffix(".statuses.json") for path in FOLDER.glob("*.statuses.json"))
)
def test_the_statuses_that_were_seen_are_those_of_the_facts(version: str, tmp_path: Path) -> None:
    release = load_catalog().release(version)
    seen = read_statuses(version)
    assert seen.keys() == {(vm, task) for vm in release.vm_states for task in (None, *release.task_states)}
    assert {states: status for states, status in seen.items() if release.status(*states) != status} == {}
    assert write_statuses(version, seen, tmp_path).read_bytes() == (FOLDER / f"{version}.statuses.json").read_bytes()
