"""Tells what is of another product: its words for states are like Nova's, and mean something else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from nova_states.lookup.reading.grammar import Grammar, compile_pattern
from nova_states.lookup.reading.pieces import Findings
from nova_states.lookup.report import Report

_LOOKED_AT: Final = 20_000
"""Characters of a paste in which signs of a product are looked for."""
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


def service_of_log(record: Report, grammar: Grammar) -> str | None:
    """The other service of OpenStack whose log a line is from."""
    services: dict[str, str] = grammar.plain["products"]["services"]
    module = str((record.read or {}).get("module") or "")
    return services.get(module.partition(".")[0]) if record.record == "log" and record.id is None else None


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
