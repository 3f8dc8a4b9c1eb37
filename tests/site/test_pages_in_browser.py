"""What a reader meets: the needed first, pictures, parts that open, a page for wrong addresses, a footer."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

SCREEN = 900


@pytest.mark.parametrize(("state", "action"), [("stopped", "start"), ("resized", "confirm_resize"), ("active", "stop")])
def test_what_leaves_a_state_is_on_the_first_screen(page: Page, served_site: str, state: str, action: str) -> None:
    page.set_viewport_size({"width": 1400, "height": SCREEN})
    page.goto(f"{served_site}en/vm_state/{state}/")
    link = page.locator(".leaves").get_by_role("link", name=action, exact=True)
    box = link.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < SCREEN / 2


@pytest.mark.parametrize("state", ["active", "stopped", "error"])
def test_a_states_page_is_short_until_a_part_is_opened(page: Page, served_site: str, state: str) -> None:
    page.set_viewport_size({"width": 1400, "height": SCREEN})
    page.goto(f"{served_site}ko/vm_state/{state}/")
    assert page.evaluate("document.querySelector('article').scrollHeight") < 2.7 * SCREEN


def test_an_address_opens_the_part_that_it_names(page: Page, served_site: str) -> None:
    page.goto(f"{served_site}en/vm_state/stopped/#history")
    part = page.locator("details.part", has=page.locator("#history"))
    expect(part).to_have_attribute("open", "")
    expect(page.locator("#history")).to_be_in_viewport()
    expect(page.locator("details.part", has=page.locator("#evidence"))).not_to_have_attribute("open", "")


def test_the_picture_leads_on_and_can_be_taken_away(page: Page, served_site: str) -> None:
    page.goto(f"{served_site}en/")
    page.locator(".machine-map a", has_text="shelved_offloaded").click()
    expect(page).to_have_url(f"{served_site}en/vm_state/shelved_offloaded/")
    expect(page.locator(".machine-map rect.map-here")).to_have_count(2)  # the state, and its sign in the legend
    href = page.locator(".map figcaption a").first.get_attribute("href")
    answer = page.request.get(f"{served_site}en/vm_state/shelved_offloaded/{href}")
    assert answer.ok
    assert answer.headers["content-type"].startswith("image/svg+xml")


@pytest.mark.parametrize("path", ["en/", "ko/vm_state/active/", "ko/series/mitaka/", "en/about/", "ko/action/reboot/"])
def test_no_page_is_wider_than_a_phone(page: Page, served_site: str, path: str) -> None:
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(served_site + path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_an_example_fills_the_box_of_the_home_page(page: Page, served_site: str) -> None:
    page.goto(f"{served_site}en/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("?")
    page.get_by_role("button", name="stuck deleting").click()
    expect(page.locator("[data-lookup] textarea")).not_to_have_value("")


@pytest.mark.parametrize(
    ("path", "guess"),
    [("en/vm_state/stoped/", "vm_state/stopped/"), ("en/action/confirmresize", "action/confirm_resize/")],
)
def test_a_wrong_address_is_answered_with_what_it_may_have_meant(
    page: Page, served_site: str, path: str, guess: str
) -> None:
    page.goto(served_site + path)
    english = page.locator("section[lang=en]")
    expect(english.locator("[data-guesses] a").first).to_have_attribute("href", f"{served_site}en/{guess}")
    expect(page.locator("section[lang=ko] [data-guesses] a").first).to_have_attribute(
        "href", f"{served_site}ko/{guess}"
    )
    expect(english.get_by_role("link", name="Runbooks")).to_have_attribute("href", f"{served_site}en/runbook/")


def test_an_address_that_is_like_none_is_not_guessed(page: Page, served_site: str) -> None:
    page.goto(f"{served_site}en/qzxwvkjh/")
    page.wait_for_load_state("networkidle")
    expect(page.locator("section[lang=en] [data-guesses]")).to_be_hidden()


def test_the_footer_says_of_when_the_facts_are_and_where_to_report(page: Page, served_site: str) -> None:
    page.goto(f"{served_site}en/vm_state/active/")
    footer = page.locator(".md-footer")
    expect(footer).to_contain_text("34.0.0, 2026-09-30")
    footer.get_by_role("link", name="Report what is wrong").click()
    expect(page).to_have_url(f"{served_site}en/about/#report")
    expect(page.locator("#report")).to_be_in_viewport()


@pytest.mark.parametrize("section", ["guide", "runbook", "matrix", "about"])
def test_breadcrumbs_lead_to_the_index_of_the_section(page: Page, served_site: str, section: str) -> None:
    page.goto(f"{served_site}ko/{section}/")
    inside = page.locator(f"article a[href^='../{section}/']").first
    inside.click()
    page.locator(".md-path a").last.click()
    expect(page).to_have_url(f"{served_site}ko/{section}/")
