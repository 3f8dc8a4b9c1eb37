"""What is answered to lines of a log and to faults: what is said of them, before what is said of states."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from nova_states.lookup.details import DETAILS
from nova_states.lookup.explainer import Explainer
from nova_states.lookup.log_lines import with_lines
from nova_states.lookup.paste_reader import Problem, read_reports
from nova_states.lookup.table_cache import load_tables
from nova_states.lookup.tables_view import TablesView
from nova_states.lookup.vocabulary import Vocabulary
from tests.lookup.told_pastes import UUID, line_of, server_of

CASES: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("told.yml").read_text(encoding="utf-8"))
TABLES = load_tables("en")
MESSAGES = load_tables("messages")
VOCABULARY = Vocabulary(tables=TABLES, messages_table=MESSAGES)
TEXTS = with_lines(TABLES["texts"], MESSAGES)
HELP = TEXTS["help"]
NO_CANDIDATE = HELP["error:NoValidHost"][DETAILS][1][2]
LAUNCHED = "2026-11-20T10:00:00Z"


def answer_to(paste: str) -> dict[str, Any]:
    reports = read_reports(paste, VOCABULARY)
    assert not isinstance(reports, Problem)
    view = TablesView(tables=TABLES, version=TABLES["latest"])
    return Explainer(view=view, texts=TEXTS, now=1_795_737_600).tell(reports[0])


def commands_of(answer: dict[str, Any]) -> str:
    return " ".join(step["command"] or "" for step in answer["steps"])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["line"][:40])
def test_a_line_is_told_with_the_states_that_it_has(case: dict[str, Any]) -> None:
    answer = answer_to(line_of(case["line"]))
    assert answer["why"] == HELP[f"log_message:{case['text']}"][0]
    assert answer["steps"]
    assert answer["advice"] == []
    assert [answer["vm_state"], answer["task_state"], answer["power_state"]] == case["states"]


def test_a_line_that_tells_of_a_failure_is_not_in_progress_and_its_exception_is_told() -> None:
    text = "Timeout waiting for ['network-vif-plugged-1'] for instance with vm_state building and task_state spawning"
    assert answer_to(line_of(text))["verdict"] == "needs-attention"
    answer = answer_to(
        line_of("Setting instance vm_state to ERROR: nova.exception.NoValidHost: No valid host was found.")
    )
    assert answer["why"].endswith(HELP["error:NoValidHost"][0])
    assert answer["why"].startswith(HELP["log_message:setting-instance-vm-state-to-error"][0])


def test_what_nova_does_after_a_line_is_told() -> None:
    assert answer_to(line_of("Failed to resume instance"))["effect"] == "error"
    assert answer_to(line_of("Instance is paused unexpectedly. Ignore."))["effect"] is None


def test_the_fault_of_a_server_decides_before_its_states() -> None:
    answer = answer_to(server_of("No valid host was found.", "error", 0, None))
    assert answer["why"] == NO_CANDIDATE
    assert "server delete" in commands_of(answer)
    launched = answer_to(server_of("No valid host was found.", "error", 1, LAUNCHED))
    assert launched["why"] == NO_CANDIDATE
    assert "server delete" not in commands_of(launched)
    old = answer_to(
        server_of("No valid host was found.", "error", 1, LAUNCHED).replace(
            "2026-11-26T10:00:00Z", "2026-10-01T10:00:00Z"
        )
    )
    assert old["why"] != NO_CANDIDATE


def test_a_fault_alone_has_no_status_that_nobody_said() -> None:
    answer = answer_to("No valid host was found.")
    assert (answer["status"], answer["vm_state"], answer["verdict"] == "stable") == (None, None, False)
    assert answer["why"] == NO_CANDIDATE


def test_a_build_that_goes_on_elsewhere_is_not_rebooted() -> None:
    answer = answer_to(f"Build of instance {UUID} was re-scheduled: no route to host")
    assert answer["status"] is None
    assert "reboot" not in commands_of(answer)
