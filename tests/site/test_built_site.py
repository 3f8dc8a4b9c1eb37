"""What must hold for every page of the built site."""

from __future__ import annotations

import gzip
import re
import shutil
from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest

from nova_states.site.content_security import POLICY
from tests.site.conftest import ROOT, run_mkdocs
from tests.site.crawling import read_site

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.site.crawling import Document

SITEMAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
LANGUAGES = ("ko", "en")
HEAVIEST = 30_000
"""Bytes of a page, gzipped."""


@pytest.fixture(scope="session")
def pages(documents: dict[str, Document]) -> dict[str, Document]:
    """Return the pages of the two languages, without root and 404."""
    return {path: document for path, document in documents.items() if path.startswith(("ko/", "en/"))}


def test_no_page_is_heavy(built_site: Path, pages: dict[str, Document]) -> None:
    sizes = {path: len(gzip.compress((built_site / path).read_bytes(), mtime=0)) for path in pages}
    assert {path: size for path, size in sizes.items() if size > HEAVIEST} == {}


def test_there_are_pages_in_both_languages(pages: dict[str, Document]) -> None:
    korean, english = ({path[3:] for path in pages if path.startswith(code)} for code in LANGUAGES)
    assert korean == english
    assert {"index.html", "vm_state/stopped/index.html", "action/stop/index.html"} <= korean


def test_every_link_and_anchor_leads_somewhere(documents: dict[str, Document], built_site: Path) -> None:
    broken = [
        f"{document.path}: {link}"
        for document in documents.values()
        if document.path != "404.html"  # shown at any address, so its links begin at the root
        for link in document.links
        if not _leads_somewhere(document, link, documents, built_site)
    ]
    assert broken == []


def _leads_somewhere(document: Document, link: str, documents: dict[str, Document], site: Path) -> bool:
    if urlsplit(link).scheme in {"http", "https"}:
        return True
    path, anchor = document.resolve(link)
    if path in documents:
        return not anchor or anchor in documents[path].ids
    return (site / path).is_file() and not anchor


def test_decisions_are_not_published(built_site: Path) -> None:
    assert list((ROOT / "docs/decisions").glob("0*.md"))
    assert [file for file in built_site.rglob("*") if "decisions" in file.relative_to(built_site).parts] == []


def test_no_page_begins_a_link_at_the_root(pages: dict[str, Document]) -> None:
    absolute = [f"{page.path}: {link}" for page in pages.values() for link in page.links if link.startswith("/")]
    assert absolute == []


def test_nothing_is_loaded_from_elsewhere(documents: dict[str, Document], built_site: Path) -> None:
    loaded = [(document, link) for document in documents.values() for link in document.resources]
    assert [link for _, link in loaded if urlsplit(link).netloc] == []
    missing = [
        f"{page.path}: {link}"
        for page, link in loaded
        if page.path != "404.html" and not (built_site / page.resolve(link)[0]).is_file()
    ]
    assert missing == []
    styles = (built_site / "assets" / "site.css").read_text(encoding="utf-8")
    assert re.findall(r"url\(|@import", styles) == []


def test_no_page_holds_scripts_or_styles_and_each_names_the_policy(documents: dict[str, Document]) -> None:
    assert {path: document.inline for path, document in documents.items() if document.inline} == {}
    assert {path: page.policies for path, page in documents.items() if page.policies != [POLICY]} == {}


def test_ids_are_unique(documents: dict[str, Document]) -> None:
    doubled = {
        path: sorted({name for name in document.ids if document.ids.count(name) > 1})
        for path, document in documents.items()
        if len(set(document.ids)) < len(document.ids)
    }
    assert doubled == {}


def test_every_page_says_its_language_title_and_description(pages: dict[str, Document]) -> None:
    for path, page in pages.items():
        assert page.language == path[:2], path
        assert page.title.strip(), path
        assert page.description.strip(), path


def test_every_page_has_one_main_heading_and_skips_no_level(pages: dict[str, Document]) -> None:
    for path, page in pages.items():
        assert page.headings.count(1) == 1, path
        assert page.headings[0] == 1, path
        steps = [after - before for before, after in zip(page.headings, page.headings[1:], strict=False)]
        assert max(steps, default=0) <= 1, path


def test_no_two_pages_of_a_language_are_described_alike(pages: dict[str, Document]) -> None:
    for code in LANGUAGES:
        counts = Counter(page.description for path, page in pages.items() if path.startswith(code))
        assert [description for description, count in counts.items() if count > 1] == []
    assert [path for path, page in pages.items() if "`" in page.description or "<" in page.description] == []


def test_every_page_names_its_translations(documents: dict[str, Document], pages: dict[str, Document]) -> None:
    for path, page in pages.items():
        found = {code: page.resolve(link)[0] for code, link in page.alternates.items()}
        default = "index.html" if path[3:] == "index.html" else f"en/{path[3:]}"
        assert found == {"en": f"en/{path[3:]}", "ko": f"ko/{path[3:]}", "x-default": default}
    root = documents["index.html"]
    assert root.alternates == {"en": "en/", "ko": "ko/", "x-default": "./"}


