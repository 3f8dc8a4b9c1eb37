"""While a site is edited, prose is rendered again where it, what it quotes or the site around it is another."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from mkdocs.config import load_config
from mkdocs.structure.files import File, Files

from nova_states.site.written_page import Renderings, WrittenPage

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig

OTHER = "# Other\n\n## Here {#here}\n"


@pytest.fixture
def config(tmp_path: Path) -> MkDocsConfig:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "code.py").write_text("first = 1\n", encoding="utf-8")
    snippets = {"pymdownx.snippets": {"base_path": [str(docs)]}}
    return load_config(
        config_file=(tmp_path / "mkdocs.yml").open("w+b"),
        docs_dir=str(docs),
        site_name="x",
        theme=None,
        plugins=[],
        markdown_extensions=["attr_list", "toc", snippets],
        validation={"links": {"anchors": "warn"}},
    )


class Site:
    """Builds of two pages, which count what is rendered."""

    def __init__(self, config: MkDocsConfig, monkeypatch: pytest.MonkeyPatch) -> None:
        self.config, self.renderings, self.rendered = config, Renderings(), list[str]()
        own = WrittenPage.render_anew

        def counted(page: WrittenPage, config: MkDocsConfig, files: Files) -> None:
            self.rendered.append(page.file.src_uri)
            own(page, config, files)

        monkeypatch.setattr(WrittenPage, "render_anew", counted)

    def build(self, text: str, around: str = "") -> tuple[WrittenPage, list[str]]:
        """The page of the text, as it was built beside another, and what was rendered for that."""
        self.rendered.clear()
        self.renderings.around = around
        texts = {"a.md": text, "other.md": OTHER}
        for uri, found in texts.items():
            Path(self.config.docs_dir, uri).write_text(found, encoding="utf-8")
        files = Files([File(uri, self.config.docs_dir, self.config.site_dir, use_directory_urls=True) for uri in texts])
        pages = [WrittenPage(self.renderings, file, self.config) for file in files]
        for page in pages:
            page.read_source(self.config)
            page.render(self.config, files)
        pages[0].validate_anchor_links(files=files, log_level=30)
        return pages[0], sorted(self.rendered)


@pytest.fixture
def site(config: MkDocsConfig, monkeypatch: pytest.MonkeyPatch) -> Site:
    return Site(config, monkeypatch)


def seen(page: WrittenPage) -> tuple[Any, ...]:
    contents = [(entry.title, entry.url) for entry in page.toc]
    links = {file.src_uri: found for file, found in (page.links_to_anchors or {}).items()}
    return page.title, page.content, contents, page.present_anchor_ids, links


def test_what_is_the_same_is_taken_as_it_was(site: Site) -> None:
    text = "# Title\n\n[there](other.md#here)\n"
    before, rendered = site.build(text)
    assert rendered == ["a.md", "other.md"]
    after, rendered = site.build(text)
    assert rendered == []
    assert seen(after) == seen(before)
    assert before.title == "Title"
    assert '<a href="../other/#here">' in (before.content or "")
    assert site.build(text + "more")[1] == ["a.md"]
    assert site.build(text + "more", around="another file")[1] == ["a.md", "other.md"]


def test_links_kept_lead_to_the_pages_of_this_build(site: Site) -> None:
    before, _ = site.build("[there](other.md#here)")
    after, _ = site.build("[there](other.md#here)")
    (old,), (new,) = before.links_to_anchors or {}, after.links_to_anchors or {}
    assert new is not old
    assert new.page is not old.page


def test_a_page_is_rendered_again_where_what_it_quotes_changed(site: Site, config: MkDocsConfig) -> None:
    text = '```\n--8<-- "code.py"\n```\n'
    assert "first" in (site.build(text)[0].content or "")
    assert site.build(text)[1] == []
    Path(config.docs_dir, "code.py").write_text("second = 2\n", encoding="utf-8")
    page, rendered = site.build(text)
    assert rendered == ["a.md"]
    assert "second" in (page.content or "")


def test_what_is_quoted_another_way_is_never_kept(site: Site) -> None:
    text = "--8<--\ncode.py\n--8<--\n"
    assert site.build(text)[1] == ["a.md", "other.md"]
    assert site.build(text)[1] == ["a.md"]


def test_a_page_that_is_warned_of_warns_each_time(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(2):
        caplog.clear()
        assert "a.md" in site.build("[gone](nowhere.md)")[1]
        assert "nowhere.md" in caplog.text
    site.build("[gone](other.md#gone)")
    caplog.clear()
    assert site.build("[gone](other.md#gone)")[1] == []
    assert "does not contain an anchor '#gone'" in caplog.text
