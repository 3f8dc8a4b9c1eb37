"""What a page shows of another release is what it would be if that release were the newest."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from nova_states.catalog.catalog import load_catalog
from nova_states.catalog.queries import CatalogQueries
from nova_states.explanations.leads import Leads
from nova_states.explanations.loading import load_explanations
from nova_states.pages.lens import LensPage, LensPart
from nova_states.rendering.environment import fill
from nova_states.rendering.lens import AS_SHOWN, LensRenderer, _fill, notes_of, saying
from nova_states.site.lens_files import lens_renderers

ROOT = Path(__file__).parents[2]
OLDEST, TRAIN, POINT, CARACAL, NEWEST_BUT_ONE = "13.0.0", "20.6.1", "21.1.0", "29.2.0", "33.0.2"
RELEASES = (OLDEST, "16.1.8", TRAIN, POINT, "25.3.0", CARACAL, NEWEST_BUT_ONE)
_MARKS = re.compile(
    r'\s*<small class="since">.*?</small>|\s*<span class="as-of">.*?</span>| · since [^<]*| 34\.0\.0 \(2026\.2\)'
)
_LINES = re.compile(r"/src/tag/[^/\"]+/([^\"#]+)#L\d+\"><code>[^<]*</code>")


@pytest.fixture(scope="module")
def renderers() -> dict[str, LensRenderer]:
    queries = CatalogQueries(catalog=load_catalog())
    found = lens_renderers(queries, load_explanations(), Leads())
    return {renderer.writer.language: renderer for renderer in found}


def at(runs: list[list[int]], place: int) -> int:
    for count, number in runs:
        place -= count
        if place < 0:
            return number
    raise AssertionError(runs)


def shown(file: dict[str, Any], part: str, place: int) -> str | None:
    """What the page's script shows of a part; None: what the page has by itself."""
    number = at(file["parts"][part], place)
    return None if number == AS_SHOWN else "".join(file["pieces"][piece] for piece in file["contents"][number])


def built(renderer: LensRenderer, page: LensPage, part: LensPart) -> str:
    """What the page has of a part by itself, but for its marks of time."""
    writer = renderer.writer.on(page.address)
    fields = part.fields(writer, writer.catalog.release(page.shown))
    return _MARKS.sub("", renderer.finish(fill(f"parts/{part.template}.md", writer.words, fields)))


def differing(renderer: LensRenderer, page: LensPage, versions: tuple[str, ...]) -> list[str]:
    """The parts of a page that are not what the facts of a version say."""
    file = json.loads(renderer.render(page))
    writer = renderer.writer.on(page.address)
    found = []
    for version in versions:
        place = renderer.writer.catalog.versions.index(version)
        if at(file["had"], place):
            for part in page.parts:
                expected = renderer.finish(_fill(writer, part, version))
                told = shown(file, part.name, place)
                if told is None:
                    told = renderer.finish(_fill(writer, part, page.shown))
                if _LINES.sub(r"\1", told) != _LINES.sub(r"\1", expected):
                    found.append(f"{page.address} {part.name} {version}")
    return found


