"""`--watch`: each change as it is seen, and the end by the result of the event, not by the absence of a task."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from nova_states.cloud import watching
from nova_states.cloud.action_ends import end_of
from tests.cloud.conftest import Run
from tests.cloud.fake_cloud import STOPPED, STOPPING, FakeCloud, action, event, server, uuid

STOP = "compute_stop_instance"


@pytest.fixture(autouse=True)
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Time passes only by waiting, and then at once."""
    waits: list[float] = []
    original: Callable[..., None] = watching.Watch.__init__

    def begin(watch: watching.Watch, **values: Any) -> None:  # noqa: ANN401 - whatever it is made of
        original(watch, **{"sleep": waits.append, "clock": lambda: sum(waits), **values})

    monkeypatch.setattr(watching.Watch, "__init__", begin)
    return waits


def after(cloud: FakeCloud, looks: int, change: Callable[[], object]) -> None:
    """Change the cloud once its server has been looked at so often, the search for it by name apart."""
    count = 0

    def before(_verb: str, path: str) -> None:
        nonlocal count
        count += path.endswith(f"/servers/{uuid(1)}")
        if count == looks + 1:
            change()

    cloud.before = before


def ends(cloud: FakeCloud, result: str | None, **values: object) -> Callable[[], object]:
    """The stop of the server ends so."""

    def change() -> None:
        cloud.servers = [server(1, **values)]
        cloud.actions[uuid(1)] = [action("stop", event(STOP, result), message="Error" if result == "Error" else None)]

    return change


@pytest.fixture
def stopping(cloud: FakeCloud) -> FakeCloud:
    cloud.servers = [server(1, **STOPPING)]
    began = time.strftime("%Y-%m-%dT%H:%M:%S.000000", time.gmtime())
    cloud.actions[uuid(1)] = [{**action("stop", event(STOP, None)), "start_time": began}]
    return cloud


def test_a_task_that_succeeds(stopping: FakeCloud, run: Run, slept: list[float]) -> None:
    after(stopping, 3, ends(stopping, "Success", **STOPPED))
    told = run("--watch", "web1")
    assert told.status == 0
    lines = told.out.splitlines()
    assert lines[0] == f"{uuid(1)} web1  Nova 34.0.0"
    assert lines[1].startswith("watching stop, a look every 3 s; Ctrl-C ends it")
    changes = [line[10:].partition("  after ")[0] for line in lines if line[2:3] == ":" == line[5:6]]
    assert changes == ["ACTIVE  active / powering-off / 1 RUNNING", "SHUTOFF  stopped / - / 4 SHUTDOWN"]
    assert "          next: on success → stopped / no task" in lines
    assert (
        "          options that act on it, by default: shutdown_timeout = 60, [compute] shutdown_retry_interval = 10"
        in lines
    )
    assert "          look into it after 15 minutes" in lines
    assert "stop has ended: success, by the result of its events, after 9 seconds" in lines
    assert "stable  SHUTOFF  stopped / - / 4 SHUTDOWN" in lines
    assert slept == [3.0, 3.0, 3.0]
    assert {verb for verb, _ in stopping.compute_requests} == {"GET"}


def test_a_task_that_fails_though_the_server_is_fine(stopping: FakeCloud, run: Run) -> None:
    after(stopping, 2, ends(stopping, "Error"))
    told = run("--watch", "web1")
    assert told.status == 1
    assert "stop has ended: error, by the result of its events" in told.out
    assert "needs attention  ACTIVE" in told.out


def test_a_task_that_goes_before_its_event_ends_is_waited_for(
    stopping: FakeCloud, run: Run, slept: list[float]
) -> None:
    steps = iter([ends(stopping, None, **STOPPED), ends(stopping, "Success", **STOPPED)])

    def step(_verb: str, path: str) -> None:
        if path.endswith(f"/servers/{uuid(1)}") and len(slept) in (2, 4):
            next(steps, lambda: None)()

    stopping.before = step
    assert "stop has ended: success" in run("--watch", "web1").out
    assert len(slept) == 4


def test_an_event_that_never_ends_is_told_as_not_known(stopping: FakeCloud, run: Run) -> None:
    after(stopping, 1, ends(stopping, None, **STOPPED))
    told = run("--watch", "web1")
    assert told.status == 1
    assert "its event has no end: nova-compute may have been restarted meanwhile" in told.out


def test_results_that_may_not_be_seen_are_not_guessed(stopping: FakeCloud, run: Run) -> None:
    stopping.instead["os-instance-actions"] = lambda: (403, {"forbidden": {"message": "no"}})
    after(stopping, 1, ends(stopping, "Success", **STOPPED))
    told = run("--watch", "web1")
    assert "its result may not be seen with these rights, so whether it succeeded is not known" in told.out
    assert told.status == 0


def test_a_server_without_a_task_is_not_waited_for(cloud: FakeCloud, run: Run, slept: list[float]) -> None:
    ends(cloud, "Success", **STOPPED)()
    told = run("--watch", "web1")
    assert (told.status, slept) == (0, [])
    assert "no task runs; the newest action was stop" in told.out


def test_a_server_whose_newest_action_failed_is_told_so(cloud: FakeCloud, run: Run) -> None:
    ends(cloud, "Error")()
    assert run("--watch", "web1").status == 1


def test_a_server_that_is_deleted_as_was_asked(cloud: FakeCloud, run: Run) -> None:
    cloud.servers = [server(1, **{"OS-EXT-STS:task_state": "deleting"})]
    cloud.actions[uuid(1)] = [action("delete", event("compute_terminate_instance", None))]
    after(cloud, 2, cloud.servers.clear)
    told = run("--watch", "web1")
    assert told.status == 0
    assert "the server is deleted, as was asked" in told.out


