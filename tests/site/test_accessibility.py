"""axe-core finds nothing on any kind of page, in both languages, light and dark, on a phone and on a desk."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Literal

import pytest

from tests.site.conftest import ROOT
from tests.site.crawling import pages_of_each_kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from playwright.sync_api import Browser, Page

AXE = files("axe_playwright_python").joinpath("axe.min.js")
LANGUAGES = ("en", "ko")
Look = tuple[Literal["light", "dark"], int]
"""Colour scheme, and width in CSS pixels."""
LOOKS: tuple[Look, ...] = (("light", 1400), ("dark", 360), ("dark", 1400), ("light", 360))
KEEP_FEW = """() => {
    for (const parent of document.querySelectorAll("body *")) {
        const alike = {};
        for (const child of [...parent.children]) {
            const look = `${child.tagName} ${child.getAttribute("class")}`;
            alike[look] = (alike[look] ?? 0) + 1;
            if (alike[look] > 10) child.remove();
        }
    }
}"""
"""Rows of a table are alike, and axe takes a minute for some hundreds of them."""
SCHEMES = {"light": "default", "dark": "slate"}
"""What the theme calls the colours."""
FAINT_IN_THE_DARK = """addEventListener("DOMContentLoaded", () => {
    const style = document.createElement("style");
    style.textContent = "[data-md-color-scheme=slate] .faint { color: #333; background: #222 }";
    const faint = document.createElement("p");
    faint.className = "faint";
    faint.textContent = "hardly to be seen";
    document.head.append(style);
    document.querySelector("article").append(faint);
})"""
HAS_SCHEME = "(scheme) => document.body.dataset.mdColorScheme === scheme"


def pages_of_people(language: str) -> list[str]:
    """Each page that is written by hand, as an address below the site: they are alike in nothing."""
    written = (ROOT / "docs" / language).rglob("*.md")
    paths = (file.relative_to(ROOT / "docs").with_suffix("").as_posix() for file in written)
    return sorted(f"{path.removesuffix('index').rstrip('/')}/" for path in paths)


def open_page(browser: Browser, look: Look) -> Page:
    """Return a page of its own profile that looks so; axe puts styles into it, which the policy would forbid."""
    scheme, width = look
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900}, bypass_csp=True)
    return context.new_page()


def violations(page: Page, address: str) -> Iterator[str]:
    """What axe finds at `address`, each as one line."""
    page.goto(address)
    page.evaluate(KEEP_FEW)
    yield from ask_axe(page)


def violations_of_all_looks(page: Page, address: str) -> Iterator[str]:
    """What axe finds at `address` in every look.

    A page is loaded once, and what its width alone decides is asked once a width: in the other colours it is only the
    colours that differ.
    """
    page.goto(address)
    page.evaluate(KEEP_FEW)
    asked: set[int] = set()
    for look in LOOKS:
        put_on(page, look)
        yield from ask_axe(page, only=["color-contrast"] if look[1] in asked else [])
        asked.add(look[1])


def violations_of_text(page: Page, address: str) -> Iterator[str]:
    """What axe finds in the text at `address`, where the page around it was asked elsewhere.

    Colours are those of every other text, so that a look in each scheme and at each width is enough.
    """
    page.goto(address)
    page.evaluate(KEEP_FEW)
    for look in LOOKS[:2]:
        put_on(page, look)
        yield from ask_axe(page, within="article")


def put_on(page: Page, look: Look) -> None:
    """Have a page look so at once."""
    scheme, width = look
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    page.wait_for_function(HAS_SCHEME, arg=SCHEMES[scheme])
    page.evaluate("document.getAnimations().forEach((one) => one.finish())")


def ask_axe(page: Page, only: Sequence[str] = (), within: str = "html") -> Iterator[str]:
    """What axe finds on a page as it stands; of some rules and within some element only, where they are named."""
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    options = {"resultTypes": ["violations"], **({"runOnly": list(only)} if only else {})}
    for found in page.evaluate("(given) => axe.run(...given)", [within, options])["violations"]:
        for node in found["nodes"]:
            yield f"{page.url}: {found['id']}: {node['html'][:200]}: {node['failureSummary']}"


def test_axe_finds_what_is_wrong(browser: Browser, served_site: str) -> None:
    page = open_page(browser, LOOKS[0])
    page.goto(f"{served_site}404.html")
    page.evaluate("document.body.append(document.createElement('img'))")
    assert any(": image-alt: " in line for line in ask_axe(page))
    page.context.close()


def test_axe_finds_what_is_wrong_in_one_look_alone(browser: Browser, served_site: str) -> None:
    page = open_page(browser, LOOKS[0])
    page.add_init_script(FAINT_IN_THE_DARK)
    for ask, count in ((violations_of_all_looks, 2), (violations_of_text, 1)):  # of four looks, and of two
        found = list(ask(page, f"{served_site}en/guide/"))
        assert len(found) == count
        assert all(": color-contrast: " in line and "faint" in line for line in found)
    page.context.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing_on_a_page_of_each_kind(
    browser: Browser, served_site: str, built_site: Path, language: str
) -> None:
    pages = [open_page(browser, look) for look in LOOKS]
    shift = LANGUAGES.index(language) * 2  # what one language shows in light on a desk, the other does in the dark
    found = [
        line
        for place, path in enumerate(pages_of_each_kind(built_site, language))
        for line in violations(pages[(place + shift) % len(pages)], served_site + path)
    ]
    for page in pages:
        page.context.close()
    assert found == []


@pytest.mark.all_pages
@pytest.mark.parametrize("written", [False, True], ids=["of each kind", "by hand"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing_however_a_page_looks(
    browser: Browser, served_site: str, built_site: Path, language: str, *, written: bool
) -> None:
    page = open_page(browser, LOOKS[0])
    of_each_kind = set(pages_of_each_kind(built_site, language))
    paths = {*pages_of_people(language)} - of_each_kind if written else of_each_kind
    ask = violations_of_text if written else violations_of_all_looks
    found = [line for path in sorted(paths) for line in ask(page, served_site + path)]
    page.context.close()
    assert found == []
