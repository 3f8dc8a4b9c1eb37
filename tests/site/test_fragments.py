"""What a page says of an address that names a place which it does not have, in a real browser."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

LOST = {
    "en": "There is no “{}” on this page: it is shown from its beginning.",
    "ko": "이 페이지에는 ‘{}’ 위치가 없어서 페이지의 처음을 보여 줍니다.",
}


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("en/vm_state/active/", "nonsense"),
        ("ko/action/resize/", "nonsense"),
        ("ko/action/resize/?release=20.6.1", "nonsense"),
        ("en/lookup/", "nonsense"),
        ("en/matrix/guards/", "resize/nonsense"),
        ("en/guide/resize/", "%ED%81%AC%EA%B8%B0"),
    ],
)
def test_an_address_of_no_place_is_told_in_one_line(page: Page, served_site: str, address: str, name: str) -> None:
    page.goto(f"{served_site}{address}#{name}")
    lost = page.locator(".lost")
    expect(lost).to_have_text(LOST[address[:2]].format(unquote(name)))
    assert page.evaluate("scrollY") == 0
    page.evaluate("location.hash = document.querySelector('article [id]').id")
    expect(lost).to_have_count(0)


@pytest.mark.parametrize(
    ("address", "name"),
    [
        *(("en/action/evacuate/", name) for name in ("history", "__comments", "top", ":~:text=nova")),
        ("en/matrix/guards/", "vm_state/resize/paused"),
    ],
)
def test_an_address_of_a_place_tells_nothing(page: Page, served_site: str, address: str, name: str) -> None:
    page.goto(f"{served_site}{address}#{name}")
    expect(page.locator(".lens select")).to_have_count(1)
    page.wait_for_load_state("networkidle")
    assert page.locator(".lost").count() == 0
