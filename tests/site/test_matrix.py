"""A matrix in a real browser: heads stay in view, cells lead to their reasons, the filter narrows it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page


@pytest.fixture
def matrix(page: Page, served_site: str) -> Locator:
    """The matrix of actions by task_state, the largest there is."""
    page.goto(f"{served_site}ko/matrix/guards/")
    return page.locator(".matrix").nth(1)


def test_heads_stay_in_view(page: Page, matrix: Locator) -> None:
    matrix.scroll_into_view_if_needed()
    frame = matrix.bounding_box()
    matrix.evaluate("frame => frame.scrollTo(frame.scrollWidth, frame.scrollHeight)")
    page.wait_for_timeout(100)
    last = matrix.locator("tbody tr").last.locator("th")
    row, column = last.bounding_box(), matrix.locator("thead th").last.bounding_box()
    assert frame is not None
    assert row is not None
    assert column is not None
    assert row["x"] == pytest.approx(frame["x"], abs=3)
    assert column["y"] == pytest.approx(frame["y"], abs=3)


def test_cell_names_row_and_column_and_leads_to_its_reason(page: Page, matrix: Locator) -> None:
    cell = matrix.locator("tbody tr", has=page.locator("th", has_text="evacuate")).locator("td a").nth(1)
    assert "evacuate" in (cell.get_attribute("title") or "")
    assert "scheduling" in (cell.get_attribute("title") or "")
    cell.click()
    expect(page).to_have_url(re.compile("/ko/action/evacuate/#guards$"))


def test_filter_narrows_rows_and_columns(page: Page, matrix: Locator) -> None:
    box = page.get_by_role("searchbox", name="행과 열 거르기").nth(1)
    rows, columns = matrix.locator("tbody tr:visible"), matrix.locator("thead th:visible")
    everything = (rows.count(), columns.count())
    box.fill("evacuate deleting")
    assert rows.locator("th").all_inner_texts() == ["evacuate"]
    assert columns.all_inner_texts() == ["deleting", "soft-deleting"]
    box.fill("no such name")
    assert (rows.count(), columns.count()) == everything


def test_a_matrix_scrolls_inside_its_frame_on_a_phone(page: Page, served_site: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{served_site}en/matrix/guards/")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
