"""Finds what looks like conditions of Python in the texts of a page."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_PYTHON = re.compile(
    r"[\w)\]'] (?:==|!=) [\w('\[]|\bnot (?:instance|self|migration|uncached_info)\.|\w in \(\w+\.|\.is_supported\(|"
    r"[.)]\w* is (?:not )?None\b"
)
_EMPTY = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
_APART = {"pre", "script", "style", "q"}
"""Blocks of code, and what Nova prints itself."""


class _Text(HTMLParser):
    """What a page says outside folds of exact code."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._open: list[tuple[str, bool]] = []

    @property
    def _is_apart(self) -> bool:
        return any(apart for _, apart in self._open)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if not self._is_apart and values.get("title"):
            self.said.append(str(values["title"]))
        if tag not in _EMPTY:
            is_exact = tag == "details" and "exact" in (values.get("class") or "").split()
            self._open.append((tag, tag in _APART or is_exact))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not self._is_apart:
            self.said.append(data)


def python_in(html: str) -> list[str]:
    """The texts of a page that look like conditions of Python, outside what shows code as code."""
    reader = _Text()
    reader.feed(html)
    return [text.strip() for text in reader.said if _PYTHON.search(text)]
