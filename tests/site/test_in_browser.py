"""What rests on Material's inner workings, or on scripts, is tried in a real browser."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

RESULT = ".md-search-result__link"


def search(page: Page, query: str) -> None:
    """Type `query` into Material's search box, which listens to keys."""
    page.locator(".md-search__input").click()
    page.locator(".md-search__input").fill(query)
    page.keyboard.press("Shift")
    page.locator(RESULT).first.wait_for()


@pytest.mark.parametrize(
    ("language", "query", "found"),
    [
        ("ko", "SHUTOFF", "/ko/status/shutoff/"),
        ("ko", "powering-off", "/ko/task_state/powering-off/"),
        ("ko", "삭제 중", "/ko/task_state/deleting/"),
        ("en", "VERIFY_RESIZE", "/en/status/verify_resize/"),
        ("en", "shelved_offloaded", "/en/vm_state/shelved_offloaded/"),
    ],
)
def test_search_finds_a_state_in_the_pages_language(
    page: Page, served_site: str, language: str, query: str, found: str
) -> None:
    page.goto(f"{served_site}{language}/action/stop/")
    search(page, query)
    links = page.locator(RESULT).evaluate_all("links => links.map(link => new URL(link.href).pathname)")
    assert links[0].endswith(found)
    assert all(f"/repo/{language}/" in link for link in links)


def test_search_finds_a_page_by_an_alias_without_showing_it(page: Page, served_site: str, built_site: Path) -> None:
    index = json.loads((built_site / "ko/search/search_index.json").read_text(encoding="utf-8"))
    alias, location = next(
        (alias, document["location"])
        for document in index["docs"]
        for alias in document.get("alias", "").split(" | ")
        if len(alias) > 1 and alias not in document["title"] + document["text"]
    )
    page.goto(f"{served_site}ko/")
    search(page, alias)
    result = page.locator(f'{RESULT}[href*="/ko/{location}"]').first
    result.wait_for()
    assert alias not in result.inner_text()


def test_the_language_switch_keeps_page_question_and_heading(page: Page, served_site: str) -> None:
    page.goto(f"{served_site}en/vm_state/stopped/?release=13.1.4#history")
    page.locator(".language-switch").click()
    page.wait_for_url(f"{served_site}ko/vm_state/stopped/?release=13.1.4#history")
    assert page.locator("html").get_attribute("lang") == "ko"
    page.locator(".language-switch").click()
    page.wait_for_url(f"{served_site}en/vm_state/stopped/?release=13.1.4#history")


@pytest.mark.parametrize(("locale", "home"), [("ko-KR", "ko/"), ("en-GB", "en/"), ("ja-JP", "en/")])
def test_the_root_goes_on_in_the_browsers_language(browser: Browser, served_site: str, locale: str, home: str) -> None:
    context = browser.new_context(locale=locale)
    page = context.new_page()
    page.goto(served_site)
    page.wait_for_url(served_site + home)
    context.close()


def test_the_root_offers_both_languages_without_script(browser: Browser, served_site: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(served_site)
    for name, home in (("한국어", "ko/"), ("English", "en/")):
        expect(page.get_by_role("link", name=name, exact=True)).to_have_attribute("href", home)
    context.close()


def test_an_unknown_address_offers_both_languages(page: Page, served_site: str) -> None:
    page.goto(f"{served_site}ko/vm_state/no-such-state/")
    links = page.locator("a").evaluate_all("links => links.map(link => link.href)")
    assert links == [f"{served_site}ko/", f"{served_site}en/"]


def test_the_palette_switches_to_dark_and_is_remembered_in_both_languages(page: Page, served_site: str) -> None:
    page.goto(f"{served_site}en/")
    page.get_by_title("Switch to light mode").click()
    page.get_by_title("Switch to dark mode").click()
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "slate")
    page.goto(f"{served_site}ko/")
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "slate")


def test_commands_have_a_copy_button(page: Page, served_site: str) -> None:
    page.goto(f"{served_site}ko/action/stop/")
    expect(page.locator("pre button").first).to_have_attribute("title", "클립보드로 복사")


def test_a_matrix_keeps_its_heads_in_view_on_a_phone(page: Page, served_site: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{served_site}en/matrix/guards/")
    frame = page.locator(".matrix").first
    frame.evaluate("frame => frame.scrollTo(200, 200)")
    box = frame.bounding_box()
    corner = frame.locator("thead tr > :first-child").first.bounding_box()
    assert box
    assert corner
    assert corner["x"] == pytest.approx(box["x"], abs=2)
    assert corner["y"] == pytest.approx(box["y"], abs=2)
    row = frame.locator("tbody th").nth(20).bounding_box()
    column = frame.locator("thead th").nth(8).bounding_box()
    assert row
    assert row["x"] == pytest.approx(box["x"], abs=2)
    assert column
    assert column["y"] == pytest.approx(box["y"], abs=2)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("path", ["ko/", "en/vm_state/stopped/", "ko/action/evacuate/", "ko/matrix/guards/"])
def test_no_page_scrolls_sideways_on_a_phone(page: Page, served_site: str, path: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(served_site + path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
