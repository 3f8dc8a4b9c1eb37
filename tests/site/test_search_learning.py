"""What the search learns from questions, and that the build reads a text as the worker does."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from nova_states.errors import CheckError
from nova_states.explanations.languages import LANGUAGES
from nova_states.site.search.asked import QUESTIONS, Asked, load_asked
from nova_states.site.search.learning import learn, packed, packed_numbers, word_number
from nova_states.site.search.lexicon import LEXICON, load_lexicon
from nova_states.site.search.normaliser import Normaliser
from nova_states.site.search.teaching import typed

ROOT = Path(__file__).parents[2]
NODE = shutil.which("node")
PAGES = ("action:stop", "action:start", "runbook:stuck")
SCRIPT = """
const scripts = process.argv[1];
const { Normaliser } = await import(`${scripts}/normaliser.js`);
const { Learned, wordNumber } = await import(`${scripts}/learned.js`);
const fs = await import("node:fs");
const { words, fillers, hints, endings, names, texts, packed } = JSON.parse(fs.readFileSync(0, "utf8"));
const normaliser = new Normaliser({ words, fillers, hints, endings });
normaliser.learnNames(names);
const learned = packed && new Learned(packed, words.length, packed.places);
process.stdout.write(JSON.stringify(texts.map((text) => {
  const read = normaliser.read(text);
  return {
    words: read.map(({ key, groups, filler, mixed }) => [key, groups, filler, mixed]),
    numbers: read.map(({ key }) => wordNumber(key)),
    likely: learned ? [...learned.likely(read)].sort(([one], [other]) => one - other) : [],
  };
})));
"""


def read_by_the_worker(told: dict[str, Any]) -> list[dict[str, Any]]:
    run = subprocess.run(
        [str(NODE), "--input-type=module", "-e", SCRIPT, str(ROOT / "docs/assets/search")],
        input=json.dumps(told),
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    answers: list[dict[str, Any]] = json.loads(run.stdout)
    return answers


def write(docs: Path, text: str, language: str = "en") -> Path:
    folder = docs / QUESTIONS / language
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "asked.txt").write_text(text, encoding="utf-8")
    return docs


def test_questions_are_read_with_their_pages(tmp_path: Path) -> None:
    docs = write(tmp_path, "# from a forum\n= action:stop | action:start\nturn it off\n\n  make it stop\n")
    found = load_asked(docs, {"en": PAGES, "ko": PAGES})
    assert found["ko"] == ()
    assert [(asked.text, asked.pages, asked.source) for asked in found["en"]] == [
        ("turn it off", ("action:stop", "action:start"), "asked"),
        ("make it stop", ("action:stop", "action:start"), "asked"),
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("= action:halt\nhalt\n", "docs/explanations/questions/en/asked.txt:1: leads nowhere: there is no action:halt"),
        ("halt\n", "asked.txt:1: stands below no page"),
        ("= action:stop\nhalt\nhalt\n", "asked.txt:3: is asked twice: halt"),
    ],
)
def test_a_question_that_leads_nowhere_fails_with_file_and_line(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(CheckError) as error:
        load_asked(write(tmp_path, text), {"en": PAGES})
    assert problem in str(error.value)


def normaliser(words: Sequence[Sequence[str]] = (("stop", "halt"),)) -> Normaliser:
    return Normaliser(words=words, fillers=["how"], hints=[], endings="")


def asked(*questions: tuple[str, str]) -> list[Asked]:
    return [Asked(text=text, pages=(page,), source="asked") for text, page in questions]


QUESTIONS_ASKED = asked(
    ("halt the thing", "action:stop"),
    ("stop the thing", "action:stop"),
    ("the thing hangs", "runbook:stuck"),
    ("it hangs", "runbook:stuck"),
    ("wake the thing", "action:start"),
)


def test_words_and_groups_lead_to_the_pages_that_answer_them() -> None:
    weights = learn(QUESTIONS_ASKED, PAGES, normaliser(), fewest=2, least=0.1)
    assert set(weights[0]) == {0}  # stop and halt are one group, which only leads to action:stop
    assert set(weights["hang"]) == {2}
    assert "wak" not in weights  # one question has it
    assert "wak" in learn(QUESTIONS_ASKED, PAGES, normaliser(), fewest=1, least=0.1)


def test_the_order_of_questions_decides_nothing() -> None:
    backwards = list(reversed(QUESTIONS_ASKED))
    ways = [learn(questions, PAGES, normaliser(), fewest=1, least=0.1) for questions in (QUESTIONS_ASKED, backwards)]
    assert packed(ways[0], 1) == packed(ways[1], 1)


@pytest.mark.skipif(NODE is None, reason="needs node")
def test_the_worker_reads_what_was_packed() -> None:
    words = [["stop", "halt"]]
    weights = learn(QUESTIONS_ASKED, PAGES, normaliser(words), fewest=1, least=0.1)
    told = {"words": words, "fillers": ["how"], "hints": [], "endings": "", "names": []}
    texts = ["please halt", "hangs", "nothing known"]
    places = {"places": [10, 20, 30]}
    answers = read_by_the_worker({**told, "texts": texts, "packed": {**packed(weights, 1), **places}})
    best = [max(answer["likely"], key=lambda one: one[1], default=None) for answer in answers]
    assert [one and one[0] for one in best] == [10, 30, None]
    assert all(0 < one[1] < 1 for one in best if one)


@pytest.mark.skipif(NODE is None, reason="needs node")
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_build_reads_as_the_worker(language: str) -> None:
    lexicon = load_lexicon(ROOT / "docs" / LEXICON)
    told: dict[str, Any] = {
        "words": [typed(entry, language) for entry in lexicon.words],
        "fillers": typed(lexicon.fillers, language),
        "hints": ["안내", "guide"],
        "endings": "".join(lexicon.endings.words[language]),
    }
    build = Normaliser(**told)
    names = [text for entry in lexicon.questions for text in entry.words[language]]
    build.learn_names(names)
    lines = (
        line for file in (ROOT / "docs" / QUESTIONS / language).glob("*.txt") for line in file.read_text().splitlines()
    )
    texts = [
        *names,
        *lines,
        "삭젲",
        "웹 콘솔",
        "BUILD에서",
        "32.1.2",
        "0x04",
        "req-1a2b3c4d 409",
        "ＡＣＴＩＶＥ",
        "don't",
    ]
    read = [build.read(text) for text in texts]
    answers = read_by_the_worker({**told, "names": names, "texts": texts})
    assert [[[word.key, list(word.groups), word.filler, word.mixed] for word in words] for words in read] == [
        answer["words"] for answer in answers
    ]
    assert [[word_number(word.key) for word in words] for words in read] == [answer["numbers"] for answer in answers]


@pytest.mark.skipif(NODE is None, reason="needs node, which runs the worker's own scripts")
def test_the_worker_reads_numbers_of_any_size() -> None:
    numbers = sorted({0, 1, 79, 80, 1699, 1700, 5000, 1 << 17, *(word_number(f"word {at}", 18) for at in range(99))})
    script = """
    const { unpacked, wordNumber } = await import(`${process.argv[1]}/learned.js`);
    const [text, words] = JSON.parse((await import("node:fs")).readFileSync(0, "utf8"));
    process.stdout.write(JSON.stringify([unpacked(text), words.map((word) => wordNumber(word, 18))]));
    """
    words = ["during sync_power_state the instance", "a"]
    run = subprocess.run(
        [str(NODE), "--input-type=module", "-e", script, str(ROOT / "docs/assets/search")],
        input=json.dumps([packed_numbers(reversed(numbers)), words]),
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(run.stdout) == [numbers, [word_number(word, 18) for word in words]]
