"""How long a record has been as it is, and what else was read of it, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from nova_states.lookup.triage import beside_lines

_UNITS: Final = (("days", 86_400), ("hours", 3_600), ("minutes", 60))
_TELLING: Final = ("host", "host_status", "filter", "no_answer_from")


def since_lines(own: Mapping[str, Any], states: Mapping[str, Any], words: Mapping[str, str]) -> Iterator[str]:
    """Since when and how long, whether that is too long; host and fault; what other records of the paste tell."""
    if own.get("since"):
        line = words["since"].format(time=own["since"], age=age_text(own["age_seconds"], words))
        yield f"{line} {words['overdue']}" if states["overdue"] else line
    told = [f"{name} {own[name]}" for name in _TELLING if own.get(name)]
    if own.get("locked"):
        reason = own.get("locked_reason")
        told.append(f"{words['locked']} ({reason})" if reason else words["locked"])
    if told:
        yield ", ".join(told)
    if own.get("earlier"):
        yield f"{words['earlier']}: {' → '.join(own['earlier'])}"
    if own.get("fault") and own["fault"]["message"]:
        created = f" ({own['fault']['created']})" if own["fault"]["created"] else ""
        yield f"fault: {' '.join(own['fault']['message'].split())}{created}"

    yield from beside_lines(own.get("beside") or (), words)


def event_lines(own: Mapping[str, Any]) -> Iterator[str]:
    """The events of an action with their results, and why."""
    for event in own.get("events") or ():
        told = ": ".join(part for part in (event["result"] or "None", event["message"]) if part)
        yield f"{event['event'] or '?'}  {told}"


def age_text(seconds: int, words: Mapping[str, str]) -> str:
    """A time in words, in the largest unit of which there are two: rounded down."""
    unit, length = next(((unit, length) for unit, length in _UNITS if seconds >= 2 * length), ("seconds", 1))
    return words[f"age_{unit}"].format(count=seconds // length)
