from __future__ import annotations

import json
from typing import Any

import pytest

from nova_states.catalog.catalog import load_catalog
from nova_states.catalog.permissions import conditional_refusals, decide
from nova_states.facts.condition import to_text
from nova_states.facts.guard_check import ServerStates
from nova_states.facts.state_set import StateSet
from nova_states.facts.stored_states import states_of
from nova_states.lookup.explainer import Explainer
from nova_states.lookup.next_steps import steps_of
from nova_states.lookup.paste_reader import Problem, read_reports
from nova_states.lookup.permission_tables import answered_actions
from nova_states.lookup.report import Report
from nova_states.lookup.table_cache import load_tables
from nova_states.lookup.tables_view import TablesView, find_version
from nova_states.lookup.task_outcomes import task_steps
from nova_states.lookup.vocabulary import Vocabulary
from tests.lookup.cases import generated_cases, samples

CATALOG = load_catalog()
TABLES = load_tables("en")


def explain(text: str, release: str) -> dict[str, Any]:
    reports = read_reports(text, Vocabulary(tables=TABLES))
    assert not isinstance(reports, Problem)
    version = find_version(TABLES, release)
    assert version
    return Explainer(view=TablesView(tables=TABLES, version=version), texts=TABLES["texts"]).explain(reports[0])


@pytest.mark.parametrize("sample", samples(), ids=lambda sample: json.dumps(sample["server"]))
def test_status_and_actions_are_those_worked_out_by_hand(sample: dict[str, Any]) -> None:
    answer = explain(json.dumps(sample["server"]), sample["release"])
    assert answer["status"] == sample["status"]
    assert set(sample["allowed"]) - set(answer["allowed"]) == set()
    assert set(sample["refused"]) - {refusal["action"] for refusal in answer["refused"]} == set()


@pytest.mark.parametrize("version", ["13.1.4", "25.3.0", CATALOG.latest])
def test_what_happens_by_itself_keeps_its_order_and_the_lines_of_its_release(version: str) -> None:
    release = CATALOG.release(version)
    steps = [*task_steps(release.facts("transitions")), *steps_of(release)]
    view = TablesView(tables=TABLES, version=version)
    told = [
        step for state in view.vm_states for task in (None, *view.task_states) for step in view.steps(state, task, None)
    ]
    lines = {(step["effect"], step["what"], step["condition"], tuple(step["evidence"].values())) for step in told}
    assert lines == {
        (step.effect, step.what, step.condition, (step.evidence.file, step.evidence.line, step.evidence.function))
        for step in steps
    }
    deleting = [step["evidence"]["line"] for step in view.steps("active", "deleting", "RUNNING")]
    server = StateSet(
        vm_state=frozenset({"active"}), task_state=frozenset({"deleting"}), power_state=frozenset({"RUNNING"})
    )
    assert deleting == [step.evidence.line for step in steps if states_of(step.start).meets(server)]


@pytest.mark.parametrize("case", list(generated_cases(CATALOG)), ids=str)
def test_every_decision_is_that_of_the_guards(case: Any) -> None:  # noqa: ANN401
    answer = explain(case.input, case.release)
    if answer["vm_state"] is None:
        return
    release = CATALOG.release(case.release)
    launched = "launched_at" not in case.input
    server = ServerStates(vm_state=answer["vm_state"], task_state=answer["task_state"], launched=launched)
    decided = {action: decide(release, action, server) for action in answered_actions(release)}
    assert answer["allowed"] == [action for action, refusal in decided.items() if refusal is None]
    new = {one["attribute"] for one in answer["unknown"]} & {"vm_state", "task_state"}
    # A value that no release has may be like any that one has: what depends on which is not said.
    alike = [
        ServerStates(vm_state=vm_state, task_state=task_state, launched=launched)
        for vm_state in (release.vm_states if "vm_state" in new else (server.vm_state,))
        for task_state in (release.task_states if "task_state" in new else (server.task_state,))
    ]
    refused = {
        action: refusal
        for action, refusal in decided.items()
        if refusal is not None and all(decide(release, action, one) is not None for one in alike)
    }
    assert [one["action"] for one in answer["refused"]] == list(refused)
    assert new or answer["refused"] == [
        {"action": action, "attribute": refusal.attribute, "value": refusal.value}
        for action, refusal in refused.items()
    ]
    assert answer["status"] == release.status(server.vm_state, server.task_state)


@pytest.mark.parametrize("version", ["13.0.0", "25.3.0", CATALOG.latest])
def test_every_cell_is_that_of_the_functions_that_decide(version: str) -> None:
    release, view = CATALOG.release(version), TablesView(tables=TABLES, version=version)
    noted = 0
    for vm_state in (*release.vm_states, "no vm_state"):
        for task_state in (None, *release.task_states, "no task"):
            server = ServerStates(vm_state=vm_state, task_state=task_state)
            assert view.status(vm_state, task_state) == release.status(vm_state, task_state)
            for action, fact in release.actions.items():
                when = [to_text(guard.when) for guard in conditional_refusals(release, action, server)]
                assert view.notes(action, vm_state, task_state) == (list(fact.conditions), when)
                noted += len(when)
    assert noted > len(release.vm_states)


