"""What a paste names once goes into commands of its records; of two that it names neither does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from nova_states.lookup.filling import fill, values_of
from nova_states.lookup.paste_reader import read_reports
from nova_states.lookup.report import Report
from tests.lookup.page_scripts import answers_of_the_page, needs_node
from tests.lookup.test_in_hand import EXPLAINER, VOCABULARY, joined

CASES: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "given.yml").read_text(encoding="utf-8"))
ONE, OTHER = "11111111-2222-3333-4444-555555555555", "66666666-7777-8888-9999-000000000000"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["what"])
def test_what_is_named_once_is_given(case: dict[str, Any]) -> None:
    found = read_reports(case["input"], VOCABULARY)
    assert isinstance(found, list)
    assert {name: value for name, value in found[0].given.items() if name != "request"} == case["given"]


def test_what_a_record_tells_itself_counts_more() -> None:
    report = Report(record="log", id=ONE, read={"host": "a"}, given={"server": OTHER, "host": "b", "port": "it's"})
    values = values_of(report)
    assert fill("{server} {host} {port}", values) == f"{ONE} a 'it'\"'\"'s'"


@needs_node
def test_the_page_puts_the_same_into_commands(tmp_path: Path) -> None:
    pastes = [case["input"] for case in CASES]
    for paste, theirs in zip(pastes, answers_of_the_page(pastes, tmp_path), strict=True):
        ours = [EXPLAINER.tell(report) for report in joined(paste) or ()]
        assert json.loads(json.dumps(ours)) == theirs, paste
