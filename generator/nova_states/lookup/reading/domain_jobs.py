"""Reads what libvirt's client says of a migration that goes on: `virsh domjobinfo`.

docs/assets/lookup/reading/domain_jobs.js does the same in the page; tests hold both to the same answers.
"""

from __future__ import annotations

import re
from typing import Final

from nova_states.lookup.reading.pieces import Findings, Piece, remaining
from nova_states.lookup.report import Report

_HEAD: Final = re.compile(r"^\s*Job type:\s+(Bounded|Unbounded)\s*$", re.ASCII)
_ROW: Final = re.compile(r"^\s*([A-Z][A-Za-z/ -]{2,30}):\s+(\S.{0,60}?)\s*$", re.ASCII)
_SIZE: Final = re.compile(r"^([0-9]{1,9})(?:\.([0-9]{1,3}))?\s{1,8}(B|KiB|MiB|GiB|TiB)$", re.ASCII)
_UNITS: Final = ("B", "KiB", "MiB", "GiB", "TiB")
_MEMORY: Final = "Memory "
_OPERATION: Final = "migration"
_KIB: Final = 1024
_PART: Final = 1000
"""The client tells sizes to a thousandth."""


def read_jobs(piece: Piece, findings: Findings) -> list[Piece]:
    """Read jobs that move a guest; any other, such as a backup, is left."""
    taken: list[tuple[int, int]] = []
    for place, line in enumerate(piece.lines):
        if not _HEAD.search(line):
            continue
        end, rows = place + 1, {}
        while end < len(piece.lines) and (row := _ROW.search(piece.lines[end])):
            rows[row[1]] = row[2]
            end += 1
        if _OPERATION in rows.get("Operation", _OPERATION) and f"{_MEMORY}total" in rows:
            findings.add(piece.start + place, _move(rows))
            taken.append((place, end))
    return remaining(piece, taken)


def _move(rows: dict[str, str]) -> Report:
    sizes = {f"memory_{word}": _bytes(rows.get(_MEMORY + word, "")) for word in ("total", "processed", "remaining")}
    told = {name: size for name, size in sizes.items() if size is not None}
    return Report(record="migration", read={"status": "running", "migration_type": "live-migration", **told})


def _bytes(text: str) -> str | None:
    """How many bytes a size has, as Nova's client tells them."""
    found = _SIZE.search(text)
    if found is None:
        return None
    thousandths = int(found[1]) * _PART + int((found[2] or "").ljust(3, "0"))
    return str(thousandths * _KIB ** _UNITS.index(found[3]) // _PART)
