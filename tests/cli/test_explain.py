from __future__ import annotations

import io
import json
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from nova_states.cli import main

SHOW = {
    "id": "5a1b8c1e-0000-4000-8000-000000000001",
    "name": "web1",
    "OS-EXT-STS:vm_state": "active",
    "OS-EXT-STS:task_state": None,
    "OS-EXT-STS:power_state": 1,
}


def run(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *arguments: str, piped: str | None = None
) -> tuple[int, str, str]:
    if piped is not None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(piped.encode())))
    status = main(["explain", *arguments])
    captured = capsys.readouterr()
    return status, captured.out, captured.err


@pytest.mark.parametrize(
    ("states", "status"),
    [
        (("active", None, 1), 0),
        (("suspended", None, 4), 0),
        (("active", "rebooting", 1), 0),
        (("error", None, 1), 1),
        (("active", None, 4), 1),
        (("resized", None, 1), 1),
        (("quarantined", None, 1), 1),
    ],
)
def test_the_exit_status_says_whether_somebody_must_act(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, states: tuple[Any, ...], status: int
) -> None:
    server = dict(zip(("vm_state", "task_state", "power_state"), states, strict=True))
    assert run(capsys, monkeypatch, piped=json.dumps(server))[0] == status


def test_markdown_is_a_table_with_the_worst_first_and_nothing_of_a_name_in_it_is_markup(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = {"id": "2", "name": "a|b <i> `c`\nd", "vm_state": "error", "task_state": None, "power_state": 4}
    servers = [SHOW, failed, SHOW | {"id": "3", "name": "web2"}]
    status, out, _ = run(capsys, monkeypatch, "--format", "markdown", piped=json.dumps(servers))
    head, line, *rows = [row.split(" | ") for row in out.splitlines()]
    assert status == 1
    assert head == ["| Verdict", "State", "Servers", "What to do |"]
    assert line == ["| ---", "---", "---", "--- |"]
    assert [row[0] for row in rows] == ["| needs attention (1)", "| stable (2)"]
    assert rows[0][1] == "ERROR error / - / 4 SHUTDOWN"
    assert rows[0][2] == r"a\|b \<i\> \`c\` d 2"
    assert rows[1][2] == f"web1 {SHOW['id']}<br>web2 3"
    assert "<br>1. " in rows[0][3]


def test_of_a_short_list_those_that_are_well_are_named_too_and_what_is_asked_is_answered_first(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = ["| ID | Name | Status | Task State | Power State |", "| 1 | web | ACTIVE | None | Running |"]
    rows += ["| 2 | old | SUSPENDED | None | Shutdown |", "| 3 | job | ERROR | None | Shutdown |", "who did that?"]
    _, out, _ = run(capsys, monkeypatch, piped="\n".join(rows))
    lines = [line.strip().partition("  Nova ")[0] for line in out.splitlines()]
    places = [lines.index(line) for line in ("What to do", "3 servers", "stable  2", "1 web", "2 old", "3 job")]
    assert places == sorted(places)
    assert "?" not in lines[1]


def test_json_is_a_list_with_an_object_a_server(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "show.json"
    file.write_text(json.dumps([SHOW, SHOW | {"id": "2"}]), encoding="utf-8")
    _, out, _ = run(capsys, monkeypatch, "--format", "json", "--release", "33.0.2", str(file))
    answers = json.loads(out)
    assert [answer["id"] for answer in answers] == [SHOW["id"], "2"]
    told = answers[0] | {"next": [], "allowed": [], "refused": [], "notes": [], "ways": {}, "asked": None}
    assert told == {
        "id": SHOW["id"],
        "name": "web1",
        "record": "server",
        "release": "33.0.2",
        "vm_state": "active",
        "task_state": None,
        "task_known": True,
        "power_state": 1,
        "vm_state_candidates": None,
        "status": "ACTIVE",
        "allowed": [],
        "refused": [],
        "next": [],
        "verdict": "stable",
        "unknown": [],
        "advice": [],
        "ways": {},
        "notes": [],
        "asked": None,
        "refusal": None,
        "why": None,
        "steps": [],
        "runbook": None,
        "ask": None,
        "since": None,
        "age_seconds": None,
        "overdue": None,
        "fault": None,
        "host": None,
        "host_status": None,
        "locked": None,
        "locked_reason": None,
        "beside": [],
        "launched": None,
        "unread": [],
    }
    assert {"action": "start", "attribute": "vm_state", "value": "active"} in answers[0]["refused"]


@pytest.mark.parametrize(
    ("language", "words"), [("en", ("What else is allowed", "in progress")), ("ko", ("지금 할 수 있는 일", "진행 중"))]
)
def test_text_is_in_the_language_asked_for(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, language: str, words: tuple[str, ...]
) -> None:
    piped = json.dumps(SHOW | {"OS-EXT-STS:task_state": "deleting"})
    _, out, _ = run(capsys, monkeypatch, "--lang", language, "-", piped=piped)
    assert all(word in out for word in words)
    assert f"openstack server delete --force {SHOW['id']}" in out
    assert "\x1b" not in out


def test_what_a_shell_would_read_is_quoted_and_what_would_be_an_option_is_left_out(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, out, _ = run(capsys, monkeypatch, piped=json.dumps(SHOW | {"id": "$(reboot) it's", "name": "-x"}))
    assert """openstack server stop '$(reboot) it'"'"'s'""" in out
    _, out, _ = run(capsys, monkeypatch, piped=json.dumps(SHOW | {"id": "--force", "name": "a\nb"}))
    assert "openstack server stop SERVER\n" in out.replace("  # stop", "")


def test_states_can_be_given_one_by_one(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    given = ("--vm-state", "active", "--task-state", "none", "--power-state", "0x01", "--format", "json")
    status, out, _ = run(capsys, monkeypatch, *given)
    assert status == 0
    assert json.loads(out)[0]["power_state"] == 1


def test_a_fleet_is_summed_up_and_the_worst_comes_first(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    statuses = ["ACTIVE"] * 5 + ["VERIFY_RESIZE", "ERROR", "UNKNOWN", "ERROR"]
    servers = [
        {"ID": f"s{n}", "Name": f"n{n}", "Status": status, "Task State": None} for n, status in enumerate(statuses)
    ]
    status, out, _ = run(capsys, monkeypatch, piped=json.dumps(servers))
    lines = out.splitlines()
    assert status == 1
    assert lines[0].startswith("9 servers")
    # ACTIVE alone cannot tell: the hypervisor may say otherwise.
    assert [line.split() for line in lines[1:3]] == [["needs", "attention", "3"], ["unknown", "6"]]
    places = [out.index(f"    {name}\n") for name in ("s6 n6", "s8 n8", "s5 n5", "s0 n0", "s7 n7")]
    assert places == sorted(places)
    assert "-c OS-EXT-STS:vm_state" in out


def test_a_list_of_servers_tells_of_what_was_refused_to_one_of_them(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    one = "78c45430-a49f-4383-b8fd-e83910387000"
    piped = f"""| ID | Name | Status | Task State | Power State |
| {one} | dataocean | REBOOT | rebooting | Running |
| 2d5cd48b-8ac1-4898-8652-f255928c5b78 | cdh | SHUTOFF | - | Shutdown |
Cannot 'stop' instance {one} while it is in task_state rebooting (HTTP 409)
"""
    _, out, _ = run(capsys, monkeypatch, piped=piped)
    assert out.startswith("2 servers")
    assert "`stop` is refused" in out or "stop is refused" in out
    assert "cdh\n" not in out.partition("stop is refused")[2]


OLD = "2026-11-26T10:00:00Z"


@pytest.mark.parametrize(
    ("fields", "now", "status", "said"),
    [
        ({"OS-EXT-STS:task_state": "deleting"}, "2026-11-26T10:05:00Z", 0, ("for 5 minutes", "Wait, then look again")),
        (
            {"OS-EXT-STS:task_state": "deleting"},
            "2026-11-26T12:00:00Z",
            1,
            ("for 2 hours - longer than", "needs attention"),
        ),
        ({"host_status": "UNKNOWN"}, "2026-11-26T10:05:00Z", 1, ("host-down", "openstack server evacuate")),
        ({"locked": True}, "2026-11-26T10:05:00Z", 0, ("locked", "refused with 409")),
        ({"OS-EXT-SRV-ATTR:host": None, "host_status": None}, "2026-11-26T10:05:00Z", 0, ("stable",)),
        (
            {"OS-EXT-SRV-ATTR:host": None, "OS-EXT-SRV-ATTR:instance_name": "instance-1"},
            "2026-11-26T10:05:00Z",
            1,
            ("no host is on record",),
        ),
    ],
)
def test_what_decides_is_used(  # noqa: PLR0913, PLR0917 - a row of the table
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    fields: dict[str, Any],
    now: str,
    status: int,
    said: tuple[str, ...],
) -> None:
    piped = json.dumps(SHOW | {"updated": OLD} | fields)
    found, out, _ = run(capsys, monkeypatch, "--now", now, piped=piped)
    assert found == status
    assert [text for text in said if text not in out] == []


def test_a_fulfilled_wish_needs_nothing(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    message = f"Cannot 'stop' instance {SHOW['id']} while it is in vm_state stopped"
    _, out, _ = run(capsys, monkeypatch, piped=message)
    assert "there is nothing to do" in out
    assert "stop: refused" not in out
    assert "stop (first start)" not in out
    _, out, _ = run(capsys, monkeypatch, piped=message.replace("'stop'", "'resume'"))
    assert f"$ openstack server start {SHOW['id']}" in out


@pytest.mark.parametrize(
    ("arguments", "piped", "said"),
    [
        ((), "", "There is nothing here"),
        ((), '{"server": ', "broken or cut off"),
        ((), "\x00\xff\x01", "No states of a server"),
        ((), "powerin-off", "nearest: powering-off, powering-on"),
        (("--release", "mitakka"), "{}", "did you mean mitaka"),
        (("no-such-file",), None, "no-such-file: No such file"),
        (("--vm-state", "active", "file"), None, "not both"),
        (("--now", "tomorrow", "--vm-state", "active"), None, "--now tomorrow: not a time"),
    ],
)
def test_what_cannot_be_read_is_told_in_one_line(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    piped: str | None,
    said: str,
) -> None:
    status, out, err = run(capsys, monkeypatch, *arguments, piped=piped)
    assert status == 2
    assert out == ""
    assert said in err
    assert err.count("\n") == 1


def test_records_that_contradict_each_other_are_said_to_and_each_is_answered(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    other = SHOW | {"OS-EXT-STS:vm_state": "error", "OS-EXT-STS:power_state": 4}
    _, out, err = run(capsys, monkeypatch, "--format", "json", piped=json.dumps([SHOW, other]))
    assert [answer["vm_state"] for answer in json.loads(out)] == ["active", "error"]
    assert err == (
        f"nova-states: {SHOW['id']}: told of 2 times, in different states (active / - / 1; error / - / 4); "
        "which holds now cannot be told, so each is answered.\n"
    )
    less = {"id": SHOW["id"], "status": "ACTIVE", "OS-EXT-STS:vm_state": "active"}
    for agreeing in ([SHOW, SHOW], [SHOW, less], [SHOW, other | {"id": "another"}]):
        assert run(capsys, monkeypatch, "--format", "json", piped=json.dumps(agreeing))[2] == ""


def test_what_is_read_is_shown_by_four_examples(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for language in ("en", "ko"):
        status, _, err = run(capsys, monkeypatch, "--lang", language, piped="how do I boil an egg?")
        assert status == 2
        kinds = (
            "server show",
            "server list --long",
            "No valid host was found",
            "nova-compute",
            "server migration list",
        )
        assert all(word in err for word in kinds)
        assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("piped", "said"),
    [
        (b"", "There is nothing here"),
        (b" \n\t\r\n", "There is nothing here"),
        (b"\xef\xbb\xbf", "There is nothing here"),
        (b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 4000, "No states of a server"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00\xff" * 50_000, "No states of a server"),
        (b"\xff\xfe" + b"\x00\xd8" * 2000, "No states of a server"),
        (b"x" * 5_000_000, "No states of a server"),
        (b"[" * 100_000, "broken or cut off"),
        (b'{"a":' * 100_000, "broken or cut off"),
    ],
    ids=["empty", "blank", "mark", "program", "image", "halves", "huge", "deep", "deep_objects"],
)
def test_bytes_of_any_kind_are_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, piped: bytes, said: str
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(piped)))
    assert main(["explain"]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert said in err


def test_what_is_larger_than_any_cloud_is_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nova_states.cli.explain._LARGEST", 1 << 20)
    status, _, err = run(capsys, monkeypatch, piped=json.dumps([SHOW] * 10_000))
    assert (status, err.count("\n")) == (2, 1)
    assert "larger than 1 MiB" in err


def test_an_unknown_value_is_answered_with_the_nearest(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    status, out, _ = run(capsys, monkeypatch, piped=json.dumps(SHOW | {"OS-EXT-STS:task_state": "deletin"}))
    assert status == 1
    assert "task_state deletin: not a value of this release. nearest: deleting" in out


def _processor_seconds(file: Path) -> float:
    """What one run costs; unlike the time it takes, nearly the same on a busy machine."""
    command = [sys.executable, "-m", "nova_states", "explain", "--format", "json", str(file)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, capture_output=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode in {0, 1}, done.stderr
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


@pytest.mark.timing
@pytest.mark.parametrize(("count", "limit"), [(1, 0.3), (10_000, 3.0), (100_000, 10.0)])
def test_an_answer_costs_little(tmp_path: Path, count: int, limit: float) -> None:
    states = [(v, t, p) for v in ("active", "error", "stopped") for t in (None, "deleting") for p in (1, 4)]
    servers = [
        SHOW | {"id": str(n), "OS-EXT-STS:vm_state": v, "OS-EXT-STS:task_state": t, "OS-EXT-STS:power_state": p}
        for n, (v, t, p) in zip(range(count), states * count, strict=False)
    ]
    file = tmp_path / "servers.json"
    file.write_text(json.dumps({"servers": servers}), encoding="utf-8")
    # The first of several may have to compile the tables.
    assert min(_processor_seconds(file) for _ in range(3)) < limit


def test_a_series_before_all_that_are_known_is_answered_for_the_oldest(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "paste.json"
    file.write_text('{"status": "ERROR", "OS-EXT-STS:vm_state": "error"}', encoding="utf-8")
    assert main(["explain", "--release", "Juno", "--format", "json", str(file)]) == 1
    told = capsys.readouterr()
    assert json.loads(told.out)[0]["release"] == "13.0.0"
    assert "older than any that is known" in told.err
