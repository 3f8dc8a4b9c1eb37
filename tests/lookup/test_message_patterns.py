"""Which of Nova's messages a text holds."""

from __future__ import annotations

import json
import random
import re
import time
from pathlib import Path
from pydoc_data.topics import topics
from typing import Any

import pytest
import yaml

from nova_states.catalog.catalog import load_catalog
from nova_states.catalog.release import Release
from nova_states.facts.model import ErrorClass, Evidence, Fact, LogMessage, Refusal, Section, Translation
from nova_states.locations import PACKAGE
from nova_states.lookup.message_patterns import NAMED, compile_messages, match
from nova_states.lookup.message_wording import fold, literals_of, template_of, unnamed
from nova_states.lookup.paste_reader import Problem, read_reports
from nova_states.lookup.reading.grammar_compilation import compile_grammar
from nova_states.lookup.reading.known_messages import _POWERS
from nova_states.lookup.root_causes import message_of
from nova_states.lookup.table_cache import load_tables
from nova_states.lookup.vocabulary import Vocabulary

CASES: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("message_patterns.yml").read_text(encoding="utf-8"))
PLACE = Evidence(file="nova/exception.py", line=1, function=None)
UUID = "11111111-2222-3333-4444-555555555555"
VALUES = ("compute-1", "17", UUID, "something odd happened", "br-int")
SENTENCES = 500


def invented(code: int = 0) -> Release:
    facts: dict[str, list[Fact]] = {
        "errors": [
            ErrorClass(
                name=name,
                bases=(),
                code=number + code,
                is_safe=True,
                pattern=pattern,
                has_own_text=True,
                evidence=PLACE,
            )
            for name, (number, pattern) in CASES["errors"].items()
        ],
        "translations": [
            Translation(language=language, pattern=pattern, text=text, evidence=PLACE)
            for language, pattern, text in CASES["translations"]
        ],
        "log_messages": [
            LogMessage(slug=slug, level="info", pattern=pattern, effect=None, evidence=PLACE)
            for slug, pattern in CASES["log_messages"].items()
        ],
        "refusals": [
            Refusal(action=action, code=number, errors=(), text=text, when=None, evidence=PLACE)
            for action, (number, text) in CASES["refusals"].items()
        ],
    }
    sections: dict[str, Section[Any]] = {
        kind: Section(facts=tuple(listed), gaps=(), counts=()) for kind, listed in facts.items()
    }
    return Release(version="1.0.0", sections=sections)


TABLE = compile_messages([invented()])


@pytest.mark.parametrize("name", CASES["texts"])
def test_what_a_text_holds(name: str) -> None:
    case = CASES["texts"][name]
    found = match(case["text"], TABLE)
    by_wording: dict[tuple[int, int], list[str]] = {}
    for one in found:
        by_wording.setdefault((one.start, one.end), []).append(one.id)
    assert list(by_wording.values()) == case["is"]
    if "groups" in case:
        assert dict(found[0].groups) == case["groups"]
    if found:
        assert found[0].lang == case.get("lang", "en")


def test_the_table_is_plain_json_and_the_same_from_build_to_build() -> None:
    text = json.dumps(TABLE, ensure_ascii=False)
    assert json.loads(text) == TABLE
    assert json.dumps(compile_messages([invented()]), ensure_ascii=False) == text
    assert [ids_of(TABLE, entry) for entry in TABLE["entries"]] == sorted(
        ids_of(TABLE, entry) for entry in TABLE["entries"]
    )


def ids_of(table: dict[str, Any], entry: list[Any]) -> list[str]:
    ids = entry[3]
    return [one if isinstance(one, str) else f"error:{table['errors'][one][0]}" for one in ids]


def all_ids(table: dict[str, Any]) -> set[str]:
    return {one for entry in table["entries"] for one in ids_of(table, entry)}


def test_languages_are_chosen_and_the_newest_release_tells_the_code() -> None:
    table = compile_messages([invented(), invented(code=1)], languages=())
    assert {language for _, language, *_ in table["entries"]} == {"en"}
    codes = {one: code for entry in table["entries"] for code in [entry[2]] for one in ids_of(table, entry)}
    assert codes["error:NoValidHost"] == 501


def test_what_goes_over_the_network_has_no_line_of_a_log_that_tells_of_nothing_wrong() -> None:
    assert any(one.startswith("log_message:") for one in all_ids(TABLE))
    chosen = compile_messages([invented()], languages=("ko_KR",))
    assert not any(one.startswith("log_message:") for one in all_ids(chosen))


def test_what_goes_over_the_network_has_no_keys_and_the_names_that_readers_ask_for() -> None:
    table = compile_messages([invented()], languages=("ko_KR",))
    assert "keys" not in table
    names = {name for template, *_ in table["entries"] for name in literals_of(template)[1]}
    assert {name for name in names if not name.isdecimal()} <= NAMED
    assert names & NAMED


def test_a_placeholder_without_a_name_is_named_by_its_place() -> None:
    assert unnamed("%(a)s of %(0)s at 100%% in %(state)s", {"state"}) == "%(0)s of %(1)s at 100%% in %(state)s"


def test_messages_of_one_wording_are_one_entry() -> None:
    wordings = [tuple(wording) for *wording, _ in TABLE["entries"]]
    assert len(set(wordings)) == len(wordings)
    assert any(len(ids) > 1 for *_, ids in TABLE["entries"])


def test_what_has_no_text_of_its_own_is_not_looked_for() -> None:
    assert "error:Nothing" not in all_ids(TABLE)


