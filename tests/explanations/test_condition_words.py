"""What conditions say in both languages: the grammar by cases, and the words of this project by all stored facts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from nova_states.catalog.catalog import Catalog, load_catalog
from nova_states.errors import CheckError, InputError
from nova_states.explanations.completeness import find_problems
from nova_states.explanations.condition_coverage import TOLD_IN_WORDS, find_condition_problems, place_of
from nova_states.explanations.condition_sentences import alternatives, sentence
from nova_states.explanations.condition_words import ConditionWords, Entry, load_condition_words
from nova_states.explanations.korean import conjugated
from nova_states.explanations.languages import LANGUAGES
from nova_states.explanations.loading import load_explanations
from nova_states.facts.condition import AllOf, Condition, to_text
from nova_states.facts.condition_codec import condition_from_plain
from tests.conditions import code, raises

HERE = Path(__file__).parent
SENTENCES = yaml.safe_load((HERE / "condition_sentences.yml").read_text(encoding="utf-8"))
FILES = yaml.safe_load((HERE / "condition_files.yml").read_text(encoding="utf-8"))
CODE = re.compile(r"`[^`]*`")
A, B, C, D = code("a"), code("b"), code("c"), code("d")


@pytest.fixture(scope="module")
def words() -> ConditionWords:
    return load_condition_words(HERE / "conditions")


@pytest.fixture(scope="module")
def ours() -> ConditionWords:
    return load_explanations().conditions


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def conditions(catalog: Catalog) -> Iterator[tuple[Condition, str]]:
    """Each condition of any release, with its place."""
    found: dict[tuple[Condition, str], None] = {}
    for kind in TOLD_IN_WORDS:
        for fact in catalog.snapshots.rows(kind).values():
            for name in ("condition", "when"):
                condition = getattr(fact, name, None)
                if condition is not None:
                    found[condition, place_of(fact, kind)] = None
    yield from found


@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in SENTENCES])
def test_a_condition_is_said(words: ConditionWords, case: dict[str, Any]) -> None:
    condition, place = condition_from_plain(case["condition"]), case.get("place", "stop")
    for language in LANGUAGES:
        assert sentence(words, condition, place, language) == case[language]
        listed = case.get("alternatives", {}).get(language, [case[language]])
        assert list(alternatives(words, condition, place, language)) == listed
    assert words.is_ordinary(condition, place) is case.get("is_ordinary", False)


@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in FILES])
def test_a_file_that_does_not_fit_is_told_with_all_that_is_wrong(tmp_path: Path, case: dict[str, Any]) -> None:
    theme = {"label": {"ko": "시험", "en": "tests"}, "conditions": case["conditions"]}
    (tmp_path / "x.yml").write_text(yaml.safe_dump(theme, allow_unicode=True), encoding="utf-8")
    with pytest.raises(CheckError) as error:
        load_condition_words(tmp_path)
    assert error.value.problems == tuple(f"docs/explanations/conditions/x.yml: {one}" for one in case["problems"])


def test_what_nobody_has_written_is_named(words: ConditionWords) -> None:
    with pytest.raises(InputError, match=r"^docs/explanations/conditions: no words for “e” \(stop\); "):
        sentence(words, code("e"), "stop", "en")
    with pytest.raises(InputError, match=r"no words for “on Exception” where it does not hold \(stop\)"):
        sentence(
            words, condition_from_plain({"any": [{"raises": ["Exception"], "by": None}], "holds": False}), "stop", "en"
        )
    assert not words.is_ordinary(code("e"), "stop")


@pytest.mark.parametrize(
    ("condition", "left"),
    [
        (None, None),
        (A, None),
        (B, B),
        (AllOf(conditions=(A, B, D)), AllOf(conditions=(B, D))),
        (AllOf(conditions=(A, B)), B),
        (AllOf(conditions=(A, raises(None, "Exception"))), raises(None, "Exception")),
    ],
    ids=str,
)
def test_a_story_tells_what_is_out_of_the_ordinary(
    words: ConditionWords, condition: Condition | None, left: Condition | None
) -> None:
    assert words.out_of_the_ordinary(condition, "stop") == left
    assert words.is_ordinary(condition, "stop") is (left is None)


def test_a_condition_has_the_themes_of_its_literals(ours: ConditionWords) -> None:
    condition = AllOf(conditions=(code("instance.host"), raises(None, "NoValidHost", "ImageNotFound"), code("no_such")))
    assert ours.themes_of(condition, "unshelve") == ("host", "retry", "image")
    assert set(ours.themes) >= {"host", "retry", "image"}
    assert ours.themes_of(None, "unshelve") == ()


@pytest.mark.parametrize(
    ("clause", "forms"),
    [
        ("서버가 있다", ("서버가 있고", "서버가 있거나", "서버가 있으면")),
        ("서버가 없다", ("서버가 없고", "서버가 없거나", "서버가 없으면")),
        ("서버이다", ("서버이고", "서버이거나", "서버이면")),
        ("서버를 만들다", ("서버를 만들고", "서버를 만들거나", "서버를 만들면")),
        ("서버를 멈추지 않다", ("서버를 멈추지 않고", "서버를 멈추지 않거나", "서버를 멈추지 않으면")),
    ],
)
def test_a_verb_goes_on(clause: str, forms: tuple[str, str, str]) -> None:
    assert (conjugated(clause, "고"), conjugated(clause, "거나"), conjugated(clause, "면")) == forms


@pytest.mark.parametrize("clause", ["서버", "", "서버가 있다.", "길을 걷다", "a다"])
def test_what_is_no_regular_verb_goes_nowhere(clause: str) -> None:
    with pytest.raises(ValueError, match="has no regular verb at its end"):
        conjugated(clause, "면")


def test_every_condition_of_every_release_has_its_words(catalog: Catalog, ours: ConditionWords) -> None:
    assert list(find_condition_problems(catalog, ours)) == []
    for condition, place in conditions(catalog):
        korean, english = (sentence(ours, condition, place, language) for language in LANGUAGES)
        assert korean.endswith("면"), to_text(condition)
        for text in (korean, english):
            assert not re.search(r"==|!=|\bnot in [a-z(]|\bNone\b|\.\w+\(", CODE.sub("X", text)), text


def test_words_that_are_missing_or_left_over_fail_the_build(catalog: Catalog, ours: ConditionWords) -> None:
    explanations = replace(load_explanations(), conditions=ConditionWords())
    told = [problem for problem in find_problems(catalog, explanations) if "conditions" in problem]
    assert (
        "docs/explanations/conditions: no words for “CONF.rescue_timeout > 0” "
        f"(transitions of periodic:poll_rescued_instances, {catalog.latest}); write them in Korean and English"
    ) in told
    assert len(told) > len(ours.entries) / 2


@pytest.mark.parametrize(
    ("theme", "told"),
    [
        (
            "- {atoms: [{test: no_such_name}, {race: delete}], holds: &h {ko: 있다, en: it is}, fails: *h}",
            "no release has “no_such_name” where this entry says what it means; remove it",
        ),
        (
            "- {atoms: [{race: delete}], only: [delete, no_such_action], holds: {ko: 있다, en: it is}}",
            "“deleted meanwhile” is in no release for no_such_action; remove it from `only`",
        ),
    ],
)
def test_words_for_what_no_release_has_are_named(catalog: Catalog, tmp_path: Path, theme: str, told: str) -> None:
    (tmp_path / "x.yml").write_text(f"label: {{ko: 시험, en: tests}}\nconditions:\n{theme}\n", encoding="utf-8")
    problems = find_condition_problems(catalog, load_condition_words(tmp_path))
    assert [problem for problem in problems if "/x.yml" in problem] == [f"docs/explanations/conditions/x.yml: {told}"]


def entries() -> list[Any]:
    return [
        pytest.param(one, id=f"{one.theme}-{to_text(one.atoms[0])}") for one in load_explanations().conditions.entries
    ]


@pytest.mark.parametrize("entry", entries())
def test_a_clause_reads_in_each_language(entry: Entry) -> None:
    for text in (entry.holds, entry.fails):
        if text is None:
            continue
        english, korean = CODE.sub("X", text.en), CODE.sub("X", text.ko)
        assert max(len(text.en), len(text.ko)) <= 120
        assert re.search("[가-힣]", korean)
        # Names of products stand as they are; another English word only in parentheses behind a Korean one.
        assert not re.search(r"[a-z]{3}", re.sub(r"\([^)]*\)|Placement|Cells|Nova|Cinder|Ironic|Manila", "", korean))
        assert not re.search("[가-힣]", english)
        assert re.match(r"[a-z]|X|Nova|Cinder|Cells", english)
        assert set(CODE.findall(text.en)) <= set(CODE.findall(text.ko))


def test_two_sides_say_two_things() -> None:
    for entry in load_explanations().conditions.entries:
        if entry.fails is not None:
            assert entry.holds.ko != entry.fails.ko
            assert entry.holds.en != entry.fails.en
