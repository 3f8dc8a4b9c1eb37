"""What is started for these tests ends, listens where it should, and is made once."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.live import environments
from tests.live.environments import HERE, NotAtHandError, environment
from tests.live.processes import Nova, StartError, _process, running_nova

pytestmark = [pytest.mark.live, pytest.mark.xdist_group("live")]

NOTHING = "0" * 64
LISTENS = "0A"
"""Of a socket, in /proc/net/tcp."""


@pytest.mark.skipif(sys.platform != "linux", reason="where other systems tell of sockets is another matter")
def test_nothing_is_listened_on_but_one_port_of_this_machine(nova: Nova) -> None:
    process = Path("/proc", str(nova.process))
    mine = {found[1] for path in (process / "fd").iterdir() if (found := re.match(r"socket:\[(\d+)\]", target(path)))}
    rows = [line.split() for name in ("tcp", "tcp6") for line in (process / "net" / name).read_text().splitlines()[1:]]
    port = int(nova.url.rpartition(":")[2])
    assert {row[1] for row in rows if row[3] == LISTENS and row[9] in mine} == {f"0100007F:{port:04X}"}


def target(link: Path) -> str:
    try:
        return str(link.readlink())
    except FileNotFoundError:  # closed meanwhile
        return ""


def test_a_nova_ends_with_whoever_started_it(nova: Nova) -> None:
    with (
        environment(nova.release) as python,
        subprocess.Popen(
            [python, HERE / "nova_server.py"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as process,
    ):
        assert process.stdin
        process.stdin.close()
        assert process.wait(30) == 0


def test_a_process_is_ended_whatever_happens() -> None:
    with pytest.raises(KeyboardInterrupt), _process([sys.executable, "-c", "import time; time.sleep(600)"]) as process:
        raise KeyboardInterrupt
    assert process.returncode < 0


def test_one_that_does_not_start_says_why(monkeypatch: pytest.MonkeyPatch, nova: Nova, tmp_path: Path) -> None:
    (tmp_path / "nova_server.py").write_text("raise SystemExit('no memory left')")
    monkeypatch.setattr("tests.live.processes.HERE", tmp_path)
    with pytest.raises(StartError, match="no memory left"), running_nova(nova.release):
        pass


def test_an_environment_is_made_once(nova: Nova) -> None:
    with environment(nova.release) as python:
        made = (python.parents[1] / "stamp").stat().st_mtime_ns
    with environment(nova.release) as python:
        assert (python.parents[1] / "stamp").stat().st_mtime_ns == made


@pytest.fixture
def pins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The requirements of an environment "small", made in a cache of its own."""
    monkeypatch.setenv("NOVA_STATES_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "uv"))
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    monkeypatch.setattr(environments, "HERE", tmp_path)
    pins = tmp_path / "requirements-small.txt"
    pins.write_text(f"iniconfig==2.0.0 --hash=sha256:{NOTHING}\n")
    return pins


@pytest.mark.usefixtures("pins")
def test_without_a_package_index_one_line_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV_DEFAULT_INDEX", "http://127.0.0.1:9/simple")
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    with pytest.raises(NotAtHandError) as raised, environment("small"):
        pass
    assert str(raised.value).startswith("wheels cannot be had: ")
    assert "\n" not in str(raised.value)


@pytest.mark.usefixtures("pins", "nova")
def test_what_is_not_what_was_pinned_is_no_reason_to_skip() -> None:
    with pytest.raises(subprocess.CalledProcessError) as raised, environment("small"):
        pass
    assert "hash" in raised.value.stderr.lower()
