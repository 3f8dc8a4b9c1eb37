"""The release as a lens: what a page shows of the release that a reader chose, in a real browser."""

from __future__ import annotations

import gzip
import json
import re
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest
from playwright.sync_api import Page, expect

from nova_states.catalog.catalog import Catalog, load_catalog
from nova_states.catalog.permissions import decide, usual_server
from nova_states.catalog.release import Release
from nova_states.catalog.transition_graph import transitions_of
from nova_states.facts.guard_check import ServerStates
from nova_states.pages.action_steps import alike
from tests.site.test_accessibility import KEEP_FEW, LOOKS, Look, ask_axe, open_page

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

RELEASES = ("13.0.0", "16.1.8", "20.6.1", "21.1.0", "25.3.0", "29.2.0")
"""The oldest, the newest of some series, and point releases."""
NEWEST = "34.0.0"
HEAVIEST = 60_000
"""Bytes, gzipped, of the file of a page: those of two large matrices have as much to tell as all else together."""
QUICK = 100
"""Milliseconds that a switch may take once its data is there."""


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def look(page: Page, address: str, release: str, told: str = "As of Nova {}") -> None:
    """Open a page as of a release."""
    page.goto(f"{address}?release={release}")
    expect(page.locator(".lens__tells")).to_contain_text(told.format(release))
    expect(page.locator(".lens select")).to_have_value(release)


def texts(page: Page, selector: str) -> list[str]:
    return [text.strip() for text in page.locator(selector).all_text_contents()]


@pytest.mark.parametrize("version", RELEASES)
@pytest.mark.parametrize("action", ["resize", "evacuate", "unshelve", "create"])
def test_an_action_is_allowed_and_goes_on_as_the_release_says(
    page: Page, served_site: str, catalog: Catalog, version: str, action: str
) -> None:
    release = catalog.release(version)
    look(page, f"{served_site}en/action/{action}/", version)
    rows = transitions_of(release, action)
    exact = page.locator("#exact > ul > li")
    assert exact.count() == len(list(alike(rows)))
    ends = {row.end.vm_state for row in rows} - {"="}
    assert all(exact.filter(has_text=end).count() for end in ends)
    if not release.guards_of(action):
        assert page.locator("#guards ~ .pills").count() == 0
        return
    pills = page.locator("[data-part=rules] .pills").first.locator("a.pill")
    told = {link.get_attribute("title") for link in pills.all()}
    assert told == {f"{vm}: {'allowed' if is_asked(release, action, vm) else 'refused'}" for vm in release.vm_states}


def is_asked(release: Release, action: str, vm_state: str) -> bool:
    """Whether an action is allowed in a vm_state, with some task at least."""
    servers = (ServerStates(vm_state=vm_state, task_state=task) for task in (None, *release.task_states))
    return any(decide(release, action, server) is None for server in servers)


@pytest.mark.parametrize("version", RELEASES)
def test_the_matrix_of_guards_is_that_of_the_release(
    page: Page, served_site: str, catalog: Catalog, version: str
) -> None:
    release = catalog.release(version)
    look(page, f"{served_site}en/matrix/guards/", version)
    rows = page.evaluate(
        """() => [...document.querySelectorAll("[data-part] table")[0].rows].slice(1).map((row) =>
            [row.cells[0].textContent.trim(), [...row.cells].slice(1).map((cell) => cell.textContent.trim())])"""
    )
    assert rows
    for action, signs in rows:
        if action in release.guards:
            usual = usual_server(release, action)
            for vm_state, sign in zip(release.vm_states, signs, strict=True):
                server = ServerStates(vm_state=vm_state, task_state=usual.task_state)
                assert (sign == "–") == (decide(release, action, server) is not None), (action, vm_state)


@pytest.mark.parametrize("version", RELEASES)
@pytest.mark.parametrize("name", ["stopped", "shelved_offloaded", "error"])
def test_a_state_allows_what_the_release_allows(
    page: Page, served_site: str, catalog: Catalog, version: str, name: str
) -> None:
    release = catalog.release(version)
    look(page, f"{served_site}en/vm_state/{name}/", version)
    allowed = set(texts(page, "[data-part=allowed] .rows__name a.chip"))
    refused = set(texts(page, "[data-part=allowed] table a.chip--action"))
    asked = {
        action
        for action, fact in release.actions.items()
        if fact.guarded_by == action
        and action != "create"
        and not (action in release.parts and action not in release.guards)
    }
    servers = {a: ServerStates(vm_state=name, task_state=usual_server(release, a).task_state) for a in asked}
    assert allowed == {a for a in asked if decide(release, a, servers[a]) is None}
    assert refused == asked - allowed
    assert f"Nova {version} (" in page.locator(".map-subtitle").text_content()  # type: ignore[operator]


