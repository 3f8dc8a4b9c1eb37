"""A real Nova is asked: by `nova-states explain --os-cloud` in this process, and by `openstack server explain`.

The command of the client is run by the client's own environment, where this checkout is put in its way with the entry
points that an installation would have.
"""

from __future__ import annotations

import json
import os
import resource
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import pytest

from nova_states.cli import main
from nova_states.cloud.compute_api import Compute
from nova_states.cloud.servers import Server
from nova_states.cloud.surroundings import Surroundings, gather
from tests.live.environments import RELEASES
from tests.live.looks import Looker
from tests.live.scenes import SCENES, Stage, scene

pytestmark = [pytest.mark.live, pytest.mark.xdist_group("live")]

T = TypeVar("T")

ROOT = Path(__file__).parents[2]
NOW = ("--now", "2030-01-01T00:00:00Z")
BRIEF = RELEASES[0]
FEW = ("created", "no-room", "stop-refused", "resized")
"""Scenes that are also looked at in the brief release."""
JUDGED = ("vm_state", "task_state", "power_state", "status", "verdict", "why", "steps", "runbook", "allowed", "refused")
"""What is told of the client's output as of the API's: it leaves nothing out that decides."""
MORE_THAN_THE_CLIENT = 0.5
"""Seconds of processor that `server explain` may take beyond `server show`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    status: int
    out: str
    err: str

    @property
    def answers(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self.out)
        return found


Ask = Callable[..., Told]


@pytest.fixture
def ask(looker: Looker, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Ask:
    """`nova-states explain`, of a cloud where a user is named."""
    pytest.importorskip("openstack", reason="the extra [cloud] is not installed; `make install` brings it")
    for name in [name for name in os.environ if name.startswith("OS_") or name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(looker.openstack.settings))

    def explain(*arguments: str, user: str | None = "admin") -> Told:
        capsys.readouterr()
        cloud = ("--os-cloud", looker.openstack.cloud(user)) if user else ()
        status = main(["explain", *cloud, *arguments])
        found = capsys.readouterr()
        return Told(status=status, out=found.out, err=found.err)

    return explain


@pytest.fixture
def client(looker: Looker, plugin: Mapping[str, str]) -> Ask:
    """`openstack server explain`."""

    def explain(*arguments: str, user: str = "admin") -> Told:
        done = looker.openstack.finish("server", "explain", *arguments, user=user, environ=plugin)
        return Told(status=done.returncode, out=done.stdout, err=done.stderr)

    return explain


def unchanged(played: Stage, look: Callable[[], T]) -> T:
    """What was seen while the server stayed as it was."""
    for _ in range(5):
        before = played.row()
        seen = look()
        if played.row() == before:
            return seen
    raise TimeoutError(played.name)


@pytest.mark.parametrize("name", SCENES)
def test_a_server_is_told_live_as_its_paste_is(
    looker: Looker, ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """The paste holds what the cloud was asked for: the server, as the API and as the client show it, and the rest."""
    release = looker.nova.release
    if release == BRIEF and name not in FEW:
        pytest.skip("in the other release")
    paste = tmp_path / "paste.json"
    gathered: list[Surroundings] = []

    def noted(compute: Compute, server: Server) -> Surroundings:
        gathered.append(gather(compute, server))
        return gathered[-1]

    monkeypatch.setattr("nova_states.cli.live.gather", noted)

    def told_of(server: str) -> dict[str, Any]:
        beside = [json.dumps(document) for document in gathered[-1].documents[1:]]
        paste.write_text("\n".join([server, *beside]), encoding="utf-8")
        return ask(str(paste), "--format", "json", "--release", release, *NOW, user=None).answers[0]

    def look(server: str, user: str) -> tuple[Told, str, str]:
        api = looker.nova.ask("GET", f"/servers/{server}", user=user).text
        shown = looker.openstack.run("server", "show", server, "-f", "json", user=user)
        return ask(server, "--format", "json", *NOW, user=user), api, shown

    with scene(looker.nova, name) as played:
        for user in ("admin", "member"):
            live, api, shown = unchanged(played, partial(look, played.server, user))
            answer = live.answers[0]
            assert answer == told_of(api)
            by_client = told_of(shown)
            assert {name: answer[name] for name in JUDGED} == {name: by_client[name] for name in JUDGED}
            # What a member may not see is said, all else is there.
            assert bool(live.err) == (user == "member"), live.err
            assert live.status == int(any(one["verdict"] not in ("stable", "in-progress") for one in live.answers))


def test_the_command_of_the_client_answers_the_same(looker: Looker, ask: Ask, client: Ask) -> None:
    with scene(looker.nova, "stop-refused") as stage:
        told = client(stage.server, "-f", "json", "--lang", "ko")
        same = ask(stage.server, "--format", "json", "--lang", "ko")
    keys = [{name: value for name, value in one.items() if name != "age_seconds"} for one in told.answers]
    assert keys == [{name: value for name, value in one.items() if name != "age_seconds"} for one in same.answers]
    assert (told.status, same.status) == (1, 1)
    assert [one["record"] for one in told.answers] == ["server", "event", "service"]


def test_the_client_prints_text_rows_and_what_needs_somebody(looker: Looker, client: Ask) -> None:
    with scene(looker.nova, "resized") as stage:
        text = client(stage.server)
        assert text.out.startswith(
            f"{stage.server} resized  Nova {looker.nova.release}\nneeds attention  VERIFY_RESIZE"
        )
        assert client(stage.server, "-f", "value", "-c", "ID", "-c", "Runbook").out.splitlines()[0] == (
            f"{stage.server} verify-resize"
        )
        assert "| server " in client(stage.server, "-f", "table").out
        triage = client("--triage", "--all-projects", "--status", "VERIFY_RESIZE", "-f", "json")
        assert stage.server in [one["id"] for one in triage.answers]
        assert {one["status"] for one in triage.answers} == {"VERIFY_RESIZE"}
        assert (text.status, triage.status) == (1, 1)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nothing-of-this-name",), "no server in this project has this name"),
        (("--all-projects",), "leave out --all-projects, or ask as an administrator"),
        (("--flavor", "none-such"), "--flavor none-such: not found"),
        (("--watch",), "name the one server to watch"),
        (("-c", "ID"), "-c: text has no columns"),
        (("-f", "table", "-c", "Nonsense"), "-c: no such column; there are Record, ID"),
    ],
)
def test_bad_input_is_one_line_of_the_client_as_well(client: Ask, arguments: tuple[str, ...], said: str) -> None:
    told = client(*arguments, user="member")
    assert (told.status, told.out, told.err.count("\n")) == (2, "", 1)
    assert said in told.err


def test_the_client_takes_hardly_longer(looker: Looker, client: Ask, plugin: Mapping[str, str]) -> None:
    def seconds(run: Callable[[], object]) -> float:
        def used() -> float:
            found = resource.getrusage(resource.RUSAGE_CHILDREN)
            return found.ru_utime + found.ru_stime

        taken = []
        for _ in range(3):
            before = used()
            run()
            taken.append(used() - before)
        return min(taken)

    with scene(looker.nova, "created") as stage:
        shown = seconds(lambda: looker.openstack.finish("server", "show", stage.server, environ=plugin))
        explained = seconds(lambda: client(stage.server))
    assert explained - shown <= MORE_THAN_THE_CLIENT


@pytest.fixture
def stage(looker: Looker) -> Iterator[Stage]:
    with scene(looker.nova, "created") as found:
        yield found


def later(seconds: float, do: Callable[[], object]) -> None:
    timer = threading.Timer(seconds, do)
    timer.daemon = True
    timer.start()


def test_a_stop_that_hangs_for_a_while_is_watched_to_its_end(stage: Stage, ask: Ask) -> None:
    stage.hang("power_off")
    stage.play({"ask": "os-stop"})
    later(4, lambda: stage.nova.control("mend"))
    told = ask("--watch", "--interval", "1", stage.server)
    assert told.status == 0
    assert "active / powering-off" in told.out
    assert "stop has ended: success, by the result of its events" in told.out


def test_a_stop_that_fails_is_told_though_the_server_is_active_again(stage: Stage, client: Ask) -> None:
    stage.fail({"power_off": "Failed to terminate process"})
    stage.play({"ask": "os-stop"})
    told = client("--watch", "--interval", "1", stage.server)
    assert told.status == 1
    assert "needs attention  ACTIVE  active" in told.out


def test_a_delete_is_watched_until_the_server_is_gone(stage: Stage, ask: Ask) -> None:
    stage.hang("destroy")
    stage.delete(None)
    later(4, lambda: stage.nova.control("mend"))
    told = ask("--watch", "--interval", "1", stage.server)
    assert told.status == 0
    assert "the server is deleted, as was asked" in told.out
