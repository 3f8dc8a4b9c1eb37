"""The only maker of addresses: of pages, of their files, and of lines in Nova's source.

All links between pages are relative, so that the site works below any base path.
"""

from __future__ import annotations

from dataclasses import dataclass

from nova_states.facts.model import Evidence

SOURCE_LINE = "https://opendev.org/openstack/nova/src/tag/{version}/{file}#L{line}"
"""Address of a line of Nova's source, to be filled in."""
_SOURCE_FILE = "https://opendev.org/openstack/nova/src/tag/{version}/{path}"
_COMMIT = "https://opendev.org/openstack/nova/commit/{commit}"

HOME = ""
LOOKUP = "lookup/"
COMPARE = "compare/"


def address(kind: str, name: str) -> str:
    """Address of a name's page below its language: ("power_state", "SHUTDOWN") → "power_state/shutdown/"."""
    return f"{kind}/{name.lower()}/"


def index_address(kind: str) -> str:
    """Address of a kind's table of contents below its language."""
    return f"{kind}/"


def file_of(language: str, page: str) -> str:
    """File a page is written to: ("ko", "vm_state/active/") → "ko/vm_state/active.md", an index to "index.md"."""
    path = page.strip("/")
    is_index = "/" not in path and page not in (LOOKUP, COMPARE)
    return "/".join([language, path] if path else [language]) + ("/index.md" if is_index else ".md")


def source_line(version: str, place: Evidence) -> str:
    """Address of a line of Nova's source at a release's tag."""
    return SOURCE_LINE.format(version=version, file=place.file, line=place.line)


def source_file(version: str, path: str) -> str:
    """Address of a file of Nova's at a release's tag."""
    return _SOURCE_FILE.format(version=version, path=path)


def commit(identity: str) -> str:
    """Address of a commit of Nova."""
    return _COMMIT.format(commit=identity)


def _relative(page: str, target: str) -> str:
    """The way from one address to another: up to the language's home, then down."""
    return "../" * page.count("/") + target or "./"


@dataclass(frozen=True, kw_only=True, slots=True)
class Urls:
    """Links as they are written on one page."""

    page: str
    """The page's own address below its language."""

    def to(self, target: str, anchor: str = "") -> str:
        """Relative link to the page at `target` (an address below the language), optionally to a heading."""
        link = _relative(self.page, target)
        return f"{link}#{anchor}" if anchor else link

    def name(self, kind: str, name: str, anchor: str = "") -> str:
        """Relative link to the page of a name."""
        return self.to(address(kind, name), anchor)

    def beside(self, file: str) -> str:
        """Relative link to a file that lies beside the languages: "assets/lookup/ko.json", "api/v1/states.json"."""
        return f"{_relative(self.page, HOME)}../{file}".removeprefix("./")
