"""What every page of prose needs: its twin in the other language, a description, and an id for each heading."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from nova_states.explanations.languages import LANGUAGES
from nova_states.explanations.yaml_text import key_lines, read_front_matter
from nova_states.site.search.prose import FOLDERS

_FENCE: Final = re.compile(r"\s*(`{3,}|~{3,})")
_HEADING: Final = re.compile(r"#{1,3} ")
_WITH_ID: Final = re.compile(r"#{1,3} .+ \{#[\w.:-]+\}\s*$")


def find_unfinished_prose(docs: Path) -> Iterator[str]:
    """Each thing that a guide or a runbook below `docs` lacks, with its file and line.

    Raises:
        InputError: what stands at the head of a page is not YAML.
    """
    for language in LANGUAGES:
        for folder in FOLDERS:
            for file in sorted((docs / language / folder).glob("*.md")):
                name = f"{folder}/{file.name}"
                for other in LANGUAGES:
                    if not (docs / other / name).is_file():
                        yield f"docs/{language}/{name}:1: has no twin; write docs/{other}/{name}"
                yield from _lacking(file.read_text(encoding="utf-8"), f"docs/{language}/{name}")


def _lacking(text: str, where: str) -> Iterator[str]:
    if not read_front_matter(text, where).get("description"):
        line = key_lines(text, where).get("description", 1)
        yield f"{where}:{line}: has no description; the search and results of search engines show it"
    headings = list(_headings(text))
    if not headings:
        yield f"{where}:1: has no heading; its title is the first"
    for line, heading in headings:
        if not _WITH_ID.match(heading):
            yield f"{where}:{line}: “{heading.strip()}” has no id; write {{#an-id}} behind it"


def _headings(text: str) -> Iterator[tuple[int, str]]:
    """Line and text of each heading; what looks like one in a block of code is a comment."""
    fence = ""
    for line, content in enumerate(text.splitlines(), start=1):
        mark = _FENCE.match(content)
        if mark and not fence:
            fence = mark[1]
        elif mark and mark[1].startswith(fence) and not content.strip().strip(fence[0]):
            fence = ""
        elif not fence and _HEADING.match(content):
            yield line, content
