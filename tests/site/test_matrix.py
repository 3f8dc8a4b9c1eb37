"""A matrix in a real browser: heads stay in view, cells lead to their reasons, the filter narrows it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.site.test_accessibility import LOOKS, Look, ask_axe, open_page

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page, ViewportSize


PLACES = """frame => Object.fromEntries(
  Object.entries({
    frame,
    corner: frame.querySelector("thead tr > :first-child"),
    row: [...frame.querySelectorAll("tbody th")].at(-1),
    column: [...frame.querySelectorAll("thead th")].at(-1),
  }).map(([name, element]) => [name, element.getBoundingClientRect().toJSON()]),
)"""
"""Where the frame and its heads are, all at one moment: what is fetched for a page may still move it."""


@pytest.fixture
def matrix(page: Page, served_site: str) -> Locator:
    """The matrix of actions by task_state, the largest there is."""
    page.goto(f"{served_site}ko/matrix/guards/")
    return page.locator(".matrix").nth(1)


@pytest.mark.parametrize("size", [{"width": 1280, "height": 720}, {"width": 360, "height": 740}])
def test_heads_stay_in_view(page: Page, matrix: Locator, size: ViewportSize) -> None:
    page.set_viewport_size(size)
    matrix.scroll_into_view_if_needed()
    matrix.evaluate("frame => frame.scrollTo(frame.scrollWidth, frame.scrollHeight)")
    page.wait_for_timeout(100)
    places = matrix.evaluate(PLACES)
    for head, side in (("corner", "x"), ("corner", "y"), ("row", "x"), ("column", "y")):
        assert places[head][side] == pytest.approx(places["frame"][side], abs=3), (head, side)


def test_cell_names_row_and_column_and_leads_to_its_reason(page: Page, matrix: Locator) -> None:
    cell = matrix.locator("tbody tr", has=page.locator("th", has_text="evacuate")).locator("td a").nth(1)
    expect(cell).to_have_attribute("aria-label", re.compile("evacuate · .*scheduling: "))
    cell.click()
    expect(page).to_have_url(re.compile("/ko/action/evacuate/#guards$"))


def test_filter_narrows_rows_and_columns(page: Page, matrix: Locator) -> None:
    box = page.get_by_role("searchbox", name="행과 열 거르기").nth(1)
    rows, columns = matrix.locator("tbody tr:visible"), matrix.locator("thead th:visible")
    everything = (rows.count(), columns.count())
    box.fill("evacuate deleting")
    assert rows.locator("th").all_inner_texts() == ["evacuate"]
    assert columns.all_inner_texts() == ["deleting"]  # and not soft-deleting, as the word is a whole name
    box.fill("no such name")
    assert (rows.count(), columns.count()) == everything


def test_a_filter_holds_for_all_matrices_of_a_page_and_has_an_address(page: Page, served_site: str) -> None:
    page.goto(f"{served_site}en/matrix/guards/?show=evacuate,deleting")
    boxes = page.get_by_role("searchbox", name="Filter rows and columns")
    expect(boxes.nth(0)).to_have_value("evacuate,deleting")
    for number in range(2):
        rows = page.locator(".matrix").nth(number).locator("tbody tr:visible th")
        assert rows.all_inner_texts() == ["evacuate"]
    boxes.nth(1).fill("resize paused")
    expect(page).to_have_url(f"{served_site}en/matrix/guards/?show=resize+paused")
    assert page.locator(".matrix").first.locator("thead th:visible").all_inner_texts() == ["paused"]
    assert page.locator(".matrix").first.locator("tbody th:visible").all_inner_texts() == ["resize"]
    boxes.nth(1).fill("")
    expect(page).to_have_url(f"{served_site}en/matrix/guards/")


def test_a_page_of_matrices_is_passed_in_few_stops(page: Page, served_site: str) -> None:
    page.goto(f"{served_site}en/matrix/guards/")
    page.locator(".matrix-filter").first.focus()
    stops = 0
    while page.evaluate("document.activeElement.closest('article') !== null"):
        page.keyboard.press("Tab")
        stops += 1
        assert stops <= 10
    assert stops >= 4  # two filters and two grids


def test_arrow_keys_walk_the_cells_and_the_address_follows(page: Page, served_site: str) -> None:
    page.goto(f"{served_site}en/matrix/guards/")
    page.locator(".matrix-filter").first.focus()
    page.keyboard.press("Tab")
    focused = page.locator(":focus")
    first = focused.get_attribute("aria-label")
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp"):
        page.keyboard.press(key)
        assert focused.count() == 1
    assert focused.get_attribute("aria-label") == first
    page.keyboard.press("Control+End")
    last = page.locator(".matrix").first.locator("tbody tr").last.locator("td").last.locator("a")
    expect(last).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(last).to_be_focused()
    page.keyboard.press("Home")
    expect(focused).to_have_text(page.locator(".matrix").first.locator("tbody th").last.inner_text())
    page.keyboard.press("Control+Home")
    page.keyboard.press("ArrowRight")
    expect(focused).to_have_text("active")
    page.keyboard.press("PageDown")
    expect(page).to_have_url(re.compile(r"#vm_state/\w+/active$"))
    focused_address = page.url.partition("#")[2]
    page.reload()
    expect(page.locator(":focus")).to_have_attribute("aria-label", re.compile(" · active"))
    page.locator(".language-switch").click()
    expect(page).to_have_url(re.compile(f"/ko/matrix/guards/#{focused_address}$"))


def test_an_address_opens_its_cell_and_one_of_no_cell_says_so(page: Page, served_site: str) -> None:
    page.goto(f"{served_site}en/matrix/guards/#vm_state/resize/paused")
    cell = page.locator(".matrix .is-addressed")
    expect(cell.locator("a")).to_have_attribute("aria-label", re.compile("^resize · paused"))
    expect(cell.locator("a")).to_be_focused()
    expect(cell).to_be_in_viewport()
    tip = page.locator(".matrix-tip")
    expect(tip).to_contain_text("resize · paused")
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()
    page.evaluate("location.hash = '#vm_state/fly/%E0'")
    expect(page.locator(".matrix-lost")).to_have_text("There is no such cell on this page: fly · %E0")
    page.evaluate("location.hash = '#vm_state/stop/active'")
    expect(page.locator(".matrix-lost")).to_have_count(0)


def test_a_tip_opens_on_focus_hover_and_tap(browser: Browser, served_site: str) -> None:
    context = browser.new_context(has_touch=True, viewport={"width": 360, "height": 740})
    page = context.new_page()
    address = f"{served_site}en/matrix/guards/"
    page.goto(address)
    tip = page.locator(".matrix-tip")
    cell = page.locator(".matrix").first.locator("tbody tr").nth(2).locator("td a").first
    cell.scroll_into_view_if_needed()
    cell.tap()
    expect(tip).to_contain_text(cell.get_attribute("aria-label") or "nothing")
    assert page.url.partition("#")[0] == address  # a finger is told first, and goes on from there
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()
    cell.hover()
    expect(tip).to_be_visible()
    page.keyboard.press("Escape")
    cell.tap()
    tip.get_by_role("link", name="Open the page").click()
    page.wait_for_url("**/en/action/**")
    context.close()


def test_without_script_each_cell_is_a_link_with_its_meaning(browser: Browser, served_site: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{served_site}en/matrix/guards/")
    cell = page.locator(".matrix").first.locator("tbody td a").first
    assert " · active" in (cell.get_attribute("title") or "")
    context.close()


def test_a_matrix_scrolls_inside_its_frame_on_a_phone(page: Page, served_site: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{served_site}en/matrix/guards/")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_no_word_of_a_matrix_is_broken(page: Page, served_site: str) -> None:
    page.set_viewport_size({"width": 320, "height": 740})
    page.goto(f"{served_site}en/matrix/statuses/")
    lines = page.eval_on_selector_all(
        ".matrix tbody td a",
        """links => links.filter((link) => {
            const text = document.createRange();
            text.selectNodeContents(link);
            return new Set([...text.getClientRects()].map(({ top }) => Math.round(top))).size > 1;
        }).map((link) => link.textContent)""",
    )
    expect(page.locator(".matrix tbody td a").first).to_be_visible()
    assert lines == []
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_a_cell_that_is_not_there_is_told_whatever_is_missing_of_it(page: Page, served_site: str) -> None:
    for name in ("vm_state/nonsense", "vm_state/resize/paused/more"):
        page.goto(f"{served_site}en/matrix/guards/#{name}")
        expect(page.locator(".matrix-lost")).to_have_count(1)
        expect(page.locator(".lost")).to_have_count(0)
        page.goto("about:blank")


def test_a_cell_of_the_folded_grid_of_statuses_keeps_its_address(page: Page, served_site: str) -> None:
    page.goto(f"{served_site}en/matrix/statuses/")
    short, full = page.locator(".matrix").first, page.locator(".matrix").nth(1)
    expect(full).to_be_hidden()
    assert short.locator("tbody tr").count() < full.locator("tbody tr").count()
    page.goto("about:blank")
    page.goto(f"{served_site}en/matrix/statuses/#statuses/powering-off/active")
    cell = full.locator(".is-addressed")
    expect(cell.locator("a")).to_have_attribute(
        "aria-label", re.compile("^powering-off · active|^active · powering-off")
    )
    expect(cell).to_be_in_viewport()
    expect(page.locator(".matrix-lost")).to_have_count(0)


def test_the_tasks_of_a_shared_row_are_named(page: Page, served_site: str) -> None:
    page.goto(f"{served_site}ko/matrix/statuses/")
    row = page.locator(".matrix").first.locator("tbody th").last
    expect(row).to_have_text(re.compile(r"^그 밖의 작업 \d+개$"))
    row.locator("a").click()
    expect(page).to_have_url(re.compile("#shared-rows$"))
    page.locator("#shared-rows ~ details summary").first.click()
    expect(page.get_by_role("link", name="powering-off").last).to_be_visible()


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_in_a_matrix_whose_full_grid_is_open(browser: Browser, served_site: str, look: Look) -> None:
    page = open_page(browser, look)
    page.goto(f"{served_site}ko/matrix/statuses/#statuses/powering-off/active")
    expect(page.locator(".matrix").nth(1)).to_be_visible()
    assert list(ask_axe(page)) == []
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.context.close()
