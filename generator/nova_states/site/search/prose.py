"""What people wrote, as documents of the search: guides by section, a runbook as a whole.

Read from the Markdown itself, whose headings name their ids; no HTML is parsed. A runbook's sections are the same in
all runbooks ("three checks", "decide"), so they say nothing to a search.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from nova_states.errors import InputError
from nova_states.explanations.yaml_text import read_front_matter
from nova_states.facts.ids import fact_id
from nova_states.site.search.documents import Document

BY_SECTION: Final = ("guide",)
FOLDERS: Final = (*BY_SECTION, "runbook")
"""Folders below a language's whose pages are found."""

_HEADING: Final = re.compile(r"^(#{1,3}) (.+?) \{#([\w.:-]+)\}$", re.MULTILINE)
_LINK: Final = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_MARKS: Final = re.compile(r"\*\*|`")


def documents_of_prose(docs: Path, language: str) -> Iterator[Document]:
    """A document for each page below the folders, and for each section of those that are found by section.

    Raises:
        InputError: a page has no heading with an id, or no description; with its file.
    """
    for folder in FOLDERS:
        for file in sorted((docs / language / folder).glob("*.md")):
            yield from _page(folder, file, f"docs/{file.relative_to(docs).as_posix()}")


def _page(folder: str, file: Path, where: str) -> Iterator[Document]:
    text = file.read_text(encoding="utf-8")
    head = read_front_matter(text, where)
    headings = list(_HEADING.finditer(text))
    if not headings or not head.get("description"):
        raise InputError(f"{where}: needs a description and headings with ids; the search shows both")
    identity, href = fact_id(folder, file.stem), f"{folder}/{file.stem}/"
    title = plain(headings[0][2])
    yield Document(id=identity, kind=folder, label=title, sentence=plain(str(head["description"])), href=href)
    if folder not in BY_SECTION:
        return
    for heading in headings[1:]:
        section = heading[3]
        yield Document(
            id=f"{identity}#{section}", kind=folder, label=plain(heading[2]), sentence="", href=f"{href}#{section}"
        )


def plain(text: str) -> str:
    """A line of Markdown as plain text."""
    return _MARKS.sub("", _LINK.sub(r"\1", text)).strip()
