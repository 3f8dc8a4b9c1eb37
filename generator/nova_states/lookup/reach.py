"""What cannot be done to a server whatever its states allow: it has no host, is deleted, or was never made.

docs/assets/lookup/reach.js does the same in the page; tests hold both to the same answers.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from nova_states.explanations.file_names import ASKED
from nova_states.lookup.report import Report
from nova_states.lookup.situation import NONE, errors_of, is_of_build

HOST: Final = "host"
SERVER: Final = "server"
"""What a server may lack: a host, or that there is a server at all."""
UNBUILT: Final = ("building", "error")
"""vm_states of what may never have been built."""
_BUILDING: Final = "building"
_DELETED: Final = "deleted"
_CREATE: Final = "create"
_ANYWHERE: Final = "any"
_UNMAPPED: Final = "cell_mapping"
"""The cause of what fails before a server has a host: the one that was chosen is in no cell."""
_UNFOUND: Final = "InstanceNotFound"
_IS_LOCKED: Final = "InstanceIsLocked"
_FROM_SERVER: Final = 500
"""Codes of HTTP from which on a request may have been carried out."""
_OF_LOCK: Final = "check_instance_lock"
"""The check of an action that a lock refuses to all but administrators (nova/compute/api.py)."""
_REBOOT: Final = "reboot"
_SOFT: Final = "soft_reboot"
"""Whoever asks for no kind of reboot gets the soft one."""
_OF_DELETED: Final = "asked-undelete"
"""The question that is asked of a server that is gone."""
_MARKED: Final = re.compile(r"\bmarked as DELETED\b")
_SHOWN: Final = ("text", "command", "caution")
_NAMED: Final = "{server}"
_VERB: Final = re.compile(r"openstack server [a-z]+(?: [a-z]+\b)?")
"""What a command of the client does; of two words some are an object and its verb."""
_REBOOTS: Final = "openstack server reboot"
_DELETES: Final = "openstack server delete"
_REMADE: Final = "advice:fault_no_host"
"""Among what helps, what says how it is made anew, and when not."""


def are_built(pairs: Sequence[tuple[str, str | None]]) -> bool:
    """Whether in all states that it may be in a server has been built."""
    return bool(pairs) and all(state not in UNBUILT for state, _ in pairs)


def is_deleted(report: Report, pairs: Sequence[tuple[str, str | None]]) -> bool:
    """Whether a record tells of a server that is gone: no request about it is answered but with 404."""
    read = report.read or {}
    message = read.get("message")
    is_marked = report.record == "log" and isinstance(message, str) and bool(_MARKED.search(message))
    if any((report.status, report.vm_state, report.task_state)):
        # What is asked beside states is of them: one that is soft deleted is still there.
        return is_marked or (bool(pairs) and all(state == _DELETED for state, _ in pairs))
    return is_marked or _OF_DELETED in (read.get("cause"), read.get("also"))


def lack_of(report: Report, pairs: Sequence[tuple[str, str | None]], words: Mapping[str, str]) -> str | None:
    """What is missing for actions that the states allow: `SERVER`, `HOST`; None: nothing that is known."""
    read = report.read or {}
    is_unfound = report.record == "refusal" and _UNFOUND in errors_of(report)
    if _is_unmade(report) or is_unfound or is_deleted(report, pairs):
        return SERVER
    is_open = bool(pairs) and all(state in UNBUILT for state, _ in pairs)
    # One that never ran gives its host back when its build has failed.
    is_failed = all(state != _BUILDING for state, _ in pairs) and not report.launched
    is_failed = is_failed and (report.launched is False or is_of_build(report) or words.get("cause") == _UNMAPPED)
    return HOST if is_open and (words.get("host") == NONE or (is_failed and not read.get("host"))) else None


def _is_unmade(report: Report) -> bool:
    """Whether a server was refused before it was made."""
    read = report.read or {}
    operation = report.asked.action if report.asked else read.get("operation")
    return report.record == "refusal" and operation == _CREATE and (read.get("http") or 0) < _FROM_SERVER


def open_actions(answer: Mapping[str, Any], uses: Mapping[str, Any], locked: Collection[str]) -> list[str]:
    """Of actions that the states allow, those that nothing else stands against.

    Args:
        answer: What is said of the states.
        uses: Action → what it is for, and what its host has to be.
        locked: `locked_actions`.
    """
    lack, allowed = answer.get("lacks"), answer["allowed"]
    if lack == SERVER:
        return []
    closed = {*locked, *([] if _SOFT in allowed else [_REBOOT])}
    return [
        name
        for name in allowed
        if name not in closed and (lack != HOST or uses.get(name, (None, _ANYWHERE))[1] == _ANYWHERE)
    ]


def locked_actions(answer: Mapping[str, Any], own: Mapping[str, Any]) -> list[str]:
    """Of actions that the states allow, those that a lock refuses to all but administrators; none if it is not locked.

    Args:
        answer: What is said of the states.
        own: What is said of this server alone.
    """
    if not own.get("locked") and (answer["refusal"] or {}).get("error") != _IS_LOCKED:
        return []
    return [note["action"] for note in answer["notes"] if _OF_LOCK in note["conditions"]]


def fitting_causes(causes: Sequence[str], *, is_gone: bool) -> list[str]:
    """Of causes, by name, those that are not questions about a server that is still there, or else one that is gone."""
    own = f"cause:{_OF_DELETED}"
    return [name for name in causes if (name == own) == is_gone or not name.startswith(f"cause:{ASKED}")]


def within_reach(
    found: dict[str, Any],
    report: Report,
    answer: Mapping[str, Any],
    pairs: Sequence[tuple[str, str | None]],
    texts: Mapping[str, Any],
) -> dict[str, Any]:
    """Help without steps that would fail on the server that it is for."""
    lack = answer.get("lacks")
    if lack == SERVER and (is_deleted(report, pairs) or _is_unmade(report)):
        return found | {"steps": [step for step in found["steps"] if _NAMED not in (step["command"] or "")]}
    is_building = bool(pairs) and all(state == _BUILDING for state, _ in pairs)
    if lack != HOST and not is_building:
        return found
    steps = [step for step in found["steps"] if not _wants_host(step["command"] or "", texts)]
    is_less = len(steps) < len(found["steps"])
    if is_less and not any((step["command"] or "").startswith(_DELETES) for step in steps):
        # What never ran is made anew.
        steps += [_anew(texts)]
    return found | {"steps": steps}


def _anew(texts: Mapping[str, Any]) -> dict[str, Any]:
    """The step that has a server which never ran deleted and made anew."""
    told = next(step for step in texts["help"][_REMADE][1] if (step[1] or "").startswith(_DELETES))
    return dict.fromkeys(_SHOWN) | dict(zip(_SHOWN, told, strict=False))


def _wants_host(command: str, texts: Mapping[str, Any]) -> bool:
    """Whether a command asks for an action that is done on the host of the server."""
    if command.startswith(_REBOOTS):
        return True
    told = _verb(command)
    if told is None:
        return False
    names = (name for name, (_, known) in texts["actions"].items() if _verb(known or "") == told)
    hosts = [texts["uses"].get(name, (None, _ANYWHERE))[1] for name in names]
    return bool(hosts) and _ANYWHERE not in hosts


def _verb(command: str) -> str | None:
    found = _VERB.match(command)
    return found[0] if found else None
