"""What is said to who has tried something in vain: what its failing means, how it ended, and last what repeats it.

docs/assets/lookup/tried.js does the same in the page; tests hold both to the same answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from nova_states.lookup.report import Report
from nova_states.lookup.root_causes import MOST_OF_BOTH

_RECORDED: Final = "openstack server event list"
_NOT_RECORDED: Final[Mapping[str, str]] = {
    "reset_state": "openstack server set --state",
    "restart_compute": "systemctl restart nova-compute",
}
"""What leaves no event of the server, with the command that does it."""
_WAIT: Final = "wait"
_STATES: Final = ("vm_state", "task_state", "status")


def with_tried_told(
    found: dict[str, Any], report: Report, answer: Mapping[str, Any], texts: Mapping[str, Any]
) -> dict[str, Any]:
    """Help that does not begin with what was tried.

    Args:
        found: What helps.
        report: What was told.
        answer: What is said of its states.
        texts: `nova_states.lookup.texts`.
    """
    tried = [action for action in (report.read or {}).get("tried", ()) if action != _WAIT]
    if not tried:
        return found
    words = texts["words"]
    commands = [_command_of(action, texts) for action in tried]
    again = [step for step in found["steps"] if _is_of(step, commands)]
    others = [step for step in found["steps"] if not _is_of(step, commands)]
    is_recorded = any(action not in _NOT_RECORDED for action in tried)
    if is_recorded and not any((step["command"] or "").startswith(_RECORDED) for step in others):
        look = {"text": words["tried_step"], "command": f"{_RECORDED} --long {{server}}", "caution": None}
        others = [look, *others]
    # What an action does rests on the state that it finds.
    is_told = any(answer[name] is not None for name in _STATES)
    said = [words[f"tried_{action}"] for action in tried if is_told and f"tried_{action}" in words]
    why = " ".join(text for text in (*said, words["tried"], found["why"]) if text)
    return found | {"why": why, "steps": [*others, *again][:MOST_OF_BOTH]}


def _command_of(action: str, texts: Mapping[str, Any]) -> str:
    """How the command begins that does it."""
    _, command = texts["actions"].get(action, (None, None))
    return _NOT_RECORDED.get(action) or "".join((command or action).partition("{")[:2])


def _is_of(step: Mapping[str, Any], commands: list[str]) -> bool:
    return any((step["command"] or "").startswith(command) for command in commands)
