"""What the facts say of guards, asked of a running Nova over its API: a twentieth of all there is to ask."""

from __future__ import annotations

import pytest

from nova_states.catalog.catalog import load_catalog
from tests.live.guards import REQUESTS, asking, drawn, questions
from tests.live.processes import Nova

RELEASE = "34.0.0"
SHARE = 1 / 20
SEED = 20_261_127


def test_every_guarded_action_is_asked_for() -> None:
    guarded = {guard.action for guard in load_catalog().release(RELEASE).facts("guards")}
    assert guarded == REQUESTS.keys()


@pytest.mark.live
@pytest.mark.xdist_group("live")
@pytest.mark.parametrize("nova", [RELEASE], indirect=True)
def test_guards_answer_as_the_facts_foretell(nova: Nova) -> None:
    asked = drawn(RELEASE, SHARE, SEED)
    assert len(asked) > len(questions(RELEASE)) * SHARE
    with asking(nova) as asker:
        observations = [asker.ask(question) for question in asked]
    assert [one for one in observations if not one.is_as_foretold] == []
    assert {one.is_refused for one in observations} == {True, False}
