"""Told together: what the hypervisor says of a server stands beside what Nova says of it.

docs/assets/lookup/joining.js does the same in the page; tests hold both to the same answers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from nova_states.lookup.report import Report

_STATES: Final = ("vm_state", "task_state", "power_state", "status")


def join_records(reports: Sequence[Report], power_states: Mapping[int | str | None, str]) -> list[Report]:
    """The records, with the word of the hypervisor put to the one server that it is about.

    Args:
        reports: As they were read.
        power_states: Number of each power_state → its constant.
    """
    reports = _beside_services(reports)
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
    beside: dict[str, Any] = {"hypervisor": power, "domain_state": told.get("state"), "reason": told.get("reason")}
    if names:
        beside["instance_name"] = names[0]
    return [replace(report, read={**read, **beside}) if report is server else report for report in reports]


def _beside_services(reports: Sequence[Report]) -> list[Report]:
    """The records, with what is known of the only host's nova-compute put to the only server that may be on it."""
    services = [report.read or {} for report in reports if report.record == "service"]
    hosts = [read for read in services if read.get("binary") == "nova-compute"]
    meant = [report for report in reports if report.record in ("server", "refusal")]
    if len(hosts) != 1 or len(meant) != 1 or "host_status" in (meant[0].read or {}):
        return list(reports)
    (service,), (report,) = hosts, meant
    read = report.read or {}
    is_down = service.get("state") == "down" or service.get("forced_down") is True
    if not is_down or not service.get("host") or read.get("host") not in (None, service["host"]):
        return list(reports)
    beside = {"host": service["host"], "host_status": "DOWN"}
    return [replace(one, read={**read, **beside}) if one is report else one for one in reports]


def contradicting(reports: Sequence[Report]) -> Iterator[list[Report]]:
    """Servers that are told of more than once and not in the same states, each with all that is told of it.

    What one of them leaves out contradicts nothing.
    """
    by_id: dict[str, list[Report]] = {}
    for report in reports:
        if report.record == "server" and report.id is not None:
            by_id.setdefault(report.id, []).append(report)
    for told in by_id.values():
        if len(told) > 1 and any(_differ(told[0], other) for other in told[1:]):
            yield told


def _differ(one: Report, other: Report) -> bool:
    if one.has_task and other.has_task and one.task_state != other.task_state:
        return True
    pairs = ((getattr(one, name), getattr(other, name)) for name in _STATES)
    return any(here is not None and there is not None and here != there for here, there in pairs)
