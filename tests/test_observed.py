"""What was seen running and is kept among the facts."""

from __future__ import annotations

from pathlib import Path

import pytest

from nova_states.catalog.catalog import load_catalog
from nova_states.catalog.permissions import decide
from nova_states.facts import observed
from nova_states.facts.guard_check import ServerStates
from nova_states.facts.observed import FOLDER, Answer, Cell, read_guards, write_guards

KEPT = sorted(path.name.removesuffix(".guards.json") for path in FOLDER.glob("*.guards.json"))
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
