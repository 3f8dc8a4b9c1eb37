"""What stands around records: what the command above them asked for, and a sentence beside what the hypervisor says."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from operator import itemgetter
from typing import Any, Final

from nova_states.lookup.reading.grammar import compile_pattern
from nova_states.lookup.reading.messages import on_one_line
from nova_states.lookup.reading.pieces import Findings, Piece
from nova_states.lookup.reading.records import tells
from nova_states.lookup.reading.sentences import read_sentence
from nova_states.lookup.report import Report

_SAYING: Final = re.compile(r" (?:shows?|says?|reports?|is|are|but) |[\uac00-\ud7a3]")
_NAMED: Final = ("allocation", "event", "migration")
"""Records that a command lists of one server, and that do not all say of which."""


def said_in_commands(findings: Findings) -> str:
    """What begins with a command and may be a sentence about what it shows."""
    return "\n".join(command for command in findings.commands.values() if _SAYING.search(command))


def told_by_commands(findings: Findings) -> None:
    """Put to records what the command above them asked for, where they do not tell: the host of a list, the server."""
    unwrapping = findings.grammar.plain["unwrapping"]
    host, server = compile_pattern(unwrapping["of_host"]), compile_pattern(unwrapping["of_server"])
    commands = sorted(findings.commands)
    if not commands or not findings.records:
        return
    findings.records.sort(key=itemgetter(0))
    above = [_last_before(line, commands) for line, _ in findings.records]
    counts = Counter(above)
    asked = {line: (host.search(findings.commands[line]), server.search(findings.commands[line])) for line in commands}
    for at, ((line, record), command) in enumerate(zip(findings.records, above, strict=True)):
        if command is None:
            continue
        of_host, of_server = asked[command]
        is_named = of_server is not None and (counts[command] == 1 or record.record in _NAMED)
        told = _told(
            record,
            of_host["host"] if of_host else None,
            of_server["server"] if of_server and is_named else None,
            findings,
        )
        findings.records[at] = (line, told)


def _last_before(line: int, commands: Sequence[int]) -> int | None:
    place = bisect_left(commands, line)
    return commands[place - 1] if place else None


def _told(record: Report, host: str | None, server: str | None, findings: Findings) -> Report:
    read: dict[str, Any] = dict(record.read or {})
    is_hosted = "host" in read if record.record == "server" else record.record != "service" or bool(read.get("host"))
    if host and not is_hosted:
        return replace(record, read={**read, "host": host})
    if server is None or server.endswith("..") or findings.grammar.shape("cut_id").search(server):
        return record
    if record.record in _NAMED and not read.get("server"):
        return replace(record, read={**read, "server": server})
    is_id = findings.grammar.shape("uuid").search(server) is not None
    if record.record == "server" and is_id and record.id is None:
        return replace(record, id=server)
    if record.record == "server" and not is_id and record.name is None:
        return replace(record, name=server)
    return record


def read_said(pieces: Sequence[Piece], findings: Findings) -> list[Piece]:
    """Read what a sentence says of Nova's states beside what the hypervisor says.

    Returns:
        What is left.
    """
    if any(record.record != "hypervisor" for _, record in findings.records):
        return list(pieces)
    lines = [said_in_commands(findings), *(line for piece in pieces for line in piece.lines)]
    said = on_one_line("\n".join(lines), findings.grammar)
    record = read_sentence(said, findings.grammar)
    if record is None or not tells(record):
        return list(pieces)
    place = next((piece.start + at for piece in pieces for at, line in enumerate(piece.lines) if line.strip()), 0)
    findings.add(place, record)
    return []
