"""The picture of another release can be taken away as well, in both colours."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

SVG = "{http://www.w3.org/2000/svg}"
SCHEMES = ("light", "dark")


def texts(svg: ET.Element) -> list[str]:
    return ["".join(text.itertext()) for text in svg.iter(f"{SVG}text")]


def rgb(colour: str) -> str:
    """A colour as a browser writes it."""
    parts = re.fullmatch("#(..)(..)(..)", colour)
    return f"rgb({', '.join(str(int(part, 16)) for part in parts.groups())})" if parts else colour


def colours(svg: ET.Element) -> list[str]:
    """How what has a text is filled, by its place."""
    return [rgb(shape.get("fill", "")) for shape in svg.iter() if shape.tag in {f"{SVG}rect", f"{SVG}text"}]


@pytest.mark.parametrize("place", [0, 1], ids=SCHEMES)
def test_what_is_shown_is_what_is_saved(page: Page, served_site: str, built_site: Path, place: int) -> None:
    page.goto(f"{served_site}en/?release=20.6.1")
    expect(page.locator(".machine-map .map-subtitle")).to_contain_text("Nova 20.6.1 (Train)")
    with page.expect_download() as saved:
        page.locator(".map figcaption a").nth(place).click()
    assert saved.value.suggested_filename == f"vm-states-en-{SCHEMES[place]}-20.6.1.svg"
    svg = ET.parse(saved.value.path()).getroot()
    assert texts(svg) == page.locator(".machine-map text").all_text_contents()
    assert any("Nova 20.6.1 (Train)" in text for text in texts(svg))
    assert list(svg.iter(f"{SVG}a")) == []
    published = ET.parse(built_site / f"assets/pictures/vm-states-en-{SCHEMES[place]}.svg").getroot()
    assert colours(svg)[0] == colours(published)[0]  # of the page
    assert all(re.fullmatch(r"none|rgb\(\d+, \d+, \d+\)", colour) for colour in colours(svg))


def shown(page: Page, address: str) -> list[str]:
    """What leads from one state to another, in the picture at `address` of Mitaka."""
    page.goto(f"{address}?release=13.1.4")
    expect(page.locator(".machine-map .map-subtitle")).to_contain_text("Nova 13.1.4 (Mitaka)")
    return [text for text in page.locator(".machine-map g > title").all_text_contents() if " → " in text]


def test_the_first_page_shows_the_picture_of_the_release(page: Page, served_site: str) -> None:
    ways = shown(page, f"{served_site}en/")
    expect(page.locator(".lens__tells")).to_contain_text("the picture shows it")
    assert len(ways) > 20
    assert ways == shown(page, f"{served_site}en/vm_state/deleted/")