@pytest.mark.parametrize(
    ("pattern", "template"), [("{a} of {}", "%(a)s of %(0)s"), ("{} {}", "%(0)s %(1)s"), ("{{50%}}", "{50%%}")]
)
def test_templates(pattern: str, template: str) -> None:
    assert template_of(pattern) == template


def test_literals() -> None:
    assert literals_of("The %(x)s  is “100%%” %(y)s.") == (("the ", " is '100%' ", ""), ("x", "y"))


def test_folding_keeps_other_alphabets_as_they_are() -> None:
    assert fold('İŞ "É" \t\n\u3000K') == "İŞ 'É'\n\u3000k"


@pytest.mark.parametrize(
    "text",
    [
        "Instance " * 100_000,
        "Build of instance " * 50_000,
        " is locked" * 80_000,
        "Deleting instance as it has a host of " * 25_000,
        "\\" * 500_000,
        " \n" * 500_000,
        '"' * 1_000_000,
        "Not able to bind a:" + "," * 1_000_000,
    ],
    ids=lambda text: text[:12],
)
def test_hostile_texts_take_time_in_proportion(text: str) -> None:
    begin = time.process_time()
    match(text, TABLE)
    assert time.process_time() - begin < 5


@pytest.fixture(scope="module")
def latest() -> Release:
    catalog = load_catalog()
    release = catalog.release(catalog.latest)
    if not release.bare("errors"):
        pytest.skip("exceptions are not among the stored facts; run make facts")
    return release


def test_every_exception_of_a_release_is_found(latest: Release) -> None:
    table = compile_messages([latest])
    chosen = random.Random(7)
    same: dict[str, set[str]] = {}
    for error in latest.facts("errors"):
        same.setdefault(error.pattern, set()).add(f"error:{error.name}")
    wrong: list[str] = []
    number = 0
    for error in latest.facts("errors"):
        if not error.has_own_text or not has_words(error.pattern):
            continue
        message = filled(error.pattern, chosen)
        for text in (message, server(message), f"| fault | {{'code': 500, 'message': '{message}'}} |"):
            number += 1
            found = [one.id for one in match(text, table)]
            first = set(found[: len(same[error.pattern])])
            if first != same[error.pattern]:
                wrong.append(f"{error.name}: {text}: {found[:3]}")
    assert number > 1500
    assert len(wrong) <= number // 100, "\n".join(wrong)


def test_no_message_is_found_in_ordinary_sentences(latest: Release) -> None:
    table = compile_messages([latest])
    sentences = [
        sentence
        for topic in sorted(topics)
        for part in re.split(r"(?<=[.!?])\s+(?=[A-Z])|\n\s*\n", topics[topic])
        if 40 < len(sentence := " ".join(part.split())) < 300
    ]
    random.Random(7).shuffle(sentences)
    assert len(sentences) >= SENTENCES
    found = {sentence: [one.id for one in match(sentence, table)] for sentence in sentences[:SENTENCES]}
    assert not {sentence: ids for sentence, ids in found.items() if ids}


def has_words(pattern: str | None) -> bool:
    return pattern is not None and re.search("[A-Za-z]{3}", re.sub(r"\{\w*\}", "", pattern)) is not None


def filled(pattern: str, chosen: random.Random) -> str:
    text = re.sub(r"(?<!\{)\{\w*\}(?!\})", lambda _: chosen.choice(VALUES), pattern)
    return text.replace("{{", "{").replace("}}", "}")


def server(message: str) -> str:
    fault = {"message": message, "code": 500, "created": "2026-01-01T00:00:00Z"}
    return json.dumps({"server": {"id": UUID, "status": "ERROR", "fault": fault, "OS-EXT-STS:vm_state": "error"}})


def test_the_names_that_a_reader_asks_for_are_kept() -> None:
    source = (PACKAGE / "lookup" / "reading" / "known_messages.py").read_text(encoding="utf-8")
    asked = set(re.findall(r"""groups(?:\.get\(|\[|, )["'](\w+)["']""", source))
    assert {"method", "reason", "task", "attr"} <= asked
    assert asked | {*_POWERS, *compile_grammar()["errors"]["servers"]} <= NAMED


def test_what_goes_over_the_network_has_no_translation_of_what_nobody_meets() -> None:
    releases = [load_catalog().release("34.0.0")]
    every, chosen = compile_messages(releases), compile_messages(releases, ("ko_KR",), (), ("AgentTimeout",))

    def translated(table: dict[str, Any]) -> set[str]:
        return {one for entry in table["entries"] if entry[1] == "ko_KR" for one in ids_of(table, entry)}

    met = {f"error:{name}" for name, *flags in every["errors"] if flags}
    assert translated(every) & met <= translated(chosen) <= translated(every)
    assert len(translated(chosen)) < len(translated(every))


@pytest.mark.parametrize(
    "message",
    [
        "Quota exceeded for cores, ram: Requested 4, 8192, but already used 18, 40960 of 20, 51200 cores, ram",
        "Insufficient compute resources: Free memory 1024.00 MB < requested 4096 MB.",
    ],
)
def test_a_message_ends_where_what_is_filled_in_last_does(message: str) -> None:
    vocabulary = Vocabulary(tables=load_tables("en"), messages_table=load_tables("messages"))
    reports = read_reports(f"{message}\n", vocabulary)
    assert not isinstance(reports, Problem)
    assert message_of(reports[0]) == message
