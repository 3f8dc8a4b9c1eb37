"""A package index of the test's own, so that the real pip is used without the network."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.source.samples import pack_wheel, write_index

if TYPE_CHECKING:
    from pathlib import Path

WHEELS = {
    f"nova-{version}-py3-none-any.whl": pack_wheel(version) for version in ("33.0.2", "33.0.10", "34.0.0.0rc1", "9.0.0")
}


@pytest.fixture
def pip_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep pip from whatever the machine it runs on has configured."""
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_RETRIES", "0")


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pip_alone: None) -> Path:  # noqa: ARG001 - its effect is used
    """Page of an index that has `WHEELS`; pip is configured for it."""
    page = write_index(tmp_path / "index", WHEELS)
    monkeypatch.setenv("PIP_INDEX_URL", (tmp_path / "index").as_uri())
    return page
