"""How much memory a live migration has copied: rows that the client shows of it, put to its record.

docs/assets/lookup/copied_memory.js does the same in the page; tests hold both to the same answers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from nova_states.lookup.report import Report

MEMORY: Final = ("memory_total", "memory_processed", "memory_remaining")
"""Of a migration's `read`: bytes, as they were told."""
_CIRCLING: Final = 2
"""So many times all memory was sent, and the copy has not ended: the guest changes it faster."""
_DIGITS: Final = 15
"""Of a number that JavaScript reads exactly."""


def with_copied(reports: Sequence[Report]) -> list[Report]:
    """The records, with rows that tell nothing but memory put to the only migration beside them."""
    moves = [report for report in reports if report.record == "migration"]
    rows = [move for move in moves if _is_only_memory(move)]
    others = [move for move in moves if not _is_only_memory(move)]
    if len(rows) != 1 or len(others) != 1:
        return list(reports)
    (row,), (move,) = rows, others
    told = replace(move, read={**(move.read or {}), **_memory_of(row.read or {})}, unread=(*move.unread, *row.unread))
    return [told if report is move else report for report in reports if report is not row]


def copied_of(read: Mapping[str, Any]) -> str | None:
    """`circling` where the guest changes its memory faster than it is copied."""
    total, processed, remaining = (_number(read.get(name)) for name in MEMORY)
    return "circling" if total and remaining and processed > _CIRCLING * total else None


def _is_only_memory(move: Report) -> bool:
    read = move.read or {}
    return bool(_memory_of(read)) and not any(value for name, value in read.items() if name not in MEMORY)


def _memory_of(read: Mapping[str, Any]) -> dict[str, Any]:
    return {name: read[name] for name in MEMORY if name in read}


def _number(text: object) -> int:
    is_number = isinstance(text, str) and text.isascii() and text.isdigit() and len(text) <= _DIGITS
    return int(str(text)) if is_number else 0
