"""Leaves objects that a program printed under the name of a class that is no server's: their status is like one."""

from __future__ import annotations

from typing import Final

from nova_states.lookup.reading.pieces import Findings, Piece, remaining

_MOST_LINES: Final = 60
"""Lines of one object."""


def read_others(piece: Piece, findings: Findings) -> list[Piece]:
    """Take the lines of such objects, and name them as unread."""
    grammar = findings.grammar
    opener, server = grammar.shape("of_class"), grammar.shape("of_server_class")
    taken: list[tuple[int, int]] = []
    for place, line in enumerate(piece.lines):
        if (taken and place < taken[-1][1]) or len(line) > grammar.limit("longest_line"):
            continue
        found = opener.search(line)
        if found is None or server.search(line):
            continue
        end = place + 1
        if line.rstrip().endswith(("{", "(")):
            last = min(len(piece.lines), place + _MOST_LINES)
            closing = (at for at in range(place + 1, last) if piece.lines[at].strip()[:1] in {"}", ")"})
            end = next(closing, place) + 1
        findings.leave(piece.start + place, line.strip())
        taken.append((place, end))
    return remaining(piece, taken)
