"""Puts to a refusal what the services beside it tell of the host that it names: alone, they answer another question.

A service that is up and disabled is told to be enabled again, which is no help to who cannot evacuate from its host.
docs/assets/lookup/refused_hosts.js does the same in the page; tests hold both to the same answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from nova_states.lookup.hosts import are_one_host
from nova_states.lookup.named_objects import objects_in
from nova_states.lookup.report import Report
from nova_states.lookup.root_causes import message_of

_IN_USE: Final = "ComputeServiceInUse"
"""An evacuation that is refused, for the host still counts as up."""


def with_refused_hosts(reports: Sequence[Report]) -> list[Report]:
    """The records without the nova-compute of the host from which nothing may be evacuated, which its refusal knows."""
    refused = (report for report in reports if report.record == "refusal")
    refusals = [report for report in refused if (report.read or {}).get("error") == _IN_USE]
    host = objects_in(message_of(refusals[0])).get("host") if len(refusals) == 1 else None
    if host is None:
        return list(reports)
    own = [report for report in reports if _is_of(report, host)]
    unread = tuple(text for report in own for text in report.unread)
    (refusal,) = refusals
    told = replace(refusal, read={**(refusal.read or {}), "host": host}, unread=(*refusal.unread, *unread))
    gone = {id(report) for report in own}
    return [told if report is refusal else report for report in reports if id(report) not in gone]


def _is_of(report: Report, host: str) -> bool:
    read = report.read or {}
    is_service = report.record == "service" and read.get("binary") in ("nova-compute", None)
    return is_service and are_one_host(read.get("host") or "", host) and read.get("state", "").lower() == "up"
