"""Told together: what only follows from a failure, and the record of the same server that tells the failure itself.

A build that was given up, hosts that ran out, a tool that saw ERROR: each follows from what another line of the paste
tells. How far an exception or a cause is from what failed, docs/explanations say (`follows`); the reader notes it.
docs/assets/lookup/origins.js does the same in the page; tests hold both to the same answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from nova_states.explanations.file_names import ASKED
from nova_states.lookup.named_objects import server_in
from nova_states.lookup.report import Report
from nova_states.lookup.root_causes import message_of
from nova_states.lookup.situation import errors_of, lower, result_of

_SERVER: Final = "server"
_STATES: Final = ("status", "vm_state", "power_state")
_FARTHEST: Final = 9
"""Of what has failed, and does not say why."""
_FAILED: Final = "error"
_TELLING: Final = ("log", "fault")
"""Records that may tell what failed."""
_OF_MOVES: Final = ("migration", "event")
"""Records that a server takes up with what they tell, and that stay what they are where there is none."""
_STANDING: Final = ("server", *_OF_MOVES, "tool", "refusal")
"""Records that stay what they are, whatever tells why: the best first."""
_ABOUT: Final = (*_STANDING, *_TELLING)
_ENDED: Final = ("failed", "error")
"""Statuses of a migration, and the result of an action, that do not say why."""
_FROM_SERVER: Final = 500
_LOUD: Final = ("CRITICAL", "ERROR")
_NO_REASONS: Final = (None, ())
"""Neither a cause nor an exception."""


def with_origins(reports: Sequence[Report]) -> list[Report]:
    """The records, those of one server that follow from what another of them tells as one with it."""
    about = [report for report in reports if report.record in _ABOUT]
    named = {_named(report) for report in about} | {(report.read or {}).get("server") for report in reports}
    servers = sum(report.record == _SERVER for report in about)
    known = {name for name in named if name is not None and name.count("-") == 4}  # noqa: PLR2004 - of a UUID
    only = next(iter(known), "") if len(known) <= 1 and servers <= 1 else None
    groups: dict[str, list[Report]] = {}
    for report in about:
        name = _named(report) or only
        if name is not None:
            groups.setdefault(name, []).append(report)
    changed: dict[int, Report | None] = {}
    for group in groups.values():
        changed |= _joined(group)
    found = (changed.get(id(report), report) for report in reports)
    return [report for report in found if report is not None]


def _named(report: Report) -> str | None:
    """The server that a record names, as what it is about or in its message."""
    if report.record in _OF_MOVES:
        return (report.read or {}).get("server")
    return report.id or server_in(message_of(report))


def _joined(group: Sequence[Report]) -> dict[int, Report | None]:
    """What becomes of the records of a group, by their identity: None where another has taken one up."""
    far = {id(report): distance_of(report) for report in group}
    origins = [report for report in group if report.record in _TELLING and _reasons(report) != _NO_REASONS]
    least = min((far[id(report)] or 0 for report in origins), default=0)
    has_server = any(report.record == _SERVER for report in group)
    following = [
        report for report in group if (far[id(report)] or 0) > least and not (has_server and report.record in _OF_MOVES)
    ]
    if not origins:
        return {}
    origin = next(report for report in origins if far[id(report)] == least)
    same = [one for one in origins if far[id(one)] == least and one is not origin and _reasons(one) == _reasons(origin)]
    standing = [one for kind in _STANDING for one in following if one.record == kind]
    if not standing and not has_server:
        # A line of Nova's that only says what failed is told with why.
        standing = [one for one in following if one.record == "log" and _reasons(one) == _NO_REASONS][:1]
    if not standing and not has_server and not _is_line(origin):
        # So is one that says why as another does of which Nova's explanations say nothing.
        standing = [one for one in same if _is_line(one)][:1]
    kept = standing[0] if standing else origin
    # Two lines of one server are equal as far as reports are compared.
    left = {id(one) for one in (*standing, kept)}
    told = [one for one in (origin, *same, *following) if id(one) not in left]
    if not told:
        return {}
    whole = _with_origin(kept, origin)
    if kept.record == _SERVER and (kept.id or kept.name):
        # Lines of its log are told of a server wherever they stand.
        logs = [one for one in told if one.record == "log"]
        whole = _with_told(whole, [one for one in told if one.record != "log"])
        name = kept.id or kept.name
        taken = {id(one): None for one in told} | {id(one): replace(one, id=name or one.id) for one in logs}
    else:
        # What a fault says is shown beside the line that tells why.
        is_fixed = kept.record in _STANDING
        fault = None if is_fixed else next((one for one in following if (one.read or {}).get("fault")), None)
        for one in told:
            whole = _with_states(whole, one)
        if fault is not None:
            whole = replace(whole, read={**(whole.read or {}), "fault": (fault.read or {})["fault"]})
        whole = _with_told(whole, [one for one in told if one is not fault])
        taken = {id(one): None for one in told}
    return {**taken, id(kept): whole}


def _is_line(report: Report) -> bool:
    """Whether it is a line of a log that is explained: what became of the server."""
    return bool((report.read or {}).get("log_message"))


def _with_told(report: Report, told: Sequence[Report]) -> Report:
    """A record with others beside it, each as a line of a log has it."""
    read = report.read or {}
    beside = (replace(one, record="log", read=_logged(one)) for one in told)
    return replace(
        report,
        read={**read, "beside": (*read.get("beside", ()), *beside)} if told else read,
        unread=(*report.unread, *(text for one in told for text in one.unread)),
    )


def distance_of(report: Report) -> int | None:
    """How far what a record tells is from what failed: 0 is that itself; None: it tells of no failure."""
    read = report.read or {}
    if _reasons(report) != _NO_REASONS:
        return int(read.get("follows", 0))
    if report.record in _OF_MOVES:
        ended = lower(read.get("status")) if report.record == "migration" else result_of(read)
        return _FARTHEST if ended in _ENDED else None
    if report.record == "log":
        return _FARTHEST if read.get("log_message") and read.get("level") in _LOUD else None
    has_failed = (report.vm_state or report.status or "").lower() == _FAILED
    is_of_server = report.record == "refusal" and (read.get("http") or 0) >= _FROM_SERVER
    return _FARTHEST if report.record in _STANDING and (has_failed or is_of_server) else None


def _reasons(report: Report) -> tuple[str | None, tuple[str, ...]]:
    read = report.read or {}
    causes = (read.get("cause"), read.get("also"))
    return next((one for one in causes if one and not one.startswith(ASKED)), None), errors_of(report)


def _with_origin(report: Report, origin: Report) -> Report:
    """A record that knows why: cause and exception of the other are its own, what was asked of it stays so."""
    read, there = report.read or {}, origin.read or {}
    asked = [one for one in (read.get("cause"),) if one and one.startswith(ASKED)]
    causes = [*asked, *(one for one in (there.get("cause"), there.get("also")) if one)][:2]
    told: dict[str, Any] = {"origin": {"message": message_of(origin), "errors": list(errors_of(origin))}}
    told |= dict(zip(("cause", "also"), [*causes, None, None], strict=False))
    if report.record in _OF_MOVES:
        told["error"] = next(iter(told["origin"]["errors"]), None)
    return replace(report, read={**{name: value for name, value in read.items() if name != "follows"}, **told})


def _with_states(report: Report, other: Report) -> Report:
    """A record with what another tells of its server, where it does not tell that itself."""
    told = {name: getattr(other, name) for name in ("id", "name", "launched") if getattr(report, name) is None}
    # States are those of one moment.
    if not report.has_task and all(getattr(report, name) is None for name in _STATES):
        told |= {name: getattr(other, name) for name in (*_STATES, "task_state", "has_task")}
    read = report.read or {}
    more = {name: value for name, value in (other.read or {}).items() if name in ("host", "request") and value}
    return replace(report, **told, read={**more, **read})


def _logged(report: Report) -> dict[str, Any]:
    """What a record says, as a line of a log has it."""
    read = report.read or {}
    if report.record == "log":
        return dict(read)
    return {"message": message_of(report)}
