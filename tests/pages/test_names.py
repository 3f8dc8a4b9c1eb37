"""Pages of states, statuses and actions say what the facts say."""

from __future__ import annotations

from nova_states.pages.actions import build_action
from nova_states.pages.models import AllowedAction, StatePage
from nova_states.pages.states import build_state
from nova_states.pages.statuses import build_status
from nova_states.pages.writer import Writer


def allowed_of(page: StatePage) -> dict[str, AllowedAction]:
    return {one.action.text: one for group in page.allowed for row in group.rows for one in row.actions}


def strip_of(page: StatePage) -> list[tuple[list[str], list[str]]]:
    return [([link.text for link in actions], [link.text for link in ends]) for actions, ends in page.leaves]


def test_the_strip_begins_with_what_is_needed_and_ends_with_the_end(writer: Writer) -> None:
    stopped = strip_of(build_state(writer, "vm_state", writer.latest.constants["vm_state"]["STOPPED"]))
    assert stopped[0] == (["start", "hard_reboot"], ["active"])
    assert stopped[-2:] == [(["delete", "force_delete"], ["deleted"]), (["soft_delete"], ["soft-delete"])]
    resized = strip_of(build_state(writer, "vm_state", writer.latest.constants["vm_state"]["RESIZED"]))
    assert resized[0] == (["confirm_resize", "revert_resize"], ["active", "stopped"])
    assert strip_of(build_state(writer, "vm_state", writer.latest.constants["vm_state"]["DELETED"])) == []


def test_the_strip_says_what_costs_data(writer: Writer) -> None:
    page = build_state(writer, "vm_state", writer.latest.constants["vm_state"]["ERROR"])
    assert [name for name, _ in page.losses] == ["hard_reboot", "rebuild", "evacuate", "delete", "force_delete"]
    assert all(what for _, what in page.losses)
    assert allowed_of(page)["rebuild"].loses
    assert not allowed_of(page)["lock"].loses


def test_the_strip_of_a_task_says_what_it_ends_in(writer: Writer) -> None:
    page = build_state(writer, "task_state", writer.latest.constants["task_state"]["POWERING_OFF"])
    assert strip_of(page) == [(["stop", "rebuild", "revert_resize", "evacuate"], ["stopped"])]


def test_reboot_is_one_row_with_its_parts(writer: Writer) -> None:
    page = build_state(writer, "vm_state", writer.latest.constants["vm_state"]["ACTIVE"])
    (row,) = (row for group in page.allowed for row in group.rows if "reboot" in row.actions[0].action.text)
    assert [one.action.text for one in row.actions] == ["soft_reboot", "hard_reboot"]
    (consoles,) = (row for group in page.allowed for row in group.rows if len(row.actions) > 2)
    assert all("console" in one.action.text for one in consoles.actions)


def test_a_vm_state_lists_what_is_allowed_and_what_is_not(writer: Writer) -> None:
    page = build_state(writer, "vm_state", writer.latest.constants["vm_state"]["STOPPED"])
    allowed = allowed_of(page)
    refused = {row.action.text: row for row in page.refused}
    assert {"start", "hard_reboot", "rescue", "rebuild", "shelve"} <= allowed.keys()
    assert {"stop", "soft_reboot", "pause"} <= refused.keys()
    assert [link.text for link in refused["pause"].nearest] == ["active"]
    assert {"delete", "lock"} <= allowed.keys()  # whatever the states
    assert "reboot" not in allowed  # it only stands above its parts, one of which is refused
    assert [link.text for link in allowed["shelve"].ends] == ["shelved", "shelved_offloaded"]
    assert not allowed.keys() & refused.keys()
    assert page.shown[0].status.text == "SHUTOFF"


def test_a_task_state_tells_in_which_release_an_action_came(writer: Writer) -> None:
    page = build_state(writer, "task_state", writer.latest.constants["task_state"]["POWERING_OFF"])
    evacuate = allowed_of(page)["evacuate"]
    assert evacuate.since.startswith("26.0.0 (")
    assert all(version in evacuate.since for version in ("25.1.0", "24.2.0", "23.2.2"))


def test_a_power_state_has_its_number_and_no_list_of_actions(writer: Writer) -> None:
    page = build_state(writer, "power_state", writer.latest.constants["power_state"]["SHUTDOWN"])
    assert "4 · 0x04" in [fact.value for fact in page.glance]
    assert not page.is_checked
    assert not page.allowed


def test_a_status_tells_what_it_hides(writer: Writer) -> None:
    page = build_status(writer, "ACTIVE")
    (row,) = page.rows
    hidden = {link.text for link in row.hidden}
    assert row.vm_state.text == "active"
    assert "deleting" in hidden
    assert "rebooting" not in hidden


def test_an_action_has_its_guard_request_and_refusal(writer: Writer) -> None:
    page = build_action(writer, "confirm_resize")
    (guard,) = page.guards
    assert [link.text for link in guard.vm_states] == ["resized"]
    assert [request.body_key for request in page.requests] == ["confirmResize"]
    assert page.refusals == ("Cannot 'confirmResize' instance {server} while it is in vm_state {vm_state}",)


def test_cold_migration_shares_the_guard_of_resize(writer: Writer) -> None:
    page, resize = build_action(writer, "migrate"), build_action(writer, "resize")
    assert page.parent is not None
    assert page.parent.text == "resize"
    assert [g.vm_states[0].text for g in page.guards] == [g.vm_states[0].text for g in resize.guards]
    assert [request.body_key for request in page.requests] == ["migrate"]


def test_an_action_that_is_gone_is_told_as_of_its_last_release(writer: Writer) -> None:
    page = build_action(writer, "get_rdp_console")
    assert not page.exists
    assert page.release.startswith("28.")
