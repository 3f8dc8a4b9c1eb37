"""Reads services: what `nova-manage service list` printed until Rocky, and who says beside records that one is down."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from nova_states.lookup.reading.grammar import compile_pattern
from nova_states.lookup.reading.pieces import Findings, Piece, remaining
from nova_states.lookup.reading.records import read_record
from nova_states.lookup.report import Report

_STATES: Final = {":-)": "up", "xxx": "down"}
"""A smile for one that is up."""
_TOLD: Final = re.compile(
    r"\b(?P<binary>nova-(?:compute|conductor|scheduler))(?![\w-])"
    r"(?:(?: services?| process(?:es)?)?(?: (?:on|of|at) (?P<host>[A-Za-z][\w.-]{0,80}))?"
    r" (?:is|are|was|were|has|have|went|looks?|seems?|shows?|as)"
    r"(?: (?:been|to be|as|also|both|all|completely|now|again))*"
    r" (?:down|dead|crashed|not running|died)\b"
    r"|(?: ?서비스| ?프로세스)?(?:들)? ?[이가은는도]?(?: (?:갑자기|계속|완전히|전부|모두))?"
    r" ?(?:죽[어었은]|다운|내려가|뻗[어었]))",
    re.ASCII | re.IGNORECASE,
)
_NAMED: Final = re.compile(r"[\d.-]")
"""What the name of a host has and no common word."""
_LABEL: Final = re.compile(
    r"^\s*(?:[-*]\s*)?(?P<name>alertname|hostname|host|service|binary)[\"']?\s*[=:]\s*[\"']?(?P<value>[\w.-]{1,80})[\"']?,?\s*$",
    re.ASCII,
)
"""A label of an alert that stands on a line of its own."""
_DOWN: Final = "down"
_LINE: Final = 600
"""Characters of a line in which somebody tells."""


def read_services(piece: Piece, findings: Findings) -> list[Piece]:
    """Read lines of services."""
    shapes = findings.grammar.plain["services"]
    patterns = {name: compile_pattern(text, any_case=True) for name, text in shapes.items() if isinstance(text, str)}
    _read_alerts(piece, patterns, findings)
    taken: list[tuple[int, int]] = []
    for place, line in enumerate(piece.lines):
        if len(line) > findings.grammar.limit("longest_line"):
            continue
        if found := patterns["row"].search(line):
            pairs = [(name, found[name]) for name in ("binary", "host", "status")]
            pairs.append(("state", _STATES[found["state"].lower()]))
            record = read_record(pairs, findings.grammar)
            if isinstance(record, Report):
                findings.add(piece.start + place, record)
        if found or patterns["head"].search(line):
            taken.append((place, place + 1))
    return remaining(piece, taken)


def _read_alerts(piece: Piece, patterns: Mapping[str, re.Pattern[str]], findings: Findings) -> None:
    """Add the services that monitoring says to be down, each once, unless it says as well that this is over."""
    lines = [line[:_LINE] for line in piece.lines]
    is_alert = any(patterns["alert_head"].search(line) for line in lines)
    if not is_alert or any(patterns["over"].search(line) for line in lines):
        return
    shapes = findings.grammar.plain["services"]["alerts"].values()
    alerts = [compile_pattern(text, any_case=True) for text in shapes]
    told: set[str] = set()
    for place, (line, labelled) in enumerate(zip(lines, _labels(lines), strict=True)):
        found = next((match for alert in alerts if (match := alert.search(line))), None)
        values = found.groupdict() if found else labelled
        binary, host = (values.get("binary") or "").lower(), values.get("host")
        # Whatever names no host repeats what does.
        if not binary or (host or "") in told or (told and not host):
            continue
        told.add(host or "")
        named = [("binary", binary), *([("host", host)] if host else [])]
        record = read_record([*named, ("state", "down")], findings.grammar)
        if isinstance(record, Report):
            findings.add(piece.start + place, record)


def _labels(lines: Sequence[str]) -> list[dict[str, str]]:
    """Of each line the binary and the host, where it is a label of an alert that has told both and what is down."""
    found: list[dict[str, str]] = []
    labels: dict[str, str] = {}
    for line in lines:
        label = _LABEL.search(line)
        if label and label["name"] in labels:
            labels = {}
        if label:
            labels[label["name"]] = label["value"]
        binary = labels.get("service") or labels.get("binary") or ""
        host = labels.get("hostname") or labels.get("host")
        is_told = label and host and binary.startswith("nova-") and _DOWN in labels.get("alertname", "").lower()
        found.append({"binary": binary, "host": host} if is_told and host else {})
    return found


def read_told_services(pieces: Sequence[Piece], findings: Findings) -> None:
    """Add the services that a sentence says to be down, but for those that are listed; alone, of a host by name."""
    is_alone = not findings.records
    over = compile_pattern(findings.grammar.plain["services"]["over"], any_case=True)
    listed = {(record.read or {}).get("binary") for _, record in findings.records if record.record == "service"}
    for piece in pieces:
        for place, line in enumerate(piece.lines):
            found = _TOLD.search(line[:_LINE])
            binary = found["binary"].lower() if found else ""
            if found is None or binary in listed:
                continue
            if is_alone and (over.search(line) or not _NAMED.search(found["host"] or "")):
                continue
            named = [("binary", binary), *([("host", found["host"])] if found["host"] else [])]
            record = read_record([*named, ("state", "down")], findings.grammar)
            if isinstance(record, Report):
                listed.add(binary)
                findings.add(piece.start + place, record)
