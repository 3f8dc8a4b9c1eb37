"""Told together: records of one paste that are about one server become that server's answer.

docs/assets/lookup/joining.js does the same in the page; tests hold both to the same answers. What a record says of a
server stands in its `read`: `beside` has the records themselves, `words` what rules of advice ask for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from nova_states.lookup.beside import told_beside
from nova_states.lookup.copied_memory import with_copied
from nova_states.lookup.hosts import are_one_host
from nova_states.lookup.one_guest import runs_twice, side_that_runs, with_one_guest
from nova_states.lookup.origins import with_origins
from nova_states.lookup.pasted import with_surroundings
from nova_states.lookup.refused_hosts import with_refused_hosts
from nova_states.lookup.report import Report
from nova_states.lookup.shared_causes import with_shared_causes
from nova_states.lookup.situation import SOMEWHERE, host_status_of, state_of_service
from nova_states.lookup.together import with_fleets

_STATES: Final = ("vm_state", "task_state", "power_state", "status")
_ABOUT_SERVERS: Final = ("migration", "event", "volume", "allocation", "hypervisor", "log")
"""Records that become part of the answer about their server."""
"""What is known of a service → `host_status` of the servers on its host."""
_HOSTLESS: Final = ("deleted", "shelved_offloaded")
_LEAST_OF_ID: Final = 4
"""Letters of an id that somebody has cut short."""


def join_records(reports: Sequence[Report], power_states: Mapping[int | str | None, str]) -> list[Report]:
    """The records, those about one server as one; what several leave open is left as it is.

    Args:
        reports: As they were read.
        power_states: Number of each power_state → its constant.
    """
    if len(reports) < 2:  # noqa: PLR2004 - there is nothing to join
        return list(reports)
    alike = _same_servers(_same_actions(_same_domains(with_one_guest(with_copied(reports)))))
    joined = _beside_services(with_refused_hosts(alike))
    told = with_shared_causes(_told_of_servers(with_origins(joined), power_states))
    return with_surroundings(with_fleets(told))


def each_record(joined: Sequence[Report], reports: Sequence[Report]) -> Iterator[tuple[Report, bool]]:
    """The records of a paste in their order, those that a server's answer has taken up as records of their own too.

    Args:
        joined: What `join_records` made of them.
        reports: As they were read.

    Yields:
        A record, and whether a server's answer tells of it already.
    """
    places: dict[int | tuple[str, str | None, str | None], int] = {}
    for place, report in enumerate(reports):
        places[id(report)] = place
        places.setdefault((report.record, report.id, report.name), place)

    def place_of(report: Report, otherwise: int) -> int:
        return places.get(id(report), places.get((report.record, report.id, report.name), otherwise))

    found: list[tuple[int, Report, bool]] = []
    last = 0
    for report in joined:
        last = place_of(report, last)
        found.append((last, report, False))
        found += ((place_of(one, last), one, True) for one in (report.read or {}).get("beside", ()))
    for _, report, is_beside in sorted(found, key=lambda one: one[0]):
        yield report, is_beside


def _same_domains(reports: Sequence[Report]) -> list[Report]:
    """The records, where what several commands say of one domain, and say alike, is one."""
    named = {(report.read or {}).get("domain") for report in reports if report.record == "hypervisor"} - {None}
    only = named.pop() if len(named) == 1 else None
    found: list[Report] = []
    places: dict[str, int] = {}
    for report in reports:
        read = report.read or {}
        domain = read.get("domain") or only if report.record == "hypervisor" else None
        place = places.get(domain) if domain else None
        if place is not None and (merged := _one_domain(found[place], report, domain)):
            found[place] = merged
            continue
        if domain:
            places[domain] = len(found)
        found.append(report)
    return found


def _one_domain(one: Report, other: Report, domain: str | None) -> Report | None:
    """Both as one; None where they contradict each other."""
    here, there = one.read or {}, other.read or {}
    states = {state for state in (here.get("state"), there.get("state")) if state}
    reasons = {reason for reason in (here.get("reason"), there.get("reason")) if reason}
    if runs := side_that_runs(here, there):
        side = one if runs is here else other
        return replace(side, name=domain, read={**runs, "domain": domain, "elsewhere": True})
    if len(states) > 1 or len(reasons) > 1:
        return None
    told = {"domain": domain, "state": next(iter(states), None), "reason": next(iter(reasons), None)}
    told |= {"twice": True} if runs_twice(here, there) else {}
    power = one.power_state if one.power_state is not None else other.power_state
    return replace(one, name=domain, power_state=power, read={**there, **here, **told})


def _same_actions(reports: Sequence[Report]) -> list[Report]:
    """The records, where an action that is listed and shown is one."""
    shown = {
        (report.read or {}).get("request_id") for report in reports if report.record == "event" and _is_shown(report)
    }
    return [
        report
        for report in reports
        if report.record != "event" or _is_shown(report) or (report.read or {}).get("request_id") not in shown
    ]


def _is_shown(event: Report) -> bool:
    """Whether it tells what became of it, and which request it was."""
    read = event.read or {}
    return bool(read.get("events") and read.get("request_id"))


def _same_servers(reports: Sequence[Report]) -> list[Report]:
    """The records, where what a list and a command for one say of a server, and say alike, is one."""
    found: list[Report] = []
    places: dict[str, set[int]] = {}
    for report in reports:
        if report.record != "server":
            found.append(report)
            continue
        known = places.get(report.id or "", places.get(report.name or "", set()))
        place = next(iter(known)) if len(known) == 1 else None
        if place is not None and _are_one(found[place], report):
            found[place] = _one_server(found[place], report)
        else:
            place = len(found)
            found.append(report)
        for name in {found[place].id, found[place].name} - {None}:
            places.setdefault(str(name), set()).add(place)
    return found


def _are_one(one: Report, other: Report) -> bool:
    """Whether two records may be of one server, seen at one time: what one of them leaves out contradicts nothing."""
    pairs = ((getattr(one, name), getattr(other, name)) for name in ("id", "name", "asked"))
    return not _differ(one, other) and all(here is None or there is None or here == there for here, there in pairs)


def _one_server(one: Report, other: Report) -> Report:
    here, there = one.read or {}, other.read or {}
    read = {**there, **{name: value for name, value in here.items() if value is not None or name not in there}}
    names = ("id", "name", "status", "vm_state", "power_state", "launched", "asked")
    told = {name: _first(getattr(one, name), getattr(other, name)) for name in names}
    task = one.task_state if one.has_task else other.task_state
    told |= {"task_state": task, "has_task": one.has_task or other.has_task, "unread": (*one.unread, *other.unread)}
    return replace(one, **told, read=read or None)


def _first(one: Any, other: Any) -> Any:  # noqa: ANN401 - any field of a report
    return other if one is None else one


def _beside_services(reports: Sequence[Report]) -> list[Report]:
    """The records, with what is known of each host's nova-compute put to the servers that are on it."""
    services = [report.read or {} for report in reports if report.record == "service"]
    hosts: dict[str, set[str]] = {}
    statuses: dict[str, str] = {}
    for read in services:
        state = state_of_service(read)
        # A hypervisor has no binary: it is up while its nova-compute is.
        if read.get("binary") in ("nova-compute", None) and read.get("host") and state:
            named = next((host for host in hosts if are_one_host(host, read["host"])), read["host"])
            hosts.setdefault(named, set()).add(state)
            statuses.setdefault(named, host_status_of(read))
    known = {host: states.pop() for host, states in hosts.items() if len(states) == 1}
    down = [host for host, state in known.items() if state == "down"]
    meant = [report for report in reports if report.record in ("server", "refusal")]
    if not known or not meant:
        return list(reports)
    # Who pastes one server and one host that is down asks about the server on that host.
    is_only = len(hosts) == len(meant) == len(down) == 1
    found: list[Report] = []
    for report in reports:
        if report.record not in ("server", "refusal"):
            found.append(report)
            continue
        read = report.read or {}
        host = read.get("host") or (down[0] if is_only else None)
        name = next((name for name in known if host and are_one_host(name, host)), None)
        if name:
            told = {"host": host, **_host_told(read, known[name], statuses[name])}
            found.append(replace(report, read={**read, **told}))
        elif down and "host" not in read and report.record == "server" and report.vm_state not in _HOSTLESS:
            suspects = {"suspect": down[0]} if len(down) == 1 else {}
            found.append(replace(report, read={**read, **suspects, "words": {"listed": SOMEWHERE}}))
        else:
            found.append(report)
    return found


