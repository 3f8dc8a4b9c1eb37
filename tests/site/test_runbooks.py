"""A runbook is one screen of a desk: symptom, checks, decision, commands, costs, and how to know that it worked."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

DOCS = Path(__file__).parents[2] / "docs"
RUNBOOKS = sorted(path.stem for path in (DOCS / "en/runbook").glob("*.md"))
PARTS = ["symptom", "checks", "decide", "do", "cost", "verify"]
WIDTH, HEIGHT = 1400, 900
BOTTOM = """
() => Math.max(
  ...[...document.querySelectorAll("article h1, article h1 ~ *")].map((one) => one.getBoundingClientRect().bottom)
)
"""
"""Where the last of what is said ends."""


@pytest.mark.parametrize("language", ["ko", "en"])
def test_each_runbook_is_one_screen_with_its_parts_in_order(page: Page, served_site: str, language: str) -> None:
    page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
    bottoms = {}
    for name in RUNBOOKS:
        page.goto(f"{served_site}{language}/runbook/{name}/")
        ids = page.eval_on_selector_all("article h2", "found => found.map((one) => one.id)")
        assert ids == PARTS, name
        bottoms[name] = page.evaluate(BOTTOM)
    assert {name: bottom for name, bottom in bottoms.items() if bottom > HEIGHT} == {}


def test_a_runbook_is_one_column_on_a_phone(page: Page, served_site: str) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(f"{served_site}ko/runbook/error-after-migration/")
    assert page.evaluate("getComputedStyle(document.querySelector('article')).columnCount") == "auto"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
