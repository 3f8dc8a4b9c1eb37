from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from nova_states.site.theme_patches import PATCHES, patch_theme
from tests.site.conftest import run_mkdocs

if TYPE_CHECKING:
    import re
    from pathlib import Path

CONFIGURATION = """\
site_name: stock
theme: {name: material, font: false, features: [navigation.indexes, navigation.path]}
plugins: []
nav: [index.md, {Section: [section/index.md, section/page.md]}]
"""


@pytest.fixture(scope="session")
def stock_page(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return a page that shows every part of the theme as Material prints it."""
    root: Path = tmp_path_factory.mktemp("stock")
    (root / "docs/section").mkdir(parents=True)
    (root / "mkdocs.yml").write_text(CONFIGURATION, encoding="utf-8")
    for name in ("index.md", "section/index.md", "section/page.md"):
        (root / "docs" / name).write_text("# Title\n\n## Part\n", encoding="utf-8")
    assert run_mkdocs("build", "--quiet", root=root).returncode == 0
    return (root / "site/section/page/index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("found", [found for found, _ in PATCHES], ids=lambda found: found.pattern)
def test_a_mend_is_still_needed(found: re.Pattern[str], stock_page: str) -> None:
    assert found.search(stock_page)


def test_landmarks_get_names(stock_page: str) -> None:
    html = patch_theme(stock_page, {"path": "Where", "contents": "Parts"})
    assert '<nav class="md-path" aria-label="Where"' in html
    assert html.index('aria-label="Parts"') < html.index('aria-label="Table of contents"')
    assert '<span class="visually-hidden">Section</span>' in html
