"""Guides and runbooks that a page leads to: those whose front matter says so (`leads_from`), by their own titles."""

from __future__ import annotations

import functools
import re
from pathlib import PurePosixPath

from nova_states.errors import InputError
from nova_states.explanations.leads import leads_of
from nova_states.explanations.yaml_text import read_front_matter
from nova_states.locations import explanations_folder
from nova_states.pages.components import Link
from nova_states.pages.writer import Writer

_TITLE = re.compile(r"^# (.+?)(?: \{#[\w.:-]+\})?$", re.MULTILINE)


def reading_links(page: Writer, kind: str, name: str) -> tuple[Link, ...]:
    """What to read on about a name: comparisons and guides first, then what to do about it."""
    return tuple(guide_link(page, address) for address in _leads().get(f"{kind}:{name}", ()))


def guide_link(page: Writer, address: str) -> Link:
    """A page that people wrote, by its own title: "guide/compare/"."""
    return Link(text=_title(page.language, address), href=page.urls.to(address))


@functools.cache
def written_pages(language: str, folder: str) -> tuple[tuple[str, str, str], ...]:
    """Pages that people wrote in a folder, in their order: address, title and description."""
    found = []
    for file in sorted((explanations_folder().parent / language / folder).glob("*.md")):
        head = read_front_matter(file.read_text(encoding="utf-8"), f"docs/{language}/{folder}{file.name}")
        address = f"{folder}{file.stem}/"
        found.append((head.get("order", 0), address, _title(language, address), str(head.get("description", ""))))
    return tuple((address, title, description) for _, address, title, description in sorted(found))


@functools.cache
def _leads() -> dict[str, tuple[str, ...]]:
    """Id → addresses below a language; one language's front matter speaks for both."""
    found: dict[str, dict[str, None]] = {}
    for place, lead in leads_of(explanations_folder().parent):
        found.setdefault(lead, {})["/".join(PurePosixPath(place).with_suffix("").parts[2:]) + "/"] = None
    return {lead: tuple(addresses) for lead, addresses in found.items()}


@functools.cache
def _title(language: str, address: str) -> str:
    """The heading of a page.

    Raises:
        InputError: there is no such page.
    """
    file = explanations_folder().parent / language / f"{address.rstrip('/')}.md"
    try:
        match = _TITLE.search(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"docs/{language}/{address.rstrip('/')}.md: a page leads there, but it is missing") from error
    return match[1] if match else file.stem
