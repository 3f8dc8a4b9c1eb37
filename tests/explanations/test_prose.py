"""Titles and descriptions of the pages that people wrote, and that an edit of them is seen."""

from __future__ import annotations

from pathlib import Path

import pytest

from nova_states.explanations import prose

PAGE = "---\ndescription: {description}\norder: {order}\n---\n# {title} {{#about}}\n"


@pytest.fixture
def guides(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Return a folder of guides in English in which there is nothing yet."""
    monkeypatch.setattr(prose, "explanations_folder", lambda: tmp_path / "explanations")
    prose.read_anew()
    folder = tmp_path / "en" / "guide"
    folder.mkdir(parents=True)
    return folder


def test_an_edited_title_is_seen_once_prose_is_read_anew(guides: Path) -> None:
    (guides / "b.md").write_text(PAGE.format(title="Second", description="two", order=2), encoding="utf-8")
    (guides / "a.md").write_text(PAGE.format(title="First", description="one", order=1), encoding="utf-8")
    rows = (("guide/a/", "First", "one"), ("guide/b/", "Second", "two"))
    assert prose.written_pages("en", "guide/") == rows
    (guides / "b.md").write_text(PAGE.format(title="Edited", description="0", order=0), encoding="utf-8")
    assert prose.written_pages("en", "guide/") == rows
    prose.read_anew()
    assert prose.written_pages("en", "guide/") == (("guide/b/", "Edited", "0"), ("guide/a/", "First", "one"))
    assert prose.title_of("en", "guide/b/") == "Edited"
    prose.read_anew()
