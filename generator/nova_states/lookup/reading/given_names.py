"""Finds what a paste names once, in commands, addresses and paths: its only server, host, destination, port, volume.

docs/assets/lookup/reading/given_names.js does the same in the page. Of two that it names neither is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from nova_states.lookup.reading.grammar import Grammar, compile_pattern
from nova_states.lookup.report import Report

_MOST_LINES: Final = 2000
_LONGEST: Final = 4000
"""Characters of a line in which names are looked for."""
_SERVER, _HOST, _DESTINATION = "server", "host", "destination"
_UUID: Final = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
_OF_SERVERS: Final = ("server", "refusal", "fault", "log", "tool")
_TO_HOST: Final = ("--host", "--target-host")

Named = dict[str, set[str]]
"""Placeholder → all that the paste names in its place."""


def with_given(
    reports: Sequence[Report], lines: Sequence[str], commands: Iterable[str], grammar: Grammar
) -> list[Report]:
    """The records, each with what the paste names once.

    Args:
        reports: As they were read.
        lines: The paste without its wrappings.
        commands: Those that were typed in it.
        grammar: The grammar.
    """
    named: Named = {}
    patterns = [(role, compile_pattern(text)) for role, text in grammar.plain["given"]["named"].items()]
    typed = list(commands)
    for line in (*lines[:_MOST_LINES], *typed):
        for role, pattern in patterns:
            for found in pattern.finditer(line[:_LONGEST]):
                named.setdefault(role, set()).add(found["value"])
    for command in typed:
        _read_command(command, named, grammar)
    for report in reports:
        _add_record(report, named)
    given = {role: value for role, values in named.items() if (value := _only(role, values))}
    return [replace(report, given=given) for report in reports] if given else list(reports)


def _only(role: str, values: set[str]) -> str | None:
    """The only one; of a server its id and its name are one."""
    ids = {value for value in values if _UUID.fullmatch(value)}
    if role == _SERVER and len(ids) == 1 and len(values) <= 2:  # noqa: PLR2004 - the id and the name
        return ids.pop()
    return next(iter(values)) if len(values) == 1 else None


def _add_record(report: Report, named: Named) -> None:
    read = report.read or {}
    is_server = report.record in _OF_SERVERS
    told = {
        _SERVER: (report.id or report.name,) if is_server else (read.get(_SERVER),),
        # Of a move, either may be the host that is meant.
        _HOST: (read.get(_HOST), read.get("source"), read.get(_DESTINATION)),
        _DESTINATION: (read.get(_DESTINATION),),
        "volume": (report.id,) if report.record == "volume" else (),
        "instance_name": (read.get("domain"), read.get("instance_name")),
    }
    for role, values in told.items():
        for value in values:
            if isinstance(value, str) and value:
                named.setdefault(role, set()).add(value)


def _read_command(command: str, named: Named, grammar: Grammar) -> None:
    """Add what a command is asked of: its server, the host that it names, the volume or port behind the server."""
    given = grammar.plain["given"]
    found = compile_pattern(given["command"]).search(command)
    if found is None:
        return
    name = compile_pattern(given["name"])
    words = found["words"] or found["old"]
    places: list[str] = []
    option = ""
    for word in found["rest"].split():
        if option:
            value, option, used = word, "", option
            if used in _TO_HOST and words in given["moves"] and name.search(value):
                named.setdefault(_DESTINATION, set()).add(value)
        elif word.startswith("-"):
            key, sign, value = word.partition("=")
            if sign and key in _TO_HOST and words in given["moves"] and name.search(value):
                named.setdefault(_DESTINATION, set()).add(value)
            option = "" if sign or word in given["flags"] else word
        else:
            places.append(word)
    behind = {
        **dict.fromkeys(given["volumes"], "volume"),
        **dict.fromkeys(given["ports"], "port"),
        **({} if found["words"] else dict.fromkeys(given["moves"], _DESTINATION)),
    }
    roles = [_SERVER] * len(places) if words in given["several"] else [_SERVER, behind.get(words, "")]
    for role, value in zip(roles, places, strict=False):
        if role and name.search(value):
            named.setdefault(role, set()).add(value)
