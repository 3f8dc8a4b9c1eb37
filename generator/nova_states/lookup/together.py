"""What several records mean together that none means alone: all servers of a host are off, all services are down.

docs/assets/lookup/together.js does the same in the page; tests hold both to the same answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from nova_states.lookup.report import Report
from nova_states.lookup.root_causes import is_question
from nova_states.lookup.situation import state_of_service
from nova_states.lookup.vocabulary import fold

STOPPED: Final = "stopped"
"""The word for rules, as `fleet`."""
ADVICE: Final = "all_off"
"""What is said of them: nothing is wrong with any, and somebody has to know all the same."""
DOWN: Final = "down"
"""The word for rules, as `fleet`, where no service of controllers nor of hosts reports any more."""
_OF_CONTROLLERS: Final = ("nova-conductor", "nova-scheduler")
_WORDS: Final = (STOPPED, "shutoff")
_FEWEST: Final = 2
_CONCERNED: Final = ("server", "service")


def with_fleets(reports: Sequence[Report]) -> list[Report]:
    """The records, where servers that are off with all others of their host, or of the list, know that."""
    hosts: dict[str | None, list[Report]] = {}
    for report in reports:
        if report.record == "server" and not is_question(report):
            hosts.setdefault((report.read or {}).get("host"), []).append(report)
    # Who has no host beside others that have one is of no fleet.
    if len(hosts) > 1:
        hosts.pop(None, None)
    off = {
        id(server)
        for servers in hosts.values()
        if len(servers) >= _FEWEST and all(map(_is_off, servers))
        for server in servers
    }
    is_down = _are_down(reports)
    return [
        _of_fleet(report, DOWN)
        if is_down and report.record in _CONCERNED and not is_question(report)
        else _of_fleet(report, STOPPED)
        if id(report) in off
        else report
        for report in reports
    ]


def _are_down(reports: Sequence[Report]) -> bool:
    """Whether of several hosts all services are down, those of controllers among them: no host is to blame then."""
    services = [report.read or {} for report in reports if report.record == "service"]
    hosts = {read.get("host") for read in services} - {None}
    binaries = {read.get("binary") for read in services}
    is_of_controllers = any(binary in binaries for binary in _OF_CONTROLLERS)
    return is_of_controllers and len(hosts) >= _FEWEST and all(state_of_service(read) == DOWN for read in services)


def _is_off(server: Report) -> bool:
    state = server.vm_state if server.vm_state is not None else server.status
    return state is not None and fold(state) in _WORDS and server.task_state is None


def _of_fleet(report: Report, word: str) -> Report:
    read = report.read or {}
    return replace(report, read={**read, "words": {**(read.get("words") or {}), "fleet": word}})
