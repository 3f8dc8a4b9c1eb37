"""Outputs that fail, encodings that lack signs, names that are no text: one line or a fallback, never a traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from nova_states import __version__
from nova_states.cli import main

COMMAND = (sys.executable, "-m", "nova_states")
ERROR = ("explain", "--vm-state", "error", "--task-state", "none", "--power-state", "4")
"""A server that needs an operator: exit status 1."""
POSIX = pytest.mark.skipif(os.name != "posix", reason="a shell's redirections")


def run(*arguments: str | bytes, behind: str = "", **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run a command; `behind` is what a shell reads behind it."""
    command: list[str | bytes] = [*COMMAND, *arguments]
    if behind:
        command = ["sh", "-c", f'"$@" {behind}', "sh", *command]
    return subprocess.run(command, capture_output=True, env=os.environ | environment, check=False, timeout=120)


def only_line(finished: subprocess.CompletedProcess[bytes]) -> str:
    error = finished.stderr.decode(errors="surrogateescape")
    assert error.startswith("nova-states: ")
    assert error.endswith("\n")
    assert error.count("\n") == 1
    return error


@POSIX
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
@pytest.mark.parametrize("arguments", [ERROR, ("facts", "--release", "latest"), ("--help",)])
def test_a_full_output_is_one_line(arguments: tuple[str, ...]) -> None:
    finished = run(*arguments, behind=">/dev/full")
    assert finished.returncode == 2
    assert "standard output cannot be written: No space left on device" in only_line(finished)


@POSIX
@pytest.mark.parametrize("arguments", [ERROR, ("--version",)])
def test_a_closed_output_is_one_line(arguments: tuple[str, ...]) -> None:
    finished = run(*arguments, behind=">&-")
    assert finished.returncode == 2
    assert "standard output is closed" in only_line(finished)


@POSIX
@pytest.mark.parametrize("behind", ["2>&-", "2>/dev/full"])
def test_without_a_place_for_errors_the_status_still_tells(behind: str) -> None:
    assert run("facts", "--release", "99", behind=behind).returncode == 2
    assert run(*ERROR, behind=behind).returncode == 1


@POSIX
def test_a_closed_input_is_one_line() -> None:
    for more in ((), ("-",)):
        finished = run("explain", *more, behind="<&-")
        assert finished.returncode == 2
        assert "nothing to read" in only_line(finished)


