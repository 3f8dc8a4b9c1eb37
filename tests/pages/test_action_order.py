"""Actions stand everywhere in the one order that docs/explanations/action_uses.yml says, related ones in one row."""

from __future__ import annotations

from nova_states.explanations.action_uses import find_unplaced_actions, load_action_uses
from nova_states.lookup.texts import build_texts
from nova_states.pages.action_order import ActionRow, groups_of, in_order, rows_of
from nova_states.pages.indexes import build_index
from nova_states.pages.matrices import build_guards
from nova_states.pages.writer import Writer


def test_every_action_of_any_release_has_its_place_and_nothing_else_has_one(writer: Writer) -> None:
    assert not list(find_unplaced_actions(load_action_uses(), writer.queries.actions))
    assert list(find_unplaced_actions(load_action_uses(), [*writer.queries.actions, "novelty"])) == [
        "docs/explanations/action_uses.yml: actions: novelty is missing; say what it is good for"
    ]


def test_the_needed_come_first_and_what_nobody_placed_last(writer: Writer) -> None:
    assert in_order(("zebra", "delete", "allow_share", "stop", "start")) == (
        "start", "stop", "delete", "allow_share", "zebra",
    )  # fmt: skip
    assert [group.purpose for group in groups_of(writer, ("zebra", "resize", "start"))] == ["power", "move", "operator"]


def test_what_belongs_together_is_one_row() -> None:
    found = ("reboot", "get_vnc_console", "hard_reboot", "get_spice_console", "soft_reboot", "stop")
    assert list(rows_of(found)) == [
        ActionRow(id="stop", actions=("stop",)),
        ActionRow(id="reboot", actions=("soft_reboot", "hard_reboot")),
        ActionRow(id="consoles", actions=("get_vnc_console", "get_spice_console")),
    ]
    assert list(rows_of(("reboot",))) == [ActionRow(id="reboot", actions=("reboot",))]


def test_the_lookup_has_the_groups_of_the_pages(writer: Writer) -> None:
    texts = build_texts(writer.explanations, writer.language)
    assert list(texts["purposes"].values()) == [group.label for group in groups_of(writer, writer.queries.actions)]
    assert list(texts["uses"]) == list(load_action_uses().actions)


def test_the_matrix_has_the_order_and_one_row_of_consoles(writer: Writer) -> None:
    (_, _, by_vm_state), (_, _, by_task) = build_guards(writer).matrices
    names = [row.head.text for row in by_vm_state.rows]
    assert names[4:6] == ["soft_reboot", "hard_reboot"]  # they differ, so they are two
    assert names[:4] == ["start", "stop", "resume", "unpause"]
    assert names.count("consoles") == 1
    assert not [name for name in names if name.startswith("get_") and name != "get_console_output"]
    consoles = next(row for row in by_vm_state.rows if row.head.text == "consoles")
    assert "get_vnc_console, get_spice_console" in consoles.head.title
    assert consoles.head.href.endswith("action/get_vnc_console/")
    assert [row.head.text for row in by_task.rows] == names


def test_the_index_shows_groups_and_reboot_once_with_its_parts(writer: Writer) -> None:
    rows = build_index(writer, "action").rows
    assert rows[0].link.text == "start"
    assert list(dict.fromkeys(row.group for row in rows)) == [
        group.label for group in groups_of(writer, writer.queries.actions)
    ]
    (reboot,) = (row for row in rows if "reboot" in row.link.text)
    assert [link.href for link in reboot.parts] == ["../action/soft_reboot/", "../action/hard_reboot/"]
    assert reboot.link.href == "../action/reboot/"
    shown = {link.href for row in rows for link in (row.link, *row.parts)}
    assert len(shown) == len(writer.queries.actions)  # every page is reached
