"""Decides what a record is before anything is said of it, and reads the fields of that kind.

A status `error` means one thing for a server, another for a migration, a third for a volume: the names of the fields
beside it decide, each with the weight that the grammar gives it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any, Final

from nova_states.lookup.copied_memory import MEMORY
from nova_states.lookup.reading.grammar import Grammar, compile_pattern
from nova_states.lookup.reading.known_messages import identify
from nova_states.lookup.reading.literals import read_literal
from nova_states.lookup.reading.messages import find_messages, on_one_line
from nova_states.lookup.reading.products import COPIED
from nova_states.lookup.reading.values import (
    flag_of,
    message_of,
    power_of,
    shared_task,
    status_of,
    task_of,
    text_of,
    vm_state_of,
    without_remark,
    word_of,
)
from nova_states.lookup.report import Report, clean
from nova_states.lookup.vocabulary import fold

FOREIGN: Final = "foreign"
"""The record is of something that nothing here explains."""
_NOVA: Final = "nova-"
"""How the binaries of Nova's services begin."""
_PART: Final = re.compile(
    r"(?<![^ \t\n,])(?P<name>details|event|finish_time|host|host_?[iI]d|result|start_time|traceback)=(?=[', \t\n]|$)",
    re.ASCII,
)
_AROUND_PART: Final = " ,'\n"
_VERSIONED: Final = "nova_object.data"
"""What a versioned notification has around the members of an object."""
_DIGITS: Final = 4
"""Of a status of HTTP, at most."""
_STATES: Final = ("status", "vm_state", "task_state", "power_state")
_OF_ACTIONS: Final = ("action", "event", "events", "result", "start_time", "finish_time", "traceback", "message")
"""Fields one of which the record of an action has."""
_RAISED: Final = re.compile(r"^\s*(?:[A-Za-z_]\w{0,60}\.){1,8}[A-Za-z_]\w{0,80}: ", re.ASCII)
_MOST_OF_MESSAGE: Final = 12
"""Lines into which the last one of a traceback may be broken."""
_UP: Final = ("up", "down")
_STRANGE: Final = 3
"""Names of no field, as few as may be those of a script."""
_DASH: Final = "-"
_FAILED: Final = "error"
_KEEPER: Final = "OpenStackMachine"
_FAILED_STATUS: Final = "ERROR"
"""Of a server whose fault the API shows."""

Pairs = Sequence[tuple[str, Any]]


def names_of(pairs: Pairs) -> tuple[str, ...]:
    """The names of named values."""
    return tuple(map(itemgetter(0), pairs))


def read_record(pairs: Pairs, grammar: Grammar, wrapper: str | None = None) -> Report | str | None:
    """The record that named values make: a report, `FOREIGN`, or None where nothing tells what it is."""
    layout = grammar.layout(names_of(pairs), wrapper)
    found = {name: pairs[place][1] for place, name in layout.fields}
    kind = layout.kind or (None if _is_unlike(pairs, found, grammar) else _kind_by_values(found, grammar))
    # An error of any API names its request.
    is_error = kind == "event" and not any(name in found for name in _OF_ACTIONS)
    # An image has a size and a status as well.
    is_image = kind == "volume" and word_of(found.get("status"), grammar) in grammar.words("statuses_of_images")
    if layout.is_foreign or is_error or is_image or (kind == "service" and _is_of_others(found, grammar)):
        return FOREIGN
    if kind is None:
        return None
    if kind in _READERS:
        return _READERS[kind](found, grammar)
    if kind in ("fault", "refusal"):
        return error_report(kind, read_fault(found, grammar) or {})
    if kind == "hypervisor":
        return domain_report(word_of(found.get("name"), grammar), word_of(found.get("state"), grammar), None, grammar)
    return _other(kind, found, grammar)


def _is_of_others(service: Mapping[str, Any], grammar: Grammar) -> bool:
    """Whether a service is not Nova's: what is right where a nova-compute is down loses data where storage is."""
    return not (word_of(service.get("binary"), grammar) or _NOVA).lower().startswith(_NOVA)