def test_interface_words_are_the_pages_own(built_site: Path) -> None:
    korean = (built_site / "ko/vm_state/stopped/index.html").read_text(encoding="utf-8")
    english = (built_site / "en/vm_state/stopped/index.html").read_text(encoding="utf-8")
    assert 'placeholder="검색"' in korean
    assert 'title="이 제목의 링크"' in korean
    assert "어두운 화면으로 바꾸기" in korean
    assert 'placeholder="Search"' in english
    assert 'title="Link to this heading"' in english
    assert "Switch to dark mode" in english


def test_the_sitemap_pairs_the_languages(built_site: Path, pages: dict[str, Document]) -> None:
    entries = list(_sitemap_entries(built_site / "sitemap.xml"))
    assert {url for url, _ in entries} == {"/" + path.removesuffix("index.html") for path in pages}
    for url, translations in entries:
        default = {"x-default": f"/en/{url[4:]}" if url[4:] else "/"}
        assert translations == {code: f"/{code}/{url[4:]}" for code in LANGUAGES} | default


def _sitemap_entries(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    for entry in ET.parse(path).getroot().findall("s:url", SITEMAP):
        links = entry.findall("x:link", SITEMAP)
        yield entry.findtext("s:loc", "", SITEMAP), {link.get("hreflang", ""): link.get("href", "") for link in links}


@pytest.mark.all_pages
def test_a_published_address_reaches_sitemap_and_canonical_links(tmp_path: Path) -> None:
    result = run_mkdocs("build", "--quiet", "--site-dir", str(tmp_path), SITE_URL="https://example.org/repo/")
    assert result.returncode == 0, result.stderr
    address = "https://example.org/repo/"
    homes = {code: f"{address}{code}/" for code in LANGUAGES} | {"x-default": address}
    assert dict(_sitemap_entries(tmp_path / "sitemap.xml"))[f"{address}ko/"] == homes
    documents = read_site(tmp_path)
    assert documents["index.html"].alternates == documents["ko/index.html"].alternates == homes
    assert documents["ko/option/index.html"].alternates["x-default"] == f"{address}en/option/"
    assert (tmp_path / "robots.txt").read_text(encoding="utf-8").endswith(f"\nSitemap: {address}sitemap.xml\n")
    page = (tmp_path / "ko/vm_state/stopped/index.html").read_text(encoding="utf-8")
    assert '<link rel="canonical" href="https://example.org/repo/ko/vm_state/stopped/">' in page
    assert 'src="/repo/assets/not_found.js"' in (tmp_path / "404.html").read_text(encoding="utf-8")
    assert 'href="/repo/ko/"' in (tmp_path / "404.html").read_text(encoding="utf-8")


ELSEWHERE = {
    "LC_ALL": "C",
    # Python would take UTF-8 in this locale of its own accord.
    "PYTHONCOERCECLOCALE": "0",
    "PYTHONUTF8": "0",
    "TZ": "Pacific/Kiritimati",
    "PYTHONHASHSEED": "7",
}


@pytest.mark.all_pages
@pytest.mark.xdist_group("elsewhere")
def test_a_build_elsewhere_gives_the_same_bytes_and_modes(built_site: Path, tmp_path: Path) -> None:
    """In another place, locale, time zone and order of sets, for another umask, with nothing kept from before."""
    root, site = tmp_path / "가 checkout", tmp_path / "site"
    for folder in ("docs", "generator", "templates"):
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "mkdocs.yml", root)
    own_cache = str(tmp_path / "cache")
    arguments = ("build", "--quiet", "--site-dir", str(site))
    result = run_mkdocs(*arguments, root=root, umask=0o077, SITE_URL="", NOVA_STATES_CACHE=own_cache, **ELSEWHERE)
    assert result.returncode == 0, result.stderr
    first, second = (
        {file.relative_to(folder).as_posix(): file for file in folder.rglob("*")} for folder in (built_site, site)
    )
    assert first.keys() == second.keys()
    assert [path for path, file in first.items() if file.stat().st_mode != second[path].stat().st_mode] == []
    files = [path for path, file in first.items() if file.is_file()]
    assert [path for path in files if first[path].read_bytes() != second[path].read_bytes()] == []


def test_what_nova_prints_is_marked_as_english(built_site: Path) -> None:
    quoted = {
        str(path.relative_to(built_site)): found
        for path in (built_site / "ko").rglob("index.html")
        if (found := re.findall(r"<q(?: [^>]*)?>", path.read_text(encoding="utf-8")))
    }
    assert quoted
    assert {path: found for path, found in quoted.items() if set(found) != {'<q lang="en">'}} == {}


def test_the_footer_speaks_the_language_of_its_page(built_site: Path) -> None:
    for language, made in (("ko", "제작 도구:"), ("en", "Made with")):
        text = (built_site / language / "index.html").read_text(encoding="utf-8")
        assert f"· {made} <a" in " ".join(text.split())
