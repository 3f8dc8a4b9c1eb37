"""What must hold of the help in every situation that a server can be in, whatever release it is on."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Any

import pytest

from nova_states.catalog.catalog import load_catalog
from nova_states.explanations.loading import load_explanations
from nova_states.lookup.explainer import Explainer
from nova_states.lookup.report import Report
from nova_states.lookup.table_cache import load_tables
from nova_states.lookup.tables_view import TablesView
from nova_states.lookup.verdict import NEED_AN_OPERATOR

CATALOG = load_catalog()
TABLES = load_tables("en")
KOREAN = load_tables("ko")
NOW = 1_795_737_600
AGES = {"recent": "2026-11-26T23:59:00Z", "overdue": "2026-01-01T00:00:00Z", None: None}
RELEASES = ("13.0.0", "18.0.0", "21.2.4", "23.2.1", "25.0.0", "28.0.0", "31.0.0", CATALOG.latest)
ID = "5a1b8c1e-0000-4000-8000-000000000001"
ACTIONS = {
    command.split(" {", maxsplit=1)[0]: action
    for action, (_, command) in TABLES["texts"]["actions"].items()
    if command and action not in {"reboot", "soft_delete"}
}
"""The beginning of a command → the action that it asks for."""
COSTLY = re.compile(
    r"server (delete|evacuate|rebuild|resize (confirm|revert)|set --state|reboot --hard)"
    r"|virsh (destroy|resume|undefine)|systemctl restart"
)
"""Commands that cannot be undone, or lose something."""
LATER = re.compile(r"^(Then|Once|Wait until|As soon as|After|If it still|.* (then|once) )|; then |, then ")
"""The text of a step that follows only once another has changed the states."""
TRAPPED = ("building", "resized", "shelved", "shelved_offloaded", "soft-delete")


def situations(version: str) -> Iterator[tuple[Report, str | None]]:
    release = CATALOG.release(version)
    for vm_state, task, power, status, launched, locked, age in itertools.product(
        release.vm_states,
        (None, *release.task_states),
        release.power_states,
        ("UP", "UNKNOWN", None),
        (True, False),
        (False, True),
        AGES,
    ):
        # What matters once is tried once: the lock, and the power_state with a task; only some never were launched.
        if locked and (power != 1 or age or not launched):
            continue
        if (not launched and vm_state not in {"building", "error"}) or (task and power != 1):
            continue
        read = {
            "host": "h1",
            "host_status": status,
            "instance_name": "instance-1",
            "updated": AGES[age],
            "locked": locked,
        }
        yield (
            Report(
                id=ID,
                vm_state=vm_state,
                task_state=task,
                has_task=True,
                power_state=power,
                launched=launched,
                read=read,
            ),
            {"UP": "up", "UNKNOWN": "down"}.get(status or ""),
        )


def asked_by(command: str) -> str | None:
    """The action that a command asks for."""
    found = [start for start in ACTIONS if command.startswith(start)]
    return ACTIONS[max(found, key=len)] if found else None


@pytest.mark.parametrize("version", RELEASES)
def test_help_is_safe_in_every_situation(version: str) -> None:
    explainer = Explainer(view=TablesView(tables=TABLES, version=version), texts=TABLES["texts"], now=NOW)
    seen: set[int] = set()
    problems: set[str] = set()
    verdicts: set[str] = set()
    for report, service in situations(version):
        answer = explainer.explain(report)
        if id(answer) in seen:
            continue
        seen.add(id(answer))
        verdicts.add(answer["verdict"])
        place = f"{report.vm_state}/{report.task_state}/{report.power_state} {service} launched {report.launched}"
        found = [*wrong_verdicts(report, answer, service)]
        for step in answer["steps"]:
            found += wrong_steps(report, answer, step, service)
        problems |= {f"{place}: {problem}" for problem in found}
    assert sorted(problems)[:12] == []
    assert verdicts == {"needs-attention", "inconsistent", "in-progress", "stable"}
    assert len(seen) > 1000


def wrong_verdicts(report: Report, answer: dict[str, Any], service: str | None) -> Iterator[str]:
    verdict = answer["verdict"]
    if verdict in NEED_AN_OPERATOR and not (answer["why"] and answer["steps"]):
        yield f"{verdict} without why or steps"
    if service == "down" and report.task_state and verdict != "needs-attention":
        yield f"a task on a dead host is {verdict}"
    if answer["overdue"] and verdict != "needs-attention":
        yield f"an overdue task is {verdict}"
    if len(answer["steps"]) > 3:
        yield "more than three steps"


def wrong_steps(report: Report, answer: dict[str, Any], step: dict[str, Any], service: str | None) -> Iterator[str]:
    command = step["command"] or ""
    if COSTLY.search(command) and not step["caution"]:
        yield f"no caution before {command}"
    if "restart nova-compute" in command and not does_anything(answer):
        yield "a restart does nothing"
    is_restoring = report.task_state == "restoring" and report.vm_state == "soft-delete"
    if "--state active" in command and report.vm_state in TRAPPED and not is_restoring:
        yield f"{command} shuts the way back"
    action = asked_by(command)
    if action is None:
        return
    is_later = LATER.search(step["text"]) is not None
    if action not in answer["allowed"] and not is_later:
        yield f"{command} is refused"
    if service == "down" and TABLES["texts"]["uses"][action][1] == "up" and not is_later:
        yield f"{command} hangs"
    if action == "evacuate" and service != "down":
        yield "evacuate from a host that may be up"


def does_anything(answer: dict[str, Any]) -> bool:
    """Whether a start of nova-compute does anything for certain."""
    steps = (step for step in answer["next"] if step["cause"] == "startup" and step["condition"] is None)
    return any(step["effect"] != "none" for step in steps)


def test_the_languages_say_the_same_in_the_same_places() -> None:
    english, korean = TABLES["texts"]["help"], KOREAN["texts"]["help"]
    assert english.keys() == korean.keys()
    for name in english:
        told = [
            [(command, bool(caution)) for _, command, caution in steps_of(texts, name)] for texts in (english, korean)
        ]
        assert told[0] == told[1], name


def steps_of(helping: dict[str, Any], name: str) -> list[list[str | None]]:
    """Text, command and caution of each step."""
    return [[*step, None, None][:3] for step in helping[name][1] or ()]


def test_every_runbook_that_is_named_is_there() -> None:
    by_kind = load_explanations().by_kind
    named = {item.runbook for items in by_kind.values() for item in items.values() if item.runbook}
    from nova_states.locations import explanations_folder  # noqa: PLC0415 - a folder of the checkout

    folder = explanations_folder().parent / "en" / "runbook"
    assert sorted(name for name in named if not (folder / f"{name}.md").is_file()) == []
    assert len(named) > 10
