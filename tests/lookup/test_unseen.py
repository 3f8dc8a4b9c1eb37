"""What is read of forms in which pastes came that nobody had thought of; other services and clouds are no servers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from nova_states.lookup.paste_reader import Problem, read_reports
from nova_states.lookup.table_cache import load_tables
from nova_states.lookup.vocabulary import Vocabulary
from tests.lookup.page_scripts import answers_of_the_page, needs_node
from tests.lookup.test_in_hand import EXPLAINER, joined

CASES: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("unseen.yml").read_text(encoding="utf-8"))
VOCABULARY = Vocabulary(tables=load_tables("en"), messages_table=load_tables("messages"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["what"])
def test_a_form_is_read_as_what_it_is(case: dict[str, Any]) -> None:
    found = read_reports(case["input"], VOCABULARY)
    if "records" not in case:
        assert isinstance(found, Problem), found
        return
    assert not isinstance(found, Problem)
    assert [report.record for report in found] == [record["record"] for record in case["records"]]
    for report, expected in zip(found, case["records"], strict=True):
        read = report.read or {}
        fault = read.get("fault") or {}
        for name, value in expected.items():
            if name == "fault":
                assert fault["message"].startswith(value)
            elif name == "end":
                assert fault["message"].endswith(value)
            elif name == "error":
                assert fault.get("error", read.get("error")) == value
            elif name == "read":
                assert {key: read[key] for key in value} == value
            elif name == "asked":
                assert report.asked is not None
                assert report.asked.action == value
            else:
                assert getattr(report, name) == value
    for text in case.get("unread", ()):
        assert any(text in part for part in found[0].unread)


@needs_node
def test_the_page_reads_a_form_as_the_same(tmp_path: Path) -> None:
    pastes = [case["input"] for case in CASES]
    for case, theirs in zip(CASES, answers_of_the_page(pastes, tmp_path), strict=True):
        ours = [EXPLAINER.tell(report) for report in joined(case["input"]) or ()]
        assert json.loads(json.dumps(ours)) == theirs, case["what"]
