"""Combinations of states that people looked up in Nova's source, against the committed facts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from nova_states.facts.condition import to_text
from nova_states.facts.snapshots import load_snapshots
from tests.introspection.reaction_tables import rows_of


def golden(path: Path) -> list[Any]:
    """Version and cells, for `pytest.mark.parametrize`."""
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [pytest.param(version, cells, id=version) for version, cells in content.items()]


def assert_golden(kind: str, version: str, cells: list[list[str | None]]) -> None:
    """Each cell has the rows that are written down, and no other row without a condition."""
    snapshots = load_snapshots()
    stored = snapshots.versions.get(version)
    if stored is None or kind not in stored.documents:
        pytest.skip(f"{kind} of {version} is not among the committed facts; run make facts")
    facts = snapshots.section(kind, version).facts
    wrong = []
    for vm_state, task_state, power_state, effect, end, condition in cells:
        rows = rows_of((vm_state, task_state, power_state), facts)
        found = {(row.effect, f"{row.end.vm_state}/{row.end.task_state}", to_text(row.condition)) for row in rows}
        certain = {row for row in found if row[2] is None}
        expected = (effect, end, condition)
        if expected not in found or (condition is None and certain != {expected}):
            wrong.append(f"{vm_state}/{task_state}/{power_state}: expected {expected}, found {sorted(map(str, found))}")
    assert not wrong, "\n".join(wrong)
