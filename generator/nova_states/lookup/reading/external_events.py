"""Reads what other services tell Nova of a server: a port that was plugged, a volume that was extended.

Neither is the record of an action, though both are called events: what was sent is told as a line of a log is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from nova_states.lookup.reading.grammar import Grammar
from nova_states.lookup.reading.values import text_of
from nova_states.lookup.report import Report, clean

_EVENTS: Final = "events"
_NETWORK: Final = "network"
_COMPLETED: Final = "completed"
"""What an event is that does not say so."""


def external_events_in(value: Mapping[str, Any], grammar: Grammar) -> list[Report]:
    """The events of a request or an answer of os-server-external-events, or the one that an object is; else none."""
    listed = value.get(_EVENTS)
    events = listed if isinstance(listed, list) else [value]
    found = [_event(one, grammar) if isinstance(one, dict) else None for one in events]
    told = [report for report in found if report is not None]
    return told if len(told) == len(found) else []


def _event(value: Mapping[str, Any], grammar: Grammar) -> Report | None:
    name, server = (clean(text_of(value.get(key)) or "") for key in ("name", "server_uuid"))
    if not grammar.shape("external_event").search(name) or not grammar.shape("uuid").search(server):
        return None
    tag, status, code = (clean(text_of(value.get(key)) or "") for key in ("tag", "status", "code"))
    kind = "port" if name.startswith(_NETWORK) else "volume"
    about = f" of {kind} {tag}" if grammar.shape("uuid").search(tag) else ""
    answered = f" ({code})" if code else ""
    message = f"external event {name}{about}: {status or _COMPLETED}{answered}"
    return Report(record="log", id=server, read={"message": message, "level": None, "error": None})
