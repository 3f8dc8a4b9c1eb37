"""What is known of a record, as the words that rules of advice ask for; what was not told is left out.

docs/assets/lookup/situation.js does the same in the page; tests hold both to the same answers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from nova_states.lookup.clock import seconds_of
from nova_states.lookup.report import Report

UNKNOWN: Final = "unknown"
"""The word for what was not told."""
NONE: Final = "none"
"""The word for no task, no host, no fault."""
LAST_EXCEPTION: Final = "last exception:"
"""What stands in a fault, in lower case, before the failure on the last of several hosts."""
SOME: Final = "some"
"""In a rule: whatever was told, but for none."""
SOMEWHERE: Final = "somewhere"
"""What is known of the host of a server where the paste has one that is down, and does not say where the server is."""
CREATE: Final = "create"
BUILD: Final = "build"
"""The cause of what only fails while a server is created."""
_SERVICES: Final = {"UP": "up", "DOWN": "down", "UNKNOWN": "down", "MAINTENANCE": "maintenance"}
"""host_status → what is known of nova-compute on the host: a dead one shows UNKNOWN, DOWN was said by somebody."""
BY_ITSELF: Final = "AUTO:"
"""How the reason begins for which a nova-compute has disabled itself."""
_LEVELS: Final = ("CRITICAL", "ERROR", "WARNING", "WARN")
_RESULTS: Final = ("success", "error")
_FAILED: Final = "error"
_UNTOLD: Final = "untold"
_BUILDING: Final = "building"
_FOR_ADMINISTRATORS: Final = ("host", "host_status", "instance_name")
_CLASS: Final = re.compile(r"[A-Z][A-Za-z0-9]{3,60}")
_OF_BUILD: Final = re.compile(r"Build of instance \S{1,40} (?:aborted|was re-scheduled)|Quota exceeded for ")
"""Faults of builds: a quota is looked at once more then, and at no other time after Nova has answered."""
_ABORTED: Final = re.compile(r"Build of instance \S{1,40} aborted")
_SAME_EVENT: Final = 15 * 60
"""Seconds by which a fault may be older than the last change of its server, which a power sync may have written."""


def fits(when: Mapping[str, Any], situation: Mapping[str, str]) -> bool:
    """Whether a situation has one of the words that a rule wants, for each of the rule's attributes."""
    for attribute, words in when.items():
        told = situation.get(attribute, UNKNOWN)
        if told not in words and not (SOME in words and told not in (NONE, UNKNOWN)):
            return False
    return True


def words_of(report: Report, causes: Any) -> dict[str, str]:  # noqa: ANN401 - as the tables have it
    """What is known beside states and their age: launched, host, service, lock, fault, cause and the like.

    Args:
        report: What was told of it.
        causes: Kinds of faults: name, classes, and parts of messages in lower case.
    """
    read = report.read or {}
    found: dict[str, str | None] = {
        "launched": _launched(report),
        "host": _host(read),
        "service": service_of(read),
        "terminated": "ever" if read.get("terminated_at") else None,
        "error": read.get("error") if report.record == "server" else None,
        "lock": {True: "locked", False: "unlocked"}.get(read.get("locked")),  # type: ignore[arg-type]
        "fault": _fault(read),
        "cause": cause_of(_fault_told(report), causes) or (BUILD if read.get("operation") == CREATE else None),
        "hypervisor": read.get("hypervisor"),
        "domain_state": read.get("domain_state"),
        "reason": reason_of(read),
        "log_message": read.get("log_message"),
        "operation": read.get("operation"),
        # What is told of a server by the records beside it.
        **read.get("words", {}),
    }
    return {attribute: told for attribute, told in found.items() if told is not None}


def reason_of(read: Mapping[str, Any]) -> str | None:
    """Why the hypervisor has the guest in its state, as it says itself."""
    told = read.get("reason")
    if not isinstance(told, str):
        return None
    # That it does not know is something else than that nobody asked it.
    return _UNTOLD if told.lower() == UNKNOWN else told.lower()