def _host_told(read: Mapping[str, Any], state: str, status: str) -> dict[str, Any]:
    """What a server's host is: its own `host_status` counts, but a service that is disabled may be down as well."""
    told = read.get("host_status")
    if told and (told != "MAINTENANCE" or state != "down"):
        return {"host_status": told, "words": {"listed": state}}
    return {"host_status": told or status, "words": {"listed": state, "service": state}}


def _told_of_servers(reports: Sequence[Report], power_states: Mapping[int | str | None, str]) -> list[Report]:
    """The records, with those about a server put into it."""
    servers = [report for report in reports if report.record == "server"]
    others = [report for report in reports if report.record in _ABOUT_SERVERS]
    if not servers or not others:
        return list(reports)
    named: dict[str, list[Report]] = {}
    for server in servers:
        for name in {server.id, server.name, (server.read or {}).get("instance_name")} - {None}:
            named.setdefault(str(name), []).append(server)
    only = servers[0] if len(servers) == 1 else None
    beside: dict[int, list[Report]] = {}
    for other in others:
        word = _server_of(other)
        meant = named.get(word or "", [])
        found = meant if len(meant) == 1 else [only] if only and _may_be(other, word, only, others) else []
        for server in found:
            beside.setdefault(id(server), []).append(other)
    taken = {id(other) for told in beside.values() for other in told}
    return [
        told_beside(report, beside[id(report)], power_states) if id(report) in beside else report
        for report in reports
        if id(report) not in taken
    ]


def _server_of(report: Report) -> str | None:
    """The server that a record names: by its id, by its name, by that of its domain."""
    if report.record == "log":
        return report.id
    name: str | None = (report.read or {}).get("domain" if report.record == "hypervisor" else "server")
    return name


def _may_be(other: Report, word: str | None, server: Report, others: Sequence[Report]) -> bool:
    """Whether a record that does not name the only server as that itself does is about it."""
    alike = [one for one in others if one.record == other.record]
    if other.record == "hypervisor":
        # One of several domains may be any of them.
        is_open = (server.read or {}).get("instance_name") is None
        return is_open and len(alike) == 1
    if word is None:
        return other.record != "log" and (other.record != "volume" or len(alike) == 1)
    if word.rstrip(".") != word or (server.id or "").startswith(word):
        return len(word.rstrip(".")) >= _LEAST_OF_ID and (server.id or "").startswith(word.rstrip("."))
    is_id = word.count("-") == 4  # noqa: PLR2004 - of a UUID
    return (server.id if is_id else server.name) is None and len({_server_of(one) for one in alike} - {None}) == 1


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
