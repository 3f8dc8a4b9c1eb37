"""`nova-states export`: a document on standard output, of a release or a folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from nova_states.cli import main
from tests.cli.test_commands import FILES


def test_a_series_is_its_newest_release(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "vm-states", "--release", "mitaka"]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith(".. Made by nova-states from the source of Nova 13.1.4;")
    assert "\nRequirements for Commands\n" in printed


def test_a_folder_is_read_now(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert main(["export", "vm-states", "--tree", str(tmp_path)]) == 1
    printed, said = capsys.readouterr()
    assert printed.startswith(".. Made by nova-states from the source of Nova unreleased;")
    assert "\n   * - ``stopped``\n     - The server is powered off" in printed
    assert "Status in the API" not in printed
    assert "places of it could not be read, and the document lacks what they say" in said
    assert said.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["vm-states"], "one of the arguments --release --tree is required"),
        (["vm-statez", "--release", "latest"], "invalid choice: 'vm-statez'"),
    ],
)
def test_bad_usage_is_one_line(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["export", *arguments])
    error = capsys.readouterr().err
    assert stop.value.code == 2
    assert said in error
    assert error.count("\n") == 1


def test_an_unknown_release_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "vm-states", "--release", "99.0.0"]) == 2
    error = capsys.readouterr().err
    assert "99.0.0" in error
    assert error.count("\n") == 1
