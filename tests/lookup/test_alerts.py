"""Alerts of monitoring are read as the services that they say to be down, alike in Python and in the page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from nova_states.lookup.paste_reader import Problem, read_reports
from nova_states.lookup.table_cache import load_tables
from nova_states.lookup.vocabulary import Vocabulary
from tests.lookup.page_scripts import answers_of_the_page, needs_node

CASES: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("alerts.yml").read_text(encoding="utf-8"))
VOCABULARY = Vocabulary(tables=load_tables("en"), messages_table=load_tables("messages"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["input"][:40])
def test_a_service_is_down_where_an_alert_says_so(case: dict[str, Any]) -> None:
    found = read_reports(case["input"], VOCABULARY)
    read = [] if isinstance(found, Problem) else [one.read or {} for one in found if one.record == "service"]
    assert [[one["binary"], one["host"]] for one in read] == case["down"]
    assert all(one["state"] == "down" for one in read)


@needs_node
def test_the_page_reads_the_same(tmp_path: Path) -> None:
    told = [case for case in CASES if case["down"]]
    answers = answers_of_the_page([case["input"] for case in told], tmp_path)
    assert [[one["record"], one["host"]] for found in answers for one in found] == [
        ["service", host] for case in told for _, host in case["down"]
    ]
