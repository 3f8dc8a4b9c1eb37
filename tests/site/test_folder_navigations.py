"""The navigation that pages of a folder share marks on each page that page, and leads from each where it should."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import pytest
from mkdocs.config import load_config
from mkdocs.structure.files import File
from mkdocs.structure.nav import Section
from mkdocs.structure.pages import Page

from nova_states.site.folder_navigations import FolderNavigations

if TYPE_CHECKING:
    from pathlib import Path

    from mkdocs.config.defaults import MkDocsConfig

_NAVIGATION = re.compile(r'<nav class="md-nav md-nav--primary".*?</nav>\s*</div>', re.DOTALL)
_LINK = re.compile(r'<a href="([^"#]+)" class="md-nav__link( md-nav__link--active)?"')


def test_each_page_marks_itself_and_leads_where_its_neighbours_lead(built_site: Path) -> None:
    led: dict[frozenset[str], set[str]] = {}
    for file in sorted(built_site.glob("*/error/*/index.html")):
        navigation = _NAVIGATION.search(file.read_text(encoding="utf-8"))
        assert navigation is not None, file
        address = f"/{file.parent.relative_to(built_site).as_posix()}/"
        found = {urljoin(address, link): marked for link, marked in _LINK.findall(navigation[0])}
        assert [link for link, marked in found.items() if marked] == [address]
        led.setdefault(frozenset(found), set()).add(address)
    assert len(led) == 2 * 2, "in each language the pages of errors are in two sections"
    assert all(addresses <= links for links, addresses in led.items())


@pytest.fixture
def config(tmp_path: Path) -> MkDocsConfig:
    (tmp_path / "docs").mkdir()
    file = (tmp_path / "mkdocs.yml").open("w+b")
    return load_config(config_file=file, docs_dir=str(tmp_path / "docs"), site_name="x", site_url="")


def page(name: str, config: MkDocsConfig) -> Page:
    return Page(name, File(f"en/error/{name}.md", "docs", "site", use_directory_urls=True), config)


def test_the_section_of_the_visited_page_stays_open_and_nothing_is_marked(config: MkDocsConfig) -> None:
    first, second = page("one", config), page("two", config)
    section = Section("Errors", [first, second])
    outer = Section("All", [section])
    first.parent = second.parent = section
    section.parent = outer
    navigations = FolderNavigations()
    first.active = True
    visitor = navigations.enter(first)
    assert (visitor.url, first.active, section.active, outer.active) == ("en/error/_/", False, True, True)
    entries = "".join(f'<li class="entry"><a href="../{name}/" class="link">{name}</a></li>' for name in ("one", "two"))
    assert navigations.leave(first, f"<ul>{entries}</ul>") == ""
    assert first.active
    assert navigations.has(second)
    here = '<li class="here"><a href="./">two</a></li>'
    assert navigations.with_entry(second, f"\n{here}\n") == (
        f'<ul><li class="entry"><a href="../one/" class="link">one</a></li>{here}</ul>'
    )


def test_a_page_of_no_section_and_the_first_of_a_folder_have_none(config: MkDocsConfig) -> None:
    lone, index = page("lone", config), page("index", config)
    index.parent = Section("Errors", [index])
    navigations = FolderNavigations()
    assert not navigations.suits(lone)
    assert not navigations.suits(index)
