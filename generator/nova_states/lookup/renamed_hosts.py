"""Puts to a nova-compute that is down that its host goes on under another name: one host that was renamed is not dead.

docs/assets/lookup/renamed_hosts.js does the same in the page; tests hold both to the same answers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from nova_states.lookup.hosts import are_one_host
from nova_states.lookup.report import Report
from nova_states.lookup.root_causes import put_causes
from nova_states.lookup.situation import state_of_service

_COMPUTE: Final = "nova-compute"
_RENAMED: Final = "host-renamed"


def with_renamed_hosts(reports: Sequence[Report]) -> list[Report]:
    """The records, where one of two services of one host, by its short and by its whole name, is down."""
    services = [report.read or {} for report in reports if report.record == "service"]
    up = [read["host"] for read in services if _is_compute(read) and state_of_service(read) not in ("down", None)]
    return [put_causes(report, _RENAMED, None) if _is_former(report, up) else report for report in reports]


def _is_compute(read: Mapping[str, Any]) -> bool:
    return read.get("binary") == _COMPUTE and bool(read.get("host"))


def _is_former(report: Report, up: Sequence[str]) -> bool:
    read = report.read or {}
    if report.record != "service" or not _is_compute(read) or state_of_service(read) != "down":
        return False
    host: str = read["host"]
    return any(are_one_host(host, other) and host.lower() != other.lower() for other in up)
