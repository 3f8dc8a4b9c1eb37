"""What a build kept is used while all that it is made of is the same, and never after."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from nova_states.errors import CheckError
from nova_states.site.kept_files import MADE_OF, kept
from tests.site.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path


def made(root: Path, sort: str, also: str = "") -> bool:
    """Whether it was made now."""
    calls = []

    def make() -> dict[str, str]:
        calls.append(sort)
        return {"ko/a.md": "가\u2028\r\n"}

    assert kept(root, sort, also, make) == {"ko/a.md": "가\u2028\r\n"}
    return bool(calls)


@pytest.mark.parametrize("sort", MADE_OF)
def test_each_place_decides(tmp_path: Path, sort: str) -> None:
    assert made(tmp_path, sort)
    assert not made(tmp_path, sort)
    for place in MADE_OF[sort]:
        file = tmp_path / place
        if not file.suffix:
            file.mkdir(parents=True, exist_ok=True)
            file /= "new"
        file.write_text("", encoding="utf-8")
        assert made(tmp_path, sort), place
        file.write_text("changed", encoding="utf-8")
        assert made(tmp_path, sort), place
        assert not made(tmp_path, sort), place
    assert made(tmp_path, sort, also="something else")


def test_all_that_is_published_and_no_page_of_its_own_decides_about_pages() -> None:
    """What neither is rendered from nor a picture, a style, a script or a record of a choice."""
    others = {"docs/assets", "docs/decisions", "templates/theme"}
    there = {
        file.relative_to(ROOT).as_posix()
        for folder in ("docs", "templates")
        for file in (ROOT / folder).iterdir()
        if not file.name.startswith(".")
    }
    assert there - set(MADE_OF["pages"]) == others


def test_prose_decides_about_pages_alone(tmp_path: Path) -> None:
    assert made(tmp_path, "lens")
    assert made(tmp_path, "pages")
    (tmp_path / "docs/en/guide").mkdir(parents=True)
    (tmp_path / "docs/en/guide/states.md").write_text("", encoding="utf-8")
    assert made(tmp_path, "pages")
    assert not made(tmp_path, "lens")


def test_nothing_is_kept_of_what_is_wrong(tmp_path: Path) -> None:
    def make() -> dict[str, str]:
        raise CheckError(("docs/en/guide/states.md:3: wrong",))

    for _ in range(2):
        with pytest.raises(CheckError):
            kept(tmp_path, "pages", "", make)
    assert made(tmp_path, "pages")


def test_a_damaged_file_is_made_anew(tmp_path: Path) -> None:
    assert made(tmp_path, "pages")
    (file,) = (tmp_path / "build/pages").iterdir()
    file.write_bytes(file.read_bytes()[:-4])
    assert made(tmp_path, "pages")
    assert not made(tmp_path, "pages")
