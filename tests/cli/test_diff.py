"""`diff` of two folders: what changed between two Novas of one's own is said, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from nova_states.cli import main
from tests.cli.test_explain_tree import MINIATURE

API = "nova/compute/api.py"
COMMON = "nova/api/openstack/common.py"
WRITE = "        instance.task_state = task_states.PAUSING\n"
TOLD = {
    "a guard": (
        (API, "vm_state=[vm_states.ACTIVE]", "vm_state=[vm_states.ACTIVE, vm_states.QUARANTINED]"),
        {"guard pause: vm_state: active → active, quarantined"},
    ),
    "a status": (
        (COMMON, "'default': 'QUARANTINED'", "'default': 'PAUSED'"),
        {"status quarantined.default: QUARANTINED → PAUSED"},
    ),
    "a condition of its own": (
        (API, WRITE, f"        if instance.ours:\n    {WRITE}"),
        {"step pause: on the way, now only if `instance.ours` holds"},
    ),
    "a renamed argument": ((API, "release_it(self, context, instance)", "release_it(self, context, server)"), set()),
}


def lay_out(folder: Path, files: dict[str, str]) -> str:
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return str(folder)


def told(capsys: pytest.CaptureFixture[str], before: str, after: str) -> set[str]:
    main(["diff", before, after])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f"Nova unreleased ({before}) → unreleased ({after}): ")
    return {line.strip() for line in lines[1:] if line.startswith("  ")}


@pytest.mark.parametrize("change", TOLD)
def test_what_changed_in_a_folder_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path, change: str) -> None:
    (name, old, new), lines = TOLD[change]
    assert old in MINIATURE[name]
    before = lay_out(tmp_path / "ours", MINIATURE)
    after = lay_out(tmp_path / "theirs", {**MINIATURE, name: MINIATURE[name].replace(old, new)})
    found = told(capsys, before, after)
    assert lines <= found
    # What a guard lets pass is also where the step starts from.
    assert all("pause" in line for line in found - lines)


def test_what_is_not_read_is_counted_in_the_language(capsys: pytest.CaptureFixture[str]) -> None:
    main(["diff", "33.0.2", "34.0.0", "--lang", "ko"])
    assert "Nova 34.0.0: 읽지 않은 곳 10곳" in capsys.readouterr().out
