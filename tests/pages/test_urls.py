"""Addresses: of pages, of their files, and from one page to another."""

from __future__ import annotations

import pytest

from nova_states.facts.model import Evidence
from nova_states.pages.urls import HOME, LOOKUP, Urls, address, file_of, index_address, source_line

FILES = [
    (HOME, "ko/index.md"),
    (LOOKUP, "ko/lookup.md"),
    (index_address("vm_state"), "ko/vm_state/index.md"),
    (address("power_state", "SHUTDOWN"), "ko/power_state/shutdown.md"),
    ("matrix/guards/", "ko/matrix/guards.md"),
]


@pytest.mark.parametrize(("page", "file"), FILES)
def test_file_of_a_page(page: str, file: str) -> None:
    assert file_of("ko", page) == file


LINKS = [
    (HOME, HOME, "./"),
    (HOME, "vm_state/active/", "vm_state/active/"),
    ("vm_state/", HOME, "../"),
    ("vm_state/active/", HOME, "../../"),
    ("vm_state/active/", "action/stop/", "../../action/stop/"),
]


@pytest.mark.parametrize(("page", "target", "link"), LINKS)
def test_links_are_relative(page: str, target: str, link: str) -> None:
    assert Urls(page=page).to(target) == link


def test_link_to_a_heading() -> None:
    assert Urls(page="vm_state/active/").name("action", "stop", "guards") == "../../action/stop/#guards"


@pytest.mark.parametrize(("page", "link"), [(HOME, "../api/v1/a.json"), ("vm_state/active/", "../../../api/v1/a.json")])
def test_files_beside_the_languages(page: str, link: str) -> None:
    assert Urls(page=page).beside("api/v1/a.json") == link


def test_source_line_is_at_the_tag() -> None:
    place = Evidence(file="nova/compute/api.py", line=7, function="API.stop")
    assert source_line("13.1.4", place) == ("https://opendev.org/openstack/nova/src/tag/13.1.4/nova/compute/api.py#L7")
