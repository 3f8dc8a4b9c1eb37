"""One record is read alike in whatever layout it is printed: its states, its id and its fault."""

from __future__ import annotations

from typing import Any

import pytest

from nova_states.lookup.paste_reader import Problem, read_reports
from nova_states.lookup.report import Report
from nova_states.lookup.table_cache import load_tables
from nova_states.lookup.vocabulary import Vocabulary, fold
from tests.lookup.layouts import LIST, LOG, LOGGED, SERVERS, SHOW

VOCABULARY = Vocabulary(tables=load_tables("en"))
WITHOUT_FAULT = ("names and values in a line", "table cut behind short values", "table cut into its names")
CUT = {"table cut into its names": ("id", "status", "name")}
"""What a layout has lost of a server."""


def reports_of(text: str) -> list[Report]:
    found = read_reports(text, VOCABULARY)
    assert not isinstance(found, Problem), found.id
    return found


def states(report: Report, lost: tuple[str, ...] = ()) -> dict[str, Any]:
    power = report.power_state
    if isinstance(power, str):
        power = VOCABULARY.power_states[fold(power)]
    told = {
        "record": report.record,
        "id": report.id,
        "status": report.status,
        "vm_state": report.vm_state,
        "task_state": report.task_state if report.has_task else "not told",
        "power_state": power,
    }
    return {name: None if name in lost else value for name, value in told.items()}


def fault(report: Report) -> str:
    message: str | None = ((report.read or {}).get("fault") or {}).get("message")
    return (message or "")[:60]


@pytest.mark.parametrize("layout", SHOW)
def test_a_server_is_the_same_in_every_layout(layout: str) -> None:
    for server in SERVERS:
        told = server.get("fault") or {}
        (report,) = reports_of(SHOW[layout](server))
        assert states(report) == {
            "record": "server",
            "id": None if layout in CUT else server["id"],
            "status": None if layout in CUT else server["status"],
            "vm_state": server["OS-EXT-STS:vm_state"],
            "task_state": server["OS-EXT-STS:task_state"],
            "power_state": server["OS-EXT-STS:power_state"],
        }
        if layout not in WITHOUT_FAULT:
            assert fault(report) == told.get("message", "")[:60]


@pytest.mark.parametrize("layout", LIST)
def test_servers_are_the_same_in_every_layout_of_a_list(layout: str) -> None:
    found = [states(report) for report in reports_of(LIST[layout](SERVERS))]
    assert [report["record"] for report in found] == ["server"] * len(SERVERS)
    for report, server in zip(found, SERVERS, strict=True):
        assert report["id"] == server["id"]
        # A database has no status, a list no vm_state.
        assert report["status"] in (server["status"], None)
        assert report["vm_state"] in (server["OS-EXT-STS:vm_state"], None)
        assert report["status"] or report["vm_state"]
        assert report["task_state"] == server["OS-EXT-STS:task_state"]
        assert report["power_state"] == server["OS-EXT-STS:power_state"]


def entry(report: Report) -> dict[str, Any]:
    read = report.read or {}
    return states(report) | {name: read.get(name) for name in ("level", "module", "log_message", "message", "request")}


@pytest.mark.parametrize("layout", LOGGED)
def test_a_line_of_a_log_is_the_same_in_every_layout(layout: str) -> None:
    for line in LOG:
        (expected,) = reports_of(line)
        (report,) = reports_of(LOGGED[layout](line))
        assert report.record == "log"
        assert entry(report) == entry(expected)
