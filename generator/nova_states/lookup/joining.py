"""Told together: what the hypervisor says of a server stands beside what Nova says of it.

docs/assets/lookup/joining.js does the same in the page; tests hold both to the same answers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from nova_states.lookup.report import Report


def join_records(reports: Sequence[Report], power_states: Mapping[int | str | None, str]) -> list[Report]:
    """The records, with the word of the hypervisor put to the one server that it is about.

    Args:
        reports: As they were read.
        power_states: Number of each power_state → its constant.
    """
    domains = [report for report in reports if report.record == "hypervisor"]
    servers = [report for report in reports if report.record == "server"]
    if len(domains) != 1 or len(servers) != 1:
        return list(reports)
    (domain,), (server,) = domains, servers
    told, read = domain.read or {}, server.read or {}
    names = [name for name in (told.get("domain"), read.get("instance_name")) if name]
    power = power_states.get(domain.power_state)
    if power is None or len(set(names)) > 1:
        return list(reports)
    beside: dict[str, Any] = {"hypervisor": power, "reason": told.get("reason")}
    if names:
        beside["instance_name"] = names[0]
    return [replace(report, read={**read, **beside}) if report is server else report for report in reports]
