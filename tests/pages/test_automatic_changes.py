"""What happens by itself, on small releases: the answer for a stuck task, cells, marks of time."""

from __future__ import annotations

import pytest

from nova_states.facts.model import Reaction, StateKind
from nova_states.pages.automatic_changes import reaction_sections, restart_answer
from nova_states.pages.components import ExactCode, Link, PageSection
from nova_states.pages.reaction_matrices import build_power_sync, build_startup
from nova_states.pages.writer import Writer
from tests.conditions import code, raises
from tests.pages.synthetic import catalog, reaction, writer

LIVE = ("active", "stopped")
IDLE = (None, "deleting", "powering-off")
FREES: list[tuple[str, tuple[Reaction, ...], list[str]]] = [
    (
        "nothing looks at the task",
        (reaction("none"),),
        ["No code looks at this task."],
    ),
    (
        "always",
        (reaction("stop", LIVE, ("powering-off",), to=("stopped", None)), reaction("none", ("error",), IDLE)),
        [
            "Yes, a restart of nova-compute frees it: the guest is stopped and `vm_state` becomes `stopped`.",
            "With `vm_state` `error`: nothing is done.",
        ],
    ),
    (
        "never",
        (reaction("none", (*LIVE, "error"), IDLE),),
        ["No, a restart does not free it: nothing is done."],
    ),
    (
        "in some power_states",
        (
            reaction("clear_task", LIVE, ("powering-off",), ("RUNNING",), to=("=", None)),
            reaction("none", LIVE, ("powering-off",), ("NOSTATE", "SHUTDOWN")),
        ),
        [
            (
                "A restart frees it only in some power_states. Where the hypervisor reports `RUNNING`: the "
                "`task_state` is cleared; the work is not taken up again. Otherwise nothing is done."
            ),
        ],
    ),
    (
        "in some vm_states",
        (
            reaction("error", ("active",), ("powering-off",), to=("error", None)),
            reaction("none", ("stopped", "error"), IDLE),
        ),
        [
            "Whether a restart frees it depends on `vm_state`.",
            "With `vm_state` `active`: the server goes to `error` and its `task_state` is cleared.",
            "With `vm_state` `stopped`, `error`: nothing is done.",
        ],
    ),
    (
        "a failure is not the answer",
        (
            reaction("stop", LIVE, ("powering-off",), to=("stopped", None)),
            reaction("none", LIVE, ("powering-off",), when=raises("stop_instance", "Exception")),
        ),
        ["Yes, a restart of nova-compute frees it: the guest is stopped and `vm_state` becomes `stopped`."],
    ),
]


@pytest.mark.parametrize(("rows", "expected"), [case[1:] for case in FREES], ids=[case[0] for case in FREES])
def test_does_a_restart_free_it(rows: tuple[Reaction, ...], expected: list[str]) -> None:
    page = writer(catalog(v13_0_0={"startup": rows}))
    assert restart_answer(page, "powering-off") == expected


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_answer_is_said_in_both_languages(language: str) -> None:
    for _, rows, expected in FREES:
        answer = restart_answer(writer(catalog(v13_0_0={"startup": rows}), language), "powering-off")
        assert len(answer) == len(expected)
        assert all(answer)


FOLD = "the condition as code"
SYNC = (
    reaction("none", None, ("deleting", "powering-off")),
    reaction("none", None, (None,), when=code("self.host != instance.host")),
    reaction("none", ("error",), (None,)),
    reaction("none", ("active",), (None,), ("NOSTATE", "RUNNING")),
    reaction(
        "stop", ("active",), (None,), ("SHUTDOWN",), to=("stopped", None), when=code("not instance.shutdown_terminate")
    ),
    reaction(
        "delete", ("active",), (None,), ("SHUTDOWN",), to=("deleted", None), when=code("instance.shutdown_terminate")
    ),
    reaction("force_stop", ("stopped",), (None,), ("RUNNING",), to=("stopped", None)),
    reaction("none", ("stopped",), (None,), ("NOSTATE", "SHUTDOWN")),
)


def test_power_sync_cells() -> None:
    page = build_power_sync(writer(catalog(v13_0_0={"power_sync": SYNC})))
    (_, _, matrix) = page.matrices[0]
    assert [(row.head.text, [cell.sign for cell in row.cells]) for row in matrix.rows] == [
        ("active", ["–", "–", "stop*"]),
        ("stopped", ["–", "force stop", "–"]),
        ("error", ["–", "–", "–"]),
    ]
    cell = matrix.rows[0].cells[2]
    assert cell.css == "warn"
    assert cell.title == (
        "active · no task · SHUTDOWN: stop; "
        "delete (if the server is marked to be deleted once it is off (shutdown_terminate))"
    )
    assert cell.href == "../../vm_state/active/#power-sync"


