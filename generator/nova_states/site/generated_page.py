"""A generated page: how it is written down, and how MkDocs reads it without Python-Markdown.

A generated `.md` is plain Markdown that any tool of CommonMark renders alike, restricted so far that a regular
expression can render it too (Python-Markdown takes more than half of a plain build, most of it inside tables):

    ---
    {"title": "중지 (vm_state stopped)", "description": "…", "kind": "vm_state", …}      one line of JSON
    ---

    # 중지 <code>stopped</code> {#stopped}

    <p>Everything else is HTML, a blank line around each block.</p>

    ## 지금 할 수 있는 일 {#now}

Headings name their id, the same id in both languages, so that the language switch can keep the place.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, fields
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, Any

from markdown.extensions.toc import nest_toc_tokens
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import TableOfContents, get_toc

from nova_states.errors import InputError

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

_PAGE = re.compile(r"---\n(\{.*\})\n---\n\n?")
# A sign is found far faster than the beginning of a line; hence the order.
_HEADING = re.compile(r"#(?<=^#)(#{0,3}) (.+) \{#([\w.:-]+)\}$", re.MULTILINE)
_NAMED = " {#"
"""Stands in every heading."""
_OPENING = "<summary>\n\n"
_TAG = re.compile(r"<[^>]+>")
_ID = re.compile(r'\sid="([^"]+)"')


@dataclass(frozen=True, kw_only=True, slots=True)
class PageHead:
    """The front matter of a generated page."""

    title: str
    """What the page is called in the browser's tab and in search results."""
    description: str
    """One sentence for search engines and for search results."""
    kind: str
    """vm_state, task_state, power_state, status, action, matrix, series, lookup, home."""
    label: str = ""
    """A shorter name for the navigation; the title where empty."""
    group: str = ""
    """The heading under which the navigation of its folder lists the page, in the page's language."""
    aliases: tuple[str, ...] = ()
    """Other words that find the page; never shown."""
    hide: tuple[str, ...] = ()
    """Parts of the theme to leave out: navigation, toc, path."""


def read_head(path: str, source: str) -> PageHead:
    """Return the front matter of the generated page at `path`.

    Raises InputError naming the path when it is missing or holds other keys than `PageHead`.
    """
    match = _PAGE.match(source)
    if match is None:
        raise InputError(f"{path}:1: a generated page begins with one line of JSON between two lines of ---")
    head: dict[str, Any] = json.loads(match[1])
    unknown = sorted(head.keys() - {field.name for field in fields(PageHead)})
    if unknown:
        raise InputError(f"{path}:2: unknown front matter {', '.join(unknown)}")
    values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in head.items()}
    try:
        return PageHead(**values)
    except TypeError as error:
        raise InputError(f"{path}:2: {str(error).partition(' ')[2]}") from error


class GeneratedPage(Page):
    """A page whose body is HTML but for its headings."""

    def read_source(self, config: MkDocsConfig) -> None:
        """Split the file into front matter and body."""
        source = self.file.content_string
        head = read_head(self.file.src_uri, source)
        self.markdown = _PAGE.sub("", source, count=1)
        self.meta = {"title": head.title, "description": head.description, "kind": head.kind, "hide": head.hide}
        if head.label:
            self.title = head.label

    def render(self, config: MkDocsConfig, files: Files) -> None:
        """Turn the headings into HTML and collect them for the table of contents."""
        self.content, self.toc, anchors = _rendered(self.markdown or "")
        self.present_anchor_ids = set(anchors)
        self.links_to_anchors = {}


@lru_cache(maxsize=1024)  # of the builds of `mkdocs serve`, most pages are those of the one before
def _rendered(text: str) -> tuple[str, TableOfContents, frozenset[str]]:
    """The HTML of a page, its table of contents, and the ids that links may lead to."""
    tokens: list[Any] = []
    html = render_headings(text, tokens)
    return html, get_toc(nest_toc_tokens(tokens)), frozenset(_ID.findall(html))


def render_headings(text: str, tokens: list[Any] | None = None) -> str:
    """Turn the headings of a generated text, which is HTML else, into HTML.

    Args:
        text: A page, or a part of one.
        tokens: Takes each heading for the table of contents.
    """

    def render_heading(match: re.Match[str]) -> str:
        level, html, name = 1 + len(match[1]), match[2], match[3]
        if tokens is not None:
            tokens.append({"level": level, "id": name, "name": _TAG.sub("", html)})
        # What a part opens with is a button already, and may hold none.
        has_link = level > 1 and not match.string.endswith(_OPENING, 0, match.start())
        return f'<h{level} id="{name}">{html}{permalink(name) if has_link else ""}</h{level}>'

    # Most parts of pages have none, and no line has to be looked at to know.
    return _HEADING.sub(render_heading, text) if _NAMED in text else text


def permalink(name: str) -> str:
    """Return the link a reader copies to point at a heading; Python-Markdown's own, for prose, looks the same."""
    return f'<a class="headerlink" href="#{escape(name)}" title="{PERMALINK_TITLE}">¶</a>'


PERMALINK_TITLE = "Permanent link"
"""Stands for the words of the page's language, which `nova_states.site.language` puts in."""
