"""The Python interface: the same answers as the command line, and its example as it is printed in the README."""

from __future__ import annotations

import dataclasses
import json
import re
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

import nova_states
from nova_states import Answer, explain
from nova_states.cli import main
from nova_states.errors import InputError
from nova_states.lookup import table_cache

ROOT = Path(__file__).parent.parent
SERVERS: list[Mapping[str, Any]] = [
    {"id": "a", "name": "web1", "OS-EXT-STS:vm_state": "active", "OS-EXT-STS:task_state": "deleting"},
    {"id": "b", "status": "ERROR"},
    {"vm_state": "quarantined", "power_state": "0x04"},
]


@pytest.mark.parametrize("given", [SERVERS, {"servers": SERVERS}, json.dumps(SERVERS), [MappingProxyType(SERVERS[0])]])
@pytest.mark.parametrize("language", ["en", "ko"])
def test_answers_are_those_of_the_command_line(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    given: Any,  # noqa: ANN401 - whatever a program has
    language: str,
) -> None:
    file = tmp_path / "servers.json"
    file.write_text(json.dumps(SERVERS), encoding="utf-8")
    main(["explain", "--format", "json", "--release", "2025.1", "--lang", language, str(file)])
    printed = json.loads(capsys.readouterr().out)
    answers = explain(given, release="2025.1", lang=language)
    told = [dataclasses.asdict(answer) for answer in answers]
    # Only a record that is no server has fields of its own.
    assert [answer.pop("read") for answer in told] == [{}] * len(told)
    assert told == printed[: len(answers)]
    assert len(answers) == (1 if given == [SERVERS[0]] else 3)


def test_text_is_read_as_it_is_pasted() -> None:
    (answer,) = explain("Cannot 'start' instance 1234 while it is in vm_state active", release="33.0.2")
    assert answer.release == "33.0.2"
    assert answer.vm_state == "active"
    assert answer.asked is not None
    assert answer.asked["actions"] == ["start"]


def test_an_empty_list_has_no_answers() -> None:
    assert explain([]) == explain({"servers": []}) == []


def test_an_answer_is_not_changed() -> None:
    (answer,) = explain("SHUTOFF", now=datetime(2026, 11, 26, tzinfo=UTC))
    with pytest.raises(dataclasses.FrozenInstanceError):
        answer.verdict = "stable"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("given", "options", "said"),
    [
        ("powerin-off", {}, "nearest: powering-off"),
        ("", {}, "There is nothing here"),
        ({"flavor": 1}, {}, "server"),
        (7, {}, "server"),
        ("ACTIVE", {"release": "mitakka"}, "did you mean mitaka"),
        ("ACTIVE", {"lang": "fr"}, "language 'fr' is unknown; choose one of ko, en"),
        ("ACTIVE", {"now": datetime(2026, 1, 1)}, "has no time zone"),  # noqa: DTZ001 - what is refused
    ],
)
def test_what_cannot_be_answered_is_an_error_of_one_line(
    given: Any,  # noqa: ANN401 - whatever a program has
    options: dict[str, Any],
    said: str,
) -> None:
    with pytest.raises(InputError) as raised:
        explain(given, **options)
    assert said in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_record_may_hold_itself() -> None:
    record: dict[str, Any] = {"status": "ACTIVE"}
    record["links"] = [record]
    assert explain(record)[0].status == "ACTIVE"


@pytest.mark.parametrize("readme", ["README.md", "README.ko.md"])
def test_the_example_of_the_readme_runs(readme: str, capsys: pytest.CaptureFixture[str]) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", (ROOT / readme).read_text(encoding="utf-8"), re.DOTALL)
    printed = re.findall(r"^print\(.*?\)\s+# (.+)$", code, re.MULTILINE)
    exec(compile(code, readme, "exec"), {})  # noqa: S102 - our own example
    assert printed
    assert capsys.readouterr().out.splitlines() == printed


def test_every_key_is_described() -> None:
    assert nova_states.__all__ == ["Answer", "__version__", "explain"]
    assert {field.name for field in dataclasses.fields(Answer)} >= {"allowed", "refused", "next", "verdict", "advice"}
    with pytest.raises(AttributeError, match="has no attribute 'explian'"):
        nova_states.explian  # noqa: B018 - reading it is the test


def test_importing_the_package_loads_nothing() -> None:
    code = "import sys, typing; before = set(sys.modules); import nova_states; print(*(set(sys.modules) - before))"
    finished = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert finished.stdout == "nova_states\n"


def test_tables_are_read_once_in_a_process(monkeypatch: pytest.MonkeyPatch) -> None:
    explain(SERVERS)

    def read_again(name: str) -> str:
        raise AssertionError(f"{name} is read again")

    monkeypatch.setattr(table_cache, "read_tables", read_again)
    assert explain("SHUTOFF")[0].status == "SHUTOFF"
