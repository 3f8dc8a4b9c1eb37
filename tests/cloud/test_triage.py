"""Triage of a cloud: all that need somebody and no others, the worst first, in each format, page by page."""

from __future__ import annotations

import json
import sys

import pytest

from tests.cloud.conftest import Run
from tests.cloud.fake_cloud import FAILED, STOPPED, FakeCloud, server, uuid

NOW = ("--now", "2026-11-26T16:00:00Z")
STUCK = {"OS-EXT-STS:task_state": "deleting"}
RESIZED = {"status": "VERIFY_RESIZE", "OS-EXT-STS:vm_state": "resized"}


@pytest.fixture
def fleet(cloud: FakeCloud) -> FakeCloud:
    cloud.servers = [
        server(1),
        server(2, **RESIZED, updated="2026-11-26T15:00:00Z"),
        server(3, **STOPPED),
        server(4, **FAILED, name="a | b"),
        server(5, **STUCK, updated="2026-11-25T10:00:00Z"),
    ]
    return cloud


def test_those_that_need_somebody_the_longest_first(fleet: FakeCloud, run: Run) -> None:
    told = run("--triage", *NOW)
    lines = told.out.splitlines()
    assert told.status == 1
    assert lines[0] == "3 of 5 servers need somebody, worst first  Nova 34.0.0"
    assert lines[2].split() == ["Verdict", "Server", "State", "Host", "For", "Runbook", "Why"]
    assert [line.split(uuid(0)[:24])[1][:12].lstrip("0") for line in lines[3:]] == ["5", "4", "2"]
    assert "stuck-deleting" in lines[3]
    assert "error-after-build" in lines[4]
    assert "verify-resize" in lines[5]
    assert "ACTIVE active / deleting / 1 RUNNING" in lines[3]
    assert fleet.compute_requests == [("GET", "servers/detail?limit=500")]


def test_as_json_they_are_whole_answers(fleet: FakeCloud, run: Run) -> None:
    answers = json.loads(run("--triage", *NOW, "--format", "json").out)
    assert [answer["id"] for answer in answers] == [uuid(5), uuid(4), uuid(2)]
    every = {answer["id"]: answer for answer in json.loads(run(*NOW, "--format", "json").out)}
    assert len(every) == len(fleet.servers)
    assert all(every[answer["id"]] == answer for answer in answers)


def test_as_markdown_they_are_a_table_with_what_to_do(fleet: FakeCloud, run: Run) -> None:
    lines = run("--triage", *NOW, "--format", "markdown", "--lang", "ko").out.splitlines()
    assert lines[2] == "| 판정 | 서버 | 상태 | 호스트 | 경과 | 런북 | 이유 | 할 일 |"
    assert len(lines) == 4 + 3
    assert "a \\| b" in lines[5]
    assert f"`` openstack server resize confirm {uuid(2)} ``" in lines[6]
    assert fleet.servers


def test_where_none_needs_somebody_it_is_fine(cloud: FakeCloud, run: Run) -> None:
    cloud.servers = [server(1)]
    told = run("--triage", *NOW)
    assert (told.status, told.out) == (0, "0 of 1 servers need somebody, worst first  Nova 34.0.0\n")


def test_pages_are_joined_though_the_list_changes_meanwhile(cloud: FakeCloud, run: Run) -> None:
    cloud.servers, cloud.page = [server(number) for number in range(1, 26)], 10

    def change(_verb: str, path: str) -> None:
        if "marker" in path and cloud.servers[0]["id"] != uuid(99):
            # The last of the page is deleted before the next is asked for, and a new one comes first.
            cloud.servers = [server(99), *cloud.servers[:9], *cloud.servers[10:]]

    cloud.before = change
    answers = json.loads(run("--format", "json", *NOW).out)
    ids = [answer["id"] for answer in answers]
    assert len(ids) == len(set(ids)) == 25
    assert [verb for verb, _ in cloud.compute_requests] == ["GET"] * 4


def test_whoever_waits_at_a_terminal_sees_how_many_were_read(
    fleet: FakeCloud, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    fleet.page = 2
    told = run("--triage", *NOW)
    assert "Reading servers" in told.err
    assert "\x1b" not in told.out


def test_all_projects_are_asked_for_by_the_word_of_the_api(fleet: FakeCloud, run: Run) -> None:
    run("--triage", "--all-projects", *NOW)
    assert fleet.compute_requests == [("GET", "servers/detail?all_tenants=1&limit=500")]
