"""Which source the command line's options choose, and that no other combination chooses one."""

from __future__ import annotations

from pathlib import Path
from typing import TypedDict

import pytest

from nova_states.errors import InputError
from nova_states.source.open import open_tree
from tests.source.samples import NOVA, make_repository


class Options(TypedDict, total=False):
    tree: Path
    git: Path
    tag: str
    pypi: str


@pytest.mark.usefixtures("index")
@pytest.mark.parametrize("kind", ["directory", "git", "pypi"])
def test_opens_what_is_chosen(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOVA_STATES_CACHE", str(tmp_path / "cache"))
    checkout = make_repository(tmp_path / "checkout", ["33.0.2"])
    options: dict[str, Options] = {
        "directory": {"tree": checkout},
        "git": {"git": checkout, "tag": "33.0.2"},
        "pypi": {"pypi": "33.0.2"},
    }
    with open_tree(**options[kind]) as tree:
        assert (tree.origin.kind, tree.version) == (kind, "33.0.2")
        assert {path: tree.read(path) for path in tree.files("nova")} == NOVA


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"git": Path()},
        {"tag": "33.0.2"},
        {"tree": Path(), "tag": "33.0.2"},
        {"tree": Path(), "pypi": "33.0.2"},
        {"git": Path(), "tag": "33.0.2", "pypi": "33.0.2"},
    ],
)
def test_refuses_other_combinations(options: Options) -> None:
    with pytest.raises(InputError, match="name one source"), open_tree(**options):
        pass
