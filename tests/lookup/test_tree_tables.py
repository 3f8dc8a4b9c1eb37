"""A Nova of one's own among the tables: it answers as the release it is made of, but where it differs."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from nova_states.catalog.catalog import load_catalog
from nova_states.catalog.release import Release
from nova_states.facts.model import Constant, ErrorClass, Section, Status
from nova_states.lookup.explainer import Explainer
from nova_states.lookup.message_patterns import messages_with
from nova_states.lookup.paste_reader import Problem, read_reports
from nova_states.lookup.table_cache import load_tables
from nova_states.lookup.tables_view import TablesView
from nova_states.lookup.tree_tables import tables_with, unanswerable
from nova_states.lookup.vocabulary import Vocabulary
from tests.lookup.cases import generated_cases, samples, written_cases

CATALOG = load_catalog()
TABLES = load_tables("en")
MESSAGES = load_tables("messages")
VERSION = "33.0.2"
NOW = 1_795_737_600
SERVER = "5a1b8c1e-0000-4000-8000-000000000001"


def read_as_a_tree(version: str) -> Release:
    sections = CATALOG.release(version).sections
    return Release(version=version, sections={kind: sections[kind] for kind in sections})


def having(release: Release, kind: str, *facts: Any) -> Release:  # noqa: ANN401 - of any kind
    section = release.sections[kind]
    return Release(
        version=release.version,
        sections={**release.sections, kind: replace(section, facts=(*section.facts, *facts))},
    )


def answers(text: str, tables: dict[str, Any], messages: dict[str, Any], version: str = VERSION) -> Any:  # noqa: ANN401
    found = read_reports(text, Vocabulary(tables=tables, messages_table=messages))
    if isinstance(found, Problem):
        return found
    explainer = Explainer(view=TablesView(tables=tables, version=version), texts=tables["texts"], now=NOW)
    return [explainer.tell(report) for report in found]


def fork() -> Release:
    """33.0.2 with a state, a task, a status and an exception of its own, and a guard that lets one more state pass."""
    release = read_as_a_tree(VERSION)
    place = release.facts("states")[0].evidence
    new = {"name": "", "label": None, "operations": (), "evidence": place}
    release = having(
        release,
        "states",
        Constant(**new | {"kind": "vm_state", "name": "QUARANTINED", "value": "quarantined"}),
        Constant(**new | {"kind": "task_state", "name": "QUARANTINING", "value": "quarantining"}),
    )
    release = having(
        release,
        "statuses",
        Status(vm_state="quarantined", task_state="default", status="QUARANTINED", evidence=place),
    )
    broken = replace(
        next(error for error in release.facts("errors") if error.pattern),
        name="QuarantineBroken",
        pattern="The quarantine of {instance_uuid} was broken by {reason}",
        code=500,
    )
    assert isinstance(broken, ErrorClass)
    release = having(release, "errors", broken)
    guards = release.sections["guards"]
    facts = tuple(
        replace(guard, vm_states=(*guard.vm_states, "quarantined")) if guard.action == "pause" else guard
        for guard in guards.facts
    )
    return Release(version=VERSION, sections={**release.sections, "guards": replace(guards, facts=facts)})


@pytest.mark.parametrize("version", ["13.1.4", "25.3.0", CATALOG.latest])
def test_a_release_that_is_read_as_a_tree_answers_as_it_does(version: str) -> None:
    release = read_as_a_tree(version)
    tables, messages = tables_with(release, TABLES, MESSAGES), messages_with(MESSAGES, release)
    assert not any(tables["new"].values())
    texts = [
        *(case.input for case in written_cases()),
        *(json.dumps(sample["server"]) for sample in samples()),
        *(
            case.input
            for case in generated_cases(CATALOG)
            if case.release.partition(".")[0] == version.partition(".")[0]
        ),
    ]
    for text in texts:
        assert answers(text, tables, messages, version) == answers(text, TABLES, MESSAGES, version)


def test_what_no_release_has_is_known_by_its_name() -> None:
    tables = tables_with(fork(), TABLES, MESSAGES)
    assert {kind: names for kind, names in tables["new"].items() if names} == {
        "vm_state": ["quarantined"],
        "task_state": ["quarantining"],
        "status": ["QUARANTINED"],
        "error": ["QuarantineBroken"],
    }


@pytest.mark.parametrize(
    ("states", "verdict", "advice"),
    [
        # Nobody says of a state that no text explains that it is fine; in a task something goes on, whichever it is.
        (("quarantined", None, 1), "unknown", []),
        (("active", "quarantining", 1), "in-progress", ["hidden_task"]),
        (("error", None, 1), "needs-attention", None),
        (("active", None, 1), "stable", None),
    ],
)
def test_a_state_of_a_fork_keeps_what_does_not_rest_on_its_name(
    states: tuple[Any, ...], verdict: str, advice: list[str] | None
) -> None:
    tables = tables_with(fork(), TABLES, MESSAGES)
    server = dict(zip(("vm_state", "task_state", "power_state"), states, strict=True))
    (answer,) = answers(json.dumps(server), tables, MESSAGES)
    assert answer["verdict"] == verdict
    assert answer["unknown"] == []
    assert answer["ask"] is None, "what all was told of is not asked for again"
    assert advice is None or [one["id"] for one in answer["advice"]] == advice
    assert ("pause" in answer["allowed"]) == (states[0] in {"active", "quarantined"} and states[1] is None)
    assert answer["next"]


def test_a_message_of_a_fork_is_recognised_and_the_state_is_advised_on() -> None:
    release = fork()
    tables, messages = tables_with(release, TABLES, MESSAGES), messages_with(MESSAGES, release)
    server = {"id": SERVER, "status": "ERROR", "vm_state": "error", "task_state": None, "power_state": 1}
    fault = {"message": f"The quarantine of {SERVER} was broken by wolves", "code": 500}
    (answer,) = answers(json.dumps(server | {"fault": fault}), tables, messages)
    assert answer["fault"]["error"] == "QuarantineBroken"
    (plain,) = answers(json.dumps(server | {"fault": fault}), TABLES, MESSAGES)
    assert plain["fault"]["error"] is None
    assert answer["steps"] == plain["steps"] != []


def test_a_word_that_the_fork_has_no_more_is_told_to_be_none_of_it() -> None:
    release = read_as_a_tree(VERSION)
    states = release.sections["states"]
    kept = tuple(fact for fact in states.facts if fact.value != "unshelving")
    tables = tables_with(
        Release(version=VERSION, sections={**release.sections, "states": replace(states, facts=kept)}), TABLES, MESSAGES
    )
    (answer,) = answers('{"vm_state": "shelved", "task_state": "unshelving"}', tables, MESSAGES)
    assert [one["value"] for one in answer["unknown"]] == ["unshelving"]
    assert answers("unshelving", tables, MESSAGES)[0]["task_state"] == "unshelving"


@pytest.mark.parametrize("kind", ["states", "actions", "guards", "statuses"])
def test_without_what_every_answer_rests_on_there_is_none(kind: str) -> None:
    release = read_as_a_tree(VERSION)
    empty: Section[Any] = Section(facts=(), gaps=(), counts=())
    assert unanswerable(release) is None
    assert unanswerable(Release(version=VERSION, sections={**release.sections, kind: empty})) == (kind, None)
