"""What a message says in particular is told with the values that stand in it, by Python and by the page alike."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from nova_states.errors import CheckError, InputError
from nova_states.explanations.cause_texts import load_cause_texts
from nova_states.explanations.details import Detail, bare_pattern
from nova_states.explanations.languages import LANGUAGES, Text
from nova_states.explanations.loading import load_explanations
from nova_states.explanations.log_texts import load_log_texts
from nova_states.lookup.details import find_details, with_details
from nova_states.lookup.explainer import Explainer
from nova_states.lookup.log_lines import with_lines
from nova_states.lookup.paste_reader import Problem, read_reports
from nova_states.lookup.report import Report
from nova_states.lookup.table_cache import load_tables
from nova_states.lookup.tables_view import TablesView
from nova_states.lookup.texts import detailed
from nova_states.lookup.vocabulary import Vocabulary
from tests.lookup.page_scripts import NOW, answers_of_the_page, needs_node
from tests.lookup.told_pastes import server_of

CASES: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("details.yml").read_text(encoding="utf-8"))
TABLES = {language: load_tables(language) for language in LANGUAGES}
MESSAGES = load_tables("messages")
VOCABULARY = Vocabulary(tables=TABLES["en"], messages_table=MESSAGES)
TEXTS = {language: with_lines(TABLES[language]["texts"], MESSAGES) for language in LANGUAGES}


def answers_to(paste: str, language: str = "en") -> list[dict[str, Any]]:
    reports = read_reports(paste, VOCABULARY)
    assert not isinstance(reports, Problem), paste
    view = TablesView(tables=TABLES[language], version=TABLES[language]["latest"])
    explainer = Explainer(view=view, texts=TEXTS[language], now=NOW)
    return [explainer.tell(report) for report in reports]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["paste"][:60])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_values_of_a_message_stand_in_what_is_said_of_it(case: dict[str, Any], language: str) -> None:
    (answer,) = answers_to(case["paste"], language)
    said = " ".join(
        [answer["why"], *(f"{step['text']} {step['command']}" for step in answer["steps"])],
    )
    for value in case["says"]:
        assert value in said
    assert "{" not in said.replace("{server}", "")


@pytest.mark.parametrize("case", [case for case in CASES if case.get("without")], ids=lambda case: case["paste"][:60])
def test_what_is_known_is_not_contradicted(case: dict[str, Any]) -> None:
    (answer,) = answers_to(case["paste"])
    for words in case["without"]:
        assert words not in answer["why"]


@needs_node
def test_the_page_says_the_same(tmp_path: Path) -> None:
    pastes = [case["paste"] for case in CASES]
    told = [[(one["why"], one["steps"]) for one in answers_to(paste)] for paste in pastes]
    shown = answers_of_the_page(pastes, tmp_path)
    assert [[(one["why"], one["steps"]) for one in answers] for answers in shown] == told


def test_each_detail_is_of_a_message_in_these_tests() -> None:
    explained = load_explanations()
    texts = {
        **{f"cause:{name}": text.details for name, text in explained.cause_texts.items()},
        **{f"log_message:{name}": text.details for name, text in explained.log_texts.items()},
        **{f"error:{one.name}": one.details for one in explained.by_kind["error"].values()},
    }
    records = [report for case in CASES for report in _records(case["paste"])]
    for name, details in texts.items():
        found = {place for report in records for _, place, _ in find_details([name], report, TEXTS["en"])}
        assert found == set(range(len(details))), name


def _records(paste: str) -> list[Report]:
    reports = read_reports(paste, VOCABULARY)
    assert not isinstance(reports, Problem), paste
    return reports


def test_servers_that_failed_alike_share_an_answer_and_others_do_not() -> None:
    text = "Quota exceeded for cores: Requested {}, but already used 40 of 40 cores"
    view = TablesView(tables=TABLES["en"], version=TABLES["en"]["latest"])
    explainer = Explainer(view=view, texts=TEXTS["en"], now=NOW)
    one, same, other = (
        explainer.explain(read)
        for number in (8, 8, 2)
        for read in _records(server_of(text.format(number), "error", 0, None))
    )
    assert one is same
    assert one["why"] != other["why"]


def _texts(detail: Detail) -> dict[str, Any]:
    return {"help": {"cause:one": detailed(["why", [["see {path}", None]], None, None], [detail], "en")}}


def _told(detail: Detail, message: str, record: str = "fault") -> list[Any] | None:
    texts = _texts(detail)
    found = find_details(["cause:one"], Report(record=record, read={"fault": {"message": message}}), texts)
    return with_details(texts, found)["help"]["cause:one"] if found else None


def test_values_close_no_code_and_are_quoted_for_the_shell() -> None:
    detail = Detail(pattern="at (?P<path>[^;]{1,400});", why=Text(ko="`{path}`", en="`{path}`"), instead=True)
    told = _told(detail, "at a`b\n c;")
    assert told
    assert told[0] == "`a'b c`"
    assert _told(detail, f"at {'x' * 300};") != _told(detail, f"at {'x' * 100};")
    assert _told(detail, "nothing") is None


def test_bytes_are_said_in_gib() -> None:
    detail = Detail(
        pattern=r"has (?P<size>\d{1,20}) bytes", why=Text(ko="{size:gib}", en="{size:gib} GiB"), instead=True
    )
    told = [_told(detail, f"has {size} bytes") for size in (0, 107374182, 2361393152)]
    assert [one[0] for one in told if one] == ["0.00 GiB", "0.10 GiB", "2.20 GiB"]


def test_what_is_said_is_of_the_record_and_before_what_is_said_in_general() -> None:
    detail = Detail(pattern="no (?P<what>[a-z]{1,9})", why=Text(ko="{what}", en="{what}"), records=("refusal",))
    assert _told(detail, "no more") is None
    told = _told(detail, "no more", "refusal")
    assert told
    assert told[0] == "more why"


def test_names_of_groups_are_spelled_as_neither_language_does() -> None:
    assert bare_pattern("a (?P<one>b) (?:c) (?P<two>d)") == ("a (b) (?:c) (d)", ["one", "two"])


def test_what_is_wrong_with_a_detail_is_named_with_its_place(tmp_path: Path) -> None:
    detail = "{{pattern: '{}', why: {{ko: 가, en: '{}'}}}}"
    text = f"name: one\npatterns: [a]\nwhy: {{{{ko: 이유, en: why}}}}\ndetails: [{detail}]\n"
    for pattern, said, problem in [
        ("(?P<a>b.*)", "c", "has no end"),
        ("(a)", "c", "a group without a name"),
        ("(?P<a>b)", "{c}", "no group of the pattern is named so"),
        ("B", "c", "lower case"),
        ("(?P<a>b", "c", "missing )"),
        ("b", " ", "empty"),
    ]:
        (tmp_path / "one.yml").write_text(text.format(pattern, said), encoding="utf-8")
        with pytest.raises(CheckError, match=problem.replace(")", r"\)")):
            load_cause_texts(tmp_path)
    line = text.replace("patterns: [a]\n", "").format("(a)", "c")
    (tmp_path / "one.yml").write_text(line, encoding="utf-8")
    with pytest.raises((CheckError, InputError), match="a group without a name"):
        load_log_texts(tmp_path)
