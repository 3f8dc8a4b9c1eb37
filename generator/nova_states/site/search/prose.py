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
_SENTENCE: Final = re.compile(r".+?[.:?!](?=\s|$)")
_NO_SENTENCE: Final = ("|", "-", "#", "!", ":", "`", "1", " ", "<", "=", "?")
"""What a block begins with that is not running text: tables, lists, code, admonitions."""


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
    for place, heading in enumerate(headings[1:], 1):
        end = headings[place + 1].start() if place + 1 < len(headings) else len(text)
        yield Document(
            id=f"{identity}#{heading[3]}",
            kind=folder,
            label=plain(heading[2]),
            sentence=_first_sentence(text[heading.end() : end]),
            href=f"{href}#{heading[3]}",
        )


def _first_sentence(text: str) -> str:
    for block in text.split("\n\n"):
        lines = block.strip("\n")
        if lines.strip() and not lines.startswith(_NO_SENTENCE):
            sentence = _SENTENCE.match(plain(" ".join(lines.split())))
            return sentence[0].rstrip(":") if sentence else ""
    return ""


def plain(text: str) -> str:
    """A line of Markdown as plain text."""
    return _MARKS.sub("", _LINK.sub(r"\1", text)).strip()
