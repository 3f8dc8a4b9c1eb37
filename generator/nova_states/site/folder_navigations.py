"""Material's navigation, rendered once for the pages of a section: no more than their own entry is another on each.

Rendered for each page it would take more than half of the time of the theme.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mkdocs.structure.pages import Page

_ENTRY, _END = "<li", "</li>"


@dataclass(frozen=True, kw_only=True, slots=True)
class Visitor:
    """A page that lies where others lie and is none of them: what is rendered for it marks no entry."""

    url: str
    """Links are relative to it."""


@dataclass(kw_only=True)
class FolderNavigations:
    """Of one build. Asked by templates/theme/partials/nav.html."""

    _kept: dict[tuple[str, int], str] = field(default_factory=dict)
    """Folder and section of pages → the navigation in which the entry of none is marked."""

    def has(self, page: Page) -> bool:
        """Whether there is one for the section of a page already."""
        return _key(page) in self._kept

    def suits(self, page: Page) -> bool:
        """Whether a page is an entry of its own; that of the first page of a folder is the folder's."""
        return page.parent is not None and not page.is_index

    def enter(self, page: Page) -> Visitor:
        """Go where the page is, which is no longer what a reader looks at; its section still is."""
        page.active = False
        if page.parent is not None:
            page.parent.active = True
        return Visitor(url=posixpath.join(_folder(page), "_/"))

    def leave(self, page: Page, html: str) -> str:
        """Keep what was rendered for the visitor, and go back to the page; prints nothing."""
        page.active = True
        self._kept[_key(page)] = html
        return ""

    def with_entry(self, page: Page, entry: str) -> str:
        """The navigation of a page.

        Args:
            page: The page.
            entry: How Material renders it where it is looked at.
        """
        html = self._kept[_key(page)]
        name = posixpath.basename(page.url.rstrip("/"))
        link = html.index(f'<a href="../{name}/"')
        end = html.index(_END, link) + len(_END)
        return html[: html.rindex(_ENTRY, 0, link)] + entry.strip() + html[end:]


def _folder(page: Page) -> str:
    return posixpath.dirname(page.url.rstrip("/"))


def _key(page: Page) -> tuple[str, Any]:
    return _folder(page), id(page.parent)
