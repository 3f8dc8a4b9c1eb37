"""A Nova and the client for the tests of this folder, a release after the other; skipped where there can be none.

Every module here is marked `live`, and `xdist_group("live")`: two Novas at a time would be too much for two cores.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from nova_states.locations import cache_folder
from nova_states.lookup.table_cache import load_tables
from tests.live.environments import RELEASES, NotAtHandError
from tests.live.looks import Looker
from tests.live.processes import Nova, running_client, running_nova

ROOT = Path(__file__).parents[2]


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


@pytest.fixture(scope="session")
def plugin(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """What puts this checkout, with its entry points, in the way of the client's Python."""
    for name in ("en", "ko", "messages"):
        load_tables(name)  # the client's environment cannot compile them
    folder = tmp_path_factory.mktemp("entry-points")
    make = "import sys; from setuptools import build_meta; build_meta.prepare_metadata_for_build_wheel(sys.argv[1])"
    subprocess.run([sys.executable, "-c", make, str(folder)], cwd=ROOT, check=True, capture_output=True)
    path = os.pathsep.join([str(ROOT / "generator"), str(folder)])
    return {"PYTHONPATH": path, "NOVA_STATES_CACHE": str(cache_folder())}
