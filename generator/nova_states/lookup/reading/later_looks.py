"""Keeps the last of several looks at one server where the paste tells that time went by between them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from nova_states.lookup.reading.grammar import compile_pattern
from nova_states.lookup.reading.pieces import Findings
from nova_states.lookup.report import Report

_STATES: Final = ("status", "vm_state", "power_state")
_LONGEST: Final = 60
"""Characters of a line that says no more than that time went by."""


def drop_earlier_looks(lines: Sequence[str], findings: Findings) -> None:
    """Drop servers that a later look tells as much of: words of time, or the same command again, stand between them.

    Others are left alone, as nothing tells which of them holds now.

    Args:
        lines: The whole paste.
        findings: What was found; its servers with an id alone are compared.
    """
    looks: dict[str, list[tuple[int, Report]]] = {}
    for line, report in findings.records:
        if report.record == "server" and report.id is not None:
            looks.setdefault(report.id, []).append((line, report))
    left: set[int] = set()
    for told in looks.values():
        if len(told) > 1 and all(_is_later(lines, one, other, findings) for one, other in pairwise(told)):
            for line, report in told[:-1]:
                left.add(id(report))
                states = (report.status, report.vm_state, report.task_state)
                findings.leave(line, " ".join(word for word in (report.name or report.id, *states) if word))
    findings.records = [(line, report) for line, report in findings.records if id(report) not in left]


def _is_later(lines: Sequence[str], one: tuple[int, Report], other: tuple[int, Report], findings: Findings) -> bool:
    (first, before), (second, after) = one, other
    if any(getattr(before, name) is not None and getattr(after, name) is None for name in _STATES):
        return False
    passed = compile_pattern(findings.grammar.plain["sentence"]["passed"], any_case=True)
    typed = {command for place, command in findings.commands.items() if place <= first}
    return any(
        findings.commands.get(place) in typed
        or (place < len(lines) and len(lines[place]) <= _LONGEST and passed.search(lines[place]))
        for place in range(first + 1, second)
    )
