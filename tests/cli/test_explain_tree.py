"""`explain --tree`: a fork answers for itself, and what is wrong with its folder is one line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from nova_states.cli import main

MINIATURE = {
    "nova/compute/power_state.py": "NOSTATE = 0\nRUNNING = 1\nSTATE_MAP = {NOSTATE: 'pending', RUNNING: 'running'}\n",
    "nova/compute/vm_states.py": "ACTIVE = 'active'\nQUARANTINED = 'quarantined'\n",
    "nova/compute/task_states.py": "# possible task states during pause()\nPAUSING = 'pausing'\n",
    "nova/compute/api.py": """
from nova import exception
from nova.compute import task_states
from nova.compute import vm_states


def check_instance_state(vm_state=None, task_state=(None,), must_have_launched=True):
    def outer(function):
        def inner(self, context, instance):
            if instance.vm_state not in vm_state:
                raise exception.InstanceInvalidState(attr='vm_state')
            if instance.task_state not in task_state:
                raise exception.InstanceInvalidState(attr='task_state')
            return function(self, context, instance)
        return inner
    return outer


class API(object):
    @check_instance_state(vm_state=[vm_states.ACTIVE])
    def pause(self, context, instance):
        instance.task_state = task_states.PAUSING
        instance.save(expected_task_state=[None])

    @check_instance_state(vm_state=[vm_states.QUARANTINED])
    def release_it(self, context, instance):
        pass
""",
    "nova/compute/manager.py": "class ComputeManager(object):\n    pass\n",
    "nova/api/openstack/common.py": """
from nova.compute import task_states
from nova.compute import vm_states

_STATE_MAP = {
    vm_states.ACTIVE: {
        'default': 'ACTIVE',
    },
    vm_states.QUARANTINED: {
        'default': 'QUARANTINED',
    },
}


def status_from_state(vm_state, task_state='default'):
    task_map = _STATE_MAP.get(vm_state, dict(default='UNKNOWN'))
    status = task_map.get(task_state, task_map['default'])
    return status
""",
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name, text in MINIATURE.items():
        file = tmp_path / "fork" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return tmp_path / "fork"


def explain(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = main(["explain", *arguments])
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def test_a_fork_answers_for_itself(capsys: pytest.CaptureFixture[str], tree: Path) -> None:
    given = ("--vm-state", "quarantined", "--task-state", "none", "--power-state", "1", "--tree", str(tree))
    status, out, err = explain(capsys, *given)
    assert status == 1
    assert out.splitlines()[:3] == [
        f"Nova unreleased ({tree})",
        "unknown  QUARANTINED  quarantined / - / 1 RUNNING",
        "  No release has this, so nothing here explains it: vm_state quarantined, status QUARANTINED",
    ]
    assert "actions that no release has\n    release_it\n" in out
    assert "refused, vm_state quarantined: pause\n" in out
    assert err.count("\n") <= 1
    assert "Traceback" not in err
    _, out, _ = explain(capsys, *given, "--format", "json")
    (answer,) = json.loads(out)
    assert answer["release"] == "unreleased"
    assert answer["unexplained"] == ["vm_state:quarantined", "status:QUARANTINED"]
    assert answer["allowed"] == ["release_it"]


def test_what_was_not_read_is_said_in_one_line(capsys: pytest.CaptureFixture[str], tree: Path) -> None:
    api = tree / "nova/compute/api.py"
    api.write_text(api.read_text(encoding="utf-8") + "\n\nLATER = vm_states.ACTIVE\n", encoding="utf-8")
    status, out, err = explain(capsys, "--vm-state", "active", "--tree", str(tree))
    assert status == 1
    assert out
    assert f"{tree}: NOT READ: " in err
    assert "guards in " in err
    assert "nova-states facts --tree" in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("nova/compute/vm_states.py", b"ACTIVE = (\n", "nova/compute/vm_states.py:1: "),
        ("nova/compute/vm_states.py", b"\x00\xff\x80" * 400, "without its states nothing can be answered"),
        ("nova/compute/vm_states.py", b"", "without its states nothing can be answered"),
        ("nova/compute/api.py", b"class API(:\n", "nova/compute/api.py:1: "),
        ("nova/api/openstack/common.py", b"", "without its statuses nothing can be answered"),
    ],
)
def test_a_tree_that_cannot_be_read_is_one_line(
    capsys: pytest.CaptureFixture[str], tree: Path, name: str, content: bytes, said: str
) -> None:
    (tree / name).write_bytes(content)
    status, out, err = explain(capsys, "--vm-state", "active", "--tree", str(tree))
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert said in err


def test_what_is_no_tree_is_one_line(capsys: pytest.CaptureFixture[str], tree: Path) -> None:
    cases: list[tuple[Any, str]] = [
        (tree.parent, "holds no nova/compute/vm_states.py"),
        (tree / "nova", f"give the folder it is in, {tree}"),
        (tree / "nova/compute/api.py", "this is no folder"),
        (tree / "missing", "there is no such folder"),
    ]
    for folder, said in cases:
        status, out, err = explain(capsys, "--vm-state", "active", "--tree", str(folder))
        assert (status, out, err.count("\n")) == (2, "", 1)
        assert said in err


def test_what_cannot_be_explained_is_told_before_the_tree_is_read(
    capsys: pytest.CaptureFixture[str], tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nova_states.cli.trees.open_tree", None)
    for given in (("no-such-file",), ("--vm-state", "active", "--now", "tomorrow")):
        assert explain(capsys, "--tree", str(tree), *given)[0] == 2


def test_a_release_and_a_tree_exclude_each_other(capsys: pytest.CaptureFixture[str], tree: Path) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["explain", "--vm-state", "active", "--release", "latest", "--tree", str(tree)])
    assert stop.value.code == 2
    assert "not allowed with argument --" in capsys.readouterr().err
