"""Nova's messages as a table, and which of them a text holds: a fault, a refusal, a line of a log, in any language.

The table is plain JSON, the same for Python and for the browser, and needs no regular expressions. Each message is its
literals in order with anything between them. How a text is read, which any other reader of the table has to repeat:

1. The text is folded: a run of spaces and line ends becomes one character (a line end if there is one in it),
   typographic and double quotes become ', A-Z become a-z; an escape of JSON counts as what it stands for. For
   searching, a line end is a space.
2. `keys` maps four characters to the places of the entries that have them in one of their literals. Only entries of
   which the key stands in the text are looked for.
3. From each place of an entry's longest literal, the nearest literal before and the nearest behind are looked for, each
   not further than `GAP` characters and one line end away. First and last must be whole words. A period at the end of
   a message may be missing.
4. An entry with few letters must fill its line, or what stands in quotes or behind a colon: "Not authorized." is in
   many sentences.
5. A placeholder at the end may stand for nothing; the period, colon or space before it may be missing then.
6. Where the text ends before the message does, it was cut, as Nova and its clients do: that is enough if it is long.
7. The message with the most letters is first, then the one with the longest literals; one of which every literal
   stands inside those of one before it is dropped.

All steps take time in proportion to the text, whatever it holds: places of an entry are limited by `MOST_PLACES`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from string import ascii_lowercase, ascii_uppercase
from typing import Any, Final

from nova_states.catalog.release import Release
from nova_states.facts.ids import fact_id

SCHEMA: Final = 1
ENGLISH: Final = "en"
KEY: Final = 4
"""Characters of a key."""
GAP: Final = 400
"""Characters that may stand for a placeholder."""
MOST_PLACES: Final = 32
"""Places of an entry's longest literal that are tried in one text."""
MOST_MATCHES: Final = 64
FEWEST_LETTERS: Final = 6
"""What has fewer, as "Error: %(0)s" has, is no message that could be known."""
FEW_LETTERS: Final = 14
"""An entry with fewer letters must fill its line, and be there whole."""
SHORTEST_CUT: Final = 24
"""Letters that must have been found of a message that was cut."""

_NAMED = re.compile(r"\{\{|\}\}|\{(\w*)\}")
_PLACEHOLDER = re.compile(r"%\((\w+)\)s|%%")
_SPACES = re.compile(r"(?:[ \t\r\n]|\\{1,4}[nrt])+")
_ESCAPED_QUOTE = re.compile(r"""\\{1,4}(["'])""")
_FOLDED: Final = str.maketrans(f'\u2018\u2019\u201c\u201d"{ascii_uppercase}', f"{5 * chr(39)}{ascii_lowercase}")
_NO_LETTERS = re.compile(r"[\x00-@\[-`{-\x7f]+")
_WORD: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_")
_OPENING: Final = frozenset("\n'>:|]([{*")
_CLOSING: Final = frozenset("\n'<|,)]}*")


@dataclass(frozen=True, kw_only=True, slots=True)
class Match:
    """A message that stands in a text."""

    id: str
    """"error:NoValidHost", "log_message:<slug>", "refusal:<action>"."""
    groups: Mapping[str, str]
    """Placeholder → what stands there, spaces folded; without one at the end that stands for nothing or was cut off."""
    lang: str
    """"en", or the code of Nova's translation: "ko_KR"."""
    code: int | None
    """HTTP status that the exception's class, or the refusal, stands for."""
    letters: int
    """Letters of the message itself that were found: the more, the more certain."""
    start: int
    """Where its first literal begins in the folded text."""
    end: int


