"""What is known of a record, as the words that rules of advice ask for; what was not told is left out.

docs/assets/lookup/situation.js does the same in the page; tests hold both to the same answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from nova_states.lookup.report import Report

UNKNOWN: Final = "unknown"
"""The word for what was not told."""
NONE: Final = "none"
"""The word for no task, no host, no fault."""


def situation_of(report: Report, vm_state: str, task_state: str | None, power: str | None) -> Mapping[str, str]:
    """The situation of a server.

    Args:
        report: What was told of it.
        vm_state: One that it may be in.
        task_state: The same; None: no task.
        power: Constant of the power_state; None where it is not known.
    """
    found: dict[str, str | None] = {
        "record": "server",
        "vm_state": vm_state,
        "task_state": task_state or (NONE if report.has_task else None),
        "power_state": power,
        "launched": None if report.launched is None else ("ever" if report.launched else "never"),
    }
    return {attribute: word for attribute, word in found.items() if word is not None}
