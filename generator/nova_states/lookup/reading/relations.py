"""Which records of a paste belong together: a server with what was refused to it, and with the fault beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from nova_states.lookup.reading.pieces import Findings
from nova_states.lookup.report import Report
from nova_states.lookup.root_causes import SAID
from nova_states.lookup.situation import loudness

_DENIED: Final = ("PolicyNotAuthorized", "Forbidden", "NotAuthorized", "AdminRequired")
_LOCKED: Final = "InstanceIsLocked"
_FAILED: Final = "error"
_SHORT_REQUEST: Final = 12
"""Characters by which people name a request: "req-" and the first part of its id."""
_QUOTED: Final = 16
"""Characters by which what somebody repeats of a line is known."""
_MOST_SAID: Final = 8
"""Quieter lines of a request whose words are kept."""


def with_fault(records: Sequence[Report]) -> list[Report]:
    """Records, where the only server has failed and tells no fault, with the only fault beside it as its own."""
    records = [_as_fault(record) for record in records]
    found = _only_pair(records, lambda record: record.record == "fault")
    if found is None:
        return records
    server, fault = found
    # A dashboard has its words with a capital.
    has_failed = (server.vm_state or server.status or "").lower() == _FAILED
    if not has_failed or "fault" in (server.read or {}):
        return records
    return _put_together(records, server, fault, {"fault": (fault.read or {}).get("fault")})


def without_repeated(records: Sequence[Report]) -> list[Report]:
    """Records without what a line of a log says: the exception at the end of its traceback, and words quoted of it."""
    said = [record for record in records if record.record == "log"]
    if not said:
        return list(records)
    left = [record for record in records if record.record == "fault" and any(_quotes(record, log) for log in said)]
    unread = tuple(record.read["fault"]["message"] for record in left if record.read)
    kept = [
        record
        for record in records
        if record.record != "fault" or not (record in left or any(_says(log, record) for log in said))
    ]
    first = kept.index(said[0])
    return [*kept[:first], replace(said[0], unread=(*said[0].unread, *unread)), *kept[first + 1 :]]


def _quotes(fault: Report, log: Report) -> bool:
    """Whether a person asks in words of a line: what tells of no exception begins with what the line says as well."""
    read = fault.read or {}
    told = read.get("fault") or {}
    words = (told.get("message") or "")[:_QUOTED].lower()
    is_own = told.get("error") is not None or told.get("code") is not None or bool(read.get("errors"))
    return not is_own and len(words) == _QUOTED and words in ((log.read or {}).get("message") or "").lower()


def _says(log: Report, fault: Report) -> bool:
    read = (fault.read or {}).get("fault") or {}
    line = log.read or {}
    message = (read.get("message") or "").rstrip(".")
    is_same = fault.id in (None, log.id) and read.get("error") is not None and read["error"] == line.get("error")
    return is_same and message in (line.get("message") or "")


def with_tools(records: Sequence[Report]) -> list[Report]:
    """Records without the tool's message that tells nothing beside the only server: that it has waited in vain."""
    records = _same_tools(records)
    found = _only_pair(records, lambda record: record.record == "tool")
    if found is None:
        return records
    server, tool = found
    if _is_its_fault(server, tool):
        named = replace(server, name=server.name or tool.name)
        records = [named if record is server else record for record in records]
        return _put_together(records, named, tool, {"fault": (tool.read or {})["fault"]})
    is_told = any((tool.read or {}).get(name) for name in ("message", "fault"))
    # What it has waited for says no more than the status that it saw last.
    is_more = tool.has_task or is_told or (tool.status is None and (tool.read or {}).get("wanted"))
    if is_more or tool.status not in (None, server.status):
        return records
    operation = (tool.read or {}).get("operation")
    return _put_together(records, server, tool, {"operation": operation} if operation else {})


def _is_its_fault(server: Report, tool: Report) -> bool:
    """Whether a tool quotes why the server has failed, of the same name as far as both have one."""
    is_alike = None in (server.name, tool.name) or server.name == tool.name
    has_failed = (server.vm_state or server.status or "").lower() == _FAILED
    is_told = bool((tool.read or {}).get("fault")) and "fault" not in (server.read or {})
    return is_alike and has_failed and is_told and tool.status in (None, server.status)


