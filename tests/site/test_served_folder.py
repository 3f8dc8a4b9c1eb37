"""While a site is edited, what stands in its folder is what MkDocs would have written, and what is the same stays."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from mkdocs import utils

from nova_states.site.served_folder import ServedFolder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def folder() -> Iterator[ServedFolder]:
    own = (utils.clean_directory, utils.write_file, utils.copy_file)
    found = ServedFolder()
    yield found
    found.leave()
    assert (utils.clean_directory, utils.write_file, utils.copy_file) == own


def build(folder: ServedFolder, site: Path, pages: dict[str, str], source: Path | None = None) -> None:
    folder.begin()
    utils.clean_directory(str(site))
    for path, text in pages.items():
        utils.write_file(text.encode(), str(site / path))
    if source is not None:
        utils.copy_file(str(source), str(site / "style.css"))
    folder.end()


def contents(site: Path) -> dict[str, str]:
    return {
        file.relative_to(site).as_posix(): file.read_text(encoding="utf-8")
        for file in site.rglob("*")
        if file.is_file()
    }


def test_only_what_is_another_is_written(folder: ServedFolder, tmp_path: Path) -> None:
    site, source = tmp_path / "site", tmp_path / "style.css"
    (site / "left").mkdir(parents=True)
    (site / "left" / "over").touch()
    source.write_text("a", encoding="utf-8")
    build(folder, site, {"a/index.html": "1", "b/index.html": "1"}, source)
    assert contents(site) == {"a/index.html": "1", "b/index.html": "1", "style.css": "a"}
    for file in site.rglob("*"):
        os.utime(file, ns=(1, 1))
    build(folder, site, {"a/index.html": "1", "b/index.html": "2"}, source)
    assert contents(site) == {"a/index.html": "1", "b/index.html": "2", "style.css": "a"}
    old = {file.name if file.suffix == ".css" else file.parent.name for file in site.rglob("*.*") if is_old(file)}
    assert old == {"a", "style.css"}
    source.write_text("abc", encoding="utf-8")
    build(folder, site, {"a/index.html": "1"}, source)
    assert contents(site) == {"a/index.html": "1", "style.css": "abc"}
    assert not (site / "b").exists()


def is_old(file: Path) -> bool:
    return file.stat().st_mtime_ns == 1


def test_what_somebody_removed_is_written_again(folder: ServedFolder, tmp_path: Path) -> None:
    build(folder, tmp_path / "site", {"a": "1", "b": "1"})
    (tmp_path / "site" / "a").unlink()
    build(folder, tmp_path / "site", {"a": "1", "b": "1"})
    assert contents(tmp_path / "site") == {"a": "1", "b": "1"}


def test_a_build_that_fails_removes_nothing(folder: ServedFolder, tmp_path: Path) -> None:
    build(folder, tmp_path / "site", {"a": "1", "b": "1"})
    folder.begin()
    utils.clean_directory(str(tmp_path / "site"))
    utils.write_file(b"2", str(tmp_path / "site" / "a"))
    folder.leave()
    assert contents(tmp_path / "site") == {"a": "2", "b": "1"}
    build(folder, tmp_path / "site", {"a": "2"})
    assert contents(tmp_path / "site") == {"a": "2"}
