"""Puts what was pasted into commands: a UUID bare, all else quoted for the shell, nothing that could be an option.

docs/assets/lookup/filling.js does the same in the page; tests hold both to the same answers.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping, Sequence
from typing import Any, Final

from nova_states.lookup.named_objects import objects_in
from nova_states.lookup.report import Report
from nova_states.lookup.root_causes import SAID, message_of

_UUID: Final = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}", re.IGNORECASE | re.ASCII)
_PLACEHOLDER: Final = re.compile(r"\{([a-z_]+)\}")
_SAID: Final = re.compile(r" ?\(`\{([a-z_]+)\}`\)")
"""An object in the text of a step: it stands in brackets, and goes with them where it is not known."""
_NAMES: Final = {"instance_name": "DOMAIN", "migration": "MIGRATION_ID", "request": "REQUEST_ID", "suspect": "HOST"}
"""Placeholder → what stands there where nothing is known; the others are themselves in capitals."""
_VARIABLE: Final = '"${}"'
_MOST_IN_LOOP: Final = 20
_MOST_APART: Final = 5
"""Commands for several records that are written out: more nobody reads before typing them."""


def values_of(report: Report) -> dict[str, str]:
    """What of a record goes into commands, quoted: server, host, instance_name, and the ids of other records."""
    read = report.read or {}
    is_server = report.record in ("server", "refusal", "fault", "log", "tool")
    server = _best(report.id, report.name) if is_server else _best(read.get("server"))
    found = {
        "server": server,
        "host": quoted(read.get("host")),
        "instance_name": quoted(read.get("domain") or read.get("instance_name")),
        "source": quoted(read.get("source")),
        "destination": quoted(read.get("destination")),
        "migration": quoted(report.id if report.record == "migration" else read.get("migration")),
        "request": quoted(read.get("request_id") or read.get("request")),
        "volume": _best(report.id, report.name) if report.record == "volume" else _best(read.get("volume")),
        "suspect": quoted(read.get("suspect")),
        "disk_error": read.get("disk_error"),
    }
    told = {name: value for name, value in found.items() if value is not None}
    # What a record is about says more than what its message names, and that more than what stands around it.
    said = [message_of(report), *((one.read or {}).get("message") for one in read.get("beside", ()))]
    texts = [text for text in (*said, (read.get("fault") or {}).get("message")) if isinstance(text, str)]
    is_told_elsewhere = "origin" in read
    objects = [objects_in(text) for text in (*(texts if is_told_elsewhere else texts[:1]), *read.get(SAID, ()))]
    named: dict[str, str | None] = {}
    for found_in in objects:
        named = {name: quoted(value) for name, value in found_in.items()} | named
    around = {name: quoted(value) for name, value in report.given.items()}
    known = {name: value for name, value in (around | named).items() if value is not None}
    if not (is_told_elsewhere and objects):
        return known | told
    # What tells why was said of something else: of a move, which of its hosts is the one in question.
    return known | told | {name: known[name] for name in objects[0] if name in known and name != "server"}


def fill(command: str | None, values: Mapping[str, str]) -> str | None:
    """The command with its placeholders filled in; a word in capitals for what was not told."""
    if command is None:
        return None
    return _PLACEHOLDER.sub(lambda found: values.get(found[1]) or _NAMES.get(found[1]) or found[1].upper(), command)


def fill_text(text: str, values: Mapping[str, str]) -> str:
    """The text of a step with the objects that it speaks of; without them where they are not known."""

    def said(found: re.Match[str]) -> str:
        value = values.get(found[1])
        return "" if value is None else found[0].replace(f"{{{found[1]}}}", value)

    return _SAID.sub(said, text)


def filled_steps(steps: list[dict[str, Any]], values: Mapping[str, str]) -> list[dict[str, Any]]:
    """Steps with their texts and commands filled in."""
    return [
        step | {"text": fill_text(step["text"], values), "command": fill(step["command"], values)} for step in steps
    ]


def steps_for_all(steps: Sequence[Mapping[str, Any]], values: Sequence[Mapping[str, str]]) -> list[dict[str, Any]]:
    """Steps for several records at once: their commands in a loop, each on a line of its own where one has to look.

    Args:
        steps: Shared by the records.
        values: `values_of` each.
    """
    alike = {name: value for name, value in values[0].items() if all(one.get(name) == value for one in values)}
    return [
        {
            **step,
            "text": fill_text(step["text"], alike),
            "command": _for_all(step["command"], values, is_apart=step["caution"] is not None),
        }
        for step in steps
    ]


def _for_all(command: str | None, values: Sequence[Mapping[str, str]], *, is_apart: bool) -> str | None:
    if command is None:
        return None
    names = dict.fromkeys(_PLACEHOLDER.findall(command))
    is_alike = {name: len({one.get(name) for one in values}) == 1 for name in names}
    alike = {name: values[0][name] for name in names if is_alike[name] and name in values[0]}
    others = [name for name in names if name not in alike]
    filled = list(dict.fromkeys(str(fill(command, one)) for one in values))
    are_known = all(name in one for name in others for one in values)
    if len(filled) == 1:
        return filled[0]
    if are_known and (is_apart or len(others) > 1) and len(filled) <= _MOST_APART:
        return "\n".join(filled)
    if are_known and not is_apart and len(others) == 1 and len(filled) <= _MOST_IN_LOOP:
        (name,) = others
        words = " ".join(dict.fromkeys(one[name] for one in values))
        return f"for {name} in {words}; do {fill(command, alike | {name: _VARIABLE.format(name)})}; done"
    return fill(command, alike)


def _best(*names: object) -> str | None:
    """A UUID if there is one, else the first that can stand in a command."""
    uuids = (name for name in names if isinstance(name, str) and _UUID.fullmatch(name))
    return next(uuids, None) or next((text for name in names if (text := quoted(name))), None)


def quoted(value: object) -> str | None:
    """A value for the shell; None for what would be read as an option, or as more than a line."""
    if not isinstance(value, str) or not value or value.startswith("-") or not value.isprintable():
        return None
    return value if _UUID.fullmatch(value) else shlex.quote(value)
