"""Who has tried something in vain is told what that means, and not first to do it again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import pytest

from nova_states.lookup.explainer import Explainer
from nova_states.lookup.log_lines import with_lines
from nova_states.lookup.paste_reader import Problem, read_reports
from nova_states.lookup.table_cache import load_tables
from nova_states.lookup.tables_view import TablesView
from nova_states.lookup.vocabulary import Vocabulary
from tests.lookup.page_scripts import answers_of_the_page, needs_node

TABLES = load_tables("en")
MESSAGES = load_tables("messages")
VOCABULARY = Vocabulary(tables=TABLES, messages_table=MESSAGES)
TEXTS = with_lines(TABLES["texts"], MESSAGES)
WORDS = TEXTS["words"]
REBOOTED: Final = "openstack server reboot --hard"
NO_HOST: Final = "NoValidHost: No valid host was found. There are not enough hosts available."
TRIED: Final = {
    "I tried a hard reboot, but the server is in ERROR again": ["hard_reboot", "reboot"],
    "Already tried `openstack server set --state active`, server stays in ERROR": ["reset_state"],
    "하드 리부트도 해봤는데 계속 ERROR 로 떨어집니다.": ["hard_reboot", "reboot"],
    "server is in ERROR, a hard reboot does not help": ["hard_reboot", "reboot"],
    "server hangs in powering-off, restarting nova-compute did not help": ["restart_compute"],
}
NOT_TRIED: Final = (
    "Should I try a hard reboot? The server is in ERROR",
    "서버 상태는 ERROR 입니다. 하드 리부트 해도 되나요?",
    "I tried to reboot the host, the server is in ERROR",
    "I have already evacuated the server, it shows ERROR",
)


def answer_to(paste: str) -> dict[str, Any]:
    reports = read_reports(paste, VOCABULARY)
    assert not isinstance(reports, Problem), paste
    view = TablesView(tables=TABLES, version=TABLES["latest"])
    return Explainer(view=view, texts=TEXTS, now=1_795_737_600).tell(reports[0])


def tried_of(paste: str) -> list[str]:
    reports = read_reports(paste, VOCABULARY)
    assert not isinstance(reports, Problem), paste
    told: list[str] = (reports[0].read or {}).get("tried", [])
    return told


@pytest.mark.parametrize("paste", TRIED)
def test_what_was_tried_is_heard(paste: str) -> None:
    assert tried_of(paste) == TRIED[paste]
    answer = answer_to(paste)
    assert answer["unread"] == []
    assert WORDS["tried"] in answer["why"]
    assert any("event list" in (step["command"] or "") for step in answer["steps"]) or TRIED[paste] in (
        ["reset_state"],
        ["restart_compute"],
    )


@pytest.mark.parametrize("paste", NOT_TRIED)
def test_what_was_not_tried_in_vain_is_not(paste: str) -> None:
    assert tried_of(paste) == []
    assert WORDS["tried"] not in (answer_to(paste)["why"] or "")


def test_no_answer_begins_with_what_was_tried() -> None:
    for paste in TRIED:
        first = answer_to(paste)["steps"][0]["command"] or ""
        assert not first.startswith((REBOOTED, "openstack server set --state", "systemctl restart nova-compute"))


def test_it_is_said_what_its_failing_means_where_a_state_is_told() -> None:
    assert WORDS["tried_hard_reboot"] in answer_to("I tried a hard reboot, but the server is in ERROR again")["why"]
    fault = answer_to(f"{NO_HOST}\nI tried hard reboot")
    assert WORDS["tried_hard_reboot"] not in fault["why"]
    assert WORDS["tried"] in fault["why"]


@needs_node
def test_the_page_hears_it_alike(tmp_path: Path) -> None:
    pastes = [*TRIED, *NOT_TRIED]
    for paste, (theirs, *_) in zip(pastes, answers_of_the_page(pastes, tmp_path), strict=True):
        assert json.loads(json.dumps(answer_to(paste))) == theirs, paste
