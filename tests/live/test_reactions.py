"""What the facts say that Nova does by itself, held to a running one: a twentieth of all combinations of states."""

from __future__ import annotations

import pytest

from tests.live.driving import standing
from tests.live.processes import Nova
from tests.live.reactions import Reacting, combinations, differences

RELEASE = "34.0.0"
SHARE = 1 / 20
SEED = 20_261_128
TROUBLES = 40


@pytest.mark.live
@pytest.mark.xdist_group("live")
@pytest.mark.parametrize("nova", [RELEASE], indirect=True)
def test_what_nova_does_by_itself_is_among_the_facts(nova: Nova) -> None:
    with standing(nova, []) as stand:
        reacted = list(Reacting(release=RELEASE, stand=stand).all(SHARE, SEED, TROUBLES))
    assert len(reacted) >= len(combinations(RELEASE)) * SHARE
    assert any(one.errors for one in reacted)
    assert differences(RELEASE, reacted) == []
