"""What a served site keeps is what did not change: neither the page itself nor the frame that all pages share."""

from __future__ import annotations

import os
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest
from jinja2 import Environment, FileSystemLoader

from nova_states.site.rebuilding import FRAMED_BY, TEMPLATE, KeptPages, fingerprint

if TYPE_CHECKING:
    from pathlib import Path

    from mkdocs.structure.pages import Page


def page(uri: str, content: str, title: str = "Title", **meta: str) -> Page:
    return cast("Page", SimpleNamespace(file=SimpleNamespace(src_uri=uri), content=content, title=title, meta=meta))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "templates/theme").mkdir(parents=True)
    (tmp_path / "templates/theme/main.html").write_text("frame", encoding="utf-8")
    (tmp_path / "mkdocs.yml").write_text("", encoding="utf-8")
    return tmp_path


def build(kept: KeptPages, root: Path, *pages: Page) -> list[str]:
    """The pages that were built, as those of the last build would not do."""
    kept.choose(root, pages)
    built = [found for found in pages if kept.output(found) is None]
    for found in built:
        kept.keep(found, f"<p>{found.content}</p>")
    return [found.file.src_uri for found in built]


def test_only_what_changed_is_built_again(root: Path) -> None:
    kept = KeptPages()
    assert build(kept, root, page("a", "1"), page("b", "1")) == ["a", "b"]
    same = page("a", "1")
    assert build(kept, root, same, page("b", "2")) == ["b"]
    assert same.meta["template"] == TEMPLATE
    assert kept.output(same) == "<p>1</p>"
    assert build(kept, root, page("a", "1", description="new"), page("b", "2")) == ["a"]


def test_a_change_of_the_frame_builds_all_again(root: Path) -> None:
    kept = KeptPages()
    build(kept, root, page("a", "1"), page("b", "1"))
    assert build(kept, root, page("a", "1"), page("b", "1", title="New in the navigation")) == ["a", "b"]
    (root / "templates/theme/main.html").write_text("another frame", encoding="utf-8")
    assert build(kept, root, page("a", "1"), page("b", "1", title="New in the navigation")) == ["a", "b"]
    assert build(kept, root, page("b", "1", title="New in the navigation"), page("a", "1")) == ["b", "a"]


def test_only_templates_that_changed_are_compiled_again(root: Path) -> None:
    def made() -> Environment:
        return Environment(loader=FileSystemLoader(root / "templates/theme"), auto_reload=False, autoescape=True)

    (root / "templates/theme/part.html").write_text("part", encoding="utf-8")
    kept = KeptPages()
    first = kept.environment(root, made())
    main, part = first.get_template("main.html"), first.get_template("part.html")
    (root / "templates/theme/main.html").write_text("edited", encoding="utf-8")
    os.utime(root / "templates/theme/main.html", ns=(1, 1))
    assert kept.environment(root, made()) is first
    assert first.get_template("part.html") is part
    assert first.get_template("main.html") is not main
    assert first.get_template("main.html").render() == "edited"
    (root / "templates/theme/new.html").write_text("may hide one of the theme", encoding="utf-8")
    assert kept.environment(root, made()) is not first


def test_a_fingerprint_tells_changed_and_added_files_but_no_byte_code(root: Path) -> None:
    before = fingerprint(root, FRAMED_BY)
    (root / "templates/theme/__pycache__").mkdir()
    (root / "templates/theme/__pycache__/x.pyc").write_text("", encoding="utf-8")
    assert fingerprint(root, FRAMED_BY) == before
    os.utime(root / "mkdocs.yml", ns=(1, 1))
    touched = fingerprint(root, FRAMED_BY)
    assert touched != before
    (root / "templates/theme/new.html").write_text("", encoding="utf-8")
    assert fingerprint(root, FRAMED_BY) != touched


def test_a_fingerprint_is_told_wherever_the_checkout_lies(tmp_path: Path) -> None:
    root = tmp_path / os.fsdecode(b"\xea\xb0 checkout")
    root.mkdir()
    (root / "mkdocs.yml").write_text("", encoding="utf-8")
    assert fingerprint(root, FRAMED_BY) == fingerprint(root, FRAMED_BY)
