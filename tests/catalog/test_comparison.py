from __future__ import annotations

import pytest

from nova_states.catalog.comparison import NOT_COMPARED, kinds_of
from nova_states.catalog.export import EXPORTS
from nova_states.facts.model import KINDS


@pytest.mark.parametrize("part", [part for part in EXPORTS if part not in NOT_COMPARED])
def test_what_was_not_read_of_a_part_is_known_by_a_kind_of_fact(part: str) -> None:
    assert set(kinds_of(part)) <= set(KINDS)


def test_each_kind_of_fact_is_a_part_or_of_one() -> None:
    parts = [part for part in EXPORTS if part not in NOT_COMPARED]
    counted = {"census"}  # it has gaps alone
    assert set(KINDS) - {kind for part in parts for kind in kinds_of(part)} == counted