@POSIX
@pytest.mark.parametrize("arguments", [("facts", "--release", "latest", "--format", "json"), ERROR])
def test_a_reader_that_goes_changes_neither_status_nor_errors(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    status = tmp_path / "status"
    script = '{ "$@"; echo $? >"$STATUS"; } | head -c 1 >/dev/null'
    command = ["sh", "-c", script, "sh", *COMMAND, *arguments]
    environment = os.environ | {"STATUS": str(status)}
    finished = subprocess.run(command, capture_output=True, env=environment, check=False, timeout=120)
    assert status.read_text().strip() == str(int(arguments is ERROR))
    assert finished.stderr == b""


@pytest.mark.parametrize(("encoding", "kept"), [("ascii", "->"), ("latin-1", "->"), ("cp1252", "->"), ("utf-8", "→")])
def test_signs_that_an_encoding_lacks_are_spelled(encoding: str, kept: str) -> None:
    finished = run("diff", "25.0.0", "25.1.0", PYTHONIOENCODING=encoding)
    assert finished.returncode == 0
    assert finished.stderr == b""
    assert f"Nova 25.0.0 {kept} 25.1.0" in finished.stdout.decode(encoding)


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_korean_is_escaped_where_it_cannot_be_written(encoding: str) -> None:
    arguments = ("explain", "--lang", "ko", "--vm-state", "active", "--task-state", "none", "--power-state", "1")
    text = run(*arguments, PYTHONIOENCODING=encoding)
    whole = run(*arguments, PYTHONIOENCODING="utf-8").stdout.decode()
    assert text.returncode == 0
    assert text.stdout.decode(encoding).splitlines()[1].encode().decode("unicode-escape") == whole.splitlines()[1]


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_json_says_the_same_in_every_encoding(encoding: str) -> None:
    arguments = ("explain", "--lang", "ko", "--format", "json", "--vm-state", "error")
    found = json.loads(run(*arguments, PYTHONIOENCODING=encoding).stdout.decode(encoding))
    assert found == json.loads(run(*arguments).stdout)
    assert any("가" <= sign <= "힣" for sign in found[0]["advice"][0]["text"])


@POSIX
@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_a_file_name_that_is_no_text_is_a_name(tmp_path: Path) -> None:
    name = os.fsencode(tmp_path) + b"/\xff.json"
    for arguments in (
        ("explain", name),
        ("facts", "--tree", name),
        ("diff", name, "latest"),
        ("extract", "--git", name),
    ):
        finished = run(*arguments)
        assert finished.returncode == 2
        only_line(finished)
    with open(name, "w", encoding="utf-8") as file:  # noqa: PTH123 - a Path would hold a text
        json.dump({"name": "\udcff", "status": "ACTIVE"}, file)
    finished = run("explain", "--format", "json", name)
    # A status alone cannot tell whether a task runs.
    assert finished.returncode == 1
    assert json.loads(finished.stdout)[0]["name"] == "\udcff"


@POSIX
@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_a_tree_may_hold_names_that_are_no_text(tmp_path: Path) -> None:
    root = tmp_path / os.fsdecode(b"nova-\xff")
    for path, text in {
        "nova/compute/vm_states.py": "ACTIVE = 'active'\n",
        "nova/compute/task_states.py": "",
        "nova/compute/power_state.py": "RUNNING = 1\nSTATE_MAP = {RUNNING: 'running'}\n",
        "nova/compute/api.py": "class API(object):\n    pass\n",
        "nova/compute/manager.py": "class ComputeManager(object):\n    pass\n",
        os.fsdecode(b"nova/api/openstack/compute/\xff.py"): "x = 1\n",
        os.fsdecode(b"nova/conductor/\xff.py"): "def f(instance):\n    instance.vm_state = 'active'\n",
    }.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    for status, arguments, said in (
        (1, ("facts", "--format", "json", "--tree"), b'"ACTIVE": "active"'),
        (0, ("extract", "--tree"), b"states: 2 of 2 constants read"),
    ):
        finished = run(*arguments, os.fsencode(root))
        assert (finished.returncode, finished.stderr) == (status, b"")
        assert said in finished.stdout


def test_a_name_too_long_for_a_file_is_one_line() -> None:
    for arguments in (("explain", "x" * 5000), ("diff", "x" * 5000, "latest"), ("facts", "--tree", "x" * 5000)):
        finished = run(*arguments)
        assert finished.returncode == 2
        only_line(finished)


@pytest.mark.parametrize("workers", ["0", "-1", "two", "²", ""])
def test_workers_that_are_none_are_refused(workers: str) -> None:
    finished = run("extract", "--workers", workers)
    assert finished.returncode == 2
    assert "is no number of processes; give 1 or more" in only_line(finished)


@pytest.mark.parametrize(
    "arguments", [(), ("explian",), ("facts",), ("facts", "--release"), ("explain", "--lang", "fr")]
)
def test_bad_usage_is_one_line(arguments: tuple[str, ...]) -> None:
    finished = run(*arguments)
    assert finished.returncode == 2
    assert "--help" in only_line(finished)


@POSIX
@pytest.mark.parametrize("environment", [{"HOME": "", "XDG_CACHE_HOME": ""}, {"NOVA_STATES_CACHE": "/dev/null/none"}])
def test_tables_are_made_where_none_can_be_kept(environment: dict[str, str]) -> None:
    finished = run(*ERROR, **environment)
    assert (finished.returncode, finished.stderr) == (1, b"")


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command with a bug."""

    def stop(*_: object) -> None:
        raise RecursionError("too\ndeep")

    monkeypatch.setattr("nova_states.cli.explain.load_tables", stop)
    monkeypatch.delenv("NOVA_STATES_TRACEBACK", raising=False)


@pytest.mark.usefixtures("broken")
def test_an_internal_error_is_status_70_and_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(list(ERROR)) == 70
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert error.startswith("nova-states: internal error at cli/explain.py:")
    assert "RecursionError: too deep; please report" in error
    assert "Traceback" not in error


@pytest.mark.usefixtures("broken")
def test_an_internal_error_shows_all_when_asked(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOVA_STATES_TRACEBACK", "1")
    assert main(list(ERROR)) == 70
    assert "Traceback (most recent call last)" in capsys.readouterr().err


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["--version"])
    assert stop.value.code == 0
    assert capsys.readouterr().out == f"nova-states {__version__}\n"
