"""Tells what is of another product: its words for states are like Nova's, and mean something else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from nova_states.lookup.reading.grammar import Grammar, compile_pattern
from nova_states.lookup.reading.pieces import Findings
from nova_states.lookup.report import Report

_LOOKED_AT: Final = 20_000
"""Characters of a paste in which signs of a product are looked for."""
_ANYBODYS: Final = ("refusal", "fault", "log")
_COMMAND: Final = "openstack "
SOME_OTHER: Final = "other_service"
"""Where it is certain that it is of another service, and not of which: the key of the words for it."""
COPIED: Final = "copied_by"
"""Of a server's `read`: who keeps a copy of its status, and shows that."""


def product_of(text: str, grammar: Grammar) -> str | None:
    """The product of which a text is that has signs of one and none of OpenStack."""
    part = text[:_LOOKED_AT]
    products = grammar.plain["products"]
    if compile_pattern(products["own"], any_case=True).search(part):
        return None
    signs: dict[str, str] = products["signs"]
    return next((name for name, pattern in signs.items() if compile_pattern(pattern).search(part)), None)


def neighbour_of(text: str, reports: Sequence[Report], idle: Sequence[bool], grammar: Grammar) -> str | None:
    """The other service of OpenStack of which a text is, where no record is about a server of Nova's.

    Args:
        text: The paste.
        reports: What was read of it.
        idle: Whether each is a line of a log of which nothing is said.
        grammar: The grammar.
    """
    if not reports and (service := _only_service(text, grammar)):
        return service
    if not all(_may_be_anybodys(report) for report in reports):
        return None
    products = grammar.plain["products"]
    part = text[:_LOOKED_AT]
    has_nova = compile_pattern(products["nova"]).search(part) is not None
    named = {
        _service_of_log(report, grammar) if is_idle or not (has_nova or _is_explained(report)) else None
        for report, is_idle in zip(reports, idle, strict=True)
    }
    if len(named) == 1 and (service := named.pop()):
        return service
    # What is told of a cause says more than whose it is.
    if has_nova or any(_is_explained(report) for report in reports):
        return None
    signs: dict[str, str] = products["neighbours"]
    found = {name: sign for name, pattern in signs.items() if (sign := compile_pattern(pattern).search(part))}
    # One of them has told what the other answered: whose it is, only a command at its head tells.
    first = min(found, key=lambda name: found[name].start(), default=None)
    if len(found) > 1 and first is not None and not found[first][0].startswith(_COMMAND):
        return SOME_OTHER
    return first


def of_neighbour(line: str, grammar: Grammar) -> str | None:
    """The other service of OpenStack whose log a line is from; what it says of states is not of servers."""
    found = compile_pattern(grammar.plain["log"]["line"]).search(line[: grammar.limit("longest_line")])
    return _service_of(found["module"], grammar) if found else None


def _only_service(text: str, grammar: Grammar) -> str | None:
    """The other service whose log a text is that says nothing of Nova."""
    part = text[:_LOOKED_AT]
    if compile_pattern(grammar.plain["products"]["nova"]).search(part):
        return None
    named = {service for line in part.split("\n") if (service := of_neighbour(line, grammar))}
    return named.pop() if len(named) == 1 else None


def _may_be_anybodys(report: Report) -> bool:
    """Whether a record is a message, of no server that it names, which any service may have printed."""
    states = (report.status, report.vm_state, report.task_state)
    return report.record in _ANYBODYS and report.id is None and not any(states)


def _is_explained(report: Report) -> bool:
    """Whether a cause is told that is the same wherever it is met: a disk that is full."""
    # What is said of an exception names services of Nova's.
    read = report.read or {}
    return bool(read.get("cause")) and not read.get("error")


def _service_of_log(record: Report, grammar: Grammar) -> str | None:
    """The other service of OpenStack whose log a line is from."""
    return _service_of(str((record.read or {}).get("module") or ""), grammar) if record.record == "log" else None


def _service_of(module: str, grammar: Grammar) -> str | None:
    services: dict[str, str] = grammar.plain["products"]["services"]
    return services.get(module.partition(".")[0])


def drop_copies(findings: Findings) -> None:
    """Drop servers as others keep a copy of them where Nova's own word stands beside: theirs may be late."""
    own = {
        record.id
        for _, record in findings.records
        if record.record == "server" and record.id is not None and COPIED not in (record.read or {})
    }
    kept: list[tuple[int, Report]] = []
    for line, record in findings.records:
        read: dict[str, Any] = dict(record.read or {})
        copied = read.pop(COPIED, None)
        if copied and record.id in own:
            findings.leave(line, f"{copied} {record.name or record.id}: {record.status}")
        else:
            kept.append((line, replace(record, read=read or None) if copied else record))
    findings.records = kept
