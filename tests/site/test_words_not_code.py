"""Conditions are told in words: Nova's code stands in folds of its own, blocks of code and links to the source only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.python_texts import python_in

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<td><code>a.state == b</code></td>", ["a.state == b"]),
        ('<td title="stop (not instance.shutdown_terminate)">stop</td>', ["stop (not instance.shutdown_terminate)"]),
        ('<td>if it is off <details class="exact"><code>a == b</code></details></td>', []),
        ("<pre><code>a == b</code></pre><q>x == y</q><p>in (most) cases</p>", []),
    ],
)
def test_what_looks_like_code(html: str, found: list[str]) -> None:
    assert python_in(html) == found


@pytest.mark.parametrize("language", ["ko", "en"])
def test_no_page_tells_a_condition_as_code(built_site: Path, language: str) -> None:
    found = {
        str(path.relative_to(built_site)): texts
        for path in sorted((built_site / language).rglob("index.html"))
        if (texts := python_in(path.read_text(encoding="utf-8")))
    }
    assert found == {}
