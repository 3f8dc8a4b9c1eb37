"""How an action of a server ended, by the results of its events: that no task runs any more says nothing of that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

_SUCCESS: Final = "success"
_ERROR: Final = "error"


@dataclass(frozen=True, kw_only=True, slots=True)
class ActionEnd:
    """What is known of an action's end."""

    is_over: bool | None
    """Whether all that it began has ended; None: no event may be seen that would tell."""
    result: str | None
    """"success" or "error"; None: not known, or not yet."""


def end_of(action: Mapping[str, Any] | None) -> ActionEnd:
    """How an action ended, or that it has not.

    Args:
        action: As the API shows it, with its events; None: there is none.
    """
    events = _events(action)
    has_failed = _word(action, "message") == _ERROR
    if not events:
        return ActionEnd(is_over=True if has_failed else None, result=_ERROR if has_failed else None)
    is_over = all(_has_ended(event, events) for event in events)
    if any(_word(event, "result") == _ERROR and not _is_made_good(event, events) for event in events):
        return ActionEnd(is_over=is_over, result=_ERROR)
    return ActionEnd(is_over=is_over, result=_SUCCESS if is_over else None)


def _has_ended(event: Mapping[str, Any], events: Sequence[Mapping[str, Any]]) -> bool:
    """Whether an event has ended: of two with one name, as a build on another host has, Nova notes the end of one."""
    if _word(event, "finish_time"):
        return True
    return any(
        _word(other, "event") == _word(event, "event") and _word(other, "finish_time") >= _word(event, "start_time")
        for other in events
        if other is not event
    )


def _is_made_good(event: Mapping[str, Any], events: Sequence[Mapping[str, Any]]) -> bool:
    """Whether what failed was done again, as on another host, and succeeded."""
    return any(
        _word(other, "event") == _word(event, "event")
        and _word(other, "result") == _SUCCESS
        and _word(other, "start_time") > _word(event, "start_time")
        for other in events
    )


def _events(action: Mapping[str, Any] | None) -> Sequence[Mapping[str, Any]]:
    found = action.get("events") if action else None
    return [event for event in found if isinstance(event, dict)] if isinstance(found, list) else []


def _word(values: Mapping[str, Any] | None, name: str) -> str:
    value = values.get(name) if values else None
    return value.lower() if isinstance(value, str) else ""