def _is_unlike(pairs: Pairs, found: Mapping[str, Any], grammar: Grammar) -> bool:
    """Whether most names are of no field: what only a status tells may be of any service, and then is of another."""
    strange = sum(grammar.field_of(name) is None for name in names_of(pairs))
    return strange >= max(_STRANGE, len(found))


def _kind_by_values(found: Mapping[str, Any], grammar: Grammar) -> str | None:
    """What a record is that has a status and no name of a field that only one kind has."""
    status = word_of(found.get("status"), grammar)
    # What is up or down beside its status is a router or an agent.
    if status is None or (word_of(found.get("state"), grammar) or "").lower() in _UP:
        return None
    if grammar.is_status(without_remark("status", status, grammar)):
        # The API has a server's status in capitals, those of an image and of a volume in small letters.
        return None if _is_listed(found, grammar) and status.isascii() and status.islower() else "server"
    if status.lower() in grammar.words("statuses_of_volumes"):
        return "volume"
    is_one_word = " " not in status and status == status.upper() != status.lower()
    is_of_others = status in grammar.words("statuses_of_others") or grammar.shape("other_status").search(status)
    return "server" if is_one_word and not status[0].isdigit() and not is_of_others else None


def _is_listed(found: Mapping[str, Any], grammar: Grammar) -> bool:
    """Whether it is a row of a client's list: it has an id."""
    named = (word_of(found.get(name), grammar) or "" for name in ("id", "uuid"))
    return any(grammar.shape("uuid").search(name) for name in named)


def _server(found: Mapping[str, Any], grammar: Grammar) -> Report:
    status = found.get("status") if word_of(found.get("status"), grammar) else found.get("instance_state")
    has_task = "task_state" in found
    task = found.get("task_state")
    if not has_task and "task_word" in found and grammar.is_task(text_of(found["task_word"]) or ""):
        has_task, task = True, found["task_word"]
    is_unknown = not has_task and word_of(found.get("task_word"), grammar) is not None
    # What notifications call a state is the vm_state.
    state = found.get("vm_state") if "vm_state" in found else found.get("state")
    vm_state = vm_state_of(state, grammar)
    is_known = "vm_state" in found or (vm_state is not None and fold(vm_state) in grammar.vocabulary.vm_states)
    status, task = status_of(status, grammar), task_of(text := task, grammar)
    if has_task and (shared := shared_task(text, status)):
        status, task = shared
        has_task = task is not None
    details = _details(found, grammar)
    # Kubernetes shows what its controller saw last.
    if "instance_state" in found and "provider_id" in found:
        details[COPIED] = _KEEPER
    return Report(
        id=_first(found, ("uuid", "id", "server"), grammar) or _provided(found, grammar),
        name=word_of(found.get("name"), grammar),
        status=status,
        vm_state=vm_state if is_known else None,
        task_state=task,
        has_task=has_task,
        power_state=power_of(found.get("power_state"), grammar),
        launched=word_of(found["launched_at"], grammar) is not None if "launched_at" in found else None,
        read=details or None,
        unread=(f"task: {text_of(found['task_word'])}",) if is_unknown else (),
    )


def _first(found: Mapping[str, Any], names: Sequence[str], grammar: Grammar) -> str | None:
    return next((word for name in names if (word := word_of(found.get(name), grammar)) is not None), None)


def _provided(found: Mapping[str, Any], grammar: Grammar) -> str | None:
    """The id in what Kubernetes calls a provider's id: "openstack:///<id>"."""
    word = word_of(found.get("provider_id"), grammar)
    return word and (grammar.shape("provider").sub("", word) or None)