def test_what_happens_by_itself_is_told_with_its_line() -> None:
    answer = explain('{"vm_state": "active", "task_state": "powering-off", "power_state": 1}', "34.0.0")
    startup = [step for step in answer["next"] if step["cause"] == "startup"]
    assert startup[0]["effect"] == "stop"
    facts = [row for row in CATALOG.release("34.0.0").facts("startup") if row.effect == "stop"]
    assert startup[0]["evidence"] == {
        "file": facts[0].evidence.file,
        "line": facts[0].evidence.line,
        "function": facts[0].evidence.function,
    }


def test_the_power_sync_is_told_for_the_power_state_given() -> None:
    effects = [
        [step["effect"] for step in answer["next"] if step["cause"] == "power_sync"]
        for answer in (
            explain('{"vm_state": "active", "task_state": null, "power_state": 6}', "34.0.0"),
            explain('{"vm_state": "stopped", "task_state": null, "power_state": 3}', "34.0.0"),
            explain('{"vm_state": "rescued", "task_state": null, "power_state": 4}', "34.0.0"),
        )
    ]
    assert effects == [["stop", "delete"], ["force_stop"], ["none"]], "what a flag has happen comes last"


@pytest.mark.skipif(not CATALOG.release("34.0.0").facts("transitions"), reason="no transitions are stored yet")
def test_a_refused_action_comes_with_the_way_to_where_it_is_allowed() -> None:
    answer = explain('{"vm_state": "stopped", "task_state": null, "power_state": 4}', "34.0.0")
    assert answer["ways"].get("pause") == ["start"]
    # It is stopped: nobody is led away to come back to that.
    assert "stop" not in answer["ways"]
    # Only a server that was resized has something to confirm; the way there would be one to an outage.
    assert "confirm_resize" not in answer["ways"]


@pytest.mark.parametrize(
    ("word", "version"),
    [("latest", CATALOG.latest), ("mitaka", "13.1.4"), ("13", "13.1.4"), ("16.1", "16.1.8"), ("14.0.3", "14.0.3"),
     ("2026.1", "33.0.2"), ("kilo", None), ("", None), ("constructor", None)],
)  # fmt: skip
def test_a_release_is_meant_by_any_of_its_names(word: str, version: str | None) -> None:
    assert find_version(TABLES, word) == version


def test_servers_in_the_same_states_share_an_answer() -> None:
    explainer = Explainer(view=TablesView(tables=TABLES, version=TABLES["latest"]), texts=TABLES["texts"])
    one = explainer.explain(Report(id="1", vm_state="active", has_task=True))
    assert explainer.explain(Report(id="2", vm_state="active", has_task=True)) is one


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ('{"status": "ACTIVE", "task_state": null, "power_state": 1}', "stable"),
        ('{"status": "PAUSED", "task_state": null, "power_state": 3}', "stable"),
        ('{"status": "SHUTOFF", "task_state": null, "power_state": 4}', "stable"),
        ('{"status": "SHELVED_OFFLOADED", "task_state": null, "power_state": 4}', "stable"),
        ("ID,Name,Status,Task State,Power State\n1,web-1,ACTIVE,None,Running", "stable"),
        ("| ID | Name | Status | Task State | Power State |\n| 1 | a | SHUTOFF | - | Shutdown |", "stable"),
        ('{"status": "ACTIVE", "task_state": null, "power_state": 4}', "inconsistent"),
        ('{"status": "ACTIVE", "task_state": null, "power_state": "No State"}', "inconsistent"),
        # A task may be hidden, or what the hypervisor says of it; no status names the vm_state UNKNOWN is.
        ('{"status": "ACTIVE", "power_state": 1}', "unknown"),
        ('{"status": "ACTIVE", "task_state": null}', "unknown"),
        ('{"status": "ACTIVE", "task_state": null, "power_state": "9"}', "unknown"),
        ('{"task_state": null, "power_state": 1}', "unknown"),
        ('{"task_state": null, "power_state": 4}', "unknown"),
        ('{"status": "UNKNOWN", "task_state": null, "power_state": 1}', "unknown"),
    ],
)
def test_a_status_with_its_task_stands_for_the_vm_state_that_they_leave(text: str, verdict: str) -> None:
    assert explain(text, "34.0.0")["verdict"] == verdict


@pytest.mark.parametrize("version", ["13.0.0", "25.3.0", CATALOG.latest])
def test_no_status_is_stable_that_its_vm_states_are_not(version: str) -> None:
    view = TablesView(tables=TABLES, version=version)
    for status in view.status_words:
        for number, name, _ in view.power_states:
            found = explain(json.dumps({"status": status, "task_state": None, "power_state": number}), version)
            states = [state for state in view.vm_states if view.status(state, None) == status]
            verdicts = {view.verdict(state, None, name) for state in states}
            assert (found["verdict"] == "stable") == (verdicts == {"stable"}), (status, name)
