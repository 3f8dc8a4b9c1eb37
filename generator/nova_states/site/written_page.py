"""A page that people wrote, while the site is edited: its Markdown is rendered again only where it says something else.

Python-Markdown takes a third of what such a build costs, for pages of which an edit changes one.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from mkdocs.structure.pages import Page

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

_SNIPPET: Final = re.compile(r'--8<-- "([^"\n]+)"')
_SNIPPETS: Final = "--8<--"
_LINKS: Final = "links_to_anchors"
_RENDERED: Final = ("content", "toc", "present_anchor_ids", "_title_from_render", _LINKS)
"""What MkDocs' own rendering sets of a page."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Rendering:
    key: str
    found: dict[str, Any]
    """By attribute of the page; files of links by their paths, as each build has files of its own."""


class Renderings:
    """What pages of prose were rendered to, by path."""

    def __init__(self) -> None:
        self._kept: dict[str, _Rendering] = {}
        self.around = ""
        """What all pages rest on besides their own text: which files there are, and how Markdown is read."""

    def render(self, page: WrittenPage, config: MkDocsConfig, files: Files) -> None:
        """Render a page, or take what was rendered of the same."""
        path, key = page.file.src_uri, self._key(page, config)
        kept = self._kept.get(path)
        if key and kept is not None and kept.key == key:
            links = {files.get_file_from_path(uri): found for uri, found in kept.found[_LINKS].items()}
            vars(page).update(kept.found | {_LINKS: links})
            return
        with _warnings() as warned:
            page.render_anew(config, files)
        self._kept.pop(path, None)
        if key and not warned:  # else it shall warn each time
            found = {name: vars(page).get(name) for name in _RENDERED}
            found[_LINKS] = {file.src_uri: links for file, links in (page.links_to_anchors or {}).items()}
            self._kept[path] = _Rendering(key=key, found=found)

    def _key(self, page: WrittenPage, config: MkDocsConfig) -> str:
        """Tells whether a page would be rendered to the same; empty where nobody can tell."""
        text = page.markdown or ""
        digest = hashlib.blake2b(f"{self.around}\0{text}".encode())
        snippets = _SNIPPET.findall(text)
        if len(snippets) != text.count(_SNIPPETS):
            return ""
        for snippet in snippets:
            file = Path(config.docs_dir, snippet)
            digest.update(file.read_bytes() if file.is_file() else b"")
        return digest.hexdigest()


class WrittenPage(Page):
    """A page of prose."""

    def __init__(self, renderings: Renderings, file: Any, config: MkDocsConfig) -> None:  # noqa: ANN401 - MkDocs' own
        super().__init__(None, file, config)
        self._renderings = renderings

    def render(self, config: MkDocsConfig, files: Files) -> None:
        """As `Page.render`, or as it was before."""
        self._renderings.render(self, config, files)

    def render_anew(self, config: MkDocsConfig, files: Files) -> None:
        """As `Page.render`."""
        super().render(config, files)


@contextmanager
def _warnings() -> Iterator[list[logging.LogRecord]]:
    """What MkDocs warns of meanwhile."""
    found: list[logging.LogRecord] = []

    class Noting(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            found.append(record)

    handler, logger = Noting(level=logging.INFO), logging.getLogger("mkdocs")
    logger.addHandler(handler)
    try:
        yield found
    finally:
        logger.removeHandler(handler)