def compile_messages(releases: Iterable[Release], languages: Collection[str] | None = None) -> dict[str, Any]:
    """The table of all messages of some releases.

    Args:
        releases: The oldest first; where they differ, the newest tells the code.
        languages: Codes of the translations that are wanted beside English ("ko_KR"); None: all.

    Returns:
        `schema`; `entries`: a list of `{"id", "template", "code", "lang"}`, sorted, a placeholder as `%(name)s`, one
        without a name as `%(0)s`, a percent sign doubled; `keys`: key → places of entries.
    """
    codes: dict[tuple[str, str, str], int | None] = {}
    for release in releases:
        for identity, pattern, code, language in _messages(release):
            if language == ENGLISH or languages is None or language in languages:
                codes[identity, language, template_of(pattern)] = code
    entries: list[dict[str, Any]] = [
        {"id": identity, "template": template, "code": code, "lang": language}
        for (identity, language, template), code in sorted(codes.items())
        if sum(map(letters_of, literals_of(template)[0])) >= FEWEST_LETTERS and any(_grams(template))
    ]
    return {"schema": SCHEMA, "entries": entries, "keys": _keys([entry["template"] for entry in entries])}


def _messages(release: Release) -> Iterator[tuple[str, str, int | None, str]]:
    """Id, pattern, code and language of each message of a release."""
    translations: dict[str, list[tuple[str, str]]] = {}
    for one in release.bare("translations"):
        translations.setdefault(one.pattern, []).append((one.text, one.language))
    for error in release.bare("errors"):
        if error.pattern is None:
            continue
        yield fact_id("error", error.name), error.pattern, error.code, ENGLISH
        for text, language in translations.get(error.pattern, ()):
            yield fact_id("error", error.name), text, error.code, language
    for refusal in release.bare("refusals"):
        if refusal.text:
            yield fact_id("refusal", refusal.action), refusal.text, refusal.code, ENGLISH
    for line in release.bare("log_messages"):
        yield fact_id("log_message", line.slug), line.pattern, None, ENGLISH


def template_of(pattern: str) -> str:
    """A pattern of facts, with its placeholders in braces, as a template with `%(name)s`."""
    parts: list[str] = []
    end = unnamed = 0
    for match in _NAMED.finditer(pattern):
        parts.append(pattern[end : match.start()].replace("%", "%%"))
        if match[1] is None:
            parts.append(match[0][0])
        else:
            parts.append(f"%({match[1] or unnamed})s")
            unnamed += not match[1]
        end = match.end()
    return "".join([*parts, pattern[end:].replace("%", "%%")])


