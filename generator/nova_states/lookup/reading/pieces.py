"""What readers hand on to each other: stretches of lines that nobody has read yet, and what has been found so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from nova_states.lookup.reading.grammar import Grammar
from nova_states.lookup.report import Report


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """Lines that follow each other and are not read yet."""

    start: int
    """Place of the first in the paste."""
    lines: Sequence[str]

    def part(self, first: int, end: int) -> Piece:
        """The lines from one place in the piece to before another."""
        return Piece(start=self.start + first, lines=self.lines[first:end])


@dataclass(kw_only=True)
class Findings:
    """Records with the line where each began, and lines that turned out to be nothing."""

    grammar: Grammar
    commands: Mapping[int, str] = field(default_factory=dict)
    hosts: Mapping[int, str] = field(default_factory=dict)
    """Place of a command → the host that its prompt names."""
    records: list[tuple[int, Report]] = field(default_factory=list)
    unread: list[tuple[int, str]] = field(default_factory=list)
    polled: list[str] = field(default_factory=list)
    """Statuses that somebody saw before the last."""
    used: set[int] = field(default_factory=set)
    """Lines that no reader took and that told something all the same."""

    def add(self, line: int, report: Report) -> None:
        """Keep a record that began in a line, and what was not read of it."""
        for part in report.unread:
            self.leave(line, part)
        report = replace(report, unread=()) if report.unread else report
        if len(self.records) < self.grammar.limit("most_records"):
            self.records.append((line, report))

    def leave(self, line: int, text: str) -> None:
        """Say of something that it was not read."""
        self.unread.append((line, text))


def remaining(piece: Piece, taken: Sequence[tuple[int, int]]) -> list[Piece]:
    """What is left of a piece where some stretches of it, in order, have been read."""
    left: list[Piece] = []
    place = 0
    for first, end in taken:
        if first > place:
            left.append(piece.part(place, first))
        place = max(place, end)
    if place < len(piece.lines):
        left.append(piece.part(place, len(piece.lines)))
    return left
