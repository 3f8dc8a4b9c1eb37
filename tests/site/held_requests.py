"""Requests that a test keeps waiting, so that what a page shows meanwhile can be looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

LONGEST = 100
"""How many times a request is looked for before the test says that none came."""
PAUSE = 100
"""Milliseconds between two looks."""


class HeldRequests:
    """The requests of `page` for addresses like `pattern`, held until they are released.

    A request is told to a test before it is routed, so whoever waits for the one may not have the other yet.
    """

    def __init__(self, page: Page, pattern: str) -> None:
        self._page = page
        self._pattern = pattern
        self._routes: list[Route] = []
        self._released = False
        page.route(pattern, self._hold)

    @property
    def urls(self) -> list[str]:
        """The addresses asked for so far, in the order in which they were."""
        return [route.request.url for route in self._routes]

    def wait(self) -> None:
        """Return once a request is held; raise an AssertionError where none comes in ten seconds."""
        for _ in range(LONGEST):
            if self._routes:
                return
            self._page.wait_for_timeout(PAUSE)
        raise AssertionError(f"nothing asked for {self._pattern}")

    def release(self) -> None:
        """Let go what is held, and hold nothing that comes after."""
        self.wait()
        self._released = True
        for route in self._routes:
            route.continue_()

    def _hold(self, route: Route) -> None:
        if self._released:
            route.continue_()
        else:
            self._routes.append(route)
