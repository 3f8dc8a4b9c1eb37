"""Which records of a paste belong together: a server with what was refused to it, and with the fault beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from nova_states.lookup.report import Report

_FAILED: Final = ("error", "ERROR")


def with_fault(records: Sequence[Report]) -> list[Report]:
    """Records, where the only server has failed and tells no fault, with the only fault beside it as its own."""
    servers = [record for record in records if record.record == "server"]
    faults = [record for record in records if record.record == "fault"]
    if len(servers) != 1 or len(faults) != 1:
        return list(records)
    (server,), (fault,) = servers, faults
    has_failed = server.vm_state in _FAILED or (server.vm_state is None and server.status in _FAILED)
    if not has_failed or "fault" in (server.read or {}) or (fault.id and server.id and fault.id != server.id):
        return list(records)
    told = replace(
        server, id=server.id or fault.id, read={**(server.read or {}), "fault": (fault.read or {}).get("fault")}
    )
    return [told if record is server else record for record in records if record is not fault]


def with_refusals(records: Sequence[Report]) -> Iterator[Report]:
    """Servers that know what was refused: of the only one, or of the one with its id, where their states agree."""
    servers = [record for record in records if record.record == "server"]
    refusals = [record for record in records if record.record == "refusal" and record.asked]
    if not servers or not refusals:
        yield from records
        return
    told: dict[int, Report] = {}
    for refusal in refusals:
        meant = [server for server in servers if server.id and server.id == refusal.id]
        if not meant and len(servers) == 1 and (refusal.id is None or servers[0].id is None):
            meant = servers
        if len(meant) == 1 and id(meant[0]) not in told and _agree(meant[0], refusal):
            told[id(meant[0])] = refusal
    joined = {id(refusal) for refusal in told.values()}
    for record in records:
        if id(record) in told:
            yield replace(record, asked=told[id(record)].asked)
        elif id(record) not in joined:
            yield record


def _agree(server: Report, refusal: Report) -> bool:
    """Whether the state that a refusal names is the server's, as far as that was told."""
    if refusal.vm_state is not None:
        return server.vm_state in (None, refusal.vm_state)
    if refusal.task_state is not None:
        return not server.has_task or server.task_state == refusal.task_state
    return True
