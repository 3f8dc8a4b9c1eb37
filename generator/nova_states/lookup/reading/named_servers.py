"""Finds the server that a message is about, by the id that it names: what is to be done next needs it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from nova_states.lookup.report import Report

_UUID: Final = "[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"
_NAMED: Final = re.compile(
    rf"(?:/servers/|\b(?:[Ii]nstances?|[Ss]ervers?|VMs?|compute)(?: with)?(?: (?:ID|id|uuid|UUID)| '[\w.-]{{1,80}}')?"
    rf"[ :='\"(\[]{{1,3}})"
    rf"(?P<before>{_UUID})(?![\w-])|(?<![\w-])(?P<behind>{_UUID}) (?:compute|instance|server)\b",
    re.ASCII,
)
_KINDS: Final = ("fault", "log", "refusal", "tool")
"""Records of a message about a server."""


def with_server(record: Report, text: str) -> Report:
    """A record with the only server that the text names where it stands, if it knows none yet."""
    if record.record not in _KINDS or record.id is not None:
        return record
    named = {found["before"] or found["behind"] for found in _NAMED.finditer(text)}
    return replace(record, id=named.pop()) if len(named) == 1 else record
