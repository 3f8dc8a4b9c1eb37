"""What a paste has already: no step asks for it again.

docs/assets/lookup/pasted.js does the same in the page; tests hold both to the same answers.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from nova_states.lookup.report import Report
from nova_states.lookup.situation import result_of

_SHOW: Final = "openstack server show {server}"
_COLUMN: Final = re.compile(r" -c ([A-Za-z_:-]+)")
_SHOWN: Final = ("OS-EXT-STS:vm_state", "OS-EXT-STS:power_state")
"""Columns without which nobody has shown a server as a whole."""
_COMMANDS: Final[Mapping[str, str]] = {
    "openstack server event show ": "event",
    "openstack server event list ": "events",
    "openstack server migration list ": "migrations",
    "openstack volume show ": "volume",
    "openstack --os-compute-api-version 2.73 server show ": "locked_reason",
    "virsh domstate --reason ": "reason",
    "virsh domuuid ": "uuid",
    "virsh domblkerror ": "disk_error",
}
"""Beginning of a command → the word for what it would show."""
_SERVICES: Final = "openstack compute service list"
_OF_HOSTS: Final = "--service nova-compute"
_LONG: Final = " --long "
"""What a command shows beside what others show."""
_CONTROLLERS: Final = ("nova-conductor", "nova-scheduler")
_COLUMNS: Final[Mapping[str, str]] = {
    "status": "status",
    "OS-EXT-STS:vm_state": "vm_state",
    "OS-EXT-STS:power_state": "power_state",
}
_ABOUT_SERVERS: Final = ("refusal", "fault", "log", "tool")
_FAILED: Final = "error"
_DETAILS: Final[Mapping[str, str]] = {
    "fault": "fault",
    "created": "created",
    "updated": "updated",
    "OS-EXT-SRV-ATTR:host": "host",
    "locked_reason": "locked_reason",
}
"""Column of a server → what it is called in a report, and in its `read`."""


def with_surroundings(reports: Sequence[Report]) -> list[Report]:
    """The records, each knowing which services the paste lists, and what it shows of its server."""
    binaries = {(report.read or {}).get("binary") for report in reports if report.record == "service"}
    around = {"hosts"} if "nova-compute" in binaries else set()
    if binaries.intersection(_CONTROLLERS):
        around.add("services")
    servers = [report for report in reports if report.record == "server"]
    shown = {server.id: set(_of_record(server)) for server in servers}
    found: list[Report] = []
    for report in reports:
        of_server = shown.get(report.id, set()) if report.record in _ABOUT_SERVERS and report.id else set()
        known = tuple(sorted(around | of_server))
        found.append(replace(report, read={**(report.read or {}), "around": known}) if known else report)
    return found


def pasted_of(report: Report) -> frozenset[str]:
    """Words for what the paste shows of a record, of those beside it and of its surroundings."""
    read = report.read or {}
    known = {word for one in (report, *read.get("beside", ())) for word in _of_record(one)}
    if (report.id or report.name) and read.get("hypervisor"):
        known.add("uuid")
    if "hosts" in read.get("around", ()) and read.get("host_status"):
        known.add("service")
    return frozenset(known.union(read.get("around", ())))


def _of_record(report: Report) -> Iterator[str]:
    read = report.read or {}
    if report.record == "event":
        is_shown = bool(read.get("result") or read.get("events"))
        yield "event" if is_shown else "events"
        if is_shown and result_of(read) == "error":
            yield "events"
    elif report.record == "migration":
        yield "migrations"
    elif report.record == "hypervisor":
        yield from (word for word in ("reason", "disk_error") if read.get(word))
    elif report.record == "volume" and read.get("status"):
        yield "volume"
    elif report.record in ("server", "fault"):
        yield from (column for column, name in _COLUMNS.items() if getattr(report, name) is not None)
        yield from (["OS-EXT-STS:task_state"] if report.has_task else ())
        yield from (column for column, name in _DETAILS.items() if read.get(name))
        # It follows from the states.
        if report.vm_state is not None and report.has_task:
            yield "status"
        # Of a server that has not failed there is none to be shown.
        if report.vm_state not in (None, _FAILED):
            yield "fault"


def is_pasted(command: str | None, pasted: Collection[str], *, is_all: bool) -> bool:
    """Whether what a command would show is there already.

    Args:
        command: Of a step, with its placeholders.
        pasted: `pasted_of`.
        is_all: Whether the step is for nothing else. Who is told what to do with a server looks at it anew.
    """
    if command is None or not pasted or _LONG in command:
        return False
    if command.startswith(_SHOW):
        columns = _COLUMN.findall(command)
        return is_all and all(column in pasted for column in columns or _SHOWN)
    if command.startswith(_SERVICES):
        word = "service" if is_all else "hosts" if _OF_HOSTS in command else "services"
        return word in pasted
    return any(command.startswith(start) and word in pasted for start, word in _COMMANDS.items())
