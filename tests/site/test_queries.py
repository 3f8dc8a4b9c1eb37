"""What people ask the search box finds the page that answers it: questions of queries.tsv, in the real box."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

QUERIES = Path(__file__).with_name("queries.tsv")
RESULT = ".md-search-result__link"

FIRST, FIRST_THREE = 17, 19
"""Of 20 questions a language, how many must be answered by the first result, and by one of the first three."""


def read_queries(language: str) -> list[tuple[str, set[str]]]:
    """The questions of a language, each with the ids of pages that answer it."""
    with QUERIES.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t") if row["lang"] == language]
    return [(row["query"], {name.lower() for name in row["expected"].split("|")}) for row in rows]


def ask(page: Page, query: str) -> list[str]:
    """Ids of the pages found, best first."""
    box = page.locator(".md-search__input")
    for text in ("", query):
        box.fill(text)
        page.keyboard.press("Shift")
        page.wait_for_timeout(300)
    links = page.locator(RESULT).evaluate_all("links => links.map(link => new URL(link.href).pathname)")
    return [":".join(re.sub(r"^.*?/(?:ko|en)/", "", link).strip("/").split("/")) for link in links]


@pytest.mark.parametrize("language", ["ko", "en"])
def test_questions_are_answered(page: Page, served_site: str, language: str) -> None:
    page.goto(f"{served_site}{language}/vm_state/stopped/")
    page.locator(".md-search__input").click()
    page.wait_for_timeout(1000)
    places = []
    for query, answers in read_queries(language):
        found = ask(page, query)
        places.append(next((place for place, name in enumerate(found) if name in answers), len(found) + 3))
    assert sum(place == 0 for place in places) >= FIRST, places
    assert sum(place < 3 for place in places) >= FIRST_THREE, places
