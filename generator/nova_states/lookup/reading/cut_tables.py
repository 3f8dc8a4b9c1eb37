"""Joins what somebody has cut apart of one show of a server: the part that names it has what the others lack.

docs/assets/lookup/reading/cut_tables.js does the same in the page; tests hold both to the same answers.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from nova_states.lookup.reading.pieces import Findings
from nova_states.lookup.report import Report

_NAMES: Final = ("id", "name")
_VALUES: Final = ("id", "name", "status", "vm_state", "power_state", "launched")


def join_cut_tables(findings: Findings) -> None:
    """Put servers without a name to the only one that has one, where no field of them is there twice.

    Args:
        findings: What was found; nothing is joined where its servers are more than the parts of one.
    """
    servers = [(line, report) for line, report in findings.records if report.record == "server"]
    named = [pair for pair in servers if any(getattr(pair[1], name) for name in _NAMES)]
    if len(named) != 1 or len(servers) == 1:
        return
    ((_, only),) = named
    whole = only
    for _, part in servers:
        if part is only:
            continue
        if _fields(whole) & _fields(part) or whole.asked or part.asked:
            return
        whole = _joined(whole, part)
    first = min(place for place, _ in servers)
    parts = {id(report) for _, report in servers}
    others = [(place, report) for place, report in findings.records if id(report) not in parts]
    findings.records = sorted([*others, (first, whole)], key=lambda pair: pair[0])


def _fields(report: Report) -> set[str]:
    """What a record tells, by the names of its fields."""
    told = {name for name in _VALUES if getattr(report, name) is not None}
    return told | ({"task_state"} if report.has_task else set()) | set(report.read or {})


def _joined(whole: Report, part: Report) -> Report:
    values: dict[str, Any] = {name: getattr(part, name) for name in _VALUES if getattr(part, name) is not None}
    if part.has_task:
        values |= {"task_state": part.task_state, "has_task": True}
    return replace(whole, **values, read={**(part.read or {}), **(whole.read or {})} or None)
