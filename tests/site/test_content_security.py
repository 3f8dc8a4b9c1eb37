"""The whole site works under the policy that its pages name, sent as a header: nothing is forbidden anywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from nova_states.site.content_security import POLICY, InlineScripts
from tests.site.crawling import pages_of_each_kind

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page


def test_the_policy_allows_no_text_of_a_page_to_be_run() -> None:
    assert "unsafe" not in POLICY
    assert POLICY.startswith("default-src 'self';")


def test_scripts_become_files_named_by_what_they_hold_and_data_stay(tmp_path: Path) -> None:
    scripts = InlineScripts()
    data = '<script id="__config" type="application/json">{}</script>'
    deep = scripts.move(f"<script>\nrun()</script>{data}", "en/action/stop/")
    flat = scripts.move("<script>run()</script>", "")
    scripts.write(tmp_path)
    (file,) = tmp_path.rglob("*.js")
    assert deep == f'<script src="../../../assets/scripts/{file.name}"></script>{data}'
    assert flat == f'<script src="assets/scripts/{file.name}"></script>'
    assert file.read_text(encoding="utf-8") == "run()\n"


def test_the_policy_is_enforced_where_the_tests_run(
    browser: Browser, served_site: str, policy_reports: list[str]
) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{served_site}en/about/")
    with page.expect_event("requestfinished", lambda request: request.url.endswith("/reports")):
        page.evaluate("""() => {
            const script = document.createElement("script");
            script.textContent = "window.isRun = true";
            document.body.append(script);
        }""")
    assert page.evaluate("window.isRun") is None
    context.close()
    assert policy_reports


@pytest.mark.parametrize("language", ["en", "ko"])
def test_nothing_is_forbidden_on_any_kind_of_page(
    page: Page, served_site: str, built_site: Path, policy_reports: list[str], language: str
) -> None:
    known = len(policy_reports)
    for path in pages_of_each_kind(built_site, language):
        page.goto(served_site + path)
        page.emulate_media(media="print")
        page.emulate_media(media="screen")
    page.goto(f"{served_site}{language}/no/such/page/")
    assert page.evaluate("getComputedStyle(document.body).maxWidth") != "none"  # its style sheet was found
    assert policy_reports[known:] == []


def test_nothing_is_forbidden_to_what_a_reader_does(page: Page, served_site: str, policy_reports: list[str]) -> None:
    known = len(policy_reports)
    page.goto(served_site)
    page.wait_for_url(f"{served_site}en/")
    page.goto(f"{served_site}en/lookup/")
    page.locator(".lookup textarea").fill('{"OS-EXT-STS:vm_state": "active", "OS-EXT-STS:task_state": "deleting"}')
    page.get_by_role("button", name="Look up").click()
    expect(page.locator("[data-lookup-headline]")).not_to_be_empty()
    page.keyboard.press("Escape")
    page.locator(".md-search__input").click()
    page.locator(".md-search__input").fill("SHUTOFF")
    page.locator(".md-search-result__link").first.wait_for()
    page.goto(f"{served_site}en/matrix/guards/")
    page.locator(".matrix-filter").first.fill("stop")
    page.get_by_title("Switch to light mode").click()
    page.get_by_title("Switch to dark mode").click()
    page.goto(f"{served_site}en/action/stop/")
    page.locator("pre button").first.click()
    page.goto(f"{served_site}en/guide/tools/")
    page.locator(".tabbed-labels label").nth(1).click()
    assert policy_reports[known:] == []