@pytest.mark.parametrize("language", ["ko", "en"])
def test_some_pages_of_each_kind_are_those_of_the_release(renderers: dict[str, LensRenderer], language: str) -> None:
    renderer = renderers[language]
    kinds: dict[str, list[LensPage]] = {}
    for path, page in renderer.pages().items():
        kinds.setdefault(path.split("/")[1], []).append(page)
    pages = [page for found in kinds.values() for page in found[:: max(1, len(found) // 3)]]
    versions = (OLDEST, POINT, NEWEST_BUT_ONE)
    assert [line for page in pages for line in differing(renderer, page, versions)] == []


@pytest.mark.all_pages
@pytest.mark.parametrize("version", RELEASES)
def test_all_pages_are_those_of_the_release(renderers: dict[str, LensRenderer], version: str) -> None:
    renderer = renderers["en"]
    assert [line for page in renderer.pages().values() for line in differing(renderer, page, (version,))] == []


PLACE = '<a href="https://x/src/tag/{0}/nova/{1}.py#L{2}"><code>nova/{1}.py:{2}</code></a>'
EVIDENCE = [
    ("<td>409 {}</td>", PLACE.format("1.0.0", "a", 3), PLACE.format("2.0.0", "b", 5)),
    (
        "<td>{}</td>",
        f"{PLACE.format('1.0.0', 'a', 3)} <code>A.f</code>",
        f"{PLACE.format('1.0.0', 'a', 4)} <code>A.g</code>",
    ),
    ("<td>{}</td>", PLACE.format("1.0.0", "a", 3) + " <code>A.f</code> seen running", PLACE.format("1.0.0", "a", 3)),
    (
        "<td>{}</td>",
        PLACE.format("1.0.0", "a", 3)
        + f" <details><summary>and 1 more</summary>{PLACE.format('1.0.0', 'a', 9)} </details>",
        PLACE.format("1.0.0", "a", 3),
    ),
    ("<td>409{}<br></td>", " <small>seen running</small>", ""),
    ("<p>{}</p>", "Seen running in 2.0.0: all 516 combinations of states were asked for.", "Read from the source."),
]


@pytest.mark.parametrize(("frame", "one", "other"), EVIDENCE)
def test_other_evidence_is_no_difference(renderers: dict[str, LensRenderer], frame: str, one: str, other: str) -> None:
    notes = notes_of(renderers["en"].writer.words)
    assert saying(notes, frame.format(one)) == saying(notes, frame.format(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<td>409</td>", "<td>400</td>"),
        ("<p>It was seen running.</p>", "<p>It was.</p>"),
        ("<details><summary>more</summary><a>resize</a></details>", "<details><summary>more</summary></details>"),
        ('<td><a href="../x/"><code>x</code></a></td>', '<td><a href="../y/"><code>y</code></a></td>'),
    ],
)
def test_what_is_no_evidence_is_a_difference(renderers: dict[str, LensRenderer], one: str, other: str) -> None:
    notes = notes_of(renderers["en"].writer.words)
    assert saying(notes, one) != saying(notes, other)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_parts_that_differ_in_evidence_alone_are_noted(renderers: dict[str, LensRenderer], language: str) -> None:
    renderer = renderers[language]
    page = renderer.pages()[f"{language}/action/resize/releases.json"]
    expected = {"rules": ("27.5.1", True), "requests": ("27.5.1", True), "conditions": ("33.0.2", False)}
    few = replace(page, parts=tuple(part for part in page.parts if part.name in expected))
    file = json.loads(renderer.render(few))
    for part, (version, is_alike) in expected.items():
        number = at(file["parts"][part], renderer.writer.catalog.versions.index(version))
        assert number != AS_SHOWN
        assert (number in file["alike"].get(part, ())) is is_alike, part


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_script_knows_the_words_of_evidence(renderers: dict[str, LensRenderer], language: str) -> None:
    script = (ROOT / "docs/assets/lens/words.js").read_text(encoding="utf-8")
    words = renderers[language].writer.words
    assert f'known: ["{words("seen")}", "{words("read_from_source")}"]' in script


def test_a_page_is_made_alike_each_time(renderers: dict[str, LensRenderer]) -> None:
    page = renderers["en"].pages()["en/action/resize/releases.json"]
    assert renderers["en"].render(page) == renderers["en"].render(page)


def test_what_is_shown_of_equal_releases_has_no_row_that_the_newest_lacks(renderers: dict[str, LensRenderer]) -> None:
    renderer = renderers["en"]
    differing_rows = [
        f"{page.address} {part.name}"
        for page in renderer.pages().values()
        for part in page.parts
        if not part.is_of_all
        if _LINES.sub(r"\1", built(renderer, page, part))
        != _LINES.sub(r"\1", _MARKS.sub("", renderer.finish(_fill(renderer.writer.on(page.address), part, page.shown))))
    ]
    assert differing_rows == []
