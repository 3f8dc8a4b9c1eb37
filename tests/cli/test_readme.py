"""The samples of both READMEs are what the command prints."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nova_states.cli import main

ROOT = Path(__file__).parents[2]
SERVER = {
    "id": "7f3c1d0e-5a6b-4a5b-9c1d-2e3f40516273",
    "name": "web1",
    "status": "ACTIVE",
    "OS-EXT-STS:vm_state": "active",
    "OS-EXT-STS:task_state": "deleting",
    "OS-EXT-STS:power_state": 1,
}


@pytest.mark.parametrize(("readme", "language"), [("README.md", "en"), ("README.ko.md", "ko")])
def test_the_sample_of_an_answer_is_true(
    readme: str, language: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (ROOT / readme).read_text(encoding="utf-8")
    _, sample = next(block for block in text.split("```console\n")[1:] if "explain" in block).split("\n", 1)
    file = tmp_path / "web1.json"
    file.write_text(json.dumps(SERVER), encoding="utf-8")
    main(["explain", "--lang", language, "--release", "2025.1", str(file)])
    printed = capsys.readouterr().out.splitlines()
    shown = [line for line in sample.partition("```")[0].splitlines() if line != "…"]
    assert len(shown) > 4
    places = [printed.index(line) for line in shown]
    assert places == sorted(places)