@cache
def literals_of(template: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The folded literals of a template and the names between them; the last has no period at its end.

    The first or the last literal is empty where a placeholder stands there.
    """
    literals = [""]
    names: list[str] = []
    end = 0
    for match in _PLACEHOLDER.finditer(template):
        literals[-1] += template[end : match.start()]
        end = match.end()
        if match[1] is None:
            literals[-1] += "%"
        else:
            names.append(match[1])
            literals.append("")
    literals[-1] += template[end:]
    folded = [fold(literal).replace("\n", " ") for literal in literals]
    folded[0] = folded[0].lstrip(" ")
    folded[-1] = folded[-1].rstrip(" .")
    return tuple(folded), tuple(names)


def fold(text: str) -> str:
    """A text with runs of spaces as one character, quotes of one kind, and small letters (A-Z only)."""
    return _squeezed(text).translate(_FOLDED)


def _squeezed(text: str) -> str:
    """The text with what is escaped in it as itself, and each run of spaces as one."""
    return _SPACES.sub(lambda run: "\n" if "n" in run[0] or "\n" in run[0] else " ", _ESCAPED_QUOTE.sub(r"\1", text))


def _emptied(literals: Sequence[str], names: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """The same for a message whose last placeholder stands for nothing: people leave out what led to it, too."""
    return (literals, names) if literals[-1] else ((*literals[:-2], literals[-2].rstrip(" .:")), names[:-1])


def letters_of(text: str) -> int:
    """How many letters a literal has; one that is not of ASCII counts twice, as it says more."""
    return sum(1 if char < "\x7f" else 2 for char in _NO_LETTERS.sub("", text))


def _keys(templates: Sequence[str]) -> dict[str, list[int]]:
    """For each template the key that the fewest templates have, the first of these."""
    grams = [list(dict.fromkeys(_grams(template))) for template in templates]
    frequency = Counter(gram for listed in grams for gram in listed)
    keys: dict[str, list[int]] = {}
    for place, listed in enumerate(grams):
        keys.setdefault(min(listed, key=frequency.__getitem__), []).append(place)
    return dict(sorted(keys.items()))


def _grams(template: str) -> Iterator[str]:
    literals, names = literals_of(template)
    for literal in _emptied(literals, names)[0]:
        yield from (literal[start : start + KEY] for start in range(len(literal) - KEY + 1))


def match(text: str, table: Mapping[str, Any]) -> list[Match]:
    """The messages that a text holds, the most specific first; those that no wording can tell apart follow one another.

    Args:
        text: Anything: a message alone, inside a server's JSON, a line of a log with its prefixes.
        table: What `compile_messages` made.
    """
    plain = _squeezed(text)
    searched = _Text(plain=plain, folded=plain.translate(_FOLDED))
    keys: Mapping[str, list[int]] = table["keys"]
    grams = {searched.line[start : start + KEY] for start in range(len(searched.line) - KEY + 1)}
    places = sorted({place for gram in grams & keys.keys() for place in keys[gram]})
    found = [one for place in places for one in searched.find(table["entries"][place])]
    found.sort(key=lambda one: (-one.letters, -one.length, one.spans[0][0], one.entry["id"], one.entry["lang"]))
    kept: list[_Found] = []
    for one in found[: 2 * MOST_MATCHES]:
        if not any((other.letters, other.length) > (one.letters, one.length) and other.covers(one) for other in kept):
            kept.append(one)
    return [one.as_match() for one in kept[:MOST_MATCHES]]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Found:
    entry: Mapping[str, Any]
    letters: int
    spans: tuple[tuple[int, int], ...]
    """Begin and end of each literal."""
    groups: dict[str, str]
    is_emptied: bool = False
    """Whether the last placeholder stands for nothing."""

    @property
    def length(self) -> int:
        """Characters of all literals; a wording that nothing is missing of goes before the same with something."""
        return sum(end - start for start, end in self.spans) - self.is_emptied

    def covers(self, other: _Found) -> bool:
        return all(any(a <= start and end <= b for a, b in self.spans) for start, end in other.spans)

    def as_match(self) -> Match:
        return Match(
            id=self.entry["id"],
            groups=self.groups,
            lang=self.entry["lang"],
            code=self.entry["code"],
            letters=self.letters,
            start=self.spans[0][0],
            end=self.spans[-1][1],
        )


class _Text:
    """A folded text, searched for entries."""

    def __init__(self, *, plain: str, folded: str) -> None:
        self.plain = plain
        self.folded = folded
        self.line = folded.replace("\n", " ")

    def find(self, entry: Mapping[str, Any]) -> Iterator[_Found]:
        """Every place where the text holds an entry."""
        literals, names = literals_of(entry["template"])
        found = list(self._all(entry, literals, names))
        if not found and not literals[-1]:
            emptied = self._all(entry, *_emptied(literals, names))
            found = [
                replace(one, is_emptied=True)
                for one in emptied
                if one.letters >= FEW_LETTERS and self._ends(one.spans[-1][1])
            ]
        yield from found

    def _all(self, entry: Mapping[str, Any], literals: Sequence[str], names: Sequence[str]) -> Iterator[_Found]:
        anchor = max(range(len(literals)), key=lambda place: len(literals[place]))
        place = self.line.find(literals[anchor])
        for _ in range(MOST_PLACES):
            if place < 0:
                return
            spans = self._spans(literals, anchor, place)
            found = self._found(entry, literals, names, spans) if spans else None
            if found:
                yield found
            after = found.spans[-1][1] if found else place + 1
            place = self.line.find(literals[anchor], max(after, place + 1))

    def _spans(self, literals: Sequence[str], anchor: int, place: int) -> list[tuple[int, int]]:
        """Where each literal stands; those that were cut off are missing, an empty list if it does not fit."""
        spans = [(place, place + len(literals[anchor]))]
        for literal in reversed(literals[:anchor]):
            before = spans[0][0]
            start = self.line.rfind(literal, max(0, before - GAP - len(literal)), before) if literal else before
            if start < 0 or not self._is_gap(start + len(literal), before):
                return []
            spans.insert(0, (start, start + len(literal)))
        for literal in literals[anchor + 1 :]:
            after = spans[-1][1]
            start = self.line.find(literal, after, after + GAP + len(literal)) if literal else after
            if start < 0 or not self._is_gap(after, start):
                return spans if self._is_cut(spans) else []
            spans.append((start, start + len(literal)))
        return spans

    def _is_gap(self, start: int, end: int) -> bool:
        return self.folded.count("\n", start, end) <= 1

    def _is_cut(self, spans: list[tuple[int, int]]) -> bool:
        """Whether the text ends where the message would go on."""
        after = spans[-1][1]
        if len(self.folded) - after > GAP or "\n" in self.folded[after:]:
            return False
        return sum(letters_of(self.line[start:end]) for start, end in spans) >= SHORTEST_CUT

    def _found(
        self, entry: Mapping[str, Any], literals: Sequence[str], names: Sequence[str], spans: list[tuple[int, int]]
    ) -> _Found | None:
        start, end = spans[0][0], spans[-1][1]
        letters = sum(letters_of(literal) for literal in literals[: len(spans)])
        if not self._are_words(start, end):
            return None
        first = self._begin(start) if not literals[0] else start
        last = self._end(end) if len(spans) < len(literals) or not literals[-1] else end
        if letters < FEW_LETTERS and not self._fills(first, last):
            return None
        bounds = [(one[1], other[0]) for one, other in pairwise(spans)]
        if not literals[0]:
            bounds[0] = (first, bounds[0][1])
        if not literals[-1] and len(spans) == len(literals):
            bounds[-1] = (bounds[-1][0], last)
        elif len(spans) < len(literals):
            bounds.append((end, last))
        groups = {name: self.plain[a:b].strip(" \n") for name, (a, b) in zip(names, bounds, strict=False)}
        return _Found(
            entry=entry, letters=letters, spans=tuple(span for span in spans if span[0] < span[1]), groups=groups
        )

    def _are_words(self, start: int, end: int) -> bool:
        """Whether the literals at both ends are not parts of longer words."""
        before, first = self.line[max(0, start - 1) : start], self.line[start : start + 1]
        last, after = self.line[end - 1 : end], self.line[end : end + 1]
        return not (before in _WORD and first in _WORD) and not (last in _WORD and after in _WORD)

    def _begin(self, place: int) -> int:
        """Where what stands before the first literal begins: behind a line's end, a quote, a colon, a cell's edge."""
        start = max(0, place - GAP)
        part = self.folded[start:place].rstrip(" \n'")
        return start + max(part.rfind(sign) + len(sign) for sign in ("\n", " '", ": ", "| ", "] ")) if part else place

    def _end(self, place: int) -> int:
        """Where what stands behind the last literal ends: at a line's end, a closing quote, a cell's edge."""
        stops = [
            at
            for sign in ("\n", "', ", "','", "'}", "' }", "'\n", " | ", "<")
            if (at := self.folded.find(sign, place, place + GAP)) >= 0
        ]
        return min([*stops, len(self.folded), place + GAP])

    def _fills(self, start: int, end: int) -> bool:
        """Whether a message is all that a line, a quotation or a cell has, or what follows a colon."""
        before = self.folded[max(0, start - 2) : start].rstrip(" ")[-1:]
        return (not before or before in _OPENING) and self._ends(end)

    def _ends(self, place: int) -> bool:
        after = self.folded[place : place + 3].lstrip(" .")[:1]
        return not after or after in _CLOSING
