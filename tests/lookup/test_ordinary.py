"""Ordinary sentences state nothing; objects that other services or programs print are no servers and no broken JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from nova_states.lookup.paste_reader import Problem, read_reports
from nova_states.lookup.reading.records import tells
from nova_states.lookup.table_cache import load_tables
from nova_states.lookup.vocabulary import Vocabulary

FOLDER = Path(__file__).parent
SENTENCES: dict[str, list[str]] = yaml.safe_load((FOLDER / "ordinary.yml").read_text(encoding="utf-8"))
OTHERS: list[dict[str, Any]] = yaml.safe_load((FOLDER / "foreign.yml").read_text(encoding="utf-8"))
STATED = {
    "서버가 오류 상태입니다": "ERROR",
    "서버가 아직도 빌드 중입니다": "BUILD",
    "서버 web-1이 일시정지됨 상태로 나와요": "PAUSED",
    "VM이 어제부터 삭제 중에서 안 넘어갑니다": "deleting",
    "인스턴스 상태가 오류입니다": "ERROR",
    "인스턴스가 error 상태로 빠졌습니다": "error",
    "My server is stuck in deleting": "deleting",
    "my VM is paused and I cannot resume it": "paused",
    "Our VM shows SHUTOFF but it runs": "SHUTOFF",
    "An instance of ours is in error since monday": "error",
    "On host cmp1 the server web went to ERROR": "ERROR",
}
VOCABULARY = Vocabulary(tables=load_tables("en"), messages_table=load_tables("messages"))


@pytest.mark.parametrize("language", sorted(SENTENCES))
def test_an_ordinary_sentence_states_nothing(language: str) -> None:
    stated = []
    for sentence in SENTENCES[language]:
        found = read_reports(sentence, VOCABULARY)
        if not isinstance(found, Problem) and any(tells(report) for report in found):
            stated.append(sentence)
    assert stated == []


@pytest.mark.parametrize(("sentence", "state"), STATED.items())
def test_a_sentence_that_says_so_states_it(sentence: str, state: str) -> None:
    found = read_reports(sentence, VOCABULARY)
    assert not isinstance(found, Problem)
    assert state in (found[0].status, found[0].vm_state, found[0].task_state)


@pytest.mark.parametrize("case", OTHERS, ids=lambda case: case["what"])
def test_what_is_no_server_is_said_to_be_none(case: dict[str, Any]) -> None:
    found = read_reports(case["input"], VOCABULARY)
    if "record" in case:
        assert not isinstance(found, Problem)
        assert [report.record for report in found] == [case["record"]]
    else:
        assert isinstance(found, Problem), found
        assert found.id == case["problem"]
