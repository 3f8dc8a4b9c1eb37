"""Answers whether to do what somebody asks about: what the states and the host decide, and what it costs.

docs/assets/lookup/wondered.js does the same in the page; tests hold both to the same answers. Whether it is the right
thing to do, what follows tells: here it is only said what is certain.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from nova_states.explanations.file_names import ASKED
from nova_states.lookup.report import OF_CELL, Report

_WAIT: Final = "wait"
_BUILDING: Final = "building"
_STATES: Final = ("vm_state", "task_state")
_LOSES: Final = 2
"""Where the row of an action's use has what it costs."""


def answer_wondered(
    report: Report, answer: Mapping[str, Any], service: str | None, texts: Mapping[str, Any]
) -> str | None:
    """The answer to what is asked about doing; None: nothing is asked, or nothing of it is certain.

    Args:
        report: What was told.
        answer: What is said of its states.
        service: What is known of nova-compute on the host.
        texts: `nova_states.lookup.texts`.
    """
    action = (report.read or {}).get("wondered")
    words = texts["words"]
    if action is None:
        return None
    if action == _WAIT:
        return _about_waiting(answer, words)
    if answer["status"] == OF_CELL and answer["vm_state"] is None:
        return _filled(words["wondered_cell"], action=action)
    host = texts["uses"].get(action, (None, "any"))[1]
    if is_refused(report, answer):
        refused = next(one for one in answer["refused"] if one["action"] == action)
        is_state = refused["attribute"] in _STATES and refused["value"] is not None
        return _filled(words["wondered_no"], **refused) if is_state else None
    if host == "down" and service == "up":
        return _filled(words["wondered_host_up"], action=action)
    return _accepted(report, answer, service, texts)


def _accepted(report: Report, answer: Mapping[str, Any], service: str | None, texts: Mapping[str, Any]) -> str | None:
    """What is said of an action that Nova may accept: what it costs, and what it wants of the host."""
    read, words = report.read or {}, texts["words"]
    action, use = read["wondered"], texts["uses"].get(read["wondered"], (None, "any"))
    is_told = any(answer[name] is not None for name in (*_STATES, "status"))
    # Somebody has written of what is asked.
    if any((read.get(name) or "").startswith(ASKED) for name in ("cause", "also")) or not is_told:
        return None
    said = [_filled(words["wondered_yes" if action in answer["allowed"] else "wondered_open"], action=action)]
    if len(use) > _LOSES:
        said.append(_filled(words["wondered_loses"], loses=use[_LOSES]))
    if use[1] == "down":
        said.append(words["wondered_fence"])
    elif use[1] == "up" and service == "down":
        said.append(words["wondered_hangs"])
    return " ".join(said)


def is_refused(report: Report, answer: Mapping[str, Any]) -> bool:
    """Whether Nova refuses what is asked about."""
    action = (report.read or {}).get("wondered")
    return any(one["action"] == action for one in answer["refused"])


def _about_waiting(answer: Mapping[str, Any], words: Mapping[str, str]) -> str | None:
    task = answer["task_state"]
    if task is not None:
        return _filled(words["wait_overdue" if answer["overdue"] else "wait_task"], task=task)
    is_settled = answer["task_known"] and answer["vm_state"] not in (None, _BUILDING)
    return words["wait_no"] if is_settled else None


def _filled(text: str, **values: str) -> str:
    return text.format(**values)