def test_the_choice_is_kept_while_one_moves_about_and_between_languages(page: Page, served_site: str) -> None:
    page.goto(f"{served_site}en/action/stop/")
    page.locator(".lens select").select_option("20.6.1")
    expect(page).to_have_url(f"{served_site}en/action/stop/?release=20.6.1")
    page.locator("[data-translation]").click()
    expect(page).to_have_url(f"{served_site}ko/action/stop/?release=20.6.1")
    expect(page.locator(".lens__tells")).to_contain_text("Nova 20.6.1 (Train) 기준")
    page.goto(f"{served_site}ko/vm_state/active/")
    expect(page).to_have_url(f"{served_site}ko/vm_state/active/?release=20.6.1")
    page.locator(".lens select").select_option(NEWEST)
    expect(page).to_have_url(f"{served_site}ko/vm_state/active/")
    page.goto(f"{served_site}ko/action/stop/")
    expect(page.locator(".lens select")).to_have_value(NEWEST)


def test_coming_back_to_the_newest_leaves_nothing_behind(page: Page, served_site: str) -> None:
    page.goto(f"{served_site}en/action/rebuild/")
    expect(page.locator(".lens select")).to_have_value(NEWEST)
    before = page.locator("article").inner_html()
    page.locator(".lens select").select_option("16.1.8")
    expect(page.locator(".lens__tells")).to_contain_text("differ")
    assert page.locator("article").inner_html() != before
    page.locator(".lens select").select_option(NEWEST)
    expect(page.locator(".lens__tells")).to_have_text("")
    after = page.locator("article").inner_html()
    assert re.sub(r' class="(lens)?"', "", after) == re.sub(r' class="(lens)?"', "", before)


def test_a_series_and_its_end_of_life(page: Page, served_site: str) -> None:
    page.goto(f"{served_site}en/action/stop/?release=train")
    expect(page.locator(".lens select")).to_have_value("20.6.1")
    expect(page.locator(".lens__tells")).to_contain_text("end of life since 20")


LIVES = {
    "en": {
        "2026-04-01": ["2024.2 Dalmatian · end of life on 2026-04-29", "2025.1 Epoxy · maintained until 2026-10-02"],
        "2026-11-01": [
            "2024.2 Dalmatian · end of life since 2026-04-29",
            "2025.1 Epoxy · maintained until 2026-10-02, as planned, a date that has passed",
        ],
    },
    "ko": {
        "2026-04-01": ["2024.2 Dalmatian · 2026-04-29 지원 종료 예정", "2025.1 Epoxy · 2026-10-02까지 유지 관리 예정"],
        "2026-11-01": [
            "2024.2 Dalmatian · 2026-04-29 지원 종료",
            "2025.1 Epoxy · 2026-10-02까지 유지 관리 예정(날짜 지남)",
        ],
    },
}
"""Language → day → how entries of the list begin on it."""