def service_of(read: Mapping[str, Any]) -> str | None:
    """What is known of nova-compute on the server's host: "up", "down" or "maintenance"."""
    return _SERVICES.get(read.get("host_status") or "")


def state_of_service(read: Mapping[str, Any]) -> str | None:
    """What is known of a service: it is down whatever its status, and one that is up may take no new servers."""
    state = lower(read.get("state"))
    if state == "down" or read.get("forced_down") is True:
        return "down"
    if state == "up":
        return "maintenance" if lower(read.get("status")) == "disabled" else "up"
    return None


def host_status_of(read: Mapping[str, Any]) -> str:
    """What Nova shows as `host_status` of servers on the host of a nova-compute; one that is down may be disabled."""
    if read.get("forced_down") is True:
        return "DOWN"
    if lower(read.get("status")) == "disabled":
        return "MAINTENANCE"
    return "UNKNOWN" if state_of_service(read) == "down" else "UP"


def marked_of(read: Mapping[str, Any]) -> str | None:
    """Who has a service marked as it is: "forced" by somebody as down, "itself" as disabled, for its hypervisor."""
    if read.get("forced_down") is True:
        return "forced"
    is_own = (read.get("disabled_reason") or "").startswith(BY_ITSELF) and lower(read.get("status")) == "disabled"
    return "itself" if is_own else None


def result_of(read: Mapping[str, Any]) -> str | None:
    """How an action ended: "success", "error" or "running"; None where that was not told."""
    result = lower(read.get("result")) or lower(read.get("message"))
    if result in _RESULTS:
        return result
    return "running" if read.get("event") and ("result" in read or "message" in read) else None


def loudness(report: Report) -> int:
    """Of a line of a log, lower is louder: a failure before a warning before what else is logged."""
    level = (report.read or {}).get("level")
    return _LEVELS.index(level) if level in _LEVELS else len(_LEVELS)


def lower(value: object) -> str | None:
    """A word in small letters; None where what was told is no text."""
    return value.lower() if isinstance(value, str) else None


def _launched(report: Report) -> str | None:
    """Whether it ever ran; one whose fault is that of a build did not, though nobody said so."""
    if report.launched is None:
        return "never" if is_of_build(report) else None
    return "ever" if report.launched else "never"


def is_of_build(report: Report) -> bool:
    """Whether a server is left with the fault of its build, so that it was never launched."""
    read = report.read or {}
    message = (read.get("fault") or {}).get("message")
    if report.record not in {"server", "tool"} or report.launched:
        return False
    if isinstance(message, str) and _OF_BUILD.match(message):
        return True
    # What waits for a new server sees it fail before it ever ran; so does an event of its creation, if it is the last.
    if lower(report.vm_state or report.status) != _FAILED:
        return False
    beside = read.get("beside") or ()
    actions = {(one.read or {}).get("action") for one in beside if one.record == "event"}
    is_event = actions == {CREATE} and any(result_of(one.read or {}) == _FAILED for one in beside)
    return is_event or read.get("operation") == CREATE or any(map(_is_aborted, beside))


def _is_aborted(log: Report) -> bool:
    """Whether a line of a log says that a build has failed for good."""
    return log.record == "log" and bool(_ABORTED.search((log.read or {}).get("message") or ""))


def _host(read: Mapping[str, Any]) -> str | None:
    """A null may also mean that the asker may not see it: it is none where other fields of administrators are seen."""
    if read.get("hostless"):
        return NONE
    if "host" not in read:
        return None
    if read["host"] is not None:
        return "one"
    return NONE if any(read.get(name) is not None for name in _FOR_ADMINISTRATORS) else None


