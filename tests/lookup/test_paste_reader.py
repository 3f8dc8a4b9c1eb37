from __future__ import annotations

import time
from typing import Any

import pytest

from nova_states.lookup.explainer import Explainer
from nova_states.lookup.paste_reader import Problem, read_reports
from nova_states.lookup.table_cache import load_tables
from nova_states.lookup.tables_view import TablesView, find_version
from nova_states.lookup.vocabulary import Vocabulary
from tests.lookup.cases import Case, written_cases
from tests.lookup.hostile import hostile_pastes

TABLES = load_tables("en")


def answers(case: Case) -> list[dict[str, Any]] | Problem:
    version = find_version(TABLES, case.release)
    assert version
    reports = read_reports(case.input, Vocabulary(tables=TABLES))
    if isinstance(reports, Problem):
        return reports
    explainer = Explainer(view=TablesView(tables=TABLES, version=version), texts=TABLES["texts"])
    return [{"id": report.id, "name": report.name, **explainer.explain(report)} for report in reports]


@pytest.mark.parametrize("case", written_cases(), ids=str)
def test_a_paste_gives_the_answers_that_belong_to_it(case: Case) -> None:
    found = answers(case)
    if case.unreadable:
        assert isinstance(found, Problem)
        assert found.id == case.unreadable
        assert case.nearest is None or found.nearest == case.nearest
        return
    assert isinstance(found, list)
    told = [{name: told_of(answer, name) for name in expected} for answer, expected in zip(found, case.expect)]  # noqa: B905
    assert told == list(case.expect)
    assert len(found) == len(case.expect)


def told_of(answer: dict[str, Any], name: str) -> Any:  # noqa: ANN401
    return [advice["id"] for advice in answer["advice"]] if name == "advises" else answer[name]


@pytest.mark.parametrize("number", range(0, 500, 50))
def test_a_hostile_paste_is_answered_or_refused(number: int) -> None:
    vocabulary = Vocabulary(tables=TABLES)
    for paste in hostile_pastes()[number : number + 50]:
        found, verdicts = judged(paste, vocabulary)
        if isinstance(found, Problem):
            assert found.id in TABLES["texts"]["words"]
        assert set(verdicts) <= set(TABLES["texts"]["verdicts"])


@pytest.mark.timing
def test_a_hostile_paste_is_judged_at_once() -> None:
    vocabulary = Vocabulary(tables=TABLES)
    spent = {}
    for paste in hostile_pastes():
        start = time.process_time()
        judged(paste, vocabulary)
        spent[paste] = time.process_time() - start
    assert [paste[:200] for paste, seconds in spent.items() if seconds >= 1] == []


def judged(paste: str, vocabulary: Vocabulary) -> tuple[Any, list[str]]:
    """What is read of a paste, and the verdict on each server of it."""
    found = read_reports(paste, vocabulary)
    explainer = Explainer(view=TablesView(tables=TABLES, version=TABLES["latest"]), texts=TABLES["texts"])
    return found, [] if isinstance(found, Problem) else [explainer.explain(report)["verdict"] for report in found]
