"""The smallest pastes that show how something is read and answered, with those beside them; smallest.yml has them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from nova_states.lookup.explainer import Explainer
from nova_states.lookup.joining import join_records
from nova_states.lookup.log_lines import with_lines
from nova_states.lookup.paste_reader import Problem, read_reports
from nova_states.lookup.table_cache import load_tables
from nova_states.lookup.tables_view import TablesView
from nova_states.lookup.vocabulary import Vocabulary
from tests.lookup.test_pastes import told

CASES = [
    pytest.param(case, id=f"{mechanism}-{number}")
    for mechanism, cases in yaml.safe_load(Path(__file__).with_name("smallest.yml").read_text(encoding="utf-8")).items()
    for number, case in enumerate(cases)
]
TABLES = load_tables("en")
MESSAGES = load_tables("messages")
VOCABULARY = Vocabulary(tables=TABLES, messages_table=MESSAGES)
EXPLAINER = Explainer(
    view=TablesView(tables=TABLES, version=TABLES["latest"]),
    texts=with_lines(TABLES["texts"], MESSAGES),
    now=1_795_737_600,
)
POWER: dict[int | str | None, str] = {number: name for number, name, _ in EXPLAINER.view.power_states}


@pytest.mark.parametrize("case", CASES)
def test_what_is_read_and_answered(case: dict[str, Any]) -> None:
    found = read_reports(case["input"], VOCABULARY)
    if "unreadable" in case:
        assert isinstance(found, Problem), found
        assert found.id == case["unreadable"]
        return
    assert not isinstance(found, Problem)
    expected = case["records"]
    assert [report.record for report in found] == [record["record"] for record in expected]
    joined = join_records(found, POWER)
    inside = {id(one) for report in joined for one in (report.read or {}).get("beside", ())}
    left = iter(joined)
    for report, record in zip(found, expected, strict=True):
        # What became part of the answer about a server would be told like this alone.
        answer = EXPLAINER.tell(report if id(report) in inside else next(left))
        fields = {name: value for name, value in record.items() if name not in ANSWERED}
        assert told(report, fields) == fields
        if "task_state" in fields:
            assert report.has_task
        for name in record.keys() & ANSWERED.keys():
            ANSWERED[name](answer, record[name])
    assert list(left) == []
    if "unread" in case:
        assert list(found[0].unread) == case["unread"]


def _has_verdict(answer: dict[str, Any], verdict: str) -> None:
    assert answer["verdict"] == verdict


def _advises(answer: dict[str, Any], names: list[str]) -> None:
    assert [one["id"] for one in answer["advice"] if one["id"] in names] == names


def _keeps_out(answer: dict[str, Any], names: list[str]) -> None:
    assert [one["id"] for one in answer["advice"] if one["id"] in names] == []


def _says(answer: dict[str, Any], texts: list[str]) -> None:
    said = json.dumps([answer["why"], answer["steps"]], ensure_ascii=False)
    assert [text for text in texts if text not in said] == []


def _is_silent(answer: dict[str, Any], texts: list[str]) -> None:
    said = json.dumps([answer["why"], answer["steps"]], ensure_ascii=False)
    assert [text for text in texts if text in said] == []


def _knows_a_task(answer: dict[str, Any], is_known: object) -> None:
    assert answer["task_known"] is is_known


ANSWERED: dict[str, Callable[[dict[str, Any], Any], None]] = {
    "task_known": _knows_a_task,
    "verdict": _has_verdict,
    "advises": _advises,
    "unadvised": _keeps_out,
    "says": _says,
    "silent": _is_silent,
}
"""What of a case is about the answer: verdict, advice in its order or kept out, what it says to do and must not say."""
