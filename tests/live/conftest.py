"""A Nova and the client for the tests of this folder, a release after the other; skipped where there can be none.

Every module here is marked `live`, and `xdist_group("live")`: two Novas at a time would be too much for two cores.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.live.environments import RELEASES, NotAtHandError
from tests.live.looks import Looker
from tests.live.processes import Nova, running_client, running_nova


@pytest.fixture(scope="session", params=RELEASES)
def nova(request: pytest.FixtureRequest) -> Iterator[Nova]:
    try:
        with running_nova(request.param) as found:
            yield found
    except NotAtHandError as error:
        pytest.skip(f"no live Nova: {error}")


@pytest.fixture(scope="session")
def looker(nova: Nova) -> Iterator[Looker]:
    try:
        with running_client(nova) as client:
            yield Looker(nova=nova, openstack=client)
    except NotAtHandError as error:
        pytest.skip(f"no live Nova: {error}")
