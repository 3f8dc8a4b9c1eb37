"""Every command that our texts name is taken by the program itself: the real client's parser, and Nova's own."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import pytest

from tests.live.environments import HERE, RELEASES, NotAtHandError, environment
from tests.live.written_commands import PROGRAMS, WrittenCommand, commands_below

pytestmark = [pytest.mark.live, pytest.mark.xdist_group("live")]

ROOT = Path(__file__).parents[2]
ENVIRONMENTS: Final[Mapping[str, str]] = {"openstack": "client", "nova-manage": RELEASES[-1]}
Complain = Callable[[Iterable[WrittenCommand]], list[str]]


@pytest.fixture(scope="module", params=PROGRAMS)
def program(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def complain(program: str, plugin: Mapping[str, str]) -> Iterator[Complain]:
    """Complaints of the program's own parser: file and line, the command, the reason."""
    # Some of our texts are about the command that we bring to the client.
    more = plugin if program == "openstack" else {}
    try:
        with environment(ENVIRONMENTS[program]) as python:
            yield lambda commands: complaints(
                python, program, [one for one in commands if one.program == program], more
            )
    except NotAtHandError as error:
        pytest.skip(f"no {program}: {error}")


def complaints(python: Path, program: str, commands: Sequence[WrittenCommand], more: Mapping[str, str]) -> list[str]:
    if not commands:
        return []
    asked = "".join(json.dumps([command.arguments, command.is_whole]) + "\n" for command in commands)
    finished = subprocess.run(
        [python, HERE / "command_parsers.py", program],
        input=asked,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
        env={"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "LANG": "C.UTF-8", **more},
    )
    assert finished.returncode == 0, finished.stderr[-2000:]
    answers = [json.loads(line) for line in finished.stdout.splitlines()]
    return [
        f"{command.place}: {command.text}: {answer}"
        for command, answer in zip(commands, answers, strict=True)
        if answer is not None
    ]


def test_every_command_of_our_texts_is_taken(complain: Complain, program: str) -> None:
    commands = [
        command
        for folder in ("docs", "templates")
        for command in commands_below(ROOT / folder)
        if command.program == program
    ]
    assert len(commands) >= {"openstack": 1000, "nova-manage": 20}[program]
    assert complain(commands) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("`openstack server shoow SERVER`\n", "docs/en/x.md:1: openstack server shoow SERVER: Unknown command"),
        ("a\n\n`openstack server stop --gently`\n", "docs/en/x.md:3: openstack server stop --gently: unrecognized arg"),
        ("```sh\nopenstack server list | cat\nopenstack server stop\n```\n", "docs/en/x.md:3: openstack server stop: "),
        ("`nova-manage placement audit --fast`\n", "docs/en/x.md:1: nova-manage placement audit --fast: unrecognized"),
        ("```sh\nnova-manage \\\n  cell_v2 find --x\n```\n", "docs/en/x.md:2: nova-manage cell_v2 find --x: "),
    ],
)
def test_a_command_that_is_not_is_told_with_file_line_and_reason(
    complain: Complain, program: str, tmp_path: Path, text: str, told: str
) -> None:
    page = tmp_path / "docs" / "en" / "x.md"
    page.parent.mkdir(parents=True)
    page.write_text(text, encoding="utf-8")
    found = complain(commands_below(tmp_path / "docs"))
    assert [told in line for line in found] == ([True] if f" {program} " in told else [])