def _details(found: Mapping[str, Any], grammar: Grammar) -> dict[str, Any]:
    """What a server's record tells beside its states; a key is there where the paste has the field."""
    details: dict[str, Any] = {
        name: word_of(found[name], grammar)
        for name in ("host", "host_status", "instance_name", "created", "updated", "launched_at", "terminated_at")
        if name in found
    }
    if details.get("host_status"):
        details["host_status"] = details["host_status"].upper()
    # Everybody sees the digest of the host; it is empty where there is none.
    # A client prints None where it may not be seen; an exporter has nothing where there is none.
    is_empty = any(name in found and text_of(found[name]) == "" for name in ("hostid", "hypervisor_hostname"))
    # The old client shows a field that the API left out not at all, and none as a dash.
    is_dashed = "vm_state" in found and "host" in found and text_of(found["host"]) == _DASH
    if (is_empty or is_dashed) and not details.get("host"):
        details["hostless"] = True
    reason = word_of(found.get("locked_reason"), grammar)
    if "locked" in found or reason:
        details["locked"] = flag_of(found["locked"]) if "locked" in found else True
    if reason:
        details["locked_reason"] = reason
    if (fault := read_fault(found.get("fault"), grammar) or _fault_said(found.get("message"), grammar)) is not None:
        details["fault"] = fault
    return details


def _fault_said(value: Any, grammar: Grammar) -> dict[str, Any] | None:  # noqa: ANN401 - whatever JSON holds
    """The fault in the message that a tool has beside a server's states."""
    message = message_of(value, grammar)
    if not message:
        # Most of a long list: looking for all messages in nothing costs more than the rest of the record.
        return None
    text = on_one_line(clean(message), grammar)
    said = (found.record.read or {} for found in find_messages(text, grammar))
    return next((read["fault"] for read in said if read.get("fault")), None)


def read_fault(value: Any, grammar: Grammar) -> dict[str, Any] | None:  # noqa: ANN401 - whatever JSON holds
    """A server's fault: as the API has it, as the client prints it into one cell, or its message alone."""
    if isinstance(value, str):
        value = read_literal(clean(value)) or value
    if isinstance(value, Mapping):
        value = value[_VERSIONED] if isinstance(value.get(_VERSIONED), Mapping) else value
        # Go has them in capitals, a translator of pages with a blank behind them.
        value = {str(name).lower().strip(): member for name, member in value.items()}
        value = {"message": value.get("exception_message"), **value}
        code = word_of(value.get("code"), grammar)
        message = _with_cause(message_of(value.get("message"), grammar), value.get("details"), grammar)
        return {
            "message": message,
            "code": int(code) if code and code.isascii() and code.isdigit() and len(code) <= _DIGITS else None,
            "created": word_of(value.get("created"), grammar),
            "error": grammar.remember(message, identify),
        }
    message = message_of(value, grammar)
    if message is None:
        return None
    return {"message": message, "code": None, "created": None, "error": grammar.remember(message, identify)}


def _with_cause(message: str | None, details: Any, grammar: Grammar) -> str | None:  # noqa: ANN401 - as above
    """A message; of one that is the name of a class alone, with what that said: it stands last in the details."""
    if not message or not message.isascii() or not message.isidentifier() or not isinstance(details, str):
        return message
    said = details.rpartition(f"{message}: ")
    return message_of(f"{message}: {said[2]}", grammar) if said[1] else message


def _other(kind: str, found: Mapping[str, Any], grammar: Grammar) -> Report:
    read: dict[str, Any] = {}
    for key, sources in grammar.records[kind]:
        values = (found[source] for source in sources if source in found)
        if key == "forced_down":
            read[key] = next((flag for value in values if (flag := flag_of(value)) is not None), None)
        else:
            read[key] = next((text for value in values if (text := word_of(value, grammar)) is not None), None)
    if kind == "volume" and read["server"] is None:
        read["server"] = _attached_server(found.get("attached_to"), grammar)
    read = {key: value for key, value in read.items() if value is not None or key not in MEMORY}
    return Report(record=kind, id=read.get("id"), name=read.get("name"), read=read)


def _attached_server(value: Any, grammar: Grammar) -> str | None:  # noqa: ANN401 - as above
    """The server a volume is attached to, out of a list of attachments or its text."""
    if isinstance(value, str):
        value = read_literal(clean(value))
    first = value[0] if isinstance(value, list) and value else value
    return word_of(first.get("server_id"), grammar) if isinstance(first, dict) else None


