from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from nova_states.errors import InputError
from nova_states.site.assembly import assemble, make_readable

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "docs/ko/guide").mkdir(parents=True)
    (tmp_path / "docs/ko/guide/stuck.md").write_text("# 멈춤\n", encoding="utf-8")
    (tmp_path / "docs/explanations/vm_state").mkdir(parents=True)
    (tmp_path / "docs/explanations/vm_state/active.yml").write_text("ko: 활성\n", encoding="utf-8")
    (tmp_path / "docs/decisions").mkdir()
    (tmp_path / "docs/decisions/0001-choice.md").write_text("# 0001: A choice\n", encoding="utf-8")
    return tmp_path


def test_prose_and_rendered_files_lie_side_by_side_without_explanations_and_decisions(root: Path) -> None:
    docs = assemble(root, {"ko/vm_state/active.md": "활성", "api/v1/index.json": json.dumps({})})
    files = {file.relative_to(docs).as_posix() for file in docs.rglob("*") if file.is_file()}
    assert files == {"ko/guide/stuck.md", "ko/vm_state/active.md", "api/v1/index.json"}


def test_only_changed_files_are_written(root: Path) -> None:
    docs = assemble(root, {"ko/a.md": "a", "ko/b.md": "b"})
    long_ago = 1_000_000_000
    for name in ("a.md", "b.md"):
        os.utime(docs / "ko" / name, (long_ago, long_ago))
    assemble(root, {"ko/a.md": "a", "ko/b.md": "changed"})
    assert (docs / "ko/a.md").stat().st_mtime == long_ago
    assert (docs / "ko/b.md").read_text(encoding="utf-8") == "changed"


def test_what_is_no_longer_made_goes_and_what_others_put_there_stays(root: Path) -> None:
    docs = assemble(root, {"ko/old/only.md": "a"})
    (docs / "ko/mine.txt").write_text("by hand", encoding="utf-8")
    assemble(root, {})
    assert not (docs / "ko/old").exists()
    assert (docs / "ko/mine.txt").exists()


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("ko/guide/stuck.md", "docs/ko/guide/stuck.md: the generator makes a file of this name too"),
        ("../outside.json", "../outside.json: a rendered file must lie inside build/docs"),
        ("/outside.json", "/outside.json: a rendered file must lie inside build/docs"),
        ("fr/home.md", "fr/home.md: a page must lie in the folder of a language"),
    ],
)
def test_a_path_that_cannot_be_is_named_and_nothing_is_written(root: Path, path: str, message: str) -> None:
    with pytest.raises(InputError) as error:
        assemble(root, {"ko/first.md": "", path: ""})
    assert str(error.value).startswith(message)
    assert not (root / "build").exists()


def test_a_style_is_published_without_what_is_for_those_who_change_it(root: Path) -> None:
    style = root / "docs/assets/page.css"
    style.parent.mkdir(exist_ok=True)
    style.write_text("/* why */\n\n.a {\n  color: red; /* pale\n     else */\n}\n", encoding="utf-8")
    assemble(root, {})
    assert (root / "build/docs/assets/page.css").read_text(encoding="utf-8") == ".a {\ncolor: red; \n}\n"


def test_a_built_site_can_be_read_by_anybody(tmp_path: Path) -> None:
    site = tmp_path / "site"
    (site / "ko").mkdir(parents=True)
    (site / "ko/index.html").write_text("", encoding="utf-8")
    for path, mode in ((site / "ko/index.html", 0o600), (site / "ko", 0o700), (site, 0o700)):
        path.chmod(mode)
    make_readable(site)
    modes = [path.stat().st_mode & 0o777 for path in (site, site / "ko", site / "ko/index.html")]
    assert modes == [0o755, 0o755, 0o644]


def test_a_script_is_published_without_what_is_for_those_who_change_it(root: Path) -> None:
    script = root / "docs/assets/box.js"
    script.parent.mkdir()
    script.write_text(
        "// Why it is there.\n\n/** Twice:\n * once more. */\n"
        "function f(a) {\n  // how\n  return `//${a}`; // what\n}\n",
        encoding="utf-8",
    )
    published = assemble(root, {}) / "assets/box.js"
    assert published.read_text(encoding="utf-8") == "function f(a) {\nreturn `//${a}`;\n}\n"
