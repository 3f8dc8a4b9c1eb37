"""Every page fits a narrow phone and a sheet of paper, and Korean is broken between its words only."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.site.crawling import pages_of_each_kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

PHONE = 320
SHEET, SHEET_ON_ITS_SIDE = 700, 980
"""Widths between the margins of A4 and letter paper, in CSS pixels, the narrower of each."""
UNFOLD = "for (const folded of document.querySelectorAll('details')) folded.open = true"
SET_WRONG = """([sheet, matrix]) => {
    const wrong = [];
    const report = (what, element) => wrong.push(`${what}: ${element.outerHTML.slice(0, 120)}`);
    for (const element of document.querySelectorAll("article *")) {
        const { right, width } = element.getBoundingClientRect();
        const { overflowX, overflowY } = getComputedStyle(element);
        const isCut = !element.matches("input, select, textarea, .visually-hidden") && element.clientHeight > 2;
        if (width && right > (element.closest(".matrix") ? matrix : sheet) + 1) report("too wide", element);
        if (isCut && overflowY !== "visible" && element.scrollHeight > element.clientHeight + 2) report("cut", element);
        if (isCut && overflowX !== "visible" && element.scrollWidth > element.clientWidth + 2) report("cut", element);
    }
    for (const folded of document.querySelectorAll("article details:not(:empty)"))
        if (!folded.lastElementChild.checkVisibility({contentVisibilityAuto: true})) report("folded", folded);
    return wrong;
}"""
BROKEN_KOREAN = """() => [...document.querySelectorAll("article *, .md-nav *, header *")]
    .filter((element) => [...element.childNodes].some((node) => node.nodeType === 3 && /[가-힣]{2}/.test(node.data)))
    .filter((element) => {
        const { whiteSpace, wordBreak } = getComputedStyle(element);
        return whiteSpace !== "nowrap" && wordBreak !== "keep-all";
    })
    .map((element) => element.outerHTML.slice(0, 120))"""


def too_wide(page: Page, served_site: str, paths: Iterable[str]) -> Iterator[str]:
    """The pages that scroll sideways, whatever of them is opened."""
    for path in paths:
        page.goto(served_site + path)
        for step in ("0", UNFOLD):
            page.evaluate(step)
            width = page.evaluate("document.documentElement.scrollWidth")
            if width > PHONE:
                yield f"{path}: {width}"


@pytest.mark.parametrize("language", ["en", "ko"])
def test_no_kind_of_page_scrolls_sideways(page: Page, served_site: str, built_site: Path, language: str) -> None:
    page.set_viewport_size({"width": PHONE, "height": 740})
    assert list(too_wide(page, served_site, pages_of_each_kind(built_site, language))) == []


@pytest.mark.all_pages
@pytest.mark.parametrize("language", ["en", "ko"])
def test_no_page_scrolls_sideways(page: Page, served_site: str, built_site: Path, language: str) -> None:
    page.set_viewport_size({"width": PHONE, "height": 740})
    files = sorted((built_site / language).rglob("index.html"))
    paths = [f"{file.parent.relative_to(built_site).as_posix()}/" for file in files]
    assert list(too_wide(page, served_site, paths)) == []


@pytest.mark.parametrize("language", ["en", "ko"])
def test_print_is_complete(page: Page, served_site: str, built_site: Path, language: str) -> None:
    folder = built_site / language / "matrix"
    matrices = [f"{language}/matrix/{file.parent.name}/" for file in folder.glob("*/*.html")]
    page.set_viewport_size({"width": SHEET, "height": 1000})
    page.emulate_media(media="print")
    wrong = {}
    for path in {*pages_of_each_kind(built_site, language), *matrices}:
        page.goto(served_site + path)
        wrong[path] = page.evaluate(SET_WRONG, [SHEET, SHEET_ON_ITS_SIDE])
    assert {path: found for path, found in wrong.items() if found} == {}


def test_a_matrix_is_printed_on_a_sheet_on_its_side(page: Page, served_site: str) -> None:
    page.goto(f"{served_site}en/matrix/guards/")
    sheets = re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", page.pdf(prefer_css_page_size=True))
    sides = [float(width) > float(height) for width, height in sheets]
    assert True in sides
    assert len(sheets) < 12


def test_korean_is_broken_between_words_only(page: Page, served_site: str, built_site: Path) -> None:
    broken = {}
    for path in pages_of_each_kind(built_site, "ko"):
        page.goto(served_site + path)
        broken[path] = page.evaluate(BROKEN_KOREAN)
    assert {path: found[:3] for path, found in broken.items() if found} == {}


def test_a_word_wider_than_the_page_is_broken_all_the_same(browser: Browser, served_site: str) -> None:
    context = browser.new_context(viewport={"width": PHONE, "height": 740}, bypass_csp=True)
    page = context.new_page()
    page.goto(f"{served_site}ko/vm_state/stopped/")
    page.evaluate("document.querySelector('.lead').append('가'.repeat(200), ' ', 'x'.repeat(300))")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE
    context.close()
