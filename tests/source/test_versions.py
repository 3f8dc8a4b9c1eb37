"""Which names are final releases, in which order, and which of them a wrong one is next to."""

from __future__ import annotations

import pytest

from nova_states.source.versions import final_releases, nearest_releases, read_version

KNOWN = ("2011.3", "2015.1.4", "12.0.0", "13.1.4", "33.0.2", "33.0.10", "33.1.0", "34.0.0")


def test_final_releases() -> None:
    others = ("33.0.0.0rc1", "12.0.0a0", "2013.1.g3", "mitaka-eol", "2023.1-eom", "34", "1.2.3.4")
    assert final_releases((*reversed(KNOWN), *others)) == KNOWN


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("33.0.3", ("33.0.2", "33.0.10")),
        ("33.0.0.0rc7", ("13.1.4", "33.0.2")),
        ("99.0.0", ("33.1.0", "34.0.0")),
        ("2010.1", ("2011.3",)),
        ("2015.2", ("2011.3", "2015.1.4", "12.0.0")),
        ("mitaka", ("33.1.0", "34.0.0")),
    ],
)
def test_nearest_releases(name: str, near: tuple[str, ...]) -> None:
    found = nearest_releases(name, KNOWN)
    assert set(near) <= set(found)
    assert len(found) <= 3


@pytest.mark.parametrize(
    ("metadata", "version"),
    [
        (b"Metadata-Version: 2.1\nName: nova\nVersion: 33.0.2\n\nName: other\n", "33.0.2"),
        (b"Name: nova\nVersion: 33.0.3.dev4\n", "33.0.3.dev4"),
        (b"Name: nova-lxd\nVersion: 17.0.0\n", None),
        (b"Name: nova\nVersion: unknown\n", None),
        (b"Name: nova\n", None),
        (b"\xff\x00", None),
        (b"", None),
    ],
)
def test_read_version(metadata: bytes, version: str | None) -> None:
    assert read_version(metadata) == version
