"""What a browser fetches with a page before anybody does anything: little, and nothing of parts that are not there."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

from tests.site.crawling import pages_of_each_kind
from tests.site.held_requests import HeldRequests

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page, Response

HOME, STATE, ANY = 130_000, 97_000, 110_000
"""Bytes of all that is fetched, gzipped."""
LATER = ("search/", "matrix", "lookup")
"""What addresses of parts that come later, or only where they are, hold."""


def fetched(page: Page, address: str) -> dict[str, int]:
    """What opening `address` fetches, with the gzipped sizes."""
    page.context.new_cdp_session(page).send("Network.setCacheDisabled", {"cacheDisabled": True})
    responses: list[Response] = []

    def keep(response: Response) -> None:
        responses.append(response)

    page.on("response", keep)
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.remove_listener("response", keep)
    return {found.url: len(gzip.compress(found.body(), mtime=0)) for found in responses}


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_page_fetches_little_before_anybody_turns_to_a_part(
    page: Page, served_site: str, built_site: Path, language: str
) -> None:
    heavy, needless = {}, []
    for path in pages_of_each_kind(built_site, language):
        if path.count("/") == 2 and not path.endswith("/lookup/"):
            continue  # the page of a folder is like the others, and smaller
        sizes = fetched(page, served_site + path)
        kind = path.split("/")[1]
        limit = {"": HOME, "vm_state": STATE, "task_state": STATE, "power_state": STATE, "status": STATE}.get(kind, ANY)
        if sum(sizes.values()) > limit:
            heavy[path] = sizes
        parts = {"": ("lookup",), "lookup": ("lookup",)}.get(kind, ())
        if page.locator(".matrix").count():
            parts = ("matrix",)
        assets = [url for url in sizes if "/assets/" in url]
        needless += [url for url in assets for part in LATER if part in url and part not in parts]
        needless += [url for url in sizes if "/lookup/" in url.partition("/assets/")[2]]
    assert heavy == {}
    assert needless == []


def test_what_is_done_to_the_lookup_before_its_scripts_are_there_is_not_lost(page: Page, served_site: str) -> None:
    held = HeldRequests(page, "**/assets/lookup/page.js")
    page.goto(f"{served_site}en/lookup/")
    box = page.locator("form[data-lookup] textarea")
    box.fill('{"vm_state": "stopped", "task_state": null, "power_state": 4}')
    page.get_by_role("button", name="Look up").click()
    assert page.url == f"{served_site}en/lookup/"
    held.release()
    page.locator("[data-lookup-headline]", has_text="SHUTOFF").wait_for()


def test_an_example_may_be_the_first_that_is_chosen(page: Page, served_site: str) -> None:
    page.goto(f"{served_site}ko/")
    page.locator("[data-lookup-example]").first.click()
    page.locator("[data-lookup-answer] h2").first.wait_for()


def test_a_lookup_that_cannot_be_loaded_says_so_and_is_tried_again(page: Page, served_site: str) -> None:
    page.route("**/assets/lookup/page.js", lambda route: route.abort())
    page.goto(f"{served_site}en/")
    box = page.locator("form[data-lookup] textarea")
    box.focus()
    page.locator("[data-lookup-headline]:not(:empty)").wait_for()
    page.unroute("**/assets/lookup/page.js")
    box.fill("SHUTOFF")
    page.get_by_role("button", name="Look up").click()
    page.locator("[data-lookup-headline]", has_text="SHUTOFF").wait_for()
