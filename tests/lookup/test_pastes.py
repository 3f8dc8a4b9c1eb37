"""What is read of pastes of every kind: each file in pastes/ has one, and the records that it holds."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
import yaml

from nova_states.lookup.paste_reader import Problem, read_reports
from nova_states.lookup.report import Report
from nova_states.lookup.table_cache import load_tables
from nova_states.lookup.vocabulary import Vocabulary

PASTES = sorted((Path(__file__).parent / "pastes").glob("*.yml"))
VOCABULARY = Vocabulary(tables=load_tables("en"))


def told(report: Report, expected: dict[str, Any]) -> dict[str, Any]:
    """Those parts of a report that a case expects."""
    read = report.read or {}
    found: dict[str, Any] = {}
    for name, value in expected.items():
        if name == "read":
            found[name] = {key: read.get(key) for key in value}
        elif name == "fault":
            found[name] = read["fault"]["message"]
        elif name == "asked":
            found[name] = report.asked and report.asked.action
        else:
            found[name] = getattr(report, name)
    return found


@pytest.mark.parametrize("path", PASTES, ids=lambda path: path.stem)
def test_a_paste_is_read_as_what_it_is(path: Path) -> None:
    case = yaml.safe_load(path.read_text(encoding="utf-8"))
    found = read_reports(case["input"], VOCABULARY)
    if "unreadable" in case:
        assert isinstance(found, Problem)
        assert found.id == case["unreadable"]
        return
    assert isinstance(found, list)
    expected = case["records"]
    assert [report.record for report in found] == [record["record"] for record in expected]
    assert [told(report, record) for report, record in zip(found, expected, strict=True)] == expected
    for name in ("task_state",):
        assert all(report.has_task for report, record in zip(found, expected, strict=True) if name in record)
    if "unread" in case:
        parts = found[0].unread
        assert len(parts) >= len(case["unread"])
        assert all(any(text in part for part in parts) for text in case["unread"])
        assert parts == () if case["unread"] == [] else True


def test_there_are_pastes_of_every_record() -> None:
    cases = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in PASTES]
    records = {record["record"] for case in cases for record in case.get("records", ())}
    assert records >= {"server", "migration", "event", "service", "volume", "hypervisor", "tool", "refusal", "log"}
    assert len(cases) >= 60


UNITS = (
    "+--+\n",
    "|x\n",
    "- \n",
    "  a: b\n",
    "ID Name Status\n",
    '"\\',
    "{'a':",
    "NoValidHost ",
    "[a:1,",
    "1 a running\n",
    "Cannot 'stop' instance 0 while it is in vm_state error (HTTP 409) (Request-ID: req-1)\n",
    "2026-01-01 10:00:00.000 1 ERROR nova.compute.manager [req-1 - - -] boom\nnova.exception.NovaException: boom\n",
    "Error waiting for instance (6b0f4ba9) to become ready: unexpected state 'ERROR'\n",
    "nova-compute | compute1 | nova | enabled | down\n",
    "$ openstack server stop x\n",
    "서버가 ERROR 입니다. ",
)


@pytest.mark.timing
@pytest.mark.parametrize("unit", UNITS)
def test_time_grows_with_the_text_and_no_faster(unit: str) -> None:
    def spent_on(length: int) -> float:
        start = time.process_time()
        read_reports(unit * (length // len(unit)), VOCABULARY)
        return time.process_time() - start

    # The best of three: what runs beside it may take a cache away.
    spent = [min(spent_on(length) for _ in range(3)) for length in (20_000, 80_000)]
    assert spent[1] < 8 * spent[0] + 0.1
