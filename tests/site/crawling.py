"""Reads a built site for the tests: MkDocs' strict mode does not look at links inside HTML."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from pathlib import Path

_LOADS = {"script": "src", "img": "src", "iframe": "src", "source": "src", "object": "data"}
_LOADING_LINKS = {"stylesheet", "icon", "preload", "prefetch", "preconnect", "dns-prefetch", "manifest"}


@dataclass(kw_only=True, slots=True)
class Document:
    """What the tests ask of one HTML file."""

    path: str
    language: str = ""
    title: str = ""
    description: str = ""
    ids: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    """The targets of `a`, as written."""
    resources: list[str] = field(default_factory=list)
    """What a browser loads with the page, as written."""
    alternates: dict[str, str] = field(default_factory=dict)
    """The addresses of the page in each `hreflang`, as written."""
    headings: list[int] = field(default_factory=list)
    """The levels of the headings, in order."""
    inline: list[str] = field(default_factory=list)
    """What a strict Content-Security-Policy forbids: scripts and styles inside the page, and attributes of them."""
    policies: list[str] = field(default_factory=list)
    """The Content-Security-Policies that the page names itself, before anything is loaded."""

    def resolve(self, link: str) -> tuple[str, str]:
        """Return the path of the file that `link` names from here, and the anchor."""
        parts = urlsplit(link)
        target = posixpath.normpath(posixpath.join(posixpath.dirname(self.path), unquote(parts.path)))
        if not parts.path:
            target = self.path
        elif parts.path.endswith(("/", "/.", "/..")) or parts.path in {".", ".."}:
            target = posixpath.normpath(posixpath.join(target, "index.html"))
        return target, unquote(parts.fragment)


class _Reader(HTMLParser):
    def __init__(self, document: Document) -> None:
        super().__init__()
        self.document = document
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        document, values = self.document, {name: value or "" for name, value in attrs}
        document.inline += _inline(tag, values)
        if tag == "meta" and values.get("http-equiv") == "Content-Security-Policy" and not document.resources:
            document.policies.append(values["content"])
        if "id" in values:
            document.ids.append(values["id"])
        if tag in _LOADS and _LOADS[tag] in values:
            document.resources.append(values[_LOADS[tag]])
        elif tag == "a" and "href" in values:
            document.links.append(values["href"])
        elif tag == "link":
            self._read_link(values)
        elif tag == "html":
            document.language = values.get("lang", "")
        elif tag == "meta" and values.get("name") == "description":
            document.description = values.get("content", "")
        elif tag in {"h1", "h2", "h3", "h4"}:
            document.headings.append(int(tag[1]))
        # SVG has titles of its own
        self._in_title = tag == "title" and not document.title

    def _read_link(self, values: dict[str, str]) -> None:
        relations = set(values.get("rel", "").split())
        if "alternate" in relations:
            self.document.alternates[values["hreflang"]] = values["href"]
        if relations & _LOADING_LINKS:
            self.document.resources.append(values.get("href", ""))

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.document.title += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._in_title = False


def _inline(tag: str, values: dict[str, str]) -> list[str]:
    found = [f"{tag} {name}" for name in values if name == "style" or name.startswith("on")]
    found += [f"{tag} {name}" for name in values if values[name].strip().startswith("javascript:")]
    if tag == "style" or (tag == "script" and "src" not in values and values.get("type") != "application/json"):
        found.append(tag)
    return found


def pages_of_each_kind(site: Path, language: str) -> list[str]:
    """Return the heaviest page of each folder of a language and the folder's own, as addresses below the site."""
    files = sorted((site / language).rglob("index.html"), key=lambda file: (file.stat().st_size, file))
    chosen = {}
    for file in files:
        folder = file.relative_to(site).parent
        chosen[folder.parts[:2], len(folder.parts) > 2] = f"{folder.as_posix()}/"
    return sorted(chosen.values())


def read_site(site: Path) -> dict[str, Document]:
    """Return all HTML files below `site` by their paths."""
    documents = {}
    for file in sorted(site.rglob("*.html")):
        document = Document(path=file.relative_to(site).as_posix())
        reader = _Reader(document)
        reader.feed(file.read_text(encoding="utf-8"))
        reader.close()
        documents[document.path] = document
    return documents
