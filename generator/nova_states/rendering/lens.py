"""Renders the parts of pages for all releases: each distinct content once a language, in one file a page.

    {"had": [[175, 1]],                                      versions in a row, oldest first, that have it (1) or not
     "parts": {"story": [[12, 3], [40, 4], [123, -1]], …},    likewise, which content each shows; -1: that of the page
     "alike": {"story": [4], …},                              contents that differ from the newest's in evidence alone
     "contents": [[0, 5, 1], …],                              pieces of each content, to be put together
     "pieces": ["<tr>…", …]}

Contents of one page share most of their rows, so they are cut where a row begins.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from itertools import groupby
from typing import Final

from nova_states.catalog.fact_ids import FactIds
from nova_states.pages.lens import LensPage, LensPart
from nova_states.pages.lens_pages import lens_pages
from nova_states.pages.writer import PageWords, Writer
from nova_states.rendering.environment import fill, inline

LENS_FILE: Final = "releases.json"
"""Beside each page that has parts."""
AS_SHOWN: Final = -1
"""Stands for the content that the page has by itself."""

_ROWS = ("<tr", "<li", "<details", "<div")
"""What pieces begin with."""
_CUT = "\0"
_NEXT = "<"
"""Any piece begins with it."""
_TAG = "/src/tag/"
_LINE = re.compile(r"/src/tag/[^/\"]+/([^\"#]+)#L\d+\"><code>[^<]*</code>")
"""A link to a line of the source: the same facts stand at other lines in other releases."""
_EVIDENCE = re.compile(r"<a [^>]*/src/tag/[^>]*><code>[^<]*</code></a>(?: <code>[^< ]*</code>)?\s*")
"""A place in the source with its function, as the filters `place` and `at_most` print it."""
_FOLDED = re.compile(r"<details><summary>[^<]*</summary></details>")
"""What is left of folded places."""


_SEEN = ("seen_reactions", "seen_statuses", "seen_guards", "seen_marked", "read_from_source", "seen")
"""Words that tell whether what is said was seen running: evidence as well."""


def notes_of(words: PageWords) -> re.Pattern[str]:
    """What stands as a whole between two tags and tells how facts are known."""
    texts = (re.escape(inline(words(key, version=_CUT, count=_CUT))).replace(re.escape(_CUT), "[^<]+") for key in _SEEN)
    return re.compile(rf"\s*(?:<small>(?=[^<]*</small>))?(?<=>)(?:{'|'.join(texts)})\s*(?:</small>|(?=<))")


def saying(notes: re.Pattern[str], html: str) -> str:
    """What a content says, without the evidence it was read from or borne out by; for the pattern of `notes_of`."""
    return _FOLDED.sub("", notes.sub("", _EVIDENCE.sub("", html)))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Cut:
    """A content in pieces."""

    pieces: Sequence[str]
    plain: str
    """The whole, without lines."""


@dataclass(kw_only=True)
class _Pools:
    """Contents and their pieces by number, each once, whatever the lines of the source that it links to."""

    contents: list[list[int]] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    notes: re.Pattern[str]
    """Of `notes_of`."""
    _contents: dict[str, int] = field(default_factory=dict)
    _pieces: dict[str, int] = field(default_factory=dict)
    _plain: dict[str, str] = field(default_factory=dict)
    _said: dict[str, str] = field(default_factory=dict)

    def cut(self, text: str) -> _Cut:
        """A text in pieces."""
        # Far faster than to split by an expression.
        for row in _ROWS:
            text = text.replace(row, _CUT + row)
        pieces = text.split(_CUT)
        for piece in pieces:
            if piece not in self._plain:
                self._plain[piece] = _LINE.sub(r"\1", piece) if _TAG in piece else piece
        return _Cut(pieces=pieces, plain="".join(self._plain[piece] for piece in pieces))

    def number(self, content: _Cut) -> int:
        """The number of a content."""
        if content.plain not in self._contents:
            self._contents[content.plain] = len(self.contents)
            self.contents.append([self._number(piece) for piece in content.pieces])
        return self._contents[content.plain]

    def text(self, number: int) -> Iterable[str]:
        """The pieces of a content."""
        return (self.pieces[piece] for piece in self.contents[number])

    def saying(self, pieces: Iterable[str]) -> str:
        """What pieces say together: evidence lies within one, and most of them are pieces of many contents."""
        return "".join(map(self._saying, pieces))

    def _saying(self, piece: str) -> str:
        plain = self._plain[piece]
        if plain not in self._said:
            # A note ends where the next piece begins, with a tag.
            self._said[plain] = saying(self.notes, piece + _NEXT).removesuffix(_NEXT)
        return self._said[plain]

    def _number(self, piece: str) -> int:
        plain = self._plain[piece]
        if plain not in self._pieces:
            self._pieces[plain] = len(self.pieces)
            self.pieces.append(piece)
        return self._pieces[plain]


@dataclass(kw_only=True)
class LensRenderer:
    """Renders the files of pages, one by one."""

    writer: Writer
    ids: FactIds
    """Shared by the languages."""
    finish: Callable[[str], str]
    """Makes HTML of what a template printed."""
    keys: dict[tuple[str, str], list[int | None]]
    """Of parts by page and name, the same in all languages: shared by them."""

    def pages(self) -> dict[str, LensPage]:
        """Path of the file below the site → page."""
        language = self.writer.language
        return {f"{language}/{page.address}{LENS_FILE}": page for page in lens_pages(self.writer)}

    @cached_property
    def _notes(self) -> re.Pattern[str]:
        return notes_of(self.writer.words)

    def render(self, page: LensPage) -> str:
        """The file of a page."""
        had = [page.has(self.ids, version) for version in self.writer.catalog.versions]
        pools = _Pools(notes=self._notes)
        writer = self.writer.on(page.address)
        parts: dict[str, list[tuple[int, int]]] = {}
        alike: dict[str, list[int]] = {}
        for part in page.parts:
            # What the page shows by itself is compared with more than once.
            cut = cache(lambda version, part=part: pools.cut(self.finish(_fill(writer, part, version))))
            numbers = self._numbers(part, page.shown, self._keys(page, part, had), cut, pools)
            parts[part.name] = _runs(numbers)
            if same := _alike(numbers, page.shown, cut, pools):
                alike[part.name] = same
        found = {
            "had": _runs(int(one) for one in had),
            "parts": parts,
            "alike": alike,
            "contents": pools.contents,
            "pieces": pools.pieces,
        }
        return json.dumps(found, ensure_ascii=False, separators=(",", ":"))

    def _numbers(
        self, part: LensPart, shown: str, keys: Sequence[int | None], cut: Callable[[str], _Cut], pools: _Pools
    ) -> list[int]:
        """The content of a part in each version."""
        versions = self.writer.catalog.versions
        # What is the same is told at the lines of the newest release that has it.
        newest = {key: version for version, key in zip(versions, keys, strict=True) if key is not None}
        numbers: dict[int | None, int] = {None: AS_SHOWN}
        if not part.is_of_all:
            numbers[keys[versions.index(shown)]] = AS_SHOWN
        if newest.keys() <= numbers.keys():
            return [numbers[key] for key in keys]
        by_itself = None if part.is_of_all else cut(shown).plain
        for key, version in newest.items():
            if key not in numbers:
                found = cut(version)
                numbers[key] = AS_SHOWN if found.plain == by_itself else pools.number(found)
        return [numbers[key] for key in keys]

    def _keys(self, page: LensPage, part: LensPart, had: Sequence[bool]) -> list[int | None]:
        """A number for what decides about a part in each version; None where it is not there."""
        known = (page.address, part.name)
        if known not in self.keys:
            versions = self.writer.catalog.versions
            seen: dict[Hashable, int] = {}
            self.keys[known] = [
                seen.setdefault(part.key(self.ids, version), len(seen)) if has else None
                for version, has in zip(versions, had, strict=True)
            ]
        return self.keys[known]


def _alike(numbers: Sequence[int], shown: str, cut: Callable[[str], _Cut], pools: _Pools) -> list[int]:
    """The contents of a part that say what it says in the newest version, from other evidence."""
    newest = numbers[-1]
    others = sorted({*numbers} - {newest, AS_SHOWN})
    if not others:
        return []
    told = pools.saying(cut(shown).pieces if newest == AS_SHOWN else pools.text(newest))
    return [number for number in others if pools.saying(pools.text(number)) == told]


def _fill(writer: Writer, part: LensPart, version: str) -> str:
    release = writer.catalog.release(version)
    fields = part.fields(replace(writer, lens=release), release)
    return fill(f"parts/{part.template}.md", writer.words, fields)


def _runs(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """How many in a row are the same."""
    return [(len(list(group)), number) for number, group in groupby(numbers)]
