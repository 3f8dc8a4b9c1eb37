"""Commands as people run them: what they print, and how they refuse."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from nova_states.cli import main

FILES = {
    "nova/compute/power_state.py": "RUNNING = 1\nSTATE_MAP = {RUNNING: 'running'}\n",
    "nova/compute/vm_states.py": "ACTIVE = 'active'\nSTOPPED = 'stopped'\n",
    "nova/compute/task_states.py": "# possible task states during power_off()\nPOWERING_OFF = 'powering-off'\n",
    "nova/compute/api.py": "class API(object):\n    pass\n",
    "nova/compute/manager.py": "class ComputeManager(object):\n    pass\n",
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A folder with the least that is taken for Nova."""
    for name, text in FILES.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return tmp_path


def facts(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> Any:  # noqa: ANN401 - JSON
    assert main(["facts", "--format", "json", *arguments]) == status
    return json.loads(capsys.readouterr().out)


def test_facts_of_a_release_have_all_parts(capsys: pytest.CaptureFixture[str]) -> None:
    found = facts(capsys, "--release", "13.1.4")
    assert found["version"] == "13.1.4"
    assert found["states"]["vm_state"]["SOFT_DELETED"] == "soft-delete"
    assert found["states"]["power_state"] == {
        "NOSTATE": 0,
        "RUNNING": 1,
        "PAUSED": 3,
        "SHUTDOWN": 4,
        "CRASHED": 6,
        "SUSPENDED": 7,
    }
    assert found["power_state_labels"]["0"] == "pending"
    assert found["statuses"]["active"]["rebooting"] == "REBOOT"
    assert found["groups"]["ALLOW_SOFT_REBOOT"] == ["active"]
    assert {"transitions", "power_sync", "startup", "drivers", "options"} <= found.keys()


def test_a_guard_has_the_promised_shape(capsys: pytest.CaptureFixture[str]) -> None:
    found = facts(capsys, "--release", "latest", "--kind", "guards")
    evacuate = next(guard for guard in found["guards"] if guard["action"] == "evacuate")
    line = evacuate["evidence"].pop("line")
    assert isinstance(line, int)
    assert evacuate == {
        "action": "evacuate",
        "method": "compute.api.API.evacuate",
        "mode": "allow",
        "vm_states": ["active", "error", "stopped"],
        "task_states": "*",
        "must_have_launched": True,
        "when": None,
        "when_tree": None,
        "conditions": evacuate["conditions"],
        "evidence": {"file": "nova/compute/api.py", "function": "API.evacuate"},
        "seen": ["34.0.0"],
    }


@pytest.mark.parametrize(("word", "version"), [("mitaka", "13.1.4"), ("13", "13.1.4"), ("2023.1", "27.5.1")])
def test_a_release_is_known_by_all_its_names(capsys: pytest.CaptureFixture[str], word: str, version: str) -> None:
    assert facts(capsys, "--release", word, "--kind", "states")["version"] == version


def test_a_folder_that_does_not_say_its_version_is_unreleased(capsys: pytest.CaptureFixture[str], tree: Path) -> None:
    found = facts(capsys, "--tree", str(tree), status=1)
    assert found["version"] == "unreleased"
    assert found["states"]["task_state"] == {"POWERING_OFF": "powering-off"}
    assert found["task_state_operations"] == {"powering-off": ["power_off"]}


def test_what_cannot_be_read_of_a_folder_is_said_with_its_place(capsys: pytest.CaptureFixture[str], tree: Path) -> None:
    (tree / "nova/compute/vm_states.py").write_text("ACTIVE = make('active')\n", encoding="utf-8")
    gaps = facts(capsys, "--tree", str(tree), "--kind", "gaps", status=1)["gaps"]
    assert [(gap["file"], gap["line"]) for gap in gaps["states"]] == [("nova/compute/vm_states.py", 1)]


def test_diff_tells_what_a_point_release_changed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", "--format", "json", "25.0.0", "25.1.0"]) == 0
    found = json.loads(capsys.readouterr().out)["differences"]
    (guard,) = (one for one in found if (one["kind"], one["name"]) == ("guards", "evacuate"))
    assert (guard["before"][0]["task_states"], guard["after"][0]["task_states"]) == ([None], "*")


def test_diff_of_a_release_with_itself_is_empty(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", "latest", "latest"]) == 0
    assert ": 0 changes\n" in capsys.readouterr().out


def test_extract_of_a_folder_prints_counts_and_stores_nothing(capsys: pytest.CaptureFixture[str], tree: Path) -> None:
    assert main(["extract", "--tree", str(tree)]) == 0
    assert "states: 4 of 4 constants read" in capsys.readouterr().out.splitlines()


def test_what_was_not_read_comes_with_whatever_is_printed(capsys: pytest.CaptureFixture[str], tree: Path) -> None:
    api = tree / "nova" / "compute" / "api.py"
    api.write_text("from nova.compute import vm_states\nLATER = vm_states.ACTIVE\n", encoding="utf-8")
    assert main(["facts", "--tree", str(tree), "--kind", "guards"]) == 1
    out = capsys.readouterr().out
    assert (
        "  NOT READ: guards: nova/compute/api.py:2: mentions ACTIVE, and nothing that was read accounts for it" in out
    )
    assert "NOT READ: actions" not in out
    assert main(["facts", "--tree", str(tree), "--kind", "guards", "--format", "json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found.keys() == {"version", "guards", "gaps"}
    assert {"file": "nova/compute/api.py", "line": 2, "listed": None}.items() <= found["gaps"]["guards"][-1].items()


def test_gaps_that_are_listed_are_no_failure(capsys: pytest.CaptureFixture[str]) -> None:
    found = facts(capsys, "--release", "33.0.2", "--kind", "transitions")
    assert found["gaps"]["transitions"]
    assert all(gap["listed"] for gap in found["gaps"]["transitions"])


def test_what_was_not_read_does_not_look_removed(capsys: pytest.CaptureFixture[str], tree: Path) -> None:
    assert main(["diff", "latest", str(tree), "--format", "json"]) == 1
    found = json.loads(capsys.readouterr().out)
    statuses = [one for one in found["differences"] if one["kind"] == "statuses"]
    assert statuses
    assert all(one["is_unread"] and one["after"] is None for one in statuses)
    assert any(gap["listed"] is None for gap in found["gaps"]["after"]["statuses"])
    assert main(["diff", "latest", str(tree)]) == 1
    out = capsys.readouterr().out
    (line,) = (line for line in out.splitlines() if line.startswith("  status active.default: "))
    assert "[? may only not have been read" in line
    assert "NOT READ: statuses: nova/api/openstack/common.py:1" in out


BAD_INPUT = [
    (["facts", "--release", "99.0.0"], "release '99.0.0' is unknown"),
    (["facts", "--release", "latest", "--kind", "guard"], "kind 'guard' is unknown; choose one of states,"),
    (["facts", "--tree", "EMPTY"], "holds no nova/compute/vm_states.py"),
    (["diff", "25.0.0", "nowhere"], "release 'nowhere' is unknown"),
    (["extract", "--tree", "MISSING"], "there is no such folder"),
    (["extract", "--git", "EMPTY", "--tag", "1.0"], "git cannot read it"),
]


@pytest.mark.parametrize(("arguments", "message"), BAD_INPUT, ids=lambda value: " ".join(value)[:40])
def test_bad_input_is_one_line_and_status_2(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, arguments: list[str], message: str
) -> None:
    places = {"EMPTY": str(tmp_path), "MISSING": str(tmp_path / "missing")}
    assert main([places.get(argument, argument) for argument in arguments]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1


def test_bad_usage_is_status_2() -> None:
    with pytest.raises(SystemExit) as stop:
        main(["facts"])
    assert stop.value.code == 2
