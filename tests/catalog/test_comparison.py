from __future__ import annotations

import pytest

from nova_states.catalog.comparison import KIND_OF, NOT_COMPARED
from nova_states.catalog.export import EXPORTS
from nova_states.facts.model import KINDS


@pytest.mark.parametrize("part", [part for part in EXPORTS if part not in NOT_COMPARED])
def test_what_was_not_read_of_a_part_is_known_by_a_kind_of_fact(part: str) -> None:
    assert KIND_OF.get(part, part) in KINDS