@pytest.mark.parametrize("language", LIVES)
@pytest.mark.parametrize("width", [1400, 360])
def test_each_series_of_the_list_says_how_far_it_is_in_its_life(
    page: Page, served_site: str, catalog: Catalog, language: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    for day, begins in LIVES[language].items():
        page.clock.set_fixed_time(f"{day}T12:00:00Z")
        page.goto(f"{served_site}{language}/action/stop/")
        groups = page.locator(".lens select optgroup")
        expect(groups).to_have_count(len(catalog.series))
        labels = groups.evaluate_all("groups => groups.map((group) => group.label)")
        assert all(label.partition(" · ")[2] for label in labels)
        for begin in begins:
            assert [label for label in labels if label.startswith(begin)], (begin, labels)
        listed = [option for option in page.locator(".lens select option").all_inner_texts() if option]
        assert set(listed) == set(catalog.versions)
        place = page.locator(".lens select").bounding_box()
        assert place is not None
        assert place["x"] >= 0
        assert place["x"] + place["width"] <= width
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("word", ["9.9.9", "kilo2", "<b>x</b>"])
def test_an_unknown_release_is_told(page: Page, served_site: str, word: str) -> None:
    page.goto(f"{served_site}en/action/stop/?release={word}")
    expect(page.locator(".lens__tells")).to_have_text(f"There is no release “{word}”: the newest is shown.")
    expect(page.locator(".lens select")).to_have_value(NEWEST)
    expect(page).to_have_url(f"{served_site}en/action/stop/")


def test_a_choice_that_is_no_longer_there_is_told_once(page: Page, served_site: str) -> None:
    # Not from a page of the site: the lens of one, as it starts, would forget the choice.
    page.goto(f"{served_site}en/action/stop/releases.json")
    page.evaluate("localStorage.setItem('nova-states.release', '13.9.9')")
    page.goto(f"{served_site}en/action/stop/")
    expect(page.locator(".lens__tells")).to_contain_text("13.9.9” that was chosen before is no longer there")
    page.goto(f"{served_site}en/action/stop/")
    expect(page.locator(".lens__tells")).to_have_text("")


def test_a_release_that_cannot_be_loaded_is_told(page: Page, served_site: str) -> None:
    page.route("**/action/stop/releases.json", lambda route: route.abort())
    page.goto(f"{served_site}en/action/stop/?release=20.6.1")
    expect(page.locator(".lens__tells")).to_contain_text("could not be loaded")
    expect(page.locator(".lens select")).to_have_value(NEWEST)


def test_what_a_release_does_not_have_is_told(page: Page, served_site: str) -> None:
    page.goto(f"{served_site}en/action/update_tags/?release=13.0.0")
    expect(page.locator(".lens__tells")).to_contain_text("does not have this")


def test_a_page_that_is_of_the_newest_only_says_so(page: Page, served_site: str) -> None:
    page.goto(f"{served_site}en/guide/resize/?release=20.6.1")
    expect(page.locator(".lens__tells")).to_contain_text(f"it speaks of {NEWEST}")


def test_the_lookup_takes_the_chosen_release(page: Page, served_site: str) -> None:
    page.goto(f"{served_site}en/action/stop/?release=20.6.1")
    expect(page.locator(".lens select")).to_have_value("20.6.1")
    page.goto(f"{served_site}en/")
    expect(page.locator("form[data-lookup] select[name=release]")).to_have_value("20.6.1")


def test_a_grid_of_another_release_is_walked_as_well(page: Page, served_site: str) -> None:
    page.goto(f"{served_site}en/matrix/guards/?release=20.6.1#vm_state/resize/paused")
    expect(page.locator(".matrix .is-addressed")).to_have_count(1)
    assert page.locator(".matrix table[role=grid]").count() == page.locator(".matrix").count()


@pytest.mark.timing
@pytest.mark.parametrize("address", ["action/create/", "matrix/guards/", "vm_state/active/", "matrix/transitions/"])
def test_a_switch_is_quick(page: Page, served_site: str, address: str) -> None:
    look(page, f"{served_site}en/{address}", "20.6.1")
    took = page.evaluate(
        """async () => {
            const list = document.querySelector(".lens select");
            const go = async (version) => {
                const start = performance.now();
                list.value = version;
                list.dispatchEvent(new Event("change"));
                await new Promise((done) => document.addEventListener("lens", done, { once: true }));
                document.body.getBoundingClientRect();
                return performance.now() - start;
            };
            const all = [];
            for (const version of ["29.2.0", "13.0.0", "16.1.8", "25.3.0", "21.1.0"]) all.push(await go(version));
            return Math.min(...all); // what else the machine does takes time as well
        }"""
    )
    assert took <= QUICK


def test_nothing_scrolls_sideways_on_a_phone(browser: Browser, served_site: str) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 700})
    for address in ("ko/action/resize/", "en/matrix/guards/", "ko/vm_state/active/"):
        page.goto(f"{served_site}{address}?release=20.6.1")
        expect(page.locator(".lens select")).to_have_value("20.6.1")
        expect(page.locator(".lens--on")).to_have_count(1)
        assert page.evaluate("document.documentElement.scrollWidth") == 320
    page.close()


def test_a_page_fetches_another_release_only_when_it_is_chosen(page: Page, served_site: str, built_site: Path) -> None:
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url.rpartition("/")[2]))
    page.goto(f"{served_site}en/action/stop/")
    expect(page.locator(".lens select")).to_have_value(NEWEST)
    assert fetched.count("releases.json") == 1  # the list
    assert (built_site / "en/action/stop/releases.json").is_file()


_ID = re.compile(r'\bid="([^"]+)"')
_LINK = re.compile(r'\bhref="([^"]*)"')


def test_every_link_of_another_release_leads_somewhere(built_site: Path) -> None:
    ids: dict[Path, set[str]] = {}
    texts: dict[Path, str] = {}
    for file in sorted(built_site.glob("en/**/releases.json")):
        texts[file.parent] = "".join(json.loads(file.read_text(encoding="utf-8"))["pieces"])
    lost = []
    for folder, text in texts.items():
        for link in sorted({unescape(link) for link in _LINK.findall(text)}):
            address, _, name = link.partition("#")
            if "://" in address:
                continue
            target = (folder / address).resolve()
            page = target / "index.html"
            if not page.is_file():
                if not target.is_file():
                    lost.append(f"{folder}: {link}")
                continue
            if target not in ids:
                here = page.read_text(encoding="utf-8") + texts.get(target, "")
                ids[target] = {unescape(found) for found in _ID.findall(here)}
            if name and "/" not in name and unquote(name) not in ids[target]:
                lost.append(f"{folder}: {link}")
    assert lost == []


def test_what_a_page_fetches_of_other_releases_is_no_heavier_than_a_page(built_site: Path) -> None:
    files = sorted(built_site.glob("*/**/releases.json"))
    heavy = {file: size for file in files if (size := len(gzip.compress(file.read_bytes()))) > HEAVIEST}
    assert heavy == {}


@pytest.mark.parametrize("look", LOOKS[:2], ids=lambda look: f"{look[0]}-{look[1]}")
def test_axe_finds_nothing_where_another_release_is_shown(browser: Browser, served_site: str, look: Look) -> None:
    page = open_page(browser, look)
    for address in ("en/action/resize/", "ko/vm_state/stopped/", "en/matrix/power-sync/"):
        page.goto(f"{served_site}{address}?release=20.6.1")
        expect(page.locator(".lens--on")).to_have_count(1)
        page.evaluate(KEEP_FEW)
        assert list(ask_axe(page)) == []
    page.context.close()
