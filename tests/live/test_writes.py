"""What the facts say of changes of state, held to what a running Nova writes: a twentieth of all there is to drive."""

from __future__ import annotations

import pytest

from nova_states.catalog.seen import differences
from nova_states.facts.observed_writes import leads_to
from tests.live.driving import standing
from tests.live.guards import release_facts
from tests.live.processes import Nova
from tests.live.writes import Course, asked_tests, driving

RELEASE = "34.0.0"
COURSE = Course(release=RELEASE, share=1 / 20, seed=20_261_127, troubles=20)
LEAST = 40
"""Writes; a course that shows nothing is none."""


@pytest.mark.live
@pytest.mark.xdist_group("live")
@pytest.mark.parametrize("nova", [RELEASE], indirect=True)
def test_what_nova_writes_is_among_the_facts(nova: Nova) -> None:
    transitions = release_facts(RELEASE).facts("transitions")
    with standing(nova, asked_tests(RELEASE)) as stand:
        driven = [(drive, write) for drive, found in driving(stand, COURSE) for write in found.writes]
    assert len(driven) >= LEAST
    known = differences()
    assert [
        (drive, write)
        for drive, write in driven
        if not any(leads_to(row, write) for row in transitions) and not any(one.is_about(write) for one in known)
    ] == []
