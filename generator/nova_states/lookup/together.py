"""What several servers mean together that none means alone: all are off, as a host leaves them that has restarted.

docs/assets/lookup/together.js does the same in the page; tests hold both to the same answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from nova_states.lookup.report import Report
from nova_states.lookup.root_causes import is_question
from nova_states.lookup.vocabulary import fold

STOPPED: Final = "stopped"
"""The word for rules, as `fleet`."""
ADVICE: Final = "all_off"
"""What is said of them: nothing is wrong with any, and somebody has to know all the same."""
_WORDS: Final = (STOPPED, "shutoff")
_FEWEST: Final = 2


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
    return [_of_fleet(report) if id(report) in off else report for report in reports]


def _is_off(server: Report) -> bool:
    state = server.vm_state if server.vm_state is not None else server.status
    return state is not None and fold(state) in _WORDS and server.task_state is None


def _of_fleet(server: Report) -> Report:
    read = server.read or {}
    return replace(server, read={**read, "words": {**(read.get("words") or {}), "fleet": STOPPED}})
