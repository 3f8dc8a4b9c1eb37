"""What people write wrong fails the build at once, each with its file, its line and the reason."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from nova_states.errors import CheckError
from nova_states.site.content import render_site

DOCS = Path(__file__).parents[2] / "docs"
WRONG = {
    # An unknown id, a claim that a fact contradicts, and a statement that has become true.
    "en/runbook/locked.md": ("leads_from: [", "leads_from: [action:lokc, "),
    "en/runbook/stuck-deleting.md": ("default: reap}", "default: log}"),
    "errata/vm-states.yml": ("is: refused", "is: allowed"),
}


def test_all_of_it_is_told_with_file_and_line(tmp_path: Path) -> None:
    shutil.copytree(DOCS, tmp_path / "docs", ignore=shutil.ignore_patterns("assets", "ko"))
    for name, (right, wrong) in WRONG.items():
        file = tmp_path / "docs" / name
        text = file.read_text(encoding="utf-8")
        assert right in text
        file.write_text(text.replace(right, wrong, 1), encoding="utf-8")
    with pytest.raises(CheckError) as error:
        render_site(tmp_path)
    for name, reason in {
        "en/runbook/locked.md": "nothing is called action:lokc; action:lock is near",
        "en/runbook/stuck-deleting.md": "option running_deleted_instance_action, default log: does not hold in",
        "errata/vm-states.yml": "does not hold in",
    }.items():
        told = [problem for problem in error.value.problems if problem.startswith(f"docs/{name}:")]
        assert any(reason in problem for problem in told), (name, error.value.problems)
        assert all(problem.removeprefix(f"docs/{name}:").partition(":")[0].isdigit() for problem in told)
