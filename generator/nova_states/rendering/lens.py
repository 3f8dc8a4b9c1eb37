"""Renders the parts of pages for all releases: each distinct content once a language, in one file a page.

    {"had": [[175, 1]],                                       versions in a row, oldest first, that have it (1) or not (0)
     "parts": {"story": [[12, 3], [40, 4], [123, -1]], …},    likewise, which content each shows; -1: that of the page
     "contents": [[0, 5, 1], …],                              pieces of each content, to be put together
     "pieces": ["<tr>…", …]}

Contents of one page share most of their rows, so they are cut where a row begins.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Final

from nova_states.catalog.fact_ids import FactIds
from nova_states.pages.lens import LensPage, LensPart
from nova_states.pages.lens_pages import lens_pages
from nova_states.pages.writer import Writer
from nova_states.rendering.environment import render

LENS_FILE: Final = "releases.json"
"""Beside each page that has parts."""
AS_SHOWN: Final = -1
"""Stands for the content that the page has by itself."""

_PIECE = re.compile(r"(?=<(?:tr|li|details|div|h[1-4])\b)")
_LINE = re.compile(r"/src/tag/[^/\"]+/([^\"#]+)#L\d+\"><code>[^<]*</code>")
"""A link to a line of the source: the same facts stand at other lines in other releases."""


@dataclass(kw_only=True)
class _Pool:
    """Texts by number, each once."""

    numbers: dict[Hashable, int] = field(default_factory=dict)
    texts: list[object] = field(default_factory=list)

    def number(self, text: object, key: Hashable) -> int:
        if key not in self.numbers:
            self.numbers[key] = len(self.texts)
            self.texts.append(text)
        return self.numbers[key]


@dataclass(kw_only=True)
class LensRenderer:
    """Renders the files of pages, one by one."""

    writer: Writer
    ids: FactIds
    """Shared by the languages."""
    finish: Callable[[str], str]
    """Makes HTML of what a template printed."""

    def pages(self) -> dict[str, LensPage]:
        """Path of the file below the site → page."""
        language = self.writer.language
        return {f"{language}/{page.address}{LENS_FILE}": page for page in lens_pages(self.writer)}

    def render(self, page: LensPage) -> str:
        """The file of a page."""
        had = [page.has(self.ids, version) for version in self.writer.catalog.versions]
        pieces, contents = _Pool(), _Pool()
        parts = {part.name: _runs(self._numbers(page, part, had, pieces, contents)) for part in page.parts}
        found = {
            "had": _runs(int(one) for one in had),
            "parts": parts,
            "contents": contents.texts,
            "pieces": pieces.texts,
        }
        return json.dumps(found, ensure_ascii=False, separators=(",", ":"))

    def _numbers(self, page: LensPage, part: LensPart, had: Sequence[bool], pieces: _Pool, contents: _Pool) -> list[int]:
        """The content of a part in each version."""
        versions = self.writer.catalog.versions
        keys = [part.key(self.ids, version) if has else None for version, has in zip(versions, had, strict=True)]
        # What is the same is told at the lines of the newest release that has it.
        newest = {key: version for version, key in zip(versions, keys, strict=True) if key is not None}
        numbers = {part.key(self.ids, page.shown): AS_SHOWN, None: AS_SHOWN}
        if newest.keys() <= numbers.keys():
            return [numbers[key] for key in keys]
        writer = self.writer.on(page.address)
        shown = _without_lines(self.finish(_fill(writer, part, page.shown)))
        for key, version in newest.items():
            if key not in numbers:
                text = self.finish(_fill(writer, part, version))
                plain = _without_lines(text)
                if plain == shown:
                    numbers[key] = AS_SHOWN
                else:
                    cut = [pieces.number(piece, _without_lines(piece)) for piece in _PIECE.split(text) if piece]
                    numbers[key] = contents.number(cut, plain)
        return [numbers[key] for key in keys]


def _fill(writer: Writer, part: LensPart, version: str) -> str:
    release = writer.catalog.release(version)
    fields = part.fields(replace(writer, lens=release), release)
    return render(f"{part.template}.md", writer.words, folder="parts", **fields)


def _without_lines(text: str) -> str:
    return _LINE.sub(r"\1", text)


def _runs(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """How many in a row are the same."""
    return [(len(list(group)), number) for number, group in groupby(numbers)]
