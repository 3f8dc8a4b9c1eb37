"""What happens after an action, and how servers come into a state: on a small release."""

from __future__ import annotations

from nova_states.catalog.transition_graph import NEW, follow, vm_changes
from nova_states.pages.action_steps import step_sections
from nova_states.pages.components import Link, PageSection
from nova_states.pages.graphs import Graph
from nova_states.pages.state_machine import build_transitions
from nova_states.pages.state_neighbours import task_state_sections, vm_state_sections
from tests.conditions import code, raises
from tests.pages.synthetic import action, catalog, transition, writer

STOP = (
    transition("stop", "api", (("active", "error"), (None, "deleting")), ("=", "powering-off")),
    transition("stop", "compute", (("active", "error"), ("powering-off",)), ("stopped", None)),
    transition(
        "stop",
        "compute",
        (("active", "error"), ("powering-off",)),
        ("=", None),
        fails=True,
        when=raises(None, "Exception"),
    ),
    transition("stop", "compute", (("stopped",), ("powering-off",)), ("error", None), fails=True, when=code("later")),
)
START = (
    transition("start", "api", (("stopped",), (None,)), ("=", "powering-on")),
    transition("start", "compute", (("stopped",), ("powering-on",)), ("active", None)),
    transition("start", "compute", (("stopped",), ("powering-on",)), ("error", "="), fails=True),
)
EVENTS = tuple(transition(f"lifecycle:{name}", "compute", (("active",), (None,)), ("stopped", "=")) for name in "ab")
CREATE = (transition("create", "conductor", None, ("building", "scheduling")),)
ROWS = (*STOP, *START, *EVENTS, *CREATE)
PAGE = writer(
    catalog(v13_0_0={"transitions": ROWS, "actions": tuple(action(name) for name in ("create", "start", "stop"))})
)


def boxes(graph: Graph | None) -> list[tuple[tuple[str, ...], bool, bool]]:
    assert graph is not None
    return [(tuple(line.text for line in node.lines), node.is_subject, node.is_failure) for node in graph.nodes]


def edges_of(graph: Graph | None) -> set[tuple[str, str, str, str]]:
    assert graph is not None
    first = {node.id: node.lines[0].text for node in graph.nodes}
    return {(first[edge.tail], first[edge.head], edge.outcome, edge.label) for edge in graph.edges}


def words(section: PageSection) -> list[list[list[str]]]:
    return [
        [
            [" ".join(i if isinstance(i, str) else i.text for i in cell if isinstance(i, str | Link)) for cell in row]
            for row in table.rows
        ]
        for table in section.tables
    ]


def test_path_of_an_action() -> None:
    (section,) = step_sections(PAGE, PAGE.latest, "stop")
    assert boxes(section.graph) == [
        (("active", "error"), True, False),
        (("powering-off",), False, False),
        (("stopped",), False, False),
        (("active", "error"), False, True),
    ]
    assert edges_of(section.graph) == {
        ("active", "powering-off", "success", "api"),
        ("powering-off", "stopped", "success", "compute"),
        ("powering-off", "active", "failure", ""),
    }


def test_steps_say_the_same_as_the_picture() -> None:
    (section,) = step_sections(PAGE, PAGE.latest, "stop")
    steps, failures = words(section)
    assert [row[:5] for row in steps] == [
        ["1", "`api`", "active error no task deleting", "powering-off", "unchanged"],
        ["2", "`compute`", "active error powering-off", "stopped no task", ""],
    ]
    assert [row[3] for row in failures] == ["`on Exception`", "`later`"]
    assert section.tables[1].fold == "What failures lead to: 2"


def test_a_failure_that_changes_the_vm_state_in_the_task_is_drawn() -> None:
    (section,) = step_sections(PAGE, PAGE.latest, "start")
    assert (("error",), False, True) in boxes(section.graph)


def test_nodes_lead_to_their_pages() -> None:
    (section,) = step_sections(PAGE, PAGE.latest, "stop")
    assert section.graph is not None
    links = {line.text: line.href for node in section.graph.nodes for line in node.lines}
    assert links["powering-off"] == "../../task_state/powering-off/"
    assert links["stopped"] == "../../vm_state/stopped/"


def test_creation_starts_from_nothing() -> None:
    found = follow(CREATE)
    assert found.nodes == ((("vm_state", NEW),), (("task_state", "scheduling"),))


def test_ways_into_and_out_of_a_vm_state() -> None:
    (section,) = vm_state_sections(PAGE, "stopped")
    assert words(section) == [
        [["active", "stop lifecycle:… (2)", ""], ["error", "stop", ""]],
        [["active", "start", ""], ["error", "", "stop start"]],
    ]


def test_ways_into_and_out_of_a_task() -> None:
    (section,) = task_state_sections(PAGE, "powering-off")
    setting, ending, failing = words(section)
    assert [row[0] for row in setting] == ["stop"]
    assert [row[3] for row in ending] == ["stopped no task"]
    assert len(failing) == 2


def test_changes_of_vm_state() -> None:
    changes = vm_changes(PAGE.latest)
    assert {ends: [(cause.action, cause.fails) for cause in causes] for ends, causes in changes.items()} == {
        ("active", "stopped"): [("stop", False), ("lifecycle:a", False), ("lifecycle:b", False)],
        ("error", "stopped"): [("stop", False)],
        ("stopped", "error"): [("stop", True), ("start", True)],
        ("stopped", "active"): [("start", False)],
        (NEW, "building"): [("create", False)],
    }


def test_matrix_of_transitions_names_the_action_and_leads_to_all() -> None:
    page = build_transitions(PAGE)
    (_, _, matrix) = page.matrices[0]
    cells = {
        (row.head.text, cell.title.split(":")[0].split(" → ")[1]): cell for row in matrix.rows for cell in row.cells
    }
    assert cells["active", "stopped"].sign == "stop +2"
    assert cells["stopped", "error"].sign == "✕"
    ids = {identity for section in (*page.first, *page.sections) for table in section.tables for identity in table.ids}
    hrefs = {cell.href.removeprefix("#") for cell in cells.values() if cell.css != "no"}
    assert hrefs == ids & hrefs
    assert "active--stopped" in hrefs


def test_nothing_is_drawn_where_nothing_was_read() -> None:
    empty = writer(catalog(v13_0_0={"actions": (action("stop"),)}))
    assert list(step_sections(empty, empty.latest, "stop")) == []
    assert list(vm_state_sections(empty, "active")) == []
    assert list(task_state_sections(empty, "deleting")) == []
    assert build_transitions(empty).matrices == ()
