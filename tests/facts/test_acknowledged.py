"""Losses that people have looked at: by version, kind and name, with the reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from nova_states.catalog.losses import LOSS_KINDS
from nova_states.errors import InputError
from nova_states.facts.acknowledged import load_acknowledged

ENTRY = (
    '[[losses]]\nversions = ["2.0.0", "1.*"]\ndrivers = ["old"]\nguards = ["*: check in Gone.*"]\nreason = "It is."\n'
)


def written(folder: Path, text: str) -> Path:
    path = folder / "acknowledged.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_an_entry_covers_its_versions_and_names(tmp_path: Path) -> None:
    (entry,) = load_acknowledged(LOSS_KINDS, written(tmp_path, ENTRY))
    assert entry.covers("2.0.0", "drivers", "old") == ("2.0.0", ("drivers", "old"))
    assert entry.covers("1.4", "guards", "stop: check in Gone.stop") == ("1.*", ("guards", "*: check in Gone.*"))
    assert entry.covers("3.0.0", "drivers", "old") is None
    assert entry.covers("2.0.0", "drivers", "new") is None
    assert entry.covers("2.0.0", "options", "old") is None


@pytest.mark.parametrize(
    "text",
    [
        ENTRY.replace("reason", "why"),
        ENTRY.replace("drivers", "drivrs"),
        '[[losses]]\nversions = ["1.0"]\nreason = "None."\n',
        "[more]\n",
    ],
)
def test_an_entry_that_does_not_fit_is_named(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError, match=r"acknowledged\.toml: "):
        load_acknowledged(LOSS_KINDS, written(tmp_path, text))


def test_the_committed_entries_fit() -> None:
    entries = load_acknowledged(LOSS_KINDS)
    assert all(len(entry.reason) > 20 for entry in entries)
    assert len({(entry.versions, entry.names) for entry in entries}) == len(entries)
