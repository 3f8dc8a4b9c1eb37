"""Puts to records the server that their message is about, by the id that it names: what is to be done next needs it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from nova_states.lookup.named_objects import server_in
from nova_states.lookup.report import Report

_KINDS: Final = ("fault", "log", "refusal", "tool")
"""Records of a message about a server."""


def with_server(record: Report, text: str) -> Report:
    """A record with the only server that the text names where it stands, if it knows none yet."""
    if record.record not in _KINDS or record.id is not None:
        return record
    server = server_in(text)
    return replace(record, id=server) if server else record
