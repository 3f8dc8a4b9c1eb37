"""Finds what a message names that decides where to look: the filter that took the last host, the silent service."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from nova_states.lookup.named_objects import filter_in
from nova_states.lookup.reading.messages import on_one_line
from nova_states.lookup.reading.named_servers import with_server
from nova_states.lookup.reading.pieces import Findings

_TIMEOUT: Final = ("MessagingTimeout", "Timed out waiting for a reply")
_SILENT: Final = re.compile(
    r"\btopic[ =:]{1,2}['\"]?(?P<topic>scheduler|conductor|compute)\b"
    r"|/nova/(?P<called>scheduler|conductor|compute)/rpcapi\.py|(?P<method>\bselect_destinations\b)",
    re.ASCII,
)
_OF_METHOD: Final = "scheduler"
_KINDS: Final = ("fault", "log", "refusal")
_MOST_LINES: Final = 400
"""Lines of a traceback among which the service is looked for."""


def name_parts(lines: Sequence[str], findings: Findings) -> None:
    """Put to records of messages the filter that they name, the service that has not answered, the only server."""
    if len(findings.records) == 1:
        (line, only) = findings.records[0]
        findings.records[0] = (line, with_server(only, on_one_line("\n".join(lines[:_MOST_LINES]), findings.grammar)))
    silent: str | None = None
    for at, (line, record) in enumerate(findings.records):
        read = record.read or {}
        message = str((read.get("fault") or read).get("message") or "")
        if record.record not in _KINDS or not message:
            continue
        told: dict[str, Any] = {}
        if found := filter_in(message):
            told["filter"] = found
        if any(words in message or words == read.get("error") for words in _TIMEOUT):
            silent = silent or _silent_in(lines)
            told |= {"no_answer_from": silent} if silent else {}
        if told:
            findings.records[at] = (line, replace(record, read={**read, **told}))


def _silent_in(lines: Sequence[str]) -> str:
    """The only service that lines name as the one that was asked; "" where they name none or several."""
    named = {
        found["topic"] or found["called"] or (found["method"] and _OF_METHOD)
        for line in lines[:_MOST_LINES]
        for found in _SILENT.finditer(line[:2000])
    }
    return f"nova-{named.pop()}" if len(named) == 1 else ""
