"""Records of one paste that are about one server are one answer, those that are not are left; joined.yml has them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from nova_states.lookup.explainer import Explainer
from nova_states.lookup.filling import steps_for_all
from nova_states.lookup.helping import not_said
from nova_states.lookup.joining import join_records
from nova_states.lookup.log_lines import with_lines
from nova_states.lookup.paste_reader import Problem, read_reports
from nova_states.lookup.pasted import is_pasted
from nova_states.lookup.table_cache import load_tables
from nova_states.lookup.tables_view import TablesView
from nova_states.lookup.vocabulary import Vocabulary
from tests.lookup.page_scripts import NOW, answers_of_the_page, needs_node
from tests.lookup.test_pastes import told

KINDS = yaml.safe_load(Path(__file__).with_name("joined.yml").read_text(encoding="utf-8"))
CASES = [
    pytest.param(case, id=f"{kind}-{number}") for kind, cases in KINDS.items() for number, case in enumerate(cases)
]
TABLES = load_tables("en")
MESSAGES = load_tables("messages")
VOCABULARY = Vocabulary(tables=TABLES, messages_table=MESSAGES)
EXPLAINER = Explainer(
    view=TablesView(tables=TABLES, version=TABLES["latest"]), texts=with_lines(TABLES["texts"], MESSAGES), now=NOW
)
POWER: dict[int | str | None, str] = {number: name for number, name, _ in EXPLAINER.view.power_states}
OWN = (
    "verdict",
    "headline",
    "advises",
    "unadvised",
    "says",
    "silent",
    "unsaid",
    "beside",
    "host",
    "host_status",
    "refusal",
)


def answers_to(paste: str) -> list[dict[str, Any]]:
    found = read_reports(paste, VOCABULARY)
    assert not isinstance(found, Problem)
    return [EXPLAINER.tell(report) for report in join_records(found, POWER)]


@pytest.mark.parametrize("case", CASES)
def test_what_is_about_one_server_is_told_together(case: dict[str, Any]) -> None:
    found = read_reports(case["input"], VOCABULARY)
    assert not isinstance(found, Problem)
    joined = join_records(found, POWER)
    expected = case["records"]
    assert [report.record for report in joined] == [record["record"] for record in expected]
    for report, record in zip(joined, expected, strict=True):
        fields = {name: value for name, value in record.items() if name not in OWN}
        assert told(report, fields) == fields
        check(EXPLAINER.tell(report), record)


def check(answer: dict[str, Any], record: dict[str, Any]) -> None:
    """Hold an answer to what a case expects of it."""
    given = [advice["id"] for advice in answer["advice"]]
    said = json.dumps([answer["why"], answer["steps"], *(advice["text"] for advice in answer["advice"])])
    steps = json.dumps(answer["steps"])
    for name in ("verdict", "headline", "host", "host_status"):
        if name in record:
            assert answer[name] == record[name], name
    if "beside" in record:
        assert [one["record"] for one in answer.get("beside", [])] == record["beside"]
    if "refusal" in record:
        assert (answer["refusal"] or {}).get("error") == record["refusal"]
    assert [name for name in record.get("advises", ()) if name not in given] == []
    assert [name for name in record.get("unadvised", ()) if name in given] == []
    assert [text for text in record.get("says", ()) if text not in said] == []
    assert [text for text in record.get("silent", ()) if text in steps] == []
    assert [text for text in record.get("unsaid", ()) if text in str(answer["why"])] == []


@needs_node
def test_the_page_tells_the_same_together(tmp_path: Path) -> None:
    pastes = [case["input"] for cases in KINDS.values() for case in cases]
    for paste, theirs in zip(pastes, answers_of_the_page(pastes, tmp_path), strict=True):
        assert json.loads(json.dumps(answers_to(paste))) == theirs, paste


def test_commands_for_several_name_them_all() -> None:
    step = {"text": "Look.", "command": "openstack server show {server} -c fault", "caution": None}
    values = [{"server": "a"}, {"server": "'b c'"}]
    assert steps_for_all([step], values)[0]["command"] == (
        "for server in a 'b c'; do openstack server show \"$server\" -c fault; done"
    )
    costly = step | {"command": "openstack server delete {server}", "caution": "It is gone."}
    assert steps_for_all([costly], values)[0]["command"] == "openstack server delete a\nopenstack server delete 'b c'"
    assert steps_for_all([costly], [{"server": str(number)} for number in range(6)])[0]["command"] == (
        "openstack server delete SERVER"
    )
    two = step | {"command": "openstack server event show {server} {request}"}
    told_of = [{"server": "a", "request": "req-1"}, {"server": "a", "request": "req-2"}]
    assert steps_for_all([two], told_of)[0]["command"] == (
        'for request in req-1 req-2; do openstack server event show a "$request"; done'
    )
    assert steps_for_all([two], [{"server": "a"}, {"server": "b"}])[0]["command"].endswith("SERVER REQUEST_ID")
    assert steps_for_all([step], values[:1])[0]["command"] == "openstack server show a -c fault"


def test_a_command_is_pasted_only_where_all_is_that_it_shows() -> None:
    show = "openstack server show {server} -c status -c OS-EXT-SRV-ATTR:host"
    assert is_pasted(show, {"status", "OS-EXT-SRV-ATTR:host"}, is_all=True)
    assert not is_pasted(show, {"status"}, is_all=True)
    assert not is_pasted(show, {"status", "OS-EXT-SRV-ATTR:host"}, is_all=False)
    assert not is_pasted("openstack server event list --long {server}", {"events"}, is_all=True)
    assert is_pasted("openstack server event list {server}", {"events"}, is_all=True)
    assert not is_pasted("openstack compute service list", {"hosts"}, is_all=False)
    assert is_pasted("openstack compute service list --service nova-compute --host {host}", {"hosts"}, is_all=False)


def test_what_was_said_is_not_said_again() -> None:
    assert not_said("It is off. Start it.", "It is off. Start it.") == ""
    assert not_said("It is off. Start it.", "It is off.").strip() == "Start it."
    assert not_said("It is off. Start it.", "It is off. The log says more.") == "Start it."
    assert not_said("It is off.", "") == "It is off."
