"""The Mitaka page shows at least all that Mitaka's three files of states define."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from nova_states.facts.condition import CodeTest
from nova_states.pages.components import Matrix
from nova_states.pages.models import SeriesPage
from nova_states.pages.series import build_series
from nova_states.pages.writer import Writer
from tests.python_texts import python_in

MITAKA: dict[str, Any] = tomllib.loads(
    (Path(__file__).parents[1] / "facts/golden/mitaka.toml").read_text(encoding="utf-8")
)


@pytest.fixture
def mitaka(writer: Writer) -> SeriesPage:
    return build_series(writer, next(series for series in writer.catalog.series if series.codename == "mitaka"))


def constants(page: SeriesPage, kind: str) -> dict[str, Any]:
    (rows,) = (rows for name, _, rows in page.constants if name == kind)
    return {row.constant: row for row in rows}


def test_power_states_with_hex_and_label(mitaka: SeriesPage) -> None:
    rows = constants(mitaka, "power_state")
    labels = {name: label for name, _, label in mitaka.label_map}
    for name, state in MITAKA["power_state"].items():
        assert rows[name].number == f"{state['value']} · 0x{state['value']:02x}"
        assert labels[name] == state["label"]
    assert rows.keys() == MITAKA["power_state"].keys()


def test_vm_states(mitaka: SeriesPage) -> None:
    assert {name: row.value.text for name, row in constants(mitaka, "vm_state").items()} == MITAKA["vm_state"]


def test_task_states_with_their_operation(mitaka: SeriesPage) -> None:
    shown = {name: (row.value.text, row.operation) for name, row in constants(mitaka, "task_state").items()}
    assert shown == {
        name: (value, f"{operation}()")
        for operation, states in MITAKA["task_state"].items()
        for name, value in states.items()
    }


def test_groups(mitaka: SeriesPage, writer: Writer) -> None:
    no_task = writer.words("no_task")
    shown = {
        row.name.text: ["None" if link.text == no_task else link.text for link in row.values] for row in mitaka.groups
    }
    assert shown == MITAKA["groups"]


def signs(matrix: Matrix, row: str) -> dict[str, str]:
    (found,) = (found for found in matrix.rows if found.head.text == row)
    return {column.text: cell.sign for column, cell in zip(matrix.columns, found.cells, strict=True)}


def test_matrices_are_of_mitaka(mitaka: SeriesPage, writer: Writer) -> None:
    allowed = {state for state, sign in signs(mitaka.guards, "trigger_crash_dump").items() if sign == "●"}
    assert allowed == set(MITAKA["groups"]["ALLOW_TRIGGER_CRASH_DUMP"])
    assert "get_vnc_console" not in [row.head.text for row in mitaka.guards.rows]
    statuses = signs(mitaka.statuses, "rebuilding")
    assert (statuses["error"], statuses["paused"]) == ("REBUILD", "PAUSED")
    assert signs(mitaka.statuses, writer.words("no_task"))["resized"] == "VERIFY_RESIZE"


def noticed_in(writer: Writer, codename: str) -> dict[str, list[str]]:
    page = build_series(writer, next(series for series in writer.catalog.series if series.codename == codename))
    return {row.what: [link.text for link in row.links] for row in page.noticed}


def test_the_page_opens_with_what_an_operator_notices(writer: Writer, mitaka: SeriesPage) -> None:
    assert mitaka.noticed == ()  # nothing is before it
    assert mitaka.before is None
    stein = noticed_in(writer, "stein")
    assert stein["vm_state +`paused`"] == ["snapshot_volume_backed"]
    assert next(iter(stein)) == "vm_state +`paused`"  # what is allowed comes before what is configured
    assert ["live_migration_wait_for_vif_plug"] in stein.values()


def test_what_came_in_point_releases_of_the_series_before_is_no_novelty(writer: Writer) -> None:
    """Evacuation in any task came with 26.0.0, and with 25.1.0 before it."""
    assert "evacuate" not in [name for names in noticed_in(writer, "zed").values() for name in names]


def test_a_check_of_many_actions_is_told_once_and_no_python_is_shown(writer: Writer) -> None:
    epoxy = noticed_in(writer, "epoxy")
    (names,) = (names for what, names in epoxy.items() if "block_shares_not_supported" in what)
    assert len(names) > 3
    texts = [what for series in writer.catalog.series for what in noticed_in(writer, series.codename)]
    assert not [text for text in texts if "not " in text and "(" in text and "==" in text]
    assert not [text for text in texts if writer.words("when") + ":" in text]


def test_power_states_come_with_the_words_of_virsh(mitaka: SeriesPage) -> None:
    rows = constants(mitaka, "power_state")
    assert rows["SHUTDOWN"].virsh == ("in shutdown", "shut off")
    assert rows["RUNNING"].virsh == ("running", "idle")
    assert [place.file for place in mitaka.files] == [
        f"nova/compute/{name}.py" for name in ("power_state", "vm_states", "task_states")
    ]


def test_vm_states_come_with_what_they_are_shown_as(mitaka: SeriesPage) -> None:
    shown = {name: row.shown.text for name, row in constants(mitaka, "vm_state").items()}
    assert (shown["STOPPED"], shown["RESIZED"]) == ("SHUTOFF", "VERIFY_RESIZE")


def test_changes_tell_conditions_in_words(writer: Writer) -> None:
    """And what only the code writes otherwise, or checks in another method, is no change."""
    pages = [build_series(writer, series) for series in writer.catalog.series]
    changes = {
        (release.version, change.link.text if change.link else ""): change.what
        for page in pages
        for release in page.releases
        for change in release.changes
    }
    assert [what for what in changes.values() if python_in(what)] == []
    below = writer.said(CodeTest(text="api_version_request.is_supported(req, '2.20')", holds=False), "detach_volume")
    assert below in changes["13.0.0", "detach_volume"]
    assert ("32.0.0", "detach_volume") not in changes
