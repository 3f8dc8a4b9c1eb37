"""What stands beside the states, as JSON: keys that others rely on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from nova_states.catalog.export import EXPORTS
from nova_states.catalog.release import Release
from nova_states.facts.model import CENSUS, KINDS, Section
from tests.facts.samples import FACTS

KEYS = {
    "errors": {"class", "code", "pattern", "translations", "raised", "faults_of", "http", "evidence"},
    "log_messages": {"pattern", "level", "effect", "evidence"},
    "migration_statuses": {"value", "types", "written", "wanted_by"},
    "events": {"name", "kind", "function", "action", "evidence"},
    "host_status": {"value", "condition", "evidence"},
}


def release(**facts: Any) -> Release:  # noqa: ANN401 - facts of any kind
    found = {kind: FACTS[kind] for kind in KINDS if kind != CENSUS} | facts
    sections = {kind: Section(facts=(fact,), gaps=(), counts=()) for kind, fact in found.items()}
    return Release(version="1.0.0", sections=sections)


@pytest.mark.parametrize("kind", KEYS)
def test_keys(kind: str) -> None:
    assert KEYS[kind] <= EXPORTS[kind](release())[0].keys()


def test_an_answer_stands_with_its_exception() -> None:
    refusal = replace(FACTS["refusals"], errors=(FACTS["errors"].name,))
    answer = EXPORTS["errors"](release(refusals=refusal))[0]["http"][0]
    assert {"action", "code", "when", "evidence"} <= answer.keys()
    assert (answer["action"], answer["code"]) == ("stop", 409)


def test_the_highest_microversion_is_a_text() -> None:
    assert EXPORTS["max_microversion"](release()) == "2.104"


@pytest.mark.parametrize(
    ("name", "actions", "action"),
    [
        ("compute_confirm_resize", ("confirm_resize", "delete", "resize"), "confirm_resize"),
        ("confirmResize", ("confirm_resize", "delete"), "confirm_resize"),
        ("live-migration", ("live_migrate",), "live_migrate"),
        ("compute_terminate_instance", ("delete", "force_delete"), "delete"),
        ("compute_power_update", (), None),
    ],
)
def test_the_action_that_an_event_is_about(name: str, actions: tuple[str, ...], action: str | None) -> None:
    event = replace(FACTS["events"], name=name, actions=actions)
    assert EXPORTS["events"](release(events=event))[0]["action"] == action
