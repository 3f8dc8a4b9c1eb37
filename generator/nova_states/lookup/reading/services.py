"""Reads what `nova-manage service list` printed until Rocky: a smile for one that is up, XXX for one that is down."""

from __future__ import annotations

from typing import Final

from nova_states.lookup.reading.grammar import compile_pattern
from nova_states.lookup.reading.pieces import Findings, Piece, remaining
from nova_states.lookup.reading.records import read_record
from nova_states.lookup.report import Report

_STATES: Final = {":-)": "up", "xxx": "down"}


def read_services(piece: Piece, findings: Findings) -> list[Piece]:
    """Read lines of services."""
    patterns = {name: compile_pattern(text, any_case=True) for name, text in findings.grammar.plain["services"].items()}
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
