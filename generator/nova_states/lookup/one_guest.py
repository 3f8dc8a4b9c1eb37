"""What a hypervisor says of a guest, with what a log says of the same guest: told as one, the cause first.

docs/assets/lookup/one_guest.js does the same in the page; tests hold both to the same answers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from nova_states.lookup.hosts import are_one_host
from nova_states.lookup.report import Report

_PAUSED: Final = "paused"
_HALTED: Final = "guest-io-pause"
"""The cause for which QEMU has halted a guest itself."""
_OUTLIVES: Final = "sigkill-busy"
"""The cause for which a guest does not end."""
_ENDING: Final = ("in shutdown", "dying")
_RUNS: Final = ("running", "idle", "blocked")
_OFF: Final = "shut off"
HOST: Final = "on"
"""What of a domain says on which host it was seen."""


def with_one_guest(reports: Sequence[Report]) -> list[Report]:
    """The records, with why guests are paused put to them, and the only guest put to the only server of a log."""
    return _beside_log(_why_alive(_why_paused(reports)))


def runs_twice(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether a domain runs under two numbers: on two hosts, as no host gives it another without a restart."""
    numbers = {read.get("number") for read in (one, other)} - {None}
    return len(numbers) > 1 and all(read.get("state") in _RUNS for read in (one, other))


def side_that_runs(one: Mapping[str, Any], other: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Of a domain that is off in one list what the other says, where it runs; None where both may be of one host."""
    sides = [one, other]
    running = [read for read in sides if read.get("state") in (*_RUNS, _PAUSED)]
    if len(running) != 1 or all(read.get("state") != _OFF for read in sides):
        return None
    hosts = [read[HOST] for read in sides if read.get(HOST)]
    # Without hosts only rows of lists: a state alone is one look at the same guest after another.
    is_other = not are_one_host(*hosts) if len(hosts) == len(sides) else bool(running[0].get("number"))
    return running[0] if is_other else None


def is_elsewhere(read: Mapping[str, Any], host: str | None) -> bool:
    """Whether a domain that is off on one host runs on another than Nova has on record."""
    on = read.get(HOST)
    return bool(read.get("elsewhere")) and not (on and host and are_one_host(on, host))


def _why_paused(reports: Sequence[Report]) -> list[Report]:
    causes = [report for report in reports if report.record in ("fault", "log") and _is_halt(report)]
    paused = [report for report in reports if report.record == "hypervisor" and _may_be_halted(report)]
    if len({_causes_of(report) for report in causes}) != 1 or not paused:
        return list(reports)
    cause, also = _causes_of(causes[0])
    told = {"cause": cause, "also": also} if also else {"cause": cause}
    left = {id(report) for report in causes}
    unread = tuple(text for report in causes for text in report.unread)
    found = [report for report in reports if id(report) not in left]
    first = paused[0]
    halted = {id(report) for report in paused}
    return [
        replace(
            report, read={**(report.read or {}), **told}, unread=(*report.unread, *(unread if report is first else ()))
        )
        if id(report) in halted
        else report
        for report in found
    ]


def _why_alive(reports: Sequence[Report]) -> list[Report]:
    """The only guest that is to end put to the only message that its process does not: nobody waits for it then."""
    ending = [one for one in reports if one.record == "hypervisor" and (one.read or {}).get("state") in _ENDING]
    causes = [
        one for one in reports if one.record in ("fault", "log") and one.id is None and _OUTLIVES in _causes_of(one)
    ]
    if len(ending) != 1 or len(causes) != 1:
        return list(reports)
    (guest,), (cause,) = ending, causes
    read = cause.read or {}
    told = {"instance_name": (guest.read or {}).get("domain"), "beside": (*read.get("beside", ()), guest)}
    known = replace(cause, read={**read, **told}, unread=(*guest.unread, *cause.unread))
    return [known if one is cause else one for one in reports if one is not guest]


def _is_halt(report: Report) -> bool:
    return report.id is None and _HALTED in _causes_of(report)


def _causes_of(report: Report) -> tuple[str | None, str | None]:
    read = report.read or {}
    return read.get("cause"), read.get("also")


def _may_be_halted(domain: Report) -> bool:
    read = domain.read or {}
    return read.get("state") == _PAUSED and not read.get("cause") and "migrat" not in (read.get("reason") or "")


def _beside_log(reports: Sequence[Report]) -> list[Report]:
    domains = [report for report in reports if report.record == "hypervisor"]
    others = [report for report in reports if report.record != "hypervisor"]
    logs = [report for report in others if report.record == "log"]
    # A cause that was put to the guest says why it is so: that comes first.
    if len(domains) != 1 or len(logs) != 1 or logs != others or (domains[0].read or {}).get("cause"):
        return list(reports)
    (domain,), (log,) = domains, logs
    read = log.read or {}
    if log.id is None or not read.get("log_message") or (domain.read or {}).get("foreign"):
        return list(reports)
    told = {"instance_name": (domain.read or {}).get("domain"), "beside": (*read.get("beside", ()), domain)}
    return [replace(log, read={**read, **told}, unread=(*domain.unread, *log.unread))]
