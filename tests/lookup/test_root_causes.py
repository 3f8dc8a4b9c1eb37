"""What is recognised behind a failure, wherever it is quoted, and what is said of it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from nova_states.errors import CheckError
from nova_states.explanations.cause_texts import load_cause_texts
from nova_states.explanations.loading import load_explanations
from nova_states.lookup.details import find_details, with_details
from nova_states.lookup.explainer import Explainer
from nova_states.lookup.filling import fill_text
from nova_states.lookup.log_lines import with_lines
from nova_states.lookup.named_objects import objects_in
from nova_states.lookup.paste_reader import Problem, read_reports
from nova_states.lookup.report import Report
from nova_states.lookup.shared_causes import with_shared_causes
from nova_states.lookup.table_cache import load_tables
from nova_states.lookup.tables_view import TablesView
from nova_states.lookup.vocabulary import Vocabulary
from tests.lookup.told_pastes import UUID, line_of, server_of

QUOTED = [
    (name, text)
    for case in yaml.safe_load(Path(__file__).with_name("causes.yml").read_text(encoding="utf-8"))
    for name, text in case.items()
]
TABLES = load_tables("en")
MESSAGES = load_tables("messages")
VOCABULARY = Vocabulary(tables=TABLES, messages_table=MESSAGES)
TEXTS = with_lines(TABLES["texts"], MESSAGES)
EVENT = """\
| action  | {}                                                                                       |
| events  | event='cold_migrate', result='Error', traceback='nova.exception.NoValidHost: No valid host was found. ' |
| message | Error                                                                                        |
| request_id | req-2f3f4b5c-7d8e-4f9a-8b1c-2d3e4f5a6b7c                                                  |
"""


def answers_to(paste: str) -> list[dict[str, Any]]:
    reports = read_reports(paste, VOCABULARY)
    assert not isinstance(reports, Problem), paste
    explainer = Explainer(view=TablesView(tables=TABLES, version=TABLES["latest"]), texts=TEXTS, now=1_795_737_600)
    return [explainer.tell(report) for report in reports]


def why(name: str) -> str:
    told: str = TEXTS["help"][f"cause:{name}"][0]
    return told


def detailed(name: str, text: str, record: str) -> list[Any]:
    """What is said of a cause where a message quotes it, with what stands in the message itself."""
    report = Report(record=record, read={"fault": {"message": text}})
    found: list[Any] = with_details(TEXTS, find_details([f"cause:{name}"], report, TEXTS))["help"][f"cause:{name}"]
    return found


@pytest.mark.parametrize(("name", "text"), QUOTED)
def test_a_cause_is_told_wherever_it_is_quoted(name: str, text: str) -> None:
    (alone,) = answers_to(text)
    assert alone["why"].startswith(detailed(name, text, alone["record"])[0])
    for paste in (
        line_of(text, "WARNING"),
        line_of(f"Setting instance vm_state to ERROR: {text}"),
        server_of(f"Build of instance {UUID} aborted: {text}", "error", 0, None),
        server_of(f"Exceeded maximum number of retries. Last exception: {text}", "error", 1, "2026-11-20T10:00:00Z"),
    ):
        (answer,) = answers_to(paste)
        said, steps, *_ = detailed(name, text, answer["record"])
        assert answer["why"].startswith(said), paste
        assert answer["steps"][0]["text"] == fill_text(steps[0][0], objects_in(text))
        assert len(answer["steps"]) <= 5


def test_what_was_pasted_is_not_asked_for_again() -> None:
    (answer,) = answers_to(f"Build of instance {UUID} aborted: Failed to allocate the network(s), not rescheduling.")
    assert [step["command"] for step in answer["steps"] if "fault" in (step["command"] or "")] == []


def test_a_failure_without_a_known_cause_asks_for_it() -> None:
    (answer,) = answers_to(f"Build of instance {UUID} aborted: something else")
    assert "-c fault" in answer["steps"][0]["command"]


def test_what_is_behind_decides() -> None:
    text = "Failed to allocate the network(s): [Errno 28] No space left on device"
    assert answers_to(text)[0]["why"].startswith(why("no-space"))


def test_what_was_asked_for_decides_which_host_was_missing() -> None:
    assert answers_to(EVENT.format("resize"))[0]["why"].startswith(why("no-host-resize"))
    assert answers_to(EVENT.format("evacuate"))[0]["why"].startswith(why("no-host-evacuate"))
    assert why("no-host-resize") not in answers_to(EVENT.format("create"))[0]["why"]


@pytest.mark.parametrize(
    ("said", "cause"),
    [
        ("after nova evacuate the servers are in ERROR", "no-host-evacuate"),
        ("$ openstack server unshelve web1", "no-host-unshelve"),
        ("크기 조정이 실패했습니다", "no-host-resize"),
    ],
)
def test_what_is_said_beside_a_failure_decides_which_host_was_missing(said: str, cause: str) -> None:
    (answer,) = answers_to(f"{said}\nNoValidHost: No valid host was found. There are not enough hosts available.")
    assert answer["why"].startswith(why(cause))
    # What was to be moved is not deleted and made anew.
    assert not any((step["command"] or "").startswith("openstack server delete") for step in answer["steps"])


def test_of_two_actions_that_are_named_beside_a_failure_none_decides() -> None:
    said = "resize after evacuate\nNoValidHost: No valid host was found. There are not enough hosts available."
    assert not any(why(f"no-host-{name}") in answers_to(said)[0]["why"] for name in ("resize", "evacuate"))


def test_who_may_not_confirm_is_told_of_the_source() -> None:
    refused = "Service is unavailable at this time. (HTTP 409) (Request-ID: req-2f3f4b5c-7d8e-4f9a-8b1c-2d3e4f5a6b7c)"
    assert answers_to(f"$ openstack server resize confirm web1\n{refused}")[0]["why"] == why("confirm-source-down")
    assert why("confirm-source-down") not in answers_to(f"$ openstack server resize web1\n{refused}")[0]["why"]


def test_a_line_that_means_no_harm_wants_nobody() -> None:
    line = line_of("Migration for instance refers to another host's instance! _pair_instances_to_migrations", "DEBUG")
    assert answers_to(line)[0]["verdict"] == "stable"
    assert answers_to(line_of("Failed to terminate process 1 with SIGKILL", "WARNING"))[0]["verdict"] == (
        "needs-attention"
    )


def test_a_refusal_is_no_fault() -> None:
    texts = ["Unable to delete compute service that is hosting instances.", "Quota exceeded for cores: Requested 8, but already used 40 of 40 cores"]  # fmt: skip  # noqa: E501
    assert [answers_to(text)[0]["record"] for text in texts] == ["refusal", "refusal"]


def test_servers_of_a_list_each_have_their_cause() -> None:
    servers = [
        json.loads(server_of(text, "error", 0, None)) for text in ("[Errno 28] No space left on device", "no reason")
    ]
    first, second = answers_to(json.dumps({"servers": servers}))
    assert first["why"].startswith(why("no-space"))
    assert why("no-space") not in second["why"]


def test_each_cause_has_a_message_in_these_tests_and_a_runbook_that_is_there() -> None:
    texts = load_explanations().cause_texts
    runbooks = {path.stem for path in (Path(__file__).parents[2] / "docs" / "en" / "runbook").glob("*.md")}
    assert {text.runbook for text in texts.values() if text.runbook} <= runbooks
    assert {name for name, _ in QUOTED} <= texts.keys()
    assert [name for name, text in texts.items() if not text.steps] == ["asked-live-migrate-dead"]


def test_what_is_wrong_with_a_cause_is_named_with_its_place(tmp_path: Path) -> None:
    text = "name: {}\npatterns: ['{}']\nwhy: {{ko: 이유, en: why}}\n"
    (tmp_path / "one.yml").write_text(text.format("other", "a"), encoding="utf-8")
    (tmp_path / "two.yml").write_text(text.format("two", "a.*b"), encoding="utf-8")
    (tmp_path / "three.yml").write_text(text.format("three", "Upper("), encoding="utf-8")
    with pytest.raises(CheckError) as caught:
        load_cause_texts(tmp_path)
    where = "docs/explanations/cause"
    assert caught.value.problems[0] == f"{where}/one.yml: $.name: 'other' does not belong in this file"
    assert any("missing )" in problem for problem in caught.value.problems)
    assert any("lower case" in problem for problem in caught.value.problems)
    assert any("has no end" in problem for problem in caught.value.problems)


@pytest.mark.parametrize(
    ("line", "cause", "verdict"),
    [
        ('10.0.0.1 "POST /v2.1/servers/a/action HTTP/1.1" status: 409 len: 5', "access-conflict", None),
        ('10.0.0.1 - - [x] "POST /v2.1/servers HTTP/1.1" 403 400', "access-forbidden", None),
        ("DELETE /v2.1/servers/a => generated 0 bytes in 50 msecs (HTTP/1.1 404) 9 headers", "access-not-found", None),
        ('"GET /v2.1/servers/detail HTTP/1.1" 503 12', "access-failed", None),
        (
            "Error deleting openstack_compute_instance_v2 a: Resource not found: [DELETE https://x/v2.1/servers/a]",
            "gone-already",
            "stable",
        ),
    ],
)
def test_a_line_of_an_access_log_is_told_by_its_code(line: str, cause: str, verdict: str | None) -> None:
    (answer,) = answers_to(line)
    assert answer["why"].startswith(why(cause))
    assert verdict is None or answer["verdict"] == verdict


def test_what_is_known_is_not_looked_for() -> None:
    (answer,) = answers_to(server_of("error connecting: Permission denied", "error", 4, "2026-11-20T10:00:00Z"))
    assert "ceph auth" in answer["steps"][0]["command"]
    said = [answer["why"], *(advice["text"] for advice in answer["advice"])]
    assert [text for text in said if "event list" in text] == []
    assert answer["runbook"] != "error-after-migration"


def test_what_may_be_lost_stays_said_behind_another_cause() -> None:
    (answer,) = answers_to("Failed to resume instance: operation failed: job 'restore' failed: Cannot allocate memory")
    assert answer["why"].startswith(why("no-memory"))
    assert why("resume-failed") in answer["why"]
    assert any("--managed-save" in (step["command"] or "") for step in answer["steps"])


def test_what_is_asked_is_answered_first_and_both_questions_are() -> None:
    (answer,) = answers_to("The server is PAUSED. Who paused it? Is it safe to unpause it?")
    assert answer["why"].startswith(why("asked-unpause"))
    assert why("asked-who") in answer["why"]
    (answer,) = answers_to("someone ran a rebuild on the wrong VM, it is in REBUILD. can i get the old disk back?")
    assert answer["why"].startswith(why("asked-rebuild-undo"))


def test_a_cause_below_the_only_server_is_its_own() -> None:
    lone = "Out of memory: Killed process 48122 (qemu-kvm) total-vm:68412304kB"
    found = read_reports(f"{server_of('internal error', 'error', 4, '2026-11-20T10:00:00Z')}\n\n{lone}", VOCABULARY)
    assert not isinstance(found, Problem)
    (server,) = with_shared_causes(list(found))
    assert server.record == "server"
    assert (server.read or {})["cause"] == "no-memory"
    two = [*found, replace(found[0], id="66666666-7777-8888-9999-000000000000")]
    assert len(with_shared_causes(two)) == len(two)


def test_who_locked_a_server_is_asked_before_anything_is_done_to_it() -> None:
    paste = """\
{"id": "11111111-2222-3333-4444-555555555555", "status": "SHUTOFF", "OS-EXT-STS:vm_state": "stopped",
 "OS-EXT-STS:task_state": null, "OS-EXT-STS:power_state": 4, "locked": true}"""
    (answer,) = answers_to(paste)
    assert "locked_reason" in answer["steps"][0]["command"]
    assert answer["why"].startswith("It is locked")
    (answer,) = answers_to(paste.replace("true}", 'true, "locked_reason": "sec team"}'))
    assert answer["steps"][0]["command"] is None
    assert answer["steps"][0]["text"].startswith("First find out who locked it")


def test_the_name_of_a_class_is_all_that_some_faults_say() -> None:
    (answer,) = answers_to(server_of("NoValidHost", "error", 0, None))
    assert answer["runbook"] == "error-after-build"
    assert not any("reboot --hard" in (step["command"] or "") for step in answer["steps"])


def test_a_status_of_a_task_that_was_not_shown_has_steps() -> None:
    (answer,) = answers_to("| status | RESIZE |\n| name | db |")
    assert [advice["id"] for advice in answer["advice"]].count("task_untold") == 1
    assert "task_state" in answer["steps"][0]["command"]
