"""Puts to the only record of a paste that tells of a server what others quote which tell of nothing but a cause.

Somebody pastes a server, or its line of a log, and below it why: the kernel's line, an exception without its context.
docs/assets/lookup/shared_causes.js does the same in the page; tests hold both to the same answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from nova_states.explanations.file_names import ASKED
from nova_states.lookup.report import Report
from nova_states.lookup.root_causes import message_of, put_causes

_SUBJECTS: Final = ("server", "log", "refusal", "fault", "tool")
_BARE: Final = ("log", "fault")
_TELLING: Final = ("log_message", "error", "errors", "operation")
"""What of `read` says more of a record than its cause."""


def with_shared_causes(reports: Sequence[Report]) -> list[Report]:
    """The records without those that only tell the cause of the one that tells of a server, which then knows it."""
    bare = [report for report in reports if _is_bare(report)]
    subjects = [report for report in reports if report.record in _SUBJECTS and not _is_bare(report)]
    if len(subjects) != 1 or not bare:
        return list(reports)
    (subject,) = subjects
    told = _cause_of(subject)
    cause = told or _cause_of(bare[0])
    taken = [report for report in bare if _cause_of(report) == cause]
    if not taken:
        return list(reports)
    found = subject if told else put_causes(subject, cause, (taken[0].read or {}).get("also"))
    if subject.record == "server":
        read = found.read or {}
        said = (replace(report, record="log", read={"message": message_of(report)}) for report in taken)
        beside = (*read.get("beside", ()), *said)
        found = replace(found, read={**read, "beside": beside})
    gone = {id(report) for report in taken}
    return [found if report is subject else report for report in reports if id(report) not in gone]


def _cause_of(report: Report) -> str | None:
    """Why something failed; None: it quotes nothing, or somebody asks something."""
    read = report.read or {}
    causes = (read.get("cause"), read.get("also"))
    return next((cause for cause in causes if cause and not cause.startswith(ASKED)), None)


def _is_bare(report: Report) -> bool:
    """Whether a record tells of a cause, and neither of a server nor of its states nor of what Nova did."""
    read = report.read or {}
    states = (report.id, report.name, report.vm_state, report.task_state, report.power_state, report.status)
    if report.record not in _BARE or report.asked or report.has_task or any(one is not None for one in states):
        return False
    is_more = (read.get("fault") or {}).get("error") or any(read.get(name) for name in _TELLING)
    return _cause_of(report) is not None and not is_more
