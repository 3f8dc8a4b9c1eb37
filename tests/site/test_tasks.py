"""Ten tasks of people, each from the home page on: how many clicks, and how many screens, are before the answer.

A click costs 1.5 s, a screen that is looked over 2 s, the sentence that answers 4 s. Entering what the task names (a
word into a box, a release into a picker) is a click that the task itself asks for.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator, Page

SCREEN: Final = 900
"""Height of a screen in CSS pixels."""
MOST_CLICKS: Final = 2
MOST_SECONDS: Final = 15
FOLD_OF_NAVIGATION: Final = ".md-nav--primary"


@dataclass
class Reader:
    """Somebody with a task, who counts."""

    page: Page
    clicks: int = 0
    values: int = 0
    """What the task names and the reader had to enter."""
    screens: float = 0
    way: list[str] = field(default_factory=list)
    """What was entered, and where on the screen was looked: for the message of a test that fails."""

    @property
    def seconds(self) -> float:
        return 1.5 * self.clicks + 2 * self.screens + 4

    def click(self, target: Locator) -> None:
        """Click what stands somewhere below on the page, or in what has just opened."""
        self._look_down_to(target)
        self.clicks += 1
        target.click()

    def enter(self, value: str, target: Locator) -> None:
        """Type or paste something that the task names."""
        self._look_down_to(target)
        self._count(value)
        target.click()
        target.fill(value)

    def choose(self, value: str, target: Locator) -> None:
        """Click what the task names."""
        self._look_down_to(target)
        self._count(value)
        target.click()

    def pick(self, value: str, target: Locator) -> None:
        """Choose something that the task names."""
        self._look_down_to(target)
        self._count(value)
        target.select_option(value)

    def search(self, words: str) -> None:
        """Type words of the task into the search box, and go where the first result leads."""
        self.enter(words, self.page.locator(".md-search__input"))
        self.click(self.page.locator(".md-search-result__link").first)

    def open_in_navigation(self, *titles: str) -> None:
        """Follow titles in the navigation; what stands above the last has to be opened first."""
        navigation = self.page.locator(FOLD_OF_NAVIGATION).first
        for title in titles:
            entry = navigation.get_by_text(title, exact=True).locator("visible=true").first
            self.click(entry)

    def find(self, answer: Locator) -> None:
        """Read what answers the task."""
        answer.wait_for(state="visible")
        self._look_down_to(answer)

    def _count(self, value: str) -> None:
        self.clicks += 1
        self.values += 1
        self.way.append(value)

    def _look_down_to(self, target: Locator) -> None:
        target.wait_for(state="visible")
        box = target.bounding_box()
        assert box is not None
        top = max(0, box["y"])
        self.screens += top / SCREEN
        self.way.append(f"y={top:.0f}")


def deleting_for_an_hour(reader: Reader) -> None:
    reader.click(reader.page.get_by_role("link", name="A delete that does not end"))
    reader.find(reader.page.locator("article pre").first)


def resize_a_paused_server(reader: Reader) -> None:
    reader.search("resize")
    reader.pick("27.5.1", reader.page.get_by_role("combobox", name="Release").first)
    reader.click(reader.page.locator(".md-sidebar--secondary").get_by_text("Allowed from", exact=True))
    reader.find(reader.page.get_by_title("paused: refused").locator("visible=true").first)


def pause_suspend_or_shelve(reader: Reader) -> None:
    reader.click(reader.page.get_by_role("link", name="Pause, suspend, stop or shelve"))
    reader.find(reader.page.locator("article table").first)


def releases_that_allow_evacuate_while_powering_off(reader: Reader) -> None:
    reader.search("evacuate")
    reader.click(reader.page.locator(".md-sidebar--secondary").get_by_text("History", exact=True))
    reader.find(
        reader.page.locator("article td").get_by_text("since 26.0.0 (also 25.1.0").locator("visible=true").first
    )


def shut_off_in_virsh_and_active_in_nova(reader: Reader) -> None:
    reader.enter("virsh says shut off, nova says ACTIVE", reader.page.locator("textarea").first)
    reader.find(reader.page.locator("a[href*='active-but-off']").locator("visible=true").first)


def whole_machine_for_the_boss(reader: Reader) -> None:
    reader.find(reader.page.locator("a[href*='assets/pictures/vm-states-en-light.svg']"))


def enum_in_go(reader: Reader) -> None:
    reader.open_in_navigation("Guides", "For tool makers")
    reader.choose("Go", reader.page.locator("label").get_by_text("Go", exact=True))
    reader.find(reader.page.locator(".tabbed-block code").locator("visible=true").first)


def from_yoga_to_the_newest(reader: Reader) -> None:
    reader.open_in_navigation("Compare two releases")
    pickers = reader.page.locator("article select").locator("visible=true")
    reader.pick("25.3.0", pickers.nth(0))
    reader.pick("34.0.0", pickers.nth(1))
    reader.find(reader.page.locator("article h2").locator("visible=true").first)


def tables_of_mitaka(reader: Reader) -> None:
    reader.search("미타카")
    reader.find(reader.page.locator("article table").first)


def no_valid_host(reader: Reader) -> None:
    reader.enter(
        "No valid host was found. There are not enough hosts available.", reader.page.locator("textarea").first
    )
    reader.find(reader.page.locator("ol li").locator("visible=true").first)


TASKS: Final = (
    deleting_for_an_hour,
    resize_a_paused_server,
    pause_suspend_or_shelve,
    releases_that_allow_evacuate_while_powering_off,
    shut_off_in_virsh_and_active_in_nova,
    whole_machine_for_the_boss,
    enum_in_go,
    from_yoga_to_the_newest,
    tables_of_mitaka,
    no_valid_host,
)


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.__name__)
def test_a_task_is_done_in_few_clicks(page: Page, served_site: str, task: Callable[[Reader], None]) -> None:
    page.set_viewport_size({"width": 1400, "height": SCREEN})
    page.goto(f"{served_site}{'ko' if task is tables_of_mitaka else 'en'}/")
    reader = Reader(page)
    task(reader)
    assert reader.clicks - reader.values <= MOST_CLICKS, reader.way
    assert reader.seconds <= MOST_SECONDS, reader.way
