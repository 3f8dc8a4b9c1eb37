"""The scripts that complete the command line, in the shells themselves."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from nova_states.cli import main

TYPED = [
    ("nova-states ex", ["explain", "export", "extract"]),
    ("nova-states explain --re", ["--release"]),
    ("nova-states explain --release mit", ["mitaka"]),
    ("nova-states explain --tr", ["--tree", "--triage"]),
    ("nova-states explain --release 13.1.", ["13.1.4", "13.1.3", "13.1.2", "13.1.1", "13.1.0"]),
    ("nova-states explain --lang k", ["ko"]),
    ("nova-states facts --kind gu", ["guards"]),
    ("nova-states diff 25.3", ["25.3.0"]),
    ("nova-states export vm", ["vm-states"]),
    ("nova-states export vm-states --release mit", ["mitaka"]),
    ("nova-states explain paste", ["pasted.json"]),
]
BASH = """
source "$1"
COMP_LINE=$2
read -ra COMP_WORDS <<<"$2"
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
COMP_POINT=${#COMP_LINE}
function=$(complete -p nova-states | sed 's/.*-F \\([^ ]*\\).*/\\1/')
"$function" nova-states "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
printf '%s\\n' "${COMPREPLY[@]}"
"""


@pytest.fixture
def script(capsys: pytest.CaptureFixture[str], tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    shell: str = request.param
    if shutil.which(shell) is None:
        pytest.skip(f"needs {shell}")
    assert main(["completion", shell]) == 0
    written = tmp_path / f"script.{shell}"
    written.write_text(capsys.readouterr().out, encoding="utf-8")
    (tmp_path / "pasted.json").touch()
    return written


def ask(script: Path, *command: str) -> list[str]:
    finished = subprocess.run(command, capture_output=True, text=True, cwd=script.parent, check=False, timeout=60)
    assert (finished.returncode, finished.stderr) == (0, "")
    return [line.split("\t")[0] for line in finished.stdout.splitlines()]


@pytest.mark.parametrize("script", ["bash"], indirect=True)
@pytest.mark.parametrize(("typed", "offered"), TYPED)
def test_bash_completes(script: Path, typed: str, offered: list[str]) -> None:
    assert ask(script, "bash", "--norc", "-c", BASH, "bash", str(script), typed) == offered


@pytest.mark.parametrize("script", ["fish"], indirect=True)
@pytest.mark.parametrize(("typed", "offered"), TYPED)
def test_fish_completes(script: Path, typed: str, offered: list[str]) -> None:
    command = "source $argv[1]; complete --do-complete $argv[2]"
    assert sorted(ask(script, "fish", "--no-config", "--command", command, str(script), typed)) == sorted(offered)


@pytest.mark.parametrize("script", ["zsh"], indirect=True)
def test_zsh_knows_every_command(script: Path) -> None:
    command = 'autoload -Uz compinit && compinit -D -u && eval "$(<$1)" && print $_comps[nova-states]'
    assert ask(script, "zsh", "-f", "-c", command, "zsh", str(script)) == ["_shtab_nova_states"]
    text = script.read_text(encoding="utf-8")
    assert all(
        f"\n    {name}:'" in text for name in ("explain", "facts", "diff", "export", "extract", "check", "completion")
    )
    assert "gazpacho" in text


def test_an_unknown_shell_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["completion", "csh"])
    assert stop.value.code == 2
    assert "invalid choice: 'csh'" in capsys.readouterr().err
