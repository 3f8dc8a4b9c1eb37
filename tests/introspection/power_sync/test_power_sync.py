from __future__ import annotations

from pathlib import Path

import pytest

from nova_states.introspection.power_sync import read_power_sync
from tests.introspection.golden import assert_golden, golden
from tests.introspection.reaction_tables import assert_each_is_decided_once, line
from tests.introspection.synthetic import cases, load_case

HERE = Path(__file__).parent


@pytest.mark.parametrize("path", cases(HERE / "cases"))
def test_cases(path: Path) -> None:
    case = load_case(path)
    section = read_power_sync(case.modules)
    assert sorted(line(row) for row in section.facts) == case.expected
    assert [f"{gap.file}:{gap.line}: {gap.reason}" for gap in section.gaps] == case.gaps
    if section.facts:
        assert_each_is_decided_once(section.facts, case.modules)


@pytest.mark.parametrize(("version", "cells"), golden(HERE / "golden.yml"))
def test_cells_verified_by_hand(version: str, cells: list[list[str | None]]) -> None:
    assert_golden("power_sync", version, cells)
