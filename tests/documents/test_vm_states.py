"""Nova's page of states as we write it: valid for docutils, and true to the facts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pygraphviz  # type: ignore[import-untyped] # it has no types
import pytest
from docutils import nodes

from nova_states.catalog.catalog import Catalog
from nova_states.catalog.permissions import decide
from nova_states.documents.vm_states import Names, write_vm_states
from nova_states.explanations.yaml_text import read_yaml
from nova_states.facts.guard_check import ServerStates
from nova_states.lookup.table_cache import load_tables
from tests.documents.conftest import Parsed
from tests.python_texts import python_in

CASES: list[dict[str, Any]] = read_yaml(Path(__file__).parent / "cases.yml", "tests/documents/cases.yml")["rows"]
VERSIONS = ("2011.3.1", "2015.1.4", "13.0.0", "34.0.0")
"""Some of before Mitaka, when little was read, among them."""
FIRST, LAST = "13.0.0", "34.0.0"


@pytest.mark.parametrize("version", VERSIONS)
def test_docutils_takes_it_without_a_word(document: Callable[[str], Parsed], version: str) -> None:
    found = document(version)
    assert list(found.tree.findall(nodes.system_message)) == []
    assert found.text.endswith("\n")
    assert not found.text.endswith("\n\n")
    assert max(map(len, found.text.splitlines())) <= 100
    assert all(line == line.rstrip() and line.isascii() for line in found.text.splitlines())


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['release']} {case['section']}: {case['row'][0]}")
def test_rows_are_as_people_read_the_source(document: Callable[[str], Parsed], case: dict[str, Any]) -> None:
    cells = case["row"]
    rows = document(case["release"]).rows(case["section"])
    assert rows
    assert any(row[: len(cells)] == cells for row in rows) is not case.get("absent", False), rows


@pytest.mark.parametrize("version", [FIRST, LAST])
def test_commands_by_state_are_what_guards_decide(
    document: Callable[[str], Parsed], stored: Catalog, version: str
) -> None:
    release = stored.release(version)
    labels = {name: label for name, (label, _) in load_tables("en")["texts"]["actions"].items()}
    told = {row[0]: set(row[1].split(", ")) for row in document(version).tables("Commands by State")[0][1:]}
    assert list(told) == list(release.vm_states)
    by_vm_state = {label for labelled in told.values() for label in labelled} - {"nothing"}
    assert len(by_vm_state) > 20
    for vm_state, found in told.items():
        server = ServerStates(vm_state=vm_state, task_state=None)
        allowed = {labels[name] for name in release.actions if decide(release, name, server) is None}
        assert found - {"nothing"} == allowed & by_vm_state, vm_state


@pytest.mark.parametrize("version", ["13.0.0", "25.3.0", "34.0.0"])
def test_only_a_restart_is_called_one(document: Callable[[str], Parsed], stored: Catalog, version: str) -> None:
    causes = {row.action for row in stored.release(version).facts("transitions")} - stored.release(
        version
    ).actions.keys()
    titles = {cause.replace("_", " ").capitalize() if ":" not in cause else None for cause in causes} - {
        None,
        "Startup",
    }
    others = [*(str(title) for title in titles), "Reset state", "Event: power-update", "Lifecycle: stopped"]
    rows = [row for title in others for row in document(version).rows(title)]
    assert rows
    assert {row[2] for row in rows}.isdisjoint({"on a restart"})
    assert "on a restart" in {row[2] for row in document(version).rows("Startup")}


@pytest.mark.parametrize("version", ["13.0.0", "34.0.0"])
def test_a_restart_meets_no_server_without_a_host(document: Callable[[str], Parsed], version: str) -> None:
    """An unshelving, once it is on a host, may be interrupted; its task may be overwritten by a deletion."""
    rows = [row[0] for title in ("Startup", "Power sync") for row in document(version).rows(title)]
    tasks = {task for row in rows if "shelved_offloaded" in row for task in row.partition("; task: ")[2].split(", ")}
    assert "spawning" in tasks
    assert tasks <= {"spawning", "deleting", "soft-deleting"}
    reached = next(row[2] for row in document(version).rows("VM States") if row[0] == "shelved_offloaded")
    assert "reboot" not in reached


@pytest.mark.parametrize("version", ["13.0.0", "25.3.0", "34.0.0"])
def test_requirements_are_told_in_words(document: Callable[[str], Parsed], version: str) -> None:
    rows = document(version).rows("Requirements for Commands")
    assert [cell for row in rows for cell in row if python_in(cell) or "where " in cell] == []


def test_every_state_and_every_guarded_command_is_there(document: Callable[[str], Parsed], stored: Catalog) -> None:
    release, found = stored.release(LAST), document(LAST)
    assert [row[0] for row in found.rows("VM States")] == list(release.vm_states)
    assert [row[0] for row in found.rows("Task States")] == list(release.task_states)
    assert all(row[-1] for kind in ("VM States", "Power States", "Task States") for row in found.rows(kind)[:1])
    rows = sum(len(release.guards_of(name)) for name in release.actions)
    assert len(found.rows("Requirements for Commands")) == rows


def test_the_graph_shows_what_leads_from_state_to_state(document: Callable[[str], Parsed]) -> None:
    (block,) = document(LAST).tree.findall(nodes.literal_block)
    graph = pygraphviz.AGraph(block.astext())
    edges = {(tail, head): graph.get_edge(tail, head).attr["label"].split("\\n") for tail, head in graph.edges()}
    assert edges["active", "paused"] == ["pause"]
    assert edges["error", "stopped"] == ["stop"]
    assert set(edges["resized", "stopped"]) == {"confirm resize", "revert resize"}
    assert {head for _, head in edges}.isdisjoint({"deleted", "soft-delete"})
    assert ("rescued", "paused") not in edges


def test_equal_facts_give_equal_bytes(document: Callable[[str], Parsed], stored: Catalog) -> None:
    names = Names.of(load_tables("en")["texts"])
    assert write_vm_states(stored.release(FIRST), names) == document(FIRST).text


def test_names_that_nobody_has_explained_are_told_all_the_same(stored: Catalog) -> None:
    text = write_vm_states(
        stored.release(LAST),
        Names(states={"vm_state": {}, "task_state": {}, "power_state": {}}, actions={}, decorators={}),
    )
    assert "* - ``active``" in text
    assert "     - live migrate" in text or "* - live migrate" in text
