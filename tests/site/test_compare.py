"""The page that compares two releases: it says what `nova-states diff` says, of any two of them, in both languages."""

from __future__ import annotations

import json
import random
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from nova_states.catalog.catalog import Catalog, load_catalog
from nova_states.catalog.change_wording import markdown_lines
from nova_states.catalog.noticed_changes import changes_between, later_point_releases
from nova_states.explanations.clauses import own_clauses
from nova_states.explanations.languages import LANGUAGES
from nova_states.pages.compare import COMPARED
from nova_states.site.compare_files import render_compare_files, words_file
from tests.site.test_accessibility import KEEP_FEW, LOOKS, Look, ask_axe, open_page

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).parents[2]
PAIRS, SOME = 48, 16
NARROWEST = 320
COPIED = re.compile("Copied|복사했습니다")
RUN = """
import { readFileSync } from "node:fs";
const { Comparison } = await import(process.argv[1]);
const { folder, pairs, series } = JSON.parse(readFileSync(0, "utf-8"));
const read = (name) => JSON.parse(readFileSync(`${folder}/${name}`, "utf-8"));
const { tables, words } = read("all.json");
const seriesOf = (version) => series.find((versions) => versions.includes(version));
const told = {};
for (const language of Object.keys(words)) {
  const comparison = new Comparison(tables, words[language], seriesOf);
  told[language] = pairs.map(([before, after]) => comparison.markdown(before, after));
}
process.stdout.write(JSON.stringify(told));
"""


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


@pytest.fixture(scope="module")
def pairs(catalog: Catalog) -> list[tuple[str, str]]:
    """Pairs over all releases, either way round, and of each sort one that is always there."""
    drawn = random.Random(11)
    # Reading a release takes longer than comparing it: many pairs of some releases.
    some = drawn.sample(list(catalog.versions), SOME)
    found = [(one, other) for one, other in (drawn.sample(some, 2) for _ in range(PAIRS))]
    return [*found, ("33.0.2", "34.0.0"), ("34.0.0", "33.0.2"), ("26.0.0", "27.0.0"), ("25.0.0", "25.0.0")]


@pytest.fixture(scope="module")
def files(catalog: Catalog) -> dict[str, str]:
    return render_compare_files(catalog, own_clauses())


def said(catalog: Catalog, before: str, after: str) -> dict[str, str]:
    """What the command prints of two releases by language, without what it adds of places that were not read."""
    one, other = catalog.release(before), catalog.release(after)
    changes = changes_between(
        one, other, lambda *_: False, later_point_releases(catalog, one, other), say=own_clauses()
    )
    return {language: "\n".join(markdown_lines(changes, before, after, language)) for language in LANGUAGES}


def test_the_page_says_what_the_command_says(
    catalog: Catalog, files: dict[str, str], pairs: list[tuple[str, str]], tmp_path: Path
) -> None:
    tables = [json.loads(text) for path, text in files.items() if path.startswith(COMPARED) and "words" not in path]
    words = {language: json.loads(files[words_file(language)]) for language in LANGUAGES}
    (tmp_path / "all.json").write_text(json.dumps({"tables": tables, "words": words}), encoding="utf-8")
    script = ROOT / "docs/assets/compare/comparison.js"
    series = [catalog.versions_of(one) for one in catalog.series]
    result = subprocess.run(
        [shutil.which("node") or "node", "--input-type=module", "-e", RUN, str(script)],
        input=json.dumps({"folder": str(tmp_path), "pairs": pairs, "series": series}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    told = json.loads(result.stdout)
    for place, (before, after) in enumerate(pairs):
        assert {language: told[language][place] for language in LANGUAGES} == said(catalog, before, after)


def open_comparison(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator(".compare__result h2")).to_be_visible()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_shows_and_copies_what_the_command_says(
    browser: Browser, served_site: str, catalog: Catalog, language: str
) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    for before, after in (("33.0.2", "34.0.0"), ("26.0.0", "27.0.0"), ("20.6.1", "20.0.0")):
        open_comparison(page, f"{served_site}{language}/compare/?from={before}&to={after}")
        page.locator(".compare__bar > .md-button").last.click()
        expect(page.locator(".compare__bar > .md-button").last).to_have_text(COPIED)
        text = said(catalog, before, after)[language]
        assert page.evaluate("navigator.clipboard.readText()") == text
        shown = page.locator(".compare__changes li").count()
        assert shown == sum(line.startswith("- ") for line in text.splitlines())
    context.close()


@pytest.mark.parametrize("query", ["?from=nope&to=34.0.0", "?from=34.0.0&to=%3Cb%3E", "?from=%FF"])
def test_an_unknown_release_in_the_address_is_told(page: Page, served_site: str, query: str) -> None:
    open_comparison(page, f"{served_site}en/compare/{query}")
    expect(page.locator(".compare__status")).to_contain_text("the newest pair is compared")
    expect(page).to_have_url(f"{served_site}en/compare/?from=33.0.2&to=34.0.0")


def test_a_series_means_its_newest_version_and_a_choice_is_kept_between_languages(page: Page, served_site: str) -> None:
    open_comparison(page, f"{served_site}en/compare/?from=zed&to=2023.1")
    page.locator("select[name=to]").select_option("28.0.0")
    expect(page).to_have_url(re.compile(r"from=26\.3\.0&to=28\.0\.0$"))
    page.get_by_role("button", name="Swap the two").press("Enter")
    expect(page).to_have_url(re.compile(r"from=28\.0\.0&to=26\.3\.0$"))
    page.locator("a[data-translation]").first.click()
    expect(page).to_have_url(re.compile(r"/ko/compare/\?from=28\.0\.0&to=26\.3\.0$"))
    expect(page.locator(".compare__result h2")).to_contain_text("28.0.0")


def test_what_cannot_be_loaded_is_told(page: Page, served_site: str) -> None:
    page.route("**/assets/compare/refusals.json", lambda route: route.abort())
    page.goto(f"{served_site}en/compare/")
    expect(page.locator(".compare__status")).to_contain_text("could not be loaded")


def test_without_script_the_command_is_named(browser: Browser, served_site: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{served_site}ko/compare/")
    assert "nova-states diff 33.0.2 34.0.0 --lang ko" in page.locator("article").inner_text()
    context.close()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    browser: Browser, served_site: str, look: Look, language: str
) -> None:
    page = open_page(browser, look)
    open_comparison(page, f"{served_site}{language}/compare/?from=20.0.0&to=nope")
    assert page.locator(".compare__status").inner_text()
    page.evaluate(KEEP_FEW)
    assert list(ask_axe(page)) == []
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROWEST
    page.context.close()