def test_a_server_that_vanishes_while_it_is_watched(stopping: FakeCloud, run: Run) -> None:
    after(stopping, 2, stopping.servers.clear)
    told = run("--watch", "web1")
    assert told.status == 2
    assert told.err == (
        "nova-states: the server vanished while it was watched, somebody else may have deleted it; "
        f"`openstack server event list {uuid(1)}` tells who\n"
    )


@pytest.mark.usefixtures("stopping")
def test_watching_ends_after_a_time(run: Run, slept: list[float]) -> None:
    told = run("--watch", "web1", "--interval", "5", "--timeout", "60")
    assert told.status == 1
    assert "not ended after 60 seconds; watching ends here, the task goes on" in told.out
    assert slept == [5.0] * 12


def test_what_limits_a_build_is_the_option_for_it(cloud: FakeCloud, run: Run) -> None:
    spawning = {"status": "BUILD", "OS-EXT-STS:vm_state": "building", "OS-EXT-STS:task_state": "spawning"}
    cloud.servers = [server(1, **spawning)]
    told = run("--watch", "web1", "--timeout", "1").out
    assert "limit: sets error" in told
    assert "instance_build_timeout" in told
    assert "vif_plugging_timeout = 300" in told


def test_an_older_release_has_the_options_that_it_had(stopping: FakeCloud, run: Run) -> None:
    told = run("--watch", "web1", "--timeout", "1", "--release", "mitaka").out
    assert "shutdown_timeout = 60" in told
    assert "shutdown_retry_interval" not in told.partition("\n\n")[0]
    assert stopping.servers


@pytest.mark.usefixtures("stopping")
def test_a_task_that_lasts_too_long_is_told_so_once(run: Run) -> None:
    told = run("--watch", "web1", "--timeout", "3600", "--interval", "60")
    assert told.out.count("longer than such a task takes (15 minutes); still watching") == 1


def test_a_cloud_that_fails_for_a_moment_is_asked_again(stopping: FakeCloud, run: Run) -> None:
    after(stopping, 1, lambda: stopping.instead.update({f"/servers/{uuid(1)}": fails_once}))

    def fails_once() -> tuple[int, object]:
        stopping.instead.clear()
        ends(stopping, "Success", **STOPPED)()
        return 503, b"<html>"

    told = run("--watch", "web1")
    assert told.status == 0
    assert "no answer, looking again" in told.err
    assert "stop has ended: success" in told.out


def test_an_end_that_is_not_answered_is_waited_for(stopping: FakeCloud, run: Run) -> None:
    answers = iter([(503, b""), (200, b"<html>")])
    succeed = ends(stopping, "Success", **STOPPED)

    def stop() -> None:
        stopping.servers = [server(1, **STOPPED)]
        stopping.instead[f"req-{uuid(700)}"] = answer

    def answer() -> tuple[int, object]:
        found = next(answers, None)
        if found:
            return found
        succeed()
        return 200, {"instanceAction": stopping.actions[uuid(1)][0]}

    after(stopping, 1, stop)
    told = run("--watch", "web1")
    assert told.err.count("no answer, looking again") == 2
    assert "stop has ended: success" in told.out


def test_a_cloud_that_fails_for_long_is_given_up(stopping: FakeCloud, run: Run) -> None:
    after(stopping, 1, lambda: stopping.instead.update({f"/servers/{uuid(1)}": lambda: (503, b"")}))
    told = run("--watch", "web1")
    assert told.status == 2
    assert told.err.splitlines()[-1].endswith("the cloud failed with 503; ask again later")


@pytest.mark.usefixtures("stopping")
@pytest.mark.parametrize("language", ["en", "ko"])
def test_an_interrupt_leaves_nothing_behind(run: Run, language: str) -> None:
    count = 0

    def sleep(_seconds: float) -> None:
        nonlocal count
        count += 1
        if count == 2:
            raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        original = watching.Watch.__init__
        patch.setattr(watching.Watch, "__init__", lambda watch, **values: original(watch, **values, sleep=sleep))
        told = run("--watch", "web1", "--lang", language)
    assert told.status == 2
    assert told.err.count("\n") == 1
    assert ("nothing was changed" in told.err) == (language == "en")
    assert "\x1b" not in told.out


def test_json_stays_json(stopping: FakeCloud, run: Run) -> None:
    after(stopping, 2, ends(stopping, "Success", **STOPPED))
    told = run("--watch", "web1", "--format", "json")
    assert json.loads(told.out)[0]["vm_state"] == "stopped"
    assert "stop has ended: success" in told.err


@pytest.mark.parametrize(
    ("events", "end"),
    [
        ([], (None, None)),
        ([event("a", None)], (False, None)),
        ([event("a", "Success"), event("b", None)], (False, None)),
        ([event("a", "Success"), event("b", "Success")], (True, "success")),
        ([event("a", "Error"), event("b", "Success")], (True, "error")),
        # Tried again on another host, and done.
        ([event("a", "Error", 1), event("a", "Success", 5)], (True, "success")),
        # Nova notes the end of one of two that have the same name.
        ([event("a", None, 1), event("a", "Success", 1)], (True, "success")),
        ([event("a", None, 9), event("a", "Success", 1)], (False, None)),
    ],
)
def test_an_action_ends_as_its_events_do(events: list[dict[str, Any]], end: tuple[object, object]) -> None:
    found = end_of(action("any", *events))
    assert (found.is_over, found.result) == end


def test_an_action_whose_events_may_not_be_seen_failed_if_it_says_so() -> None:
    assert end_of({"action": "stop", "message": "Error"}).result == "error"
    assert end_of({"action": "stop", "message": None}).is_over is None
    assert end_of(None).is_over is None
