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
from nova_states.lookup.table_cache import load_tables
from nova_states.lookup.tables_view import TablesView
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
