"""The two levels of tests: what has one of the marks below is left out by default and run by `make test-all`."""

from __future__ import annotations

import pytest

BEYOND = ("all_pages", "clone", "live", "network", "package", "timing")
"""Marks of tests beyond the default ones; pyproject.toml says what each means."""


@pytest.hookimpl(tryfirst=True)  # before pytest chooses by marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if any(item.get_closest_marker(mark) for mark in BEYOND):
            item.add_marker(pytest.mark.beyond)
    # What has a group takes longest, be it one test: begun last, it would leave the other worker with nothing to do.
    items.sort(key=lambda item: item.get_closest_marker("xdist_group") is None)
