"""Links between pages that people wrote: each has to lead to a page, and to a place on it.

MkDocs tells of these too, but not in which line they stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import Final

from nova_states.explanations.languages import LANGUAGES

_LINK: Final = re.compile(r"\]\(([^)#\s:]+\.md)?(?:#([^)\s]+))?\)")
_PLACE: Final = re.compile(r"\{#([^\s}]+)\}|\bid=\"([^\"]+)\"")


def find_broken_links(docs: Path, pages: Mapping[str, str]) -> Iterator[str]:
    """Each link in prose that leads nowhere, with file, line and the nearest that is there.

    Args:
        docs: The folder of prose.
        pages: Path → text of the generated pages.
    """
    prose = {
        file.relative_to(docs).as_posix(): file.read_text(encoding="utf-8")
        for language in LANGUAGES
        for file in sorted((docs / language).rglob("*.md"))
    }
    texts = {**{path: text for path, text in pages.items() if path.endswith(".md")}, **prose}
    places: dict[str, frozenset[str]] = {}
    for path, text in prose.items():
        for link in _LINK.finditer(text):
            target = normpath(join(dirname(path), link[1])) if link[1] else path
            problem = ""
            if target not in texts:
                problem = f"there is no {_unknown(target, list(texts))}"
            elif link[2]:
                if target not in places:
                    places[target] = frozenset(a or b for a, b in _PLACE.findall(texts[target]))
                if link[2] not in places[target]:
                    problem = f"{target} has no {_unknown('#' + link[2], [f'#{place}' for place in places[target]])}"
            if problem:
                line = text.count("\n", 0, link.start()) + 1
                yield f"docs/{path}:{line}: {link[0][1:]} leads nowhere: {problem}"


def _unknown(name: str, known: list[str]) -> str:
    nearest = get_close_matches(name, sorted(known), n=1)
    return f"{name}{f'; {nearest[0]} is near' if nearest else ''}"