def _printed_events(text: str) -> list[dict[str, str]]:
    """Events as the client prints them into a cell: `details='…', event='…', …`, nothing where one has no value."""
    marks = list(_PART.finditer(text))
    events: list[dict[str, str]] = []
    for place, mark in enumerate(marks):
        end = marks[place + 1].start() if place + 1 < len(marks) else len(text)
        if not events or mark["name"] in events[-1]:
            events.append({})
        events[-1][mark["name"]] = text[mark.end() : end].strip(_AROUND_PART)
    return events


def _event(found: Mapping[str, Any], grammar: Grammar) -> Report:
    """An action with its events: the one that failed, else the latest, speaks for them."""
    events = found.get("events")
    if isinstance(events, str):
        # The text may have lines, but no more than an event has.
        events = read_literal(events) or _printed_events(events)
    inner = [event for event in events if isinstance(event, dict)] if isinstance(events, list) else []
    failed = (event for event in inner if (word_of(event.get("result"), grammar) or "").lower() == _FAILED)
    told = next(failed, inner[0] if inner else {})
    merged = {name: told[name] for name in ("event", "result", "finish_time", "host") if name in told} | {
        name: value for name, value in found.items() if name != "events"
    }
    read: dict[str, Any] = {}
    for key, sources in grammar.records["event"]:
        reader = message_of if key == "message" else word_of
        read[key] = next((reader(merged[source], grammar) for source in sources if source in merged), None)
    read["events"] = [_told(event, grammar) for event in inner]
    said = (event["message"] for event in read["events"] if (event["result"] or "").lower() == _FAILED)
    read["error"] = grammar.remember(next(said, None), identify)
    return Report(record="event", id=read["request_id"], read=read)


def _told(event: Mapping[str, Any], grammar: Grammar) -> dict[str, str | None]:
    """An event with how it ended, and why: what the client calls its details, else the end of the traceback."""
    told = {name: word_of(event.get(name), grammar) for name in ("event", "result", "host")}
    return told | {"message": message_of(event.get("details"), grammar) or _raised(event, grammar)}


def _raised(event: Mapping[str, Any], grammar: Grammar) -> str | None:
    """What a traceback ends in: its exception with all that it says, which a table may have broken into lines."""
    lines = (text_of(event.get("traceback")) or "").strip().split("\n")
    last = lines[-_MOST_OF_MESSAGE:]
    places = [place for place, line in enumerate(last) if _RAISED.search(line)]
    return message_of(" ".join(last[places[-1] if places else -1 :]), grammar)


_READERS: Final[Mapping[str, Callable[[Mapping[str, Any], Grammar], Report]]] = {"server": _server, "event": _event}


def error_report(kind: str, fault: Mapping[str, Any]) -> Report:
    """A server's fault, or an error that the API answered with; what it says is another's question."""
    if kind == "fault":
        return Report(record=kind, status=_FAILED_STATUS, read={"fault": dict(fault)})
    read = {"message": fault.get("message"), "error": fault.get("error"), "http": fault.get("code")}
    return Report(record=kind, read=read)


def domain_report(domain: str | None, state: str | None, reason: str | None, grammar: Grammar) -> Report:
    """What the hypervisor says of a domain, with the power_state that Nova makes of it."""
    told = compile_pattern(grammar.plain["hypervisor"]["state"]).search(state) if state and reason is None else None
    if told:
        state, reason = told["state"], told["reason"]
    word = fold(state).replace("-", " ") if state else None
    power = grammar.plain["hypervisor"]["power_states"].get(word)
    return Report(
        record="hypervisor",
        name=domain,
        power_state=grammar.vocabulary.power_states.get(fold(power)) if power else None,
        read={"domain": domain, "state": word, "reason": reason},
    )


def tells(report: Report) -> bool:
    """Whether a report has a state at all."""
    return any(getattr(report, name) is not None for name in _STATES)
