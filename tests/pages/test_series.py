"""The Mitaka page shows at least all that Mitaka's three files of states define."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from nova_states.pages.components import Matrix
from nova_states.pages.models import SeriesPage
from nova_states.pages.series import build_series
from nova_states.pages.writer import Writer

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
