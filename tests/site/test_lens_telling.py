"""What a page tells of how another release differs from the newest, in a real browser."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.site.test_lens import NEWEST, look

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page


@pytest.mark.parametrize(
    ("address", "release", "called"),
    [
        ("en/action/", "13.1.4", "the list below"),
        ("en/group/", "13.1.4", "the list below"),
        ("en/error/letter-i/", "13.1.4", "the list below"),
        ("ko/error/letter-i/", "27.5.1", "아래 목록"),
        ("en/vm_state/active/", "33.0.2", "the picture of all states"),
        ("ko/vm_state/active/", "33.0.2", "전체 상태 그림"),
    ],
)
def test_a_part_without_a_heading_is_told_as_well(
    page: Page, served_site: str, address: str, release: str, called: str
) -> None:
    page.goto(f"{served_site}{address}?release={release}")
    told = page.locator(".lens__tells")
    expect(told.get_by_role("link", name=called)).to_have_count(1)
    name = told.get_by_role("link", name=called).get_attribute("href")
    assert page.locator(f"{name}.lens__differs").count() == 1


def test_a_part_that_differs_in_evidence_alone_is_not_told(page: Page, served_site: str) -> None:
    look(page, f"{served_site}en/action/resize/", "27.5.1")
    told = page.locator(".lens__tells")
    expect(told.get_by_role("link", name="When it is refused")).to_have_count(1)
    for name in ("Allowed from", "REST requests"):
        expect(told.get_by_role("link", name=name)).to_have_count(0)
    for part, differs in (("rules", 0), ("requests", 0), ("refusal", 1)):
        assert page.locator(f"[data-part={part}].lens__differs").count() == differs, part
    known = page.locator("[data-part=refusal] tr", has_text="InstanceInvalidState")
    assert known.count() > 0
    assert page.locator("[data-part=refusal] tr.lens__other", has_text="InstanceInvalidState").count() == 0
    look(page, f"{served_site}ko/matrix/power-sync/", "33.0.2", "Nova {} (")
    expect(told).to_contain_text("34.0.0과 같고, 소스의 위치나 실행해 확인했는지만 다릅니다")


def test_rows_that_the_newest_release_does_not_have_are_marked(page: Page, served_site: str) -> None:
    look(page, f"{served_site}en/action/resize/", "33.0.2")
    expect(page.locator(".lens__tells")).to_contain_text(f"Tinted rows are not in {NEWEST}")
    rows = page.locator("[data-part=conditions] tbody tr")
    marked = page.locator("[data-part=conditions] tbody tr.lens__other")
    assert "block_shares_not_supported" in marked.inner_text()
    assert rows.count() > 1
    look(page, f"{served_site}en/matrix/guards/", "20.6.1")
    cells = page.locator(".matrix tbody td")
    assert 0 < page.locator(".matrix td.lens__other").count() < cells.count() / 2
    page.locator(".lens select").select_option(NEWEST)
    expect(page.locator(".lens__other")).to_have_count(0)


_PART = re.compile(r'<div data-part="(\w+)"([^>]*)>')


def test_each_part_has_a_heading_or_a_name(built_site: Path) -> None:
    nameless = set()
    for file in sorted(path for language in ("en", "ko") for path in built_site.glob(f"{language}/**/releases.json")):
        found = json.loads(file.read_text(encoding="utf-8"))
        html = (file.parent / "index.html").read_text(encoding="utf-8")
        for part, attributes in _PART.findall(html):
            if "data-called" in attributes:
                continue
            for number in {number for _, number in found["parts"][part]} - {-1}:
                text = "".join(found["pieces"][piece] for piece in found["contents"][number])
                if text.strip() and "<h2 id=" not in text:
                    nameless.add(f"{file.parent}: {part}")
    assert nameless == set()
