"""What rests on Material's inner workings, or on scripts, is tried in a real browser."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

RESULT = ".md-search-result__link"


def search(page: Page, query: str) -> None:
    """Type `query` into the search box."""
    page.locator(".md-search__input").click()
    page.locator(".md-search__input").fill(query)
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


def test_search_says_which_word_found_a_page_and_of_which_kind_it_is(page: Page, served_site: str) -> None:
    page.goto(f"{served_site}ko/")
    search(page, "셧다운")
    result = page.locator(RESULT).first
    expect(result.locator(".search-why")).to_contain_text("= ")
    expect(result.locator(".search-kind")).to_have_text(re.compile("액션|VM 상태|서버 상태|전원 상태"))


def test_nothing_of_the_search_is_loaded_before_it_is_opened(page: Page, served_site: str) -> None:
    loaded: list[str] = []
    page.on("request", lambda request: loaded.append(request.url) if "search" in request.url else None)
    page.goto(f"{served_site}en/action/stop/")
    page.wait_for_load_state("networkidle")
    assert loaded == []
    search(page, "unpause")
    assert f"{served_site}en/search/index.json" in loaded


def test_no_sitemap_is_asked_for_below_a_translation(page: Page, served_site: str) -> None:
    loaded: list[str] = []
    page.on("request", lambda request: loaded.append(request.url) if "sitemap" in request.url else None)
    page.goto(f"{served_site}en/action/stop/")
    page.wait_for_load_state("networkidle")
    assert loaded == []


def test_search_is_driven_by_keys_and_marks_what_was_asked(page: Page, served_site: str) -> None:
    page.goto(f"{served_site}en/action/stop/")
    page.keyboard.press("/")
    expect(page.locator(".md-search__input")).to_be_focused()
    page.keyboard.type("unpause")
    expect(page.locator(RESULT).first.locator("mark").first).to_have_text("unpause")
    page.keyboard.press("ArrowDown")
    expect(page.locator(RESULT).first).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{served_site}en/action/unpause/")
    page.keyboard.press("s")
    page.keyboard.press("Escape")
    expect(page.locator(".md-search__input")).not_to_be_focused()


def test_an_address_may_ask(page: Page, served_site: str) -> None:
    page.goto(f"{served_site}ko/?q=SHUTOFF")
    expect(page.locator(RESULT).first).to_have_attribute("href", f"{served_site}ko/status/shutoff/")


def test_an_emptied_box_has_no_results(page: Page, served_site: str) -> None:
    page.goto(f"{served_site}ko/")
    search(page, "SHUTOFF")
    page.locator(".md-search__input").fill("")
    expect(page.locator(RESULT)).to_have_count(0)


def test_a_pasted_refusal_is_offered_to_the_lookup_first(page: Page, served_site: str) -> None:
    page.goto(f"{served_site}en/status/active/")
    search(page, "Cannot 'stop' instance 8f2c while it is in vm_state error (HTTP 409)")
    offer = page.locator(".md-search-result__meta a")
    expect(offer).to_have_attribute("href", f"{served_site}en/lookup/?vm_state=error")
    expect(page.locator(RESULT).first).to_have_attribute("href", f"{served_site}en/action/stop/")


def test_a_question_that_fits_nothing_gets_three_suggestions_and_the_lookup(page: Page, served_site: str) -> None:
    page.goto(f"{served_site}en/")
    search(page, "kubernetes crashloop backoff")
    expect(page.locator(".md-search-result__meta a")).to_have_attribute("href", f"{served_site}en/lookup/")
    expect(page.locator(".md-search-result__item")).to_have_count(3)


def test_a_search_that_cannot_be_loaded_says_so_and_is_tried_again(page: Page, served_site: str) -> None:
    page.route("**/search/index.json", lambda route: route.abort())
    page.goto(f"{served_site}en/")
    page.locator(".md-search__input").click()
    expect(page.locator(".md-search-result__meta")).to_contain_text("could not be loaded")
    page.unroute("**/search/index.json")
    page.keyboard.press("Escape")
    search(page, "SHUTOFF")


def test_the_search_fills_a_phone(page: Page, served_site: str) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"{served_site}ko/")
    page.locator("label.md-header__button[for=__search]").click()
    page.locator(".md-search__input").fill("꺼짐")
    page.locator(RESULT).first.wait_for()
    # It slides in; the page's policy lets nobody evaluate a text again and again inside of it.
    for _ in range(50):
        if page.evaluate("document.documentElement.scrollWidth") <= 390:
            break
        page.wait_for_timeout(100)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


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
    assert {f"{served_site}ko/", f"{served_site}en/"} <= set(links)


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


@pytest.mark.parametrize("path", ["ko/", "en/vm_state/stopped/", "ko/action/evacuate/", "ko/matrix/guards/"])
def test_no_page_scrolls_sideways_on_a_phone(page: Page, served_site: str, path: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(served_site + path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_evidence_is_not_cut_off_on_a_wide_screen(page: Page, served_site: str) -> None:
    page.set_viewport_size({"width": 1400, "height": 900})
    for address in ("en/action/detach_volume/", "en/power_state/running/", "ko/vm_state/active/"):
        page.goto(f"{served_site}{address}")
        expect(page.locator(".lens select")).to_have_count(1)
        cut = page.evaluate(
            """() => {
                for (const part of document.querySelectorAll("article details")) part.open = true;
                const frames = [...document.querySelectorAll(".md-typeset__scrollwrap")];
                return frames.filter((frame) => frame.scrollWidth > frame.clientWidth + 1).length;
            }"""
        )
        assert cut == 0, address


def test_dates_stand_in_one_line(page: Page, served_site: str) -> None:
    page.goto(f"{served_site}en/series/")
    dates = page.locator("td time")
    assert dates.count() > 20
    assert dates.evaluate_all("all => all.every((one) => one.getClientRects().length === 1)")


@pytest.mark.parametrize(("search", "release"), [("", " · Nova 34.0.0"), ("?release=20.6.1", "")])
def test_a_printed_page_tells_its_address_and_its_release_once(
    page: Page, served_site: str, search: str, release: str
) -> None:
    address = f"{served_site}en/action/stop/{search}"
    page.goto(f"{address}#guards")
    expect(page.locator(".lens")).to_have_attribute("data-sheet", address + release)
    page.emulate_media(media="print")
    head = "getComputedStyle(document.querySelector('.lens'), '::before').content"
    assert page.evaluate(head) == f'"{address}{release}"'
    told = page.locator(".lens__tells")
    expect(told).to_contain_text("As of Nova 20.6.1") if search else expect(told).to_have_text("")


def test_a_power_state_is_folded_as_other_states_are(page: Page, served_site: str) -> None:
    page.set_viewport_size({"width": 1400, "height": 900})
    page.goto(f"{served_site}en/power_state/running/")
    expect(page.locator("details.part")).not_to_have_count(0)
    expect(page.locator("details.part[open]")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollHeight") < 1800


def test_a_status_lists_its_actions_in_groups(page: Page, served_site: str) -> None:
    page.goto(f"{served_site}en/status/error/")
    groups = page.locator("[data-part=allowed] .grouped dt").all_inner_texts()
    page.goto(f"{served_site}en/vm_state/error/")
    assert groups == page.locator("[data-part=allowed] .group > summary > strong").all_inner_texts()
