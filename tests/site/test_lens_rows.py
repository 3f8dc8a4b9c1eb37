"""What a page shows of the release that a reader chose: row for row the facts of that release, in a real browser."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest
from playwright.sync_api import Page, expect

from nova_states.catalog.catalog import Catalog, load_catalog
from nova_states.catalog.release import Release
from nova_states.pages.record_links import DRIVER_LOG, LOG, initial_of, letter_address, log_address

RELEASES = ("13.0.0", "16.1.8", "20.6.1", "21.1.0", "25.3.0", "29.2.0")
"""The oldest, the newest of some series, and point releases."""

CODES = "h2 > code.id"
NAMES = ".record__name > a > code.id"
CHIPS = "a.chip"
TEXTS = """(selector) => [...document.querySelectorAll(`[data-part] ${selector}`)]
    .map((one) => one.textContent.replace(/\\s+/g, " ").trim())"""
ROWS = """(place) => [...document.querySelectorAll("[data-part] table")[place].rows]
    .map((row) => [...row.cells].map((cell) => cell.textContent.replace(/\\s+/g, " ").trim()))"""


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def look(page: Page, site: str, address: str, release: Release) -> None:
    """Open a page as of a release."""
    page.goto(f"{site}en/{address}?release={release.version}")
    expect(page.locator(".lens__tells")).to_contain_text(f"As of Nova {release.version}")


def names(kind: str, attribute: str = "name") -> Callable[[Release], set[str]]:
    return lambda release: {str(getattr(fact, attribute)) for fact in release.facts(kind)}


def statuses_of_hosts(release: Release) -> set[str]:
    return {fact.value for fact in release.facts("host_statuses") if fact.value}


def errors_of(initial: str) -> Callable[[Release], set[str]]:
    return lambda release: {fact.name for fact in release.facts("errors") if initial_of(fact.name) == initial}


def values_of(group: str) -> Callable[[Release], set[str]]:
    """The values of a group; none where a release does not have it."""
    return lambda release: {
        str(value or "no task") for found in (release.groups.get(group),) if found for value in found.values or ()
    }


LISTS: tuple[tuple[str, str, Callable[[Release], Iterable[str]]], ...] = (
    ("option/", CODES, names("options")),
    ("event/", NAMES, names("events")),
    ("migration_status/", CODES, names("migration_statuses", "value")),
    ("host_status/", CODES, statuses_of_hosts),
    ("vm_state/", "td:first-child a.chip", lambda release: release.vm_states),
    ("task_state/", "td:first-child a.chip", lambda release: release.task_states),
    ("power_state/", "td:first-child a.chip", lambda release: release.constants["power_state"]),
    ("status/", "td:first-child a.chip", lambda release: release.statuses),
    ("group/rebuild_states/", CHIPS, values_of("REBUILD_STATES")),
    ("group/allow_reboot/", CHIPS, values_of("ALLOW_REBOOT")),
)
"""Address of a page, where its rows have their names, and the names that the facts have."""


@pytest.mark.parametrize("version", RELEASES)
def test_a_list_has_the_rows_of_the_release(page: Page, served_site: str, catalog: Catalog, version: str) -> None:
    release = catalog.release(version)
    for address, selector, expected in LISTS:
        if told := set(expected(release)):
            look(page, served_site, address, release)
            assert set(page.evaluate(TEXTS, selector)) == told, address


@pytest.mark.parametrize("version", RELEASES)
def test_log_lines_and_errors_are_those_of_the_release(
    page: Page, served_site: str, catalog: Catalog, version: str
) -> None:
    release = catalog.release(version)
    lines = release.facts("log_messages")
    for address in (LOG, DRIVER_LOG):
        here = [fact for fact in lines if log_address(fact.evidence.file) == address]
        told = {(fact.level, " ".join(fact.pattern.split())) for fact in here}
        if not told:
            continue
        look(page, served_site, address, release)
        levels = page.evaluate(TEXTS, "ul.log > li > small:first-child")
        assert set(zip(levels, page.evaluate(TEXTS, "ul.log > li > q"), strict=True)) == told
    for initial in "AM":
        look(page, served_site, letter_address(initial), release)
        assert set(page.evaluate(TEXTS, ".record__name code.id")) == errors_of(initial)(release)
    look(page, served_site, "error/novalidhost/", release)
    causes = {
        action for fact in release.facts("fault_causes") if fact.error == "NoValidHost" for action in fact.actions
    }
    refused = {fact.action for fact in release.facts("refusals") if "NoValidHost" in fact.errors}
    assert set(page.evaluate(TEXTS, "a.chip--action")) == causes | refused


@pytest.mark.parametrize("version", RELEASES)
def test_matrices_have_the_cells_of_the_release(page: Page, served_site: str, catalog: Catalog, version: str) -> None:
    release = catalog.release(version)
    look(page, served_site, "matrix/statuses/", release)
    rows = page.evaluate(ROWS, 1)
    shown = {(vm, row[0]): word for row in rows[1:] for vm, word in zip(rows[0][1:], row[1:], strict=True)}
    assert shown == {
        (vm, task or "no task"): release.status(vm, task)
        for vm in release.vm_states
        for task in (None, *release.task_states)
    }
    look(page, served_site, "matrix/drivers/", release)
    rows = page.evaluate(ROWS, 0)
    told = {(row[0], word) for row in rows[1:] for word, sign in zip(rows[0][1:], row[1:], strict=True) if sign == "●"}
    assert told == {(fact.driver, fact.power_state) for fact in release.facts("drivers") if fact.power_state}


@pytest.mark.parametrize("version", RELEASES)
def test_a_status_and_a_task_stand_for_what_the_release_says(
    page: Page, served_site: str, catalog: Catalog, version: str
) -> None:
    release = catalog.release(version)
    for status in ("REBUILD", "MIGRATING", "SHUTOFF", "BUILD"):
        look(page, served_site, f"status/{status.lower()}/", release)
        rows = page.evaluate(
            """() => [...document.querySelectorAll("[data-part=meaning] tbody tr")].map((row) => [
                row.cells[0].textContent.trim(),
                [...row.cells[1].querySelectorAll("a.chip")].map((chip) => chip.textContent.trim())])"""
        )
        entries = [fact for fact in release.facts("statuses") if fact.status == status and fact.vm_state]
        told = {(vm, task) for vm, tasks in rows for task in tasks or ["default"]}
        assert told == {(fact.vm_state, fact.task_state) for fact in entries}
