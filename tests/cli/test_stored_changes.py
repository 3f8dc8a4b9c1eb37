"""`nova-states diff --facts REV` over a checkout of its own."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from nova_states.catalog.catalog import load_catalog
from nova_states.cli import main
from nova_states.cli.stored_changes import print_stored_changes, spans, value_text
from nova_states.errors import InputError
from nova_states.facts.json_value import Json
from nova_states.facts.snapshots import DATA


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A git checkout that holds today's facts of two kinds, committed where an older layout had them."""
    for name in ("versions.jsonl", *(f"{kind}/{file}.jsonl" for kind in KINDS for file in ("rows", "documents"))):
        target = tmp_path / "generator" / "facts" / "data" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(DATA / name, target)
    git = ["git", "-C", str(tmp_path), "-c", "user.name=n", "-c", "user.email=e@x.y"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "facts"]):
        subprocess.run([*git, *command], check=True)
    return tmp_path


CATALOG_VERSIONS = load_catalog().versions
KINDS = tuple(sorted(path.name for path in DATA.iterdir() if path.is_dir()))


def change(checkout: Path, before: str, after: str) -> Path:
    """Move the facts to where they lie now, and change some."""
    data = checkout / "generator" / "nova_states" / "facts" / "data"
    data.parent.mkdir(parents=True)
    (checkout / "generator" / "facts" / "data").rename(data)
    rows = data / "guards" / "rows.jsonl"
    text = rows.read_text(encoding="utf-8")
    assert before in text
    rows.write_text(text.replace(before, after), encoding="utf-8")
    return data


def test_a_changed_guard_is_told_by_what_differs(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = change(checkout, '"method":"compute.api.API.pause"', '"method":"compute.api.API.pause_it"')
    assert print_stored_changes("HEAD", as_json=False, data=data) == 0
    told = capsys.readouterr().out
    assert "\nguards pause, in " in told
    assert "method: compute.api.API.pause → compute.api.API.pause_it" in told
    assert print_stored_changes("HEAD", as_json=True, data=data) == 0
    found = json.loads(capsys.readouterr().out)
    assert {one["name"] for one in found["changes"]} == {"pause"}
    told_of = [version for one in found["changes"] for version in one["versions"]]
    assert len(told_of) == len(set(told_of))
    assert set(CATALOG_VERSIONS) <= set(told_of)


def test_what_is_not_there_is_refused_in_one_line(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    data = checkout / "generator" / "facts" / "data"
    with pytest.raises(InputError, match="there is no revision '--help'"):
        print_stored_changes("--help", as_json=False, data=data)
    with pytest.raises(InputError, match="lie in no git checkout"):
        print_stored_changes("HEAD", as_json=False, data=tmp_path_factory.mktemp("alone") / "data")


@pytest.mark.parametrize("arguments", [["diff"], ["diff", "34.0.0"], ["diff", "34.0.0", "33.0.2", "--facts", "HEAD"]])
def test_releases_or_a_revision_must_be_named(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert capsys.readouterr().err.startswith("nova-states: diff: name two releases")


def test_a_condition_is_told_in_its_words() -> None:
    stored: Json = {"all": [{"raises": ["NotFound"], "by": None}, {"test": "instance.host", "holds": False}]}
    assert value_text(stored) == "on NotFound and not instance.host"
    assert value_text({"task_state": None, "vm_state": "error"}) == "(vm_state=error)"


def test_versions_are_told_as_runs() -> None:
    order = ["1", "2", "3", "4", "5"]
    assert spans(["3"], order) == "3"
    assert spans(["1", "2", "4"], order) == "1–2, 4 (3 versions)"