def _same_tools(records: Sequence[Report]) -> list[Report]:
    """Records, with what a tool says of one server a second time, and no more of its status, put to the first."""
    found: list[Report] = []
    # Only the first of a tool and a server can be without a status: what comes without one is put to it.
    first_of: dict[tuple[str, str | None], int] = {}
    for record in records:
        if record.record != "tool" or record.id is None:
            found.append(record)
            continue
        key = (record.id, (record.read or {}).get("tool"))
        place = first_of.get(key)
        if place is None:
            first_of[key] = len(found)
        if place is None or None not in (found[place].status, record.status):
            found.append(record)
            continue
        first, other = (found[place], record) if record.status is None else (record, found[place])
        told = {name: value for name, value in (other.read or {}).items() if value is not None}
        mine = {name: value for name, value in (first.read or {}).items() if value is not None or name not in told}
        found[place] = replace(first, read={**told, **mine}, unread=(*first.unread, *other.unread))
    return found


def _only_pair(records: Sequence[Report], is_other: Callable[[Report], bool]) -> tuple[Report, Report] | None:
    """The only server and the only record of another kind; None where there are more, or they name two servers."""
    servers = [record for record in records if record.record == "server"]
    others = [record for record in records if is_other(record)]
    if len(servers) != 1 or len(others) != 1 or not _may_be_one(servers[0], others[0]):
        return None
    return servers[0], others[0]


def _may_be_one(server: Report, other: Report) -> bool:
    """Whether what another record calls its server is this one: by its id or its name, or it does not call it."""
    if other.id is None:
        return True
    return other.id in (server.id, server.name) or (server.id is None and (server.name is None or "-" in other.id))


def _put_together(records: Sequence[Report], server: Report, other: Report, told: Mapping[str, Any]) -> list[Report]:
    """Records, with one of them put into its server."""
    name = server.id or (other.id if other.id != server.name else None)
    whole = replace(server, id=name, read={**(server.read or {}), **told} or None)
    return [whole if record is server else record for record in records if record is not other]


def _as_fault(record: Report) -> Report:
    """A server of which nothing but its fault is told, as that: the row of a table that somebody has cut out."""
    fault = (record.read or {}).get("fault")
    states = (record.status, record.vm_state, record.task_state, record.power_state)
    if record.record != "server" or not fault or record.has_task or any(state is not None for state in states):
        return record
    return replace(
        record, record="fault", read={**(record.read or {}), "errors": [fault["error"]] if fault.get("error") else []}
    )


def with_refusals(records: Sequence[Report]) -> Iterator[Report]:
    """Servers that know what was refused: of the only one, or of the one with its id, where their states agree."""
    servers = [record for record in records if record.record == "server"]
    refusals = [record for record in records if record.record == "refusal" and record.asked and not _is_denied(record)]
    if not servers or not refusals:
        yield from records
        return
    told: dict[int, Report] = {}
    for refusal in refusals:
        meant = [server for server in servers if refusal.id and refusal.id in (server.id, server.name)]
        if not meant and len(servers) == 1 and _may_be_one(servers[0], refusal):
            meant = servers
        if len(meant) == 1 and id(meant[0]) not in told and _agree(meant[0], refusal):
            told[id(meant[0])] = refusal
    joined = {id(refusal) for refusal in told.values()}
    for record in records:
        if id(record) in told:
            refusal = told[id(record)]
            named = record.id or (refusal.id if refusal.id != record.name else None)
            yield replace(record, id=named, asked=refusal.asked)
        elif id(record) not in joined:
            yield record


def with_errors(records: Sequence[Report]) -> list[Report]:
    """Records, where the only server knows for which exception a request was refused, if not for what it is."""
    found = _only_pair(records, _is_of_server)
    if found is None or not (found[1].read or {}).get("error"):
        return list(records)
    server, refusal = found
    read = refusal.read or {}
    told = {"error": read["error"], "refused": {"message": read.get("message"), "http": read.get("http")}}
    return _put_together(records, server, refusal, told | ({"locked": True} if read["error"] == _LOCKED else {}))


