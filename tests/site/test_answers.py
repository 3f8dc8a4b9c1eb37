"""What people ask is answered in the first two screens of the page that the question names (answers.tsv)."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from playwright.sync_api import Page

WIDTH, SCREENS = 1400, 1800
ANSWERS = Path(__file__).parent / "answers.tsv"
SEEN = """
(bottom) => {
  const texts = document.createTreeWalker(document.querySelector("article"), NodeFilter.SHOW_TEXT);
  const seen = [];
  const range = document.createRange();
  while (texts.nextNode()) {
    range.selectNodeContents(texts.currentNode);
    const place = range.getBoundingClientRect();
    if (place.height && place.bottom <= bottom) seen.push(texts.currentNode.textContent);
  }
  return seen.join(" ");
}
"""


@pytest.mark.parametrize("language", ["ko", "en"])
def test_questions_are_answered_in_two_screens(page: Page, served_site: str, language: str) -> None:
    with ANSWERS.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE) if row["lang"] == language]
    page.set_viewport_size({"width": WIDTH, "height": SCREENS // 2})
    missing = {}
    for row in rows:
        page.goto(f"{served_site}{language}/{row['page']}")
        seen = page.evaluate(SEEN, SCREENS).casefold()
        if lacks := [words for words in row["says"].split("|") if words.casefold() not in seen]:
            missing[row["question"]] = lacks
    assert missing == {}
