"""What records beside a server say of it: the host's word, the migration, the action and the volume that it is about.

docs/assets/lookup/beside.js does the same in the page; tests hold both to the same answers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from nova_states.lookup.hosts import are_one_host
from nova_states.lookup.one_guest import is_elsewhere
from nova_states.lookup.report import Report
from nova_states.lookup.situation import loudness, lower, result_of

_LISTED: Final = "listed"
"""The word for an action of which nobody says how it ended."""
_EVENTFUL: Final = ("event", "log")
"""Records of which only one tells why something failed."""
_REASONS: Final = ("failure", "cause")
_OF_HOSTS: Final = "MEMORY_MB"
"""What every server takes from its host, and from nothing else."""
_VOLUMES: Final = ("error", "attaching", "detaching", "reserved")
"""Beginnings of statuses of volumes, what is worst for a server first."""

Told = tuple[dict[str, Any], dict[str, str | None]]
"""What goes into commands and texts, and words for rules."""


def told_beside(server: Report, others: Sequence[Report], power_states: Mapping[int | str | None, str]) -> Report:
    """A server that knows what is told of it elsewhere in the paste.

    Args:
        server: As it was read.
        others: Records about it, in the order of the paste.
        power_states: Number of each power_state → its constant.
    """
    read, words = dict(server.read or {}), dict((server.read or {}).get("words") or {})
    name = server.id
    for record, tell in _TELLERS.items():
        alike = [other for other in others if other.record == record]
        if not alike:
            continue
        told, said = tell(alike, server, power_states)
        # Of two that tell why something failed, the fault's word counts, then that of the action.
        told = {key: value for key, value in told.items() if key not in _REASONS or not read.get(key)}
        read |= {
            key: value for key, value in told.items() if value is not None and (key != "failure" or not read.get(key))
        }
        words |= {attribute: word for attribute, word in said.items() if word is not None}
        if record != "hypervisor":
            name = name or next((word for one in alike if (word := (one.read or {}).get("server"))), None)
    # What somebody asks in the same words stands with the first record of the paste.
    causes = ((one.read or {}).get("cause") for one in others if one.record not in _EVENTFUL)
    asked = next((cause for cause in causes if cause), None)
    read |= {"cause": asked} if asked and not read.get("cause") else {}
    unread = (*server.unread, *(text for other in others for text in other.unread))
    return replace(server, id=name, read={**read, "words": words, "beside": tuple(others)}, unread=unread)


def _of_domains(domains: Sequence[Report], server: Report, power_states: Mapping[int | str | None, str]) -> Told:
    """What the hypervisor says; several that contradict each other say nothing."""
    reads = [domain.read or {} for domain in domains]
    # One guest on two hosts is no guest of one state, whatever Nova has on record.
    if twice := next((read for read in reads if read.get("twice")), None):
        return {"instance_name": twice.get("domain")}, {"domain": "twice"}
    if away := next((read for read in reads if is_elsewhere(read, (server.read or {}).get("host"))), None):
        return {"instance_name": away.get("domain")}, {"domain": "elsewhere"}
    powers = {power_states.get(domain.power_state) for domain in domains}
    is_gone = any(read.get("reason") == "missing" for read in reads)
    if len(powers) > 1 or (powers == {None} and not is_gone):
        return {"instance_name": reads[0].get("domain")}, {}
    found = {"hypervisor": powers.pop(), "domain_state": reads[0].get("state"), "reason": reads[0].get("reason")}
    return {**found, "instance_name": reads[0].get("domain")}, {}


def _of_events(events: Sequence[Report], _server: Report, _powers: object) -> Told:
    """How the newest action ended of which that is told, else that actions are listed."""
    told = [event for event in events if result_of(event.read or {})] or events
    newest = max(told, key=lambda event: (event.read or {}).get("start_time") or "")
    read = newest.read or {}
    result = result_of(read) or _LISTED
    steps = read.get("events") or ()
    failed = (step["message"] for step in steps if (step["result"] or "").lower() == "error" and step["message"])
    failure = {"message": next(failed, None), "error": read.get("error")} if result == "error" else None
    found = {"request_id": read.get("request_id"), "failure": failure, "cause": read.get("cause") if failure else None}
    if result == "running":
        found["started"] = read.get("start_time")
    return found, {"event": result}


def _of_migrations(migrations: Sequence[Report], server: Report, _powers: object) -> Told:
    """The newest move, and on which side of it the server is."""
    newest = max(migrations, key=_age_of_migration)
    read = newest.read or {}
    host = (server.read or {}).get("host")
    ends = (name for name in ("source", "destination") if host and are_one_host(read.get(name) or "", host))
    said = {
        "migration_status": lower(read.get("status")),
        "migration_type": lower(read.get("migration_type")),
        "at": next(ends, "elsewhere") if host and read.get("source") and read.get("destination") else None,
    }
    found = {"migration": newest.id, "source": read.get("source"), "destination": read.get("destination")}
    return found, said


def _age_of_migration(migration: Report) -> tuple[str, int]:
    read, number = migration.read or {}, migration.id or ""
    return read.get("updated") or read.get("created") or "", int(number) if number.isdecimal() else 0


def _of_volumes(volumes: Sequence[Report], _server: Report, _powers: object) -> Told:
    """The volume that is worst for its server."""
    ranks = [_rank(lower((volume.read or {}).get("status")) or "") for volume in volumes]
    worst = volumes[ranks.index(min(ranks))]
    return {"volume": worst.id}, {"volume": lower((worst.read or {}).get("status"))}


def _of_allocations(allocations: Sequence[Report], _server: Report, _powers: object) -> Told:
    """On how many hosts it has memory; what else it has, such as a GPU, may be of a provider below that of its host."""
    reads = [allocation.read or {} for allocation in allocations]
    hosts = {read.get("provider") for read in reads if _OF_HOSTS in (read.get("resources") or "")}
    return {}, {"allocated": None if not hosts else "once" if len(hosts) == 1 else "several"}


def _of_logs(logs: Sequence[Report], _server: Report, _powers: object) -> Told:
    """The loudest line, of those the last; what it failed for."""
    told = [log for log in logs if (log.read or {}).get("log_message") or (log.read or {}).get("error")] or list(logs)
    loudest = min(reversed(told), key=loudness)
    read = loudest.read or {}
    failure = {"message": read.get("message"), "error": read["error"]} if read.get("error") else None
    return {"failure": failure, "cause": read.get("cause")}, {"log": read.get("log_message")}


def _rank(status: str) -> int:
    return next((place for place, word in enumerate(_VOLUMES) if status.startswith(word)), len(_VOLUMES))


_TELLERS: Final[Mapping[str, Callable[[Sequence[Report], Report, Any], Told]]] = {
    "hypervisor": _of_domains,
    "event": _of_events,
    "migration": _of_migrations,
    "volume": _of_volumes,
    "allocation": _of_allocations,
    "log": _of_logs,
}
