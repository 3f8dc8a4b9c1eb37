from __future__ import annotations

from typing import Any

import yaml

from nova_states.catalog.catalog import load_catalog
from nova_states.site.snippets import render_snippets

CATALOG = load_catalog()
SNIPPETS = render_snippets(CATALOG)


def test_the_python_enumerations_hold_every_value() -> None:
    names: dict[str, Any] = {}
    exec(compile(SNIPPETS["nova_states.py"], "nova_states.py", "exec"), names)  # noqa: S102 - our own text
    release = CATALOG.release(CATALOG.latest)
    assert {state.value for state in names["VmState"]} >= set(release.vm_states)
    assert {state.value for state in names["TaskState"]} >= set(release.task_states)
    assert {state.name: state.value for state in names["PowerState"]} == {
        fact.name: number for number, fact in release.power_states.items()
    }
    assert {status.value for status in names["ServerStatus"]} == set(release.statuses)
    assert "VERIFY_RESIZE" not in names["TRANSIENT"]
    assert "MIGRATING" in names["TRANSIENT"]


def test_all_languages_name_the_same_values() -> None:
    release = CATALOG.release(CATALOG.latest)
    for name in ("nova_states.go", "nova_states.ts"):
        for value in (*release.vm_states, *release.task_states, *release.statuses):
            assert f'"{value}"' in SNIPPETS[name]


def test_every_task_has_one_alert() -> None:
    rules = yaml.safe_load(SNIPPETS["nova_states.alerts.yml"])["groups"][0]["rules"]
    listed = [task for rule in rules for task in rule["expr"].split('"')[1].split("|")]
    assert sorted(listed) == sorted(CATALOG.release(CATALOG.latest).task_states)


def test_an_alert_says_whether_a_restart_frees_the_task() -> None:
    rules = yaml.safe_load(SNIPPETS["nova_states.alerts.yml"])["groups"][0]["rules"]
    freed = {
        task: rule["labels"]["freed_by_restart"] for rule in rules for task in rule["expr"].split('"')[1].split("|")
    }
    assert {task: freed[task] for task in ("powering-off", "image_snapshot", "spawning", "suspending", "shelving")} == {
        "powering-off": "yes",
        "image_snapshot": "yes",
        "spawning": "yes",
        "suspending": "no",
        "shelving": "no",
    }