def test_power_sync_tells_conditions_below() -> None:
    page = build_power_sync(writer(catalog(v13_0_0={"power_sync": SYNC})))
    told = {section.id: [row[0] for row in section.tables[0].rows] for section in page.sections}
    marked = "marked to be deleted once it is off (`shutdown_terminate`)"
    assert told["every"] == [
        ("if the server is recorded on another host", ExactCode(fold=FOLD, code="self.host != instance.host"))
    ]
    assert told["conditions"] == [
        (f"if the server is not {marked}", ExactCode(fold=FOLD, code="not instance.shutdown_terminate")),
        (f"if the server is {marked}", ExactCode(fold=FOLD, code="instance.shutdown_terminate")),
    ]


STARTUP = (reaction("stop", LIVE, ("powering-off",), to=("stopped", None)), reaction("none", LIVE, (None, "deleting")))
LATER = (
    reaction("stop", LIVE, ("powering-off",), to=("stopped", None)),
    reaction("delete", ("active",), ("deleting",), to=("deleted", None)),
    reaction("none", LIVE, (None,)),
    reaction("none", ("stopped",), ("deleting",)),
)


def sections(page: Writer, kind: StateKind, name: str) -> dict[str, PageSection]:
    return {section.id: section for section in reaction_sections(page, kind, name)}


def words(section: PageSection) -> list[list[str]]:
    return [
        [
            " ".join(item if isinstance(item, str) else item.text for item in cell if isinstance(item, str | Link))
            for cell in row
        ]
        for table in section.tables
        for row in table.rows
    ]


def test_marks_only_what_is_younger_than_the_reference() -> None:
    page = writer(catalog(v13_0_0={"startup": STARTUP}, v14_0_0={"startup": LATER}))
    assert words(sections(page, "task_state", "deleting")["restart"]) == [
        ["active", "any", "delete · since 14.0.0", "deleted", ""]
    ]
    assert words(sections(page, "task_state", "powering-off")["restart"]) == [
        ["active stopped", "any", "stop", "stopped no task", ""]
    ]


def test_the_same_cell_is_the_same_however_rows_are_grouped() -> None:
    regrouped = (
        reaction("stop", ("active",), ("powering-off",), to=("stopped", None)),
        reaction("stop", ("stopped",), ("powering-off",), to=("stopped", None)),
        reaction("none", LIVE, (None, "deleting")),
    )
    page = writer(catalog(v13_0_0={"startup": STARTUP}, v14_0_0={"startup": regrouped}))
    assert words(sections(page, "task_state", "powering-off")["restart"]) == [
        ["active stopped", "any", "stop", "stopped no task", ""]
    ]


def test_startup_history_tells_cells_that_changed() -> None:
    page = build_startup(writer(catalog(v13_0_0={"startup": STARTUP}, v14_0_0={"startup": LATER})))
    history = next(section for section in page.history if section.id == "history")
    assert words(history) == [["deleting", "active", "any", "delete", "since 14.0.0"]]


def test_vm_state_counts_what_a_restart_leaves() -> None:
    page = writer(catalog(v13_0_0={"startup": LATER}))
    section = sections(page, "vm_state", "active")["restart"]
    assert section.tables[1].fold == "Tasks that a restart leaves as they are, no task included: 1"


def test_a_power_state_tells_what_a_restart_does_for_it_alone() -> None:
    """What fails or does nothing, what looks at no power_state and what most combinations share is told elsewhere."""
    wide = code("CONF.resume_guests_state_on_host_boot")
    fails = raises("start", "Exception")
    rows = (
        reaction("start", ("active",), ("deleting",), ("SHUTDOWN",), to=("active", None)),
        reaction("error", ("active",), ("deleting",), ("SHUTDOWN",), to=("error", "="), when=fails),
        reaction("reboot", ("stopped",), ("deleting",), ("SHUTDOWN",), when=code("started_not_running")),
        reaction("clear_task", ("active",), (None, "powering-off"), ("SHUTDOWN", "RUNNING"), when=wide),
        reaction(
            "clear_task",
            ("stopped", "error"),
            (None, "powering-off"),
            ("SHUTDOWN", "RUNNING"),
            when=code("CONF.resume_guests_state_on_host_boot"),
        ),
        reaction("none", ("error",), ("deleting",), ("SHUTDOWN",)),
        reaction("delete", ("error",), ("deleting",), to=("deleted", None)),
        reaction("stop", ("error",), ("deleting",), ("RUNNING",), to=("stopped", None)),
    )
    page = writer(catalog(v13_0_0={"startup": rows}))
    assert [row[:3] for row in words(sections(page, "power_state", "SHUTDOWN")["restart"])] == [
        ["deleting", "active", "start"],
        ["deleting", "stopped", "reboot"],
    ]
    assert "restart" not in sections(page, "power_state", "NOSTATE")


def test_a_task_is_skipped_by_the_power_sync() -> None:
    page = writer(catalog(v13_0_0={"power_sync": SYNC}))
    section = sections(page, "task_state", "deleting")["power-sync"]
    assert section.texts == ("While this task is running the power sync skips the server.",)


@pytest.mark.parametrize(
    ("kind", "name"), [("task_state", "deleting"), ("power_state", "RUNNING"), ("vm_state", "active")]
)
def test_nothing_is_said_where_nothing_was_read(kind: StateKind, name: str) -> None:
    assert reaction_sections(writer(catalog(v13_0_0={})), kind, name) == ()
