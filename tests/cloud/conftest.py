"""A cloud to ask, and the command line that asks it, in this process."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from nova_states.cli import main
from nova_states.locations import cache_folder
from tests.cloud.fake_cloud import SECRET, TOKEN, FakeCloud, serving


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """What a command printed."""

    status: int
    out: str
    err: str


Run = Callable[..., Told]


@pytest.fixture
def cloud() -> Iterator[FakeCloud]:
    pytest.importorskip("openstack", reason="the extra [cloud] is not installed; `make install` brings it")
    with serving(FakeCloud()) as made:
        yield made


@pytest.fixture
def run(cloud: FakeCloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `nova-states explain --os-cloud prod …`; whatever comes of it, no secret may be in it."""
    for name in [name for name in os.environ if name.startswith("OS_") or name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    settings = cloud.write_settings(tmp_path)
    # The tables are where they were; made anew for each home they would take most of the time.
    monkeypatch.setenv("NOVA_STATES_CACHE", str(cache_folder()))

    def ask(*arguments: str, name: str = "prod", file: Path = settings) -> Told:
        monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(file))
        monkeypatch.setenv("HOME", str(tmp_path))
        monkeypatch.chdir(tmp_path)
        capsys.readouterr()
        status = main(["explain", "--os-cloud", name, *arguments])
        found = capsys.readouterr()
        for secret in (SECRET, TOKEN):
            assert secret not in found.out + found.err
        assert "Traceback" not in found.err
        return Told(status=status, out=found.out, err=found.err)

    return ask
