"""Where a reader meets the story of an action: in a real browser, in both languages, wide and narrow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

LONGEST = ("create", "resize", "live_migrate", "evacuate", "shelve", "backup")
SCREENS = {1400: 900, 360: 2 * 740}
"""Width → height within which a story ends: the first screen, or the first two of a phone."""
FINAL = """() => {
  const story = document.querySelector("ol.story").getBoundingClientRect();
  return { bottom: story.bottom + scrollY, width: document.documentElement.scrollWidth };
}"""


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("width", SCREENS)
def test_a_story_ends_on_the_first_screen(page: Page, served_site: str, language: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900 if width > 1000 else 740})
    for action in LONGEST:
        page.goto(f"{served_site}{language}/action/{action}/")
        found = page.evaluate(FINAL)
        assert found["bottom"] <= SCREENS[width], action
        assert found["width"] <= width, action


def test_the_exact_rows_are_one_click_away_and_fit_a_phone(page: Page, served_site: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{served_site}ko/action/resize/")
    rows = page.locator("details.exact li")
    assert not rows.first.is_visible()
    page.locator("details.exact > summary").click()
    assert rows.first.is_visible()
    edges = rows.evaluate_all(
        "rows => rows.map(row => [row.scrollWidth - row.clientWidth, row.getBoundingClientRect().right])"
    )
    assert all(hidden <= 0 and right <= 360 for hidden, right in edges)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_arrows_lead_to_their_steps_by_keyboard_and_say_them(page: Page, served_site: str, language: str) -> None:
    page.goto(f"{served_site}{language}/action/resize/")
    step = page.locator("#step-5 .story__does")
    badge = page.locator(".diagram .badge[href='#step-5']")
    said = badge.locator("title").text_content() or ""
    assert said.startswith("5. nova-compute: ")
    assert said.removeprefix("5. nova-compute: ") in (step.text_content() or "")
    assert page.get_by_role("link", name=said, exact=True).count() == 1
    badge.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/action/resize/#step-5")
    assert step.evaluate("step => step.closest('li').matches(':target')")


@pytest.mark.parametrize("language", ["ko", "en"])
def test_failures_are_one_link_of_the_picture(page: Page, served_site: str, language: str) -> None:
    page.goto(f"{served_site}{language}/action/resize/")
    ends = page.locator(".diagram .ends")
    assert ends.count() == 1
    ends.click()
    page.wait_for_url("**/action/resize/#failures")
    assert page.locator("#failures").is_visible()
    for summary in page.locator(".leavings summary").all():
        assert summary.locator(".chip--status").count() > 0


@pytest.mark.parametrize("action", ["create", "resize", "live_migrate", "evacuate", "delete", "soft_reboot"])
def test_a_phone_shows_a_picture_as_a_whole(page: Page, served_site: str, action: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{served_site}ko/action/{action}/")
    assert page.locator(".picture").first.evaluate("picture => picture.scrollWidth - picture.clientWidth") <= 0
