"""One server of a cloud: what is asked for it, and that the answer is the one to a paste of it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nova_states.cli import main
from nova_states.cloud.wording import words_in
from nova_states.locations import PACKAGE
from tests.cloud.conftest import Run, Told
from tests.cloud.fake_cloud import FAILED, SECRET, STOPPED, STOPPING, FakeCloud, action, event, server, uuid

NOW = ("--now", "2026-11-26T10:05:00Z")
MIGRATION = {
    "id": 7,
    "instance_uuid": uuid(1),
    "status": "error",
    "migration_type": "live-migration",
    "source_compute": "host1",
    "dest_compute": "host2",
    "created_at": "2026-11-26T10:00:01.000000",
    "updated_at": "2026-11-26T10:00:20.000000",
}
SITUATIONS: dict[str, dict[str, Any]] = {
    "active": {},
    "stopped": STOPPED,
    "stopping": STOPPING,
    "failed": FAILED,
    "host down": {"host_status": "DOWN", "OS-EXT-STS:task_state": "deleting"},
    "locked": {"locked": True, "locked_reason": "kept"},
    "partial": {"status": "UNKNOWN", "OS-EXT-STS:vm_state": None, "OS-EXT-STS:power_state": None},
}


@pytest.mark.parametrize("wanted", ["web1", uuid(1)])
def test_a_server_is_found_by_name_and_by_id(cloud: FakeCloud, run: Run, wanted: str) -> None:
    cloud.servers = [server(1), server(2, **STOPPED)]
    told = run(wanted, *NOW)
    assert told.status == 0
    assert told.out.startswith(f"{uuid(1)} web1  Nova 34.0.0\nstable  ACTIVE  active / - / 1 RUNNING\n")


def test_only_get_goes_to_the_compute_api_and_seven_requests_at_most(cloud: FakeCloud, run: Run) -> None:
    cloud.servers = [server(1)]
    cloud.actions[uuid(1)] = [action("live-migration", event("compute_live_migration", "Error"), message="Error")]
    cloud.migrations = [MIGRATION]
    run("web1", *NOW)
    assert {verb for verb, _ in cloud.compute_requests} == {"GET"}
    assert [path.partition("?")[0] for _, path in cloud.compute_requests] == [
        "servers",
        f"servers/{uuid(1)}",
        f"servers/{uuid(1)}/os-instance-actions",
        f"servers/{uuid(1)}/os-instance-actions/req-{uuid(700)}",
        "os-migrations",
        "os-services",
    ]
    others = [(verb, path) for verb, path in cloud.asked if not path.startswith("/compute/v2.1/")]
    assert [path for verb, path in others if verb != "GET"] == ["/identity/v3/auth/tokens"]


@pytest.mark.parametrize(("newest", "asked"), [("2.104", "2.104"), ("2.200", "2.104"), ("2.60", "2.60")])
def test_the_newest_microversion_that_both_know_is_asked_in(
    cloud: FakeCloud, run: Run, newest: str, asked: str
) -> None:
    cloud.servers, cloud.newest = [server(1)], newest
    run("web1", *NOW)
    sent = [headers.get("OpenStack-API-Version") for headers in cloud.headers]
    assert {word for word in sent if word} == {f"compute {asked}"}


@pytest.fixture
def pasted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Told]:
    """What is told of answers of the API that are pasted."""

    def explain(*documents: object, form: str) -> Told:
        paste = tmp_path / "paste.json"
        paste.write_text("\n".join(map(json.dumps, documents)), encoding="utf-8")
        capsys.readouterr()
        status = main(["explain", str(paste), *NOW, "--format", form, "--release", "34.0.0"])
        return Told(status=status, out=capsys.readouterr().out, err="")

    return explain


@pytest.mark.parametrize("name", SITUATIONS)
@pytest.mark.parametrize("form", ["json", "text"])
def test_what_is_told_live_is_what_a_paste_of_the_same_is_told(
    cloud: FakeCloud, run: Run, pasted: Callable[..., Told], name: str, form: str
) -> None:
    cloud.servers, cloud.services = [server(1, **SITUATIONS[name])], []
    told = run("web1", *NOW, "--format", form)
    assert told == pasted({"server": cloud.servers[0]}, form=form)


def test_records_around_it_are_told_as_a_paste_of_them_is(
    cloud: FakeCloud, run: Run, pasted: Callable[..., Told]
) -> None:
    cloud.servers, cloud.migrations = [server(1)], [MIGRATION]
    failed = action("live-migration", event("compute_live_migration", "Error"), message="Error")
    cloud.actions[uuid(1)] = [failed]
    told = run("web1", *NOW, "--format", "json")
    documents = [
        {"server": cloud.servers[0]},
        {"instanceAction": {**failed, "instance_uuid": uuid(1)}},
        {"migrations": cloud.migrations},
        {"services": cloud.services},
    ]
    assert told == pasted(*documents, form="json")
    assert [record["record"] for record in json.loads(told.out)] == ["server", "event", "migration", "service"]
    assert told.status == 1


def test_a_migration_that_had_ended_before_the_newest_action_is_history(cloud: FakeCloud, run: Run) -> None:
    cloud.servers, cloud.migrations = [server(1)], [MIGRATION]
    cloud.actions[uuid(1)] = [action("reboot", event("compute_reboot_instance", "Success"), minute=30)]
    told = run("web1", *NOW, "--format", "json")
    assert [record["record"] for record in json.loads(told.out)] == ["server", "event", "service"]
    assert told.status == 0


def test_what_is_fine_around_a_server_takes_one_line_each(cloud: FakeCloud, run: Run) -> None:
    cloud.servers = [server(1)]
    cloud.actions[uuid(1)] = [action("start", event("compute_start_instance", "Success"))]
    told = run("web1", *NOW)
    assert told.out.endswith(
        "Also looked at\n  record of an action start compute_start_instance Success\n"
        "  service nova-compute host1 enabled up\n"
    )


def test_what_may_not_be_seen_is_said_and_not_guessed(cloud: FakeCloud, run: Run) -> None:
    cloud.servers, cloud.is_admin = [server(1)], False
    told = run("web1", *NOW, "--format", "json")
    assert told.status == 0
    assert told.err == (
        "nova-states: web1: not seen with these rights: its host, the host's status (host_status), its migrations; "
        "the answer says nothing of that\n"
    )
    (answer,) = json.loads(told.out)
    assert (answer["host"], answer["host_status"]) == (None, None)


def test_an_action_without_events_does_not_hide_the_one_before(cloud: FakeCloud, run: Run) -> None:
    cloud.servers = [server(1)]
    failed = action("reboot", event("compute_reboot_instance", "Error"), message="Error")
    cloud.actions[uuid(1)] = [action("lock", minute=5), failed]
    records = json.loads(run("web1", *NOW, "--format", "json").out)
    assert [record["action"] for record in records if record["record"] == "event"] == ["reboot"]
    assert len(cloud.compute_requests) == 7


def test_an_action_whose_events_may_not_be_seen_is_told_without(cloud: FakeCloud, run: Run) -> None:
    cloud.servers = [server(1)]
    cloud.actions[uuid(1)] = [action("stop", event("compute_stop_instance", "Error"), message="Error")]
    cloud.instead[f"req-{uuid(700)}"] = lambda: (403, {"forbidden": {"message": "Policy doesn't allow"}})
    told = run("web1", *NOW, "--format", "json")
    assert "not seen with these rights: the events of its action and their results" in told.err
    assert [(one["record"], one.get("message")) for one in json.loads(told.out)][1] == ("event", "Error")


def test_several_servers_are_told_one_after_the_other(cloud: FakeCloud, run: Run) -> None:
    cloud.servers = [server(1), server(2, **STOPPED), server(3)]
    told = run("web2", "web1", "web2", *NOW, "--lang", "ko")
    heads = [line for line in told.out.splitlines() if line.endswith("Nova 34.0.0")]
    assert heads == [f"{uuid(2)} web2  Nova 34.0.0", f"{uuid(1)} web1  Nova 34.0.0"]


def test_without_a_server_all_are_told_worst_first(cloud: FakeCloud, run: Run) -> None:
    cloud.servers = [server(1), server(2, **FAILED)]
    told = run(*NOW)
    assert told.status == 1
    assert told.out.startswith("2 servers  Nova 34.0.0\n  needs attention  1\n  stable  1\n")
    assert [path for _, path in cloud.compute_requests] == ["servers/detail?limit=500"]


def test_no_servers_are_fine(cloud: FakeCloud, run: Run) -> None:
    assert (run().out, run("--format", "json").out) == ("There are no servers.\n", "[\n]\n")
    assert run().status == 0
    assert not cloud.servers


@pytest.mark.parametrize(
    ("newest", "version", "said"),
    [
        ("2.104", "34.0.0", ""),
        ("2.100", "32.2.1", "the cloud's API knows microversions up to 2.100, as do 31.3.1 (2025.1); answered for the"),
        ("2.87", "22.4.0", "as do 21.2.4 (ussuri)"),
        ("2.300", "34.0.0", "newer than any release known here; answered for 34.0.0"),
        ("2.91", "25.3.0", "which no release has; answered for 25.3.0"),
    ],
)
def test_the_cloud_tells_its_release_by_its_newest_microversion(
    cloud: FakeCloud, run: Run, newest: str, version: str, said: str
) -> None:
    cloud.servers, cloud.newest = [server(1)], newest
    told = run("web1", *NOW)
    assert f"web1  Nova {version}\n" in told.out
    assert said in told.err
    assert bool(told.err) == bool(said)


def test_a_release_that_is_named_decides(cloud: FakeCloud, run: Run) -> None:
    cloud.servers, cloud.newest = [server(1)], "2.100"
    told = run("web1", *NOW, "--release", "2025.1")
    assert "web1  Nova 31.3.1\n" in told.out
    assert not told.err


def test_a_name_with_signs_of_regular_expressions_is_a_name(cloud: FakeCloud, run: Run) -> None:
    cloud.servers = [server(1, name="web[1].*")]
    assert "web[1].*  Nova" in run("web[1].*", *NOW).out


def test_nothing_is_kept(cloud: FakeCloud, run: Run, tmp_path: Path) -> None:
    cloud.servers = [server(1)]
    run("web1", *NOW)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["clouds.yaml"]


def test_a_cloud_may_be_told_by_the_environment(
    cloud: FakeCloud, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud.servers = [server(1)]
    environ = {
        "AUTH_URL": f"{cloud.url}/identity/v3",
        "USERNAME": "operator",
        "PASSWORD": SECRET,
        "PROJECT_NAME": "demo",
        "USER_DOMAIN_ID": "default",
        "PROJECT_DOMAIN_ID": "default",
        "REGION_NAME": "here",
    }
    for name, value in environ.items():
        monkeypatch.setenv(f"OS_{name}", value)
    assert run("web1", *NOW, name="envvars", file=tmp_path / "none.yaml").status == 0


def test_both_languages_have_every_word_with_the_same_gaps() -> None:
    words = {language: words_in(language) for language in ("en", "ko")}
    gaps = {
        language: {name: set(re.findall(r"\{\w+\}", text)) for name, text in texts.items()}
        for language, texts in words.items()
    }
    assert gaps["en"] == gaps["ko"]
    used = "".join(path.read_text(encoding="utf-8") for path in PACKAGE.glob("c*/*.py"))
    assert [
        name for name in words["en"] if not re.search(rf"""['"]{name}['"]|{name.partition("_")[0]}_{{""", used)
    ] == []
