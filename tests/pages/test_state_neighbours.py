"""What happens after an action, and how servers come into a state: on a small release."""

from __future__ import annotations

from nova_states.catalog.transition_graph import NEW, follow, vm_changes
from nova_states.pages.components import Link, PageSection
from nova_states.pages.state_machine import build_transitions
from nova_states.pages.state_neighbours import task_state_sections, vm_state_sections
from tests.conditions import code, raises
from tests.pages.synthetic import action, catalog, transition, writer

SHARE = code("share_mapping.status == fsm.ATTACHING")
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
    transition("stop", "compute", (("stopped",), ("powering-off",)), ("error", None), fails=True, when=SHARE),
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


def words(section: PageSection) -> list[list[list[str]]]:
    return [
        [
            [" ".join(i if isinstance(i, str) else i.text for i in cell if isinstance(i, str | Link)) for cell in row]
            for row in table.rows
        ]
        for table in section.tables
    ]


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
    assert [row[4] for row in failing] == ["if an error occurs", "if a share is still being attached"]


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
    assert list(vm_state_sections(empty, "active")) == []
    assert list(task_state_sections(empty, "deleting")) == []
    assert build_transitions(empty).matrices == ()
