"""Statuses of migrations, events and log lines: what stands on their pages, and what leads there and back."""

from __future__ import annotations

from nova_states.catalog.around_states import actions_at, qualified_name
from nova_states.facts.model import Event, Evidence, LogMessage, MigrationStatus
from nova_states.pages.belongings import action_belongings, state_belongings
from nova_states.pages.components import Link, PageSection
from nova_states.pages.events import build_events
from nova_states.pages.host_statuses import build_host_statuses
from nova_states.pages.log_messages import build_log
from nova_states.pages.migration_statuses import build_migration_statuses
from nova_states.pages.record_links import DRIVER_LOG, LOG, log_address
from nova_states.pages.writer import Writer
from tests.pages.synthetic import HERE, action, catalog, transition
from tests.pages.synthetic import writer as make_writer


def hrefs(sections: list[PageSection]) -> set[str]:
    return {
        item.href
        for section in sections
        for table in section.tables
        for row in table.rows
        for cell in row
        for item in cell
        if isinstance(item, Link)
    }


def test_a_status_tells_who_writes_it_who_wants_it_and_what_becomes_of_it(writer: Writer) -> None:
    rows = {row.name: row for row in build_migration_statuses(writer).rows}
    finished = rows["finished"]
    assert {"migration", "resize"} == set(finished.types)
    assert {"confirm_resize", "revert_resize"} <= {link.text for link in finished.wanted_by if isinstance(link, Link)}
    assert finished.by_tracker != rows["confirmed"].by_tracker
    assert finished.by_restart != rows["migrating"].by_restart
    assert "ComputeManager._finish_resize" in {place.function for place in finished.places}
    assert rows["running (post-copy)"].id == "running-post-copy"


def test_events_stand_apart_from_the_records_of_actions(writer: Writer) -> None:
    page = build_events(writer)
    records, steps = ({row.name: row for row in rows} for _, _, rows in page.parts_of_page)
    assert "live-migration" in records
    finish = steps["compute_finish_resize"]
    assert finish.functions == ("compute.manager.ComputeManager.finish_resize",)
    assert "resize" in {link.text for link in finish.actions}
    assert not records.keys() & steps.keys()


def test_a_host_status_tells_in_words_when_it_is_given(writer: Writer) -> None:
    rows = {row.name: row for row in build_host_statuses(writer).rows}
    assert {"UP", "DOWN", "UNKNOWN", "MAINTENANCE", ""} == rows.keys()
    assert len(rows[""].conditions) == 2, "no host, or no record of its service"
    assert not any("service." in text for row in rows.values() for text in row.conditions)


def test_log_lines_are_on_one_of_two_pages(writer: Writer) -> None:
    newest = writer.latest.facts("log_messages")
    anchors = set()
    for target in (LOG, DRIVER_LOG):
        files = build_log(writer, target).files
        shown = [row for _, _, functions in files for function in functions for row in function.rows]
        here = {(fact.level, fact.pattern) for fact in newest if log_address(fact.evidence.file) == target}
        assert here <= {(row.level, row.message) for row in shown}
        rows = [row.id for row in shown if row.id]
        assert len(rows) == len(set(rows))
        told = {row.id: row.why for row in shown if row.why}
        assert told.keys() <= set(rows)
        assert target == DRIVER_LOG or "during-sync-power-state-the-instance-has-a-pending-task-skip" in told
        anchors |= set(rows)
    assert anchors == {m.slug for v in writer.catalog.versions for m in writer.catalog.bare_facts("log_messages", v)}


def test_actions_and_states_lead_to_what_belongs_to_them(writer: Writer) -> None:
    page = writer.on("action/resize/")
    found = hrefs(list(action_belongings(page, page.latest, "resize")))
    assert "../../migration_status/#post-migrating" in found
    assert "../../event/#compute_finish_resize" in found
    assert "../../error/novalidhost/" in found
    assert any(link.startswith("../../log/#") for link in found)
    page = writer.on("task_state/resize_migrating/")
    assert "../../migration_status/#migrating" in hrefs(list(state_belongings(page, "task_state", "resize_migrating")))
    page = writer.on("vm_state/error/")
    assert "../../error/novalidhost/" in hrefs(list(state_belongings(page, "vm_state", "error")))


INNER = Evidence(file=HERE.file, line=9, function="ComputeManager._init_instance.inner")
ELSEWHERE = Evidence(file=HERE.file, line=11, function="ComputeManager.other")


def line(slug: str, place: Evidence, effect: str | None) -> LogMessage:
    return LogMessage(slug=slug, level="info", pattern=slug, effect=effect, evidence=place)


def status(value: str, place: Evidence, *wanted_by: str) -> MigrationStatus:
    return MigrationStatus(
        value=value, types=(), written=(place,), wanted_by=wanted_by, in_progress=True, evidence=place
    )


FACTS = {
    "actions": (action("stop"), action("start")),
    "transitions": (transition("stop", "compute", (("active",), (None,)), ("stopped", None)),),
    "events": (Event(name="stop", kind="action", function=None, actions=("stop",), evidence=HERE),),
    "log_messages": (line("inside", INNER, "delete|stop"), line("outside", ELSEWHERE, None)),
    "migration_statuses": (status("error", INNER), status("done", ELSEWHERE, "stop"), status("failed", ELSEWHERE)),
}
PAGE = make_writer(catalog(v13_0_0=FACTS))


def test_what_a_function_leaves_belongs_to_the_actions_whose_states_it_changes() -> None:
    assert qualified_name(HERE) == "compute.manager.ComputeManager._init_instance"
    assert actions_at(PAGE.latest, INNER) == ("stop",)
    assert actions_at(PAGE.latest, ELSEWHERE) == ()
    found = hrefs(list(action_belongings(PAGE, PAGE.latest, "stop")))
    assert found == {
        "../../event/#stop",
        "../../log/#inside",
        "../../migration_status/#error",
        "../../migration_status/#done",
    }
    assert list(action_belongings(PAGE, PAGE.latest, "start")) == []


def test_an_effect_that_is_one_of_two_is_told_so() -> None:
    ((_, _, functions),) = build_log(PAGE, LOG).files
    effects = {row.id: row.effect for function in functions for row in function.rows}
    assert effects == {"inside": "delete or stop", "outside": ""}
