from __future__ import annotations

from pathlib import Path

import pytest

from nova_states.introspection.driver_power_states import read_drivers
from tests.introspection.synthetic import cases, load_case

CASES = Path(__file__).parent / "cases"


@pytest.mark.parametrize("path", cases(CASES))
def test_drivers(path: Path) -> None:
    case = load_case(path)
    section = read_drivers(case.modules)
    assert [[f.driver, f.state, f.value, f.power_state, f.evidence.line] for f in section.facts] == case.expected
    assert [f"{gap.file}:{gap.line}: {gap.reason}" for gap in section.gaps] == case.gaps
    assert section.counts[0].found == len(case.expected) + len(case.gaps)
