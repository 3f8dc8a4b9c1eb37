"""What is read of what people hold in their hands: in_hand.yml; Python and the page's scripts read it alike."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from nova_states.lookup.explainer import Explainer
from nova_states.lookup.joining import join_records
from nova_states.lookup.log_lines import with_lines
from nova_states.lookup.message_packing import unpacked
from nova_states.lookup.message_patterns import keys_of
from nova_states.lookup.paste_reader import Problem, read_reports
from nova_states.lookup.report import Report
from nova_states.lookup.table_cache import load_tables
from nova_states.lookup.tables_view import TablesView
from nova_states.lookup.vocabulary import Vocabulary
from tests.lookup.page_scripts import NOW, answers_of_the_page, needs_node
from tests.lookup.test_joining import POWER

FOLDER = Path(__file__).parent
CASES: list[dict[str, Any]] = yaml.safe_load((FOLDER / "in_hand.yml").read_text(encoding="utf-8"))
SENTENCES: dict[str, list[str]] = yaml.safe_load((FOLDER / "ordinary.yml").read_text(encoding="utf-8"))
TABLES = load_tables("en")
_PACKED = unpacked(load_tables("messages_en"))
MESSAGES = _PACKED | {"keys": keys_of(_PACKED["entries"])}
"""As the page has them in the end."""
VOCABULARY = Vocabulary(tables=TABLES, messages_table=MESSAGES)
EXPLAINER = Explainer(
    view=TablesView(tables=TABLES, version=TABLES["latest"]), texts=with_lines(TABLES["texts"], MESSAGES), now=NOW
)
ABOVE = {
    "log": "2026-03-11 09:14:12.125 7 ERROR nova.compute.manager [instance: 7b7edae6-f878-4756-a858-86f836d02c33] "
    "Failed to allocate network(s)\n",
    "fault": "fault | {'code': 500, 'created': '2026-07-19T04:44:02Z', 'message': 'No valid host was found.'}\n",
    "server": "| OS-EXT-STS:vm_state | active |\n| OS-EXT-SRV-ATTR:host | cmp01 |\n\n",
    "migration": "| 41 | cmp01 | cmp02 | error | live-migration |\n\n",
}
"""Records beside which somebody writes a sentence."""


def joined(paste: str) -> list[Report] | None:
    found = read_reports(paste, VOCABULARY)
    return None if isinstance(found, Problem) else list(join_records(found, POWER))


def check(report: Report, expected: dict[str, Any]) -> None:
    read = report.read or {}
    message = str((read.get("fault") or {}).get("message"))
    for name, value in expected.items():
        if name == "fault":
            assert message.startswith(value)
        elif name == "end":
            assert message.endswith(value)
        elif name == "read":
            assert {key: read.get(key) for key in value} == value
        elif name == "beside":
            assert [one.record for one in read["beside"]] == value
        elif name == "asked":
            assert report.asked is not None
            assert report.asked.action == value
        else:
            assert getattr(report, name) == value, name
    assert report.has_task == ("task_state" in expected)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["what"])
def test_a_paste_is_read_with_what_stands_around_it(case: dict[str, Any]) -> None:
    found = joined(case["input"])
    if "records" not in case:
        assert found is None
        return
    assert found is not None
    assert [report.record for report in found] == [record["record"] for record in case["records"]]
    for report, expected in zip(found, case["records"], strict=True):
        check(report, expected)
    for text in case.get("unread", ()):
        assert any(text in part for part in found[0].unread)


@needs_node
def test_the_page_reads_it_alike(tmp_path: Path) -> None:
    pastes = [case["input"] for case in CASES if "records" in case]
    for paste, theirs in zip(pastes, answers_of_the_page(pastes, tmp_path), strict=True):
        ours = [EXPLAINER.tell(report) for report in joined(paste) or ()]
        assert json.loads(json.dumps(ours)) == theirs, paste


def states(reports: list[Report] | None) -> list[tuple[Any, ...]]:
    return [
        (one.record, one.status, one.vm_state, one.has_task, one.power_state, (one.read or {}).get("host_status"))
        for one in reports or ()
    ]


@pytest.mark.parametrize("record", ABOVE)
@pytest.mark.parametrize("language", SENTENCES)
def test_an_ordinary_sentence_below_a_record_tells_no_state_of_it(record: str, language: str) -> None:
    above = ABOVE[record]
    alone = states(joined(above))
    assert alone[0][0] == record
    stated = [sentence for sentence in SENTENCES[language] if states(joined(f"{above}{sentence}\n")) != alone]
    assert stated == []
