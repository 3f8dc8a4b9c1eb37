"""Which cause a message quotes, and what is said of it: looked for while a paste is read, told with what it has caused.

docs/assets/lookup/root_causes.js does the same in the page; tests hold both to the same answers. The words are told
apart by a table that comes with the messages; what is said of causes is in one that is only wanted once a cause was
recognised (`nova_states.lookup.told_table`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any, Final

from nova_states.lookup.helping import choose_help
from nova_states.lookup.report import Report

CAUSES: Final = "causes"
"""The name of the words that tell causes, in the tables of messages."""
MOST_OF_BOTH: Final = 5
"""Steps that mend a cause, with those that are to be done besides."""
_UNTOLD: Final = "needs-attention"
"""What a cause says of which nothing else is said."""
_LONGEST: Final = 4000
_ID: Final = re.compile("[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
_EVENTS: Final = ("message", "events")


def with_cause(report: Report, rows: Sequence[Sequence[Any]], known: dict[Any, str | None]) -> Report:
    """A record that knows the cause which its message quotes, as `read["cause"]`; `known`: what was found so far."""
    message, action = message_of(report), action_of(report)
    key = (action, _ID.sub("", message))
    if key not in known:
        known[key] = find_cause(message, rows, action)
    found = known[key]
    return report if found is None else replace(report, read={**(report.read or {}), "cause": found})


def message_of(report: Report) -> str:
    """What a record quotes: the fault of a server, the message of any other, what the steps of an action left."""
    read = report.read or {}
    if report.record == "event":
        return " ".join(_texts(read.get(name) for name in _EVENTS))[:_LONGEST]
    fault = read.get("fault") or {}
    refused = (read.get("refused") or {}).get("message")
    told = fault.get("message") or refused or (read.get("message") if report.record != "server" else None)
    return told[:_LONGEST] if isinstance(told, str) else ""


def _texts(values: Iterable[Any]) -> Iterator[str]:
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, (list, tuple)):
            yield from _texts(value)
        elif isinstance(value, Mapping):
            yield from _texts(value.values())


def action_of(report: Report) -> str | None:
    """What was asked for, as far as the record says so."""
    read = report.read or {}
    asked = report.asked.action if report.asked else None
    told = asked or read.get("operation") or (read.get("action") if report.record == "event" else None)
    return told.replace("-", "_") if isinstance(told, str) else None


def find_cause(text: str, rows: Sequence[Sequence[Any]], action: str | None = None) -> str | None:
    """The cause that begins last in a text, for what stands behind a colon is the cause of what stands before it.

    Args:
        text: On one line or several.
        rows: `nova_states.lookup.told_table.compile_causes`; of two at one place the first counts.
        action: What was asked for.
    """
    return max(_found(text, rows, action), default=(-1, None), key=lambda one: one[0])[1] if text else None


def _found(text: str, rows: Sequence[Sequence[Any]], action: str | None) -> Iterator[tuple[int, str]]:
    for name, pattern, *more in rows:
        actions = more[1] if len(more) > 1 else ()
        if actions and action not in actions:
            continue
        last = max((found.start() for found in _compiled(pattern).finditer(text)), default=-1)
        if last >= 0:
            yield last, name


def places_of(line: str, rows: Sequence[Sequence[Any]]) -> Iterator[tuple[int, int, str]]:
    """Where causes begin and end that make a record even alone, each with its record, in the order of the rows."""
    for _, pattern, *more in rows:
        record = more[0] if more else "fault"
        if record and (found := _compiled(pattern).search(line)):
            yield found.start(), found.end(), record


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII | re.IGNORECASE)


def told_cause(report: Report, texts: Mapping[str, Any]) -> str | None:
    """What the cause of a record is called among what helps; None: there is none, or nothing is said of it."""
    name = f"cause:{(report.read or {}).get('cause')}"
    return name if name in texts["help"] else None


def verdict_of(name: str, texts: Mapping[str, Any]) -> str:
    """What a cause says of a record that tells no states."""
    return texts["help"][name][3] or _UNTOLD


def with_cause_told(found: Mapping[str, Any], name: str | None, texts: Mapping[str, Any]) -> dict[str, Any]:
    """What helps, the cause first: why, then what mends it, then what is to be done besides."""
    if name is None:
        return dict(found)
    own = choose_help([name], texts, None, None)
    commands = {step["command"] for step in own["steps"]} - {None}
    others = [step for step in found["steps"] if step["command"] not in commands]
    return {
        **found,
        "why": " ".join(why for why in (own["why"], found["why"]) if why),
        "steps": [*own["steps"], *others][:MOST_OF_BOTH],
        "runbook": own["runbook"] or found["runbook"],
    }
