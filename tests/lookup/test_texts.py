from __future__ import annotations

import re
from pathlib import Path

import pytest

from nova_states.catalog.catalog import load_catalog
from nova_states.errors import CheckError
from nova_states.explanations.completeness import find_problems
from nova_states.explanations.loading import load_explanations
from nova_states.lookup.helping import text_of
from nova_states.lookup.texts import advice_names, build_texts, load_words, needed_words, verdict_names

ROOT = Path(__file__).parents[2]
CODE = [
    path.read_text(encoding="utf-8")
    for pattern in (
        "docs/assets/lookup/**/*.js",
        "docs/assets/lookup.js",
        "generator/nova_states/cli/*.py",
        "generator/nova_states/lookup/*.py",
    )
    for path in ROOT.glob(pattern)
]


def test_every_advice_and_verdict_is_written_and_given() -> None:
    by_kind = load_explanations().by_kind
    assert set(by_kind["advice"]) == advice_names()
    assert set(by_kind["verdict"]) == verdict_names()
    assert not [problem for problem in find_problems(load_catalog(), load_explanations()) if "advice" in problem]


def test_every_error_says_what_to_do() -> None:
    errors = load_explanations().by_kind["error"].values()
    assert [error.name for error in errors if not 1 <= len(error.steps) <= 3] == []


def test_a_command_that_takes_a_microversion_names_it() -> None:
    # OpenStackClient refuses these where it was given none, or an older one.
    wanting = re.compile(
        r"(?<!\d )(?:server migration (?:abort|show|force complete)|compute service set --(?:up|down)) \{"
    )
    lines = (
        (path.name, line)
        for path in ROOT.glob("docs/explanations/**/*.yml")
        for line in path.read_text(encoding="utf-8").splitlines()
    )
    assert [line for line in lines if wanting.search(line[1])] == []


def test_a_list_of_soft_deleted_servers_asks_for_deleted_ones() -> None:
    # The API leaves them out of every other list, whatever status is asked for: it would say that there is none.
    commands = [
        (path.relative_to(ROOT).as_posix(), command)
        for pattern in ("explanations/*/*.yml", "??/*/*.md")
        for path in sorted((ROOT / "docs").glob(pattern))
        for command in re.findall(r"openstack server list[^'`\n;|]*", path.read_text(encoding="utf-8"))
        if re.search(r"--status (?:SOFT_)?DELETED", command)
    ]
    assert commands
    assert [each for each in commands if not re.search(r"--deleted|--changes-since", each[1])] == []


def test_every_effect_of_any_release_has_its_word() -> None:
    assert [name for name in needed_words(load_catalog()) if name not in load_words()] == []


@pytest.mark.parametrize("name", sorted(load_words()))
def test_every_word_is_used(name: str) -> None:
    # Words made of a name: effect_…, cause_…, age_…, host_…, record_…, tried_…
    if name.startswith(("age_", "cause_", "effect_", "host_", "record_", "tried_")):
        return
    assert any(f'"{name}"' in text or f".words.{name}" in text for text in CODE)


@pytest.mark.parametrize("name", sorted(load_words()))
def test_both_languages_fill_in_the_same(name: str) -> None:
    word = load_words()[name]
    fields = [
        set(text.split("{")[1:]) and {part.split("}")[0] for part in text.split("{")[1:]} for text in (word.ko, word.en)
    ]
    assert fields[0] == fields[1]


def test_a_word_in_one_language_is_named(tmp_path: Path) -> None:
    file = tmp_path / "lookup.yml"
    file.write_text("one: {ko: 하나}\ntwo: {ko: 둘, en: ' '}\n", encoding="utf-8")
    with pytest.raises(CheckError) as error:
        load_words(file)
    assert error.value.problems == (
        "docs/explanations/lookup.yml: one: required field missing @ $.en",
        "docs/explanations/lookup.yml: two.en: empty",
    )


def test_an_advice_says_what_to_do_and_why() -> None:
    texts = build_texts(load_explanations(), "en")
    told = text_of("advice:confirm_or_revert", texts)
    assert told.startswith("Confirm the resize")
    assert "resize_confirm_window" in told
