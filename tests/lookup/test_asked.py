"""What people write in sentences, beside a state or without one: the question, the time, the host that is dead."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from nova_states.lookup.explainer import Explainer
from nova_states.lookup.log_lines import with_lines
from nova_states.lookup.paste_reader import Problem, read_reports
from nova_states.lookup.root_causes import is_question
from nova_states.lookup.table_cache import load_tables
from nova_states.lookup.tables_view import TablesView
from nova_states.lookup.told_records import told_records
from nova_states.lookup.vocabulary import Vocabulary
from tests.lookup.page_scripts import answers_of_the_page, needs_node

CASES: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("asked.yml").read_text(encoding="utf-8"))
TABLES = load_tables("en")
MESSAGES = load_tables("messages")
VOCABULARY = Vocabulary(tables=TABLES, messages_table=MESSAGES)
TEXTS = with_lines(TABLES["texts"], MESSAGES)


def answer_to(paste: str) -> dict[str, Any]:
    reports = read_reports(paste, VOCABULARY)
    assert not isinstance(reports, Problem), paste
    view = TablesView(tables=TABLES, version=TABLES["latest"])
    return Explainer(view=view, texts=TEXTS, now=1_795_737_600).tell(reports[0])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["input"][:40])
def test_a_sentence_is_understood_whole(case: dict[str, Any]) -> None:
    answer = answer_to(case["input"])
    if "asked" in case:
        assert answer["why"].startswith(TEXTS["help"][f"cause:{case['asked']}"][0])
    assert answer["status"] == case.get("status", answer["status"] if "task" in case else None)
    assert answer["task_state"] == case.get("task")
    if "verdict" in case:
        assert answer["verdict"] == case["verdict"]
    if "down" in case:
        assert (answer["host_status"] == "UNKNOWN") is case["down"]
        assert ("fence" in (answer["why"] or "")) is case["down"]
    assert answer["unread"] == []


@needs_node
def test_the_page_understands_it_alike(tmp_path: Path) -> None:
    pastes = [case["input"] for case in CASES]
    for paste, (theirs, *_) in zip(pastes, answers_of_the_page(pastes, tmp_path), strict=True):
        assert json.loads(json.dumps(answer_to(paste))) == theirs, paste


def test_a_question_alone_is_answered_without_a_state() -> None:
    answer = answer_to("who deleted it?")
    assert [answer["vm_state"], answer["task_state"], answer["verdict"]] == [None, None, "unknown"]
    assert "server event list" in answer["steps"][0]["command"]


def test_a_dead_host_is_never_asked_for_a_live_migration() -> None:
    for case in (case for case in CASES if case.get("down")):
        commands = " ".join(step["command"] or "" for step in answer_to(case["input"])["steps"])
        assert "live-migration" not in commands
        assert "evacuate" in commands


def test_of_a_cell_that_does_not_answer_no_host_is_evacuated() -> None:
    answer = answer_to("servers show UNKNOWN without names, should I evacuate?")
    assert answer["host_status"] is None
    assert "cell" in answer["why"]
    assert not any("evacuate" in (step["command"] or "") for step in answer["steps"])


def test_no_task_runs_on_what_is_deleted() -> None:
    states = '"OS-EXT-STS:vm_state": "deleted", "OS-EXT-STS:task_state": "deleting", "OS-EXT-STS:power_state": 0'
    answer = answer_to(f'{{"status": "DELETED", {states}}}')
    assert answer["verdict"] == "stable"
    assert answer["why"] == TEXTS["help"]["advice:deleted_is_gone"][0]


def test_what_can_be_restored_says_until_when() -> None:
    states = '"OS-EXT-STS:vm_state": "soft-delete", "OS-EXT-STS:task_state": null, "OS-EXT-STS:power_state": 4'
    assert "reclaim_instance_interval" in answer_to(f'{{"status": "SOFT_DELETED", {states}}}')["why"]


@pytest.mark.parametrize(
    "said", ["누가 오래된 스냅샷 이미지를 정리했다고 하네요", "누가 어제 네트워크를 변경했다고 합니다"]
)
def test_what_somebody_is_said_to_have_done_is_no_question(said: str) -> None:
    found = read_reports(said, VOCABULARY)
    causes = [] if isinstance(found, Problem) else [(one.read or {}).get("cause") for one in found]
    assert "asked-who" not in causes


LIST = """\
| ID | Name | Status  | Task State | Power State |
| 1  | web  | SHUTOFF | None       | Shutdown    |
| 2  | db   | ACTIVE  | None       | Running     |
"""


def answers_to(paste: str) -> list[dict[str, Any]]:
    told = told_records(
        read_all(paste), TablesView(tables=TABLES, version=TABLES["latest"]), lambda: MESSAGES, 1_795_737_600
    )
    return [told.explainer.tell(report) for report, _ in told.every]


def read_all(paste: str) -> list[Any]:
    reports = read_reports(paste, VOCABULARY)
    assert not isinstance(reports, Problem), paste
    return reports


def test_what_is_asked_of_a_list_is_of_none_of_its_servers_alone() -> None:
    asked, web, db = answers_to(f"{LIST}who turned it off?")
    assert [asked["name"], web["name"], db["name"]] == [None, "web", "db"]
    assert asked["why"].startswith(TEXTS["help"]["cause:asked-who"][0])
    assert web == answers_to(LIST)[0]
    assert is_question(read_all(f"{LIST}who turned it off?")[0])


def test_servers_that_are_off_together_are_so_beside_a_question() -> None:
    off = LIST.replace("ACTIVE ", "SHUTOFF").replace("Running ", "Shutdown")
    _, *told = answers_to(f"{off}who turned it off?")
    assert told == answers_to(off)


def test_a_question_beside_a_tool_and_its_server_is_asked_of_the_server() -> None:
    row = "| big | BUILD | spawning | NOSTATE | cmp1 |"
    (answer,) = (
        one
        for one in answers_to(f'"msg": "Timeout waiting for the server to come up."\n{row}\n다시 돌리면 두 대 되나요?')
        if one["name"] == "big"
    )
    assert answer["why"].startswith(TEXTS["help"]["cause:asked-made-twice"][0])


def test_a_sign_of_a_failure_is_not_told_beside_what_says_why() -> None:
    sign = "resized it, nothing happens"
    assert "VERIFY_RESIZE" in answer_to(sign)["why"]
    fault = "| fault | {'message': 'No valid host was found. There are not enough hosts available.', 'code': 500} |"
    assert answer_to(f"{fault}\n{sign}")["why"] == answer_to(fault)["why"]


@pytest.mark.parametrize("status", ["ACTIVE", "SHUTOFF"])
def test_a_tool_that_waited_for_the_end_of_a_resize_is_told_that_it_did_not_come(status: str) -> None:
    answer = answer_to(
        "Error: Error waiting for instance (11111111-2222-3333-4444-555555555555) to resize: "
        f"unexpected state '{status}', wanted target 'VERIFY_RESIZE'."
    )
    assert answer["status"] == status
    assert answer["why"] == TEXTS["help"]["cause:tool-resize-undone"][0]
    assert "alone cannot tell" not in answer["why"]


def test_a_tool_that_waited_for_active_after_a_confirm_is_told_that_the_server_was_off() -> None:
    waited = "Error waiting for instance (11111111-2222-3333-4444-555555555555) to confirm resize: unexpected state"
    assert (
        answer_to(f"{waited} 'SHUTOFF', wanted target 'ACTIVE'.")["why"]
        == (TEXTS["help"]["cause:tool-resize-confirmed"][0])
    )


def test_a_state_that_is_not_told_whole_is_not_what_an_answer_begins_with() -> None:
    answer = answer_to('resized a VM, now its status is ACTIVE and "confirm" answers 409')
    assert answer["status"] == "ACTIVE"
    assert "alone cannot tell" not in answer["why"]
    assert "alone cannot tell" in answer_to("the server is ACTIVE")["why"]


def test_a_refusal_knows_of_the_host_that_is_dead() -> None:
    refused = (
        "Cannot 'evacuate' instance 11111111-2222-3333-4444-555555555555 while it is in vm_state paused (HTTP 409)"
    )
    answer = answer_to(f"{refused}\nThe host is dead")
    assert answer["host_status"] == "UNKNOWN"
    assert [step["command"] for step in answer["steps"]][1:] == [
        "openstack server set --state error 11111111-2222-3333-4444-555555555555",
        "openstack server evacuate 11111111-2222-3333-4444-555555555555",
    ]