def of_requests(records: Sequence[Report]) -> list[Report]:
    """Records, with what one request has logged of one server as the loudest of its lines, which knows all states."""
    found: list[Report] = []
    # Looked up by request and server, None for a line that names none: a cloud's list has thousands of records.
    places: dict[str, dict[str | None, int]] = {}
    firsts: dict[str, int] = {}
    for record in records:
        request = (record.read or {}).get("request") if record.record == "log" else None
        own = places.setdefault(request, {}) if request is not None else {}
        # A line without a server is of any that the request tells of, the first.
        first = firsts.setdefault(request, len(found)) if request is not None else len(found)
        told = (own[server] for server in (record.id, None) if server in own)
        place = first if record.id is None and first < len(found) else min(told, default=None)
        if place is None:
            own[record.id] = len(found)
            found.append(record)
            continue
        if found[place].id is None and record.id is not None:
            own[record.id] = own.pop(None)
        louder, other = sorted((found[place], record), key=loudness)
        found[place] = replace(
            louder,
            id=louder.id or other.id,
            vm_state=louder.vm_state or other.vm_state,
            task_state=louder.task_state if louder.has_task else other.task_state,
            has_task=louder.has_task or other.has_task,
            read={
                **(louder.read or {}),
                "error": (louder.read or {}).get("error") or (other.read or {}).get("error"),
                SAID: [*_said_of(louder), *_messages_of(other)][:_MOST_SAID],
            }
            | _line_of(louder, other),
        )
    return found


def _line_of(louder: Report, other: Report) -> dict[str, Any]:
    """What became of the server, where only the other of two lines says it, as loud as the first."""
    line = (other.read or {}).get("log_message")
    is_told = (louder.read or {}).get("log_message") or loudness(louder) != loudness(other)
    return {"log_message": line} if line and not is_told else {}


def _messages_of(record: Report) -> list[str]:
    message = (record.read or {}).get("message")
    return [*([message] if message else []), *_said_of(record)]


def _said_of(record: Report) -> list[str]:
    """What the quieter lines of its request say."""
    said: list[str] = (record.read or {}).get(SAID, [])
    return said


def _is_of_server(record: Report) -> bool:
    """Whether it is a refusal that does not tell what was asked, and is no matter of what the user may do."""
    return record.record == "refusal" and not record.asked and not _is_denied(record)


def _is_denied(refusal: Report) -> bool:
    """Whether it was refused for what the user may do: the states of a server do not matter."""
    return (refusal.read or {}).get("error") in _DENIED


def _agree(server: Report, refusal: Report) -> bool:
    """Whether the state that a refusal names is the server's, as far as that was told."""
    if refusal.vm_state is not None:
        return server.vm_state in (None, refusal.vm_state)
    if refusal.task_state is not None:
        return not server.has_task or server.task_state == refusal.task_state
    return True


def fault_of_action(findings: Findings, text: str) -> None:
    """Put the only message of a failure to the action whose record it stands beside: how that ended, and why.

    Args:
        findings: What was found; nothing but actions that do not tell how they ended, and the message.
        text: The whole paste: of several actions it is the one that is named again, else the newest.
    """
    faults = [(line, record) for line, record in findings.records if record.record == "fault"]
    actions = [(line, record) for line, record in findings.records if _is_unended(record)]
    if len(faults) != 1 or not actions or len(actions) + 1 != len(findings.records):
        return
    fault: Mapping[str, Any] = (faults[0][1].read or {}).get("fault") or {}
    if not fault.get("message"):
        return

    def rank(action: Report) -> tuple[int, str]:
        return text.count(str(action.id)[:_SHORT_REQUEST]), (action.read or {}).get("start_time") or ""

    chosen = max((record for _, record in actions), key=rank)
    told = {"result": "Error", "message": fault["message"], "error": fault.get("error")}
    failed = replace(chosen, read={**(chosen.read or {}), **told})
    findings.records = [
        (line, failed if record is chosen else record)
        for line, record in findings.records
        if record is not faults[0][1]
    ]


def _is_unended(record: Report) -> bool:
    read = record.read or {}
    return record.record == "event" and not (read.get("result") or read.get("message") or read.get("events"))