def _fault(read: Mapping[str, Any]) -> str | None:
    if "fault" not in read:
        return None
    if read["fault"] is None:
        return NONE
    created, updated = seconds_of(read["fault"].get("created")), seconds_of(read.get("updated"))
    if created is None or updated is None:
        return None
    return "old" if updated - created > _SAME_EVENT else "new"


def _fault_told(report: Report) -> Mapping[str, Any] | None:
    """A server's fault, else why its last action failed; of another record, which has none, its own message."""
    read = report.read or {}
    if origin := read.get("origin"):
        return {"message": origin["message"], "error": next(iter(origin["errors"]), None)}
    return read.get("fault") or (read.get("failure") if report.record == "server" else read)


def cause_of(fault: Mapping[str, Any] | None, causes: Any) -> str | None:  # noqa: ANN401 - as above
    """What kind of failure a fault tells of, by its words, else by its class; None where neither is known."""
    if not fault:
        return None
    message, error = (fault.get("message") or "").lower(), error_of(fault)
    # What failed on the last host says more than that all hosts failed.
    for text in (message.partition(LAST_EXCEPTION)[2], message):
        named: str | None = next((name for name, _, parts in causes if any(part in text for part in parts)), None)
        if named is not None:
            return named
    return next((name for name, classes, _ in causes if error in classes), None)


def error_of(fault: Mapping[str, Any]) -> str | None:
    """The exception that a fault tells of; of one that Nova may not quote, the name of the class is all it says."""
    error, message = fault.get("error"), fault.get("message")
    if error is None and isinstance(message, str) and _CLASS.fullmatch(message):
        return message
    return error if isinstance(error, str) else None


def errors_of(report: Report) -> tuple[str, ...]:
    """The exceptions that a record may tell of, where they are known: several may have one wording."""
    read = report.read or {}
    if origin := read.get("origin"):
        return tuple(origin["errors"])
    error: str | None = read.get("error") or error_of(read.get("fault") or read.get("failure") or {})
    return (error,) if error else tuple(read.get("errors") or ())


def age_of(report: Report, now: int | None) -> int | None:
    """Seconds since the server last changed; None where that was not told."""
    read = report.read or {}
    # What is told of an action that goes on tells since when its server is busy.
    updated = seconds_of(changed_of(report) or read.get("started"))
    if updated is None or now is None:
        told: int | None = read.get("age_seconds")
        return told
    return max(0, now - updated)


def changed_of(report: Report) -> str | None:
    """When the server last changed; one that is being built has not settled since it was asked for."""
    read = report.read or {}
    changed: str | None = read.get("updated")
    if not changed and not read.get("started") and report.vm_state == _BUILDING:
        changed = read.get("created")
    return changed


def patience_for(task_state: str | None, vm_state: str, patience: Mapping[str, Any]) -> int | None:
    """Seconds after which a server in these states should have moved on; None: it may stay."""
    if task_state is None and vm_state != "building":
        return None
    seconds: int = patience["tasks"].get(task_state, patience["default"])
    return seconds


def situation_of(
    report: Report,
    states: tuple[str, str | None, str | None],
    words: Mapping[str, str],
    *,
    age: int | None,
    patience: Mapping[str, Any],
) -> dict[str, str]:
    """The situation of a server.

    Args:
        report: What was told of it.
        states: A vm_state that it may be in; the same of task_state, None for no task; constant of the power_state,
            None where it is not known.
        words: `words_of`.
        age: Seconds for which it has not changed.
        patience: `nova_states.lookup.patience.patience_table`.
    """
    vm_state, task_state, power = states
    limit = patience_for(task_state, vm_state, patience)
    found: dict[str, str | None] = {
        "record": "server",
        "vm_state": vm_state,
        "task_state": task_state or (NONE if report.has_task else None),
        "power_state": power,
        "age": None if limit is None or age is None else ("overdue" if age > limit else "recent"),
    }
    return {attribute: word for attribute, word in found.items() if word is not None} | dict(words)
