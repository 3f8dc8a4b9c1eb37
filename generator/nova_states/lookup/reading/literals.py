"""Reads objects as programs print them: JSON that is broken or cut off, a Python dict, a repr, a Go struct.

What parses as JSON is never read here. This reader forgives: a closer without an opener belongs to what was cut away
before, an object without a closer ends with the text, and what is neither a name nor a value is stepped over.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Final

_OPENERS: Final = "{[(<"
_CLOSERS: Final = "}])>"
_DEEPEST: Final = 60
_LONGEST: Final = 400_000
"""Characters behind which no further object is begun."""
_STRING: Final = {
    '"': re.compile(r'u?"((?:[^"\\]|\\[\s\S])*)"', re.ASCII),
    # A message may name a guest in quotes of the same kind: "(vm='instance-0000002e')".
    "'": re.compile(r"u?'((?:[^'\\]|\\[\s\S]|(?<==)'[^'\\\n]{1,100}'(?=\)))*)'", re.ASCII),
}
_NAME: Final = re.compile(
    r"""(?:u?"([^"\\\n]{1,80})"|u?'([^'\\\n]{1,80})'|([A-Za-z_][\w-]{0,60}(?::[A-Za-z_][\w-]{0,60}){0,3}))"""
    r"""[ \t\n]{0,8}(?:=>|:|=)(?![:=])[ \t\n]{0,200}""",
    re.ASCII,
)
_CALL: Final = re.compile(r"(?:[a-z_]\w{0,60}\.){0,8}[A-Z]\w{2,40}(?=\()", re.ASCII)
"""The class of an object whose members follow in brackets."""
_BARE: Final = re.compile(r"""[^\s,;{}\[\]()<>"']{1,400}""", re.ASCII)
_GO_NAME: Final = re.compile(r"[A-Z][A-Za-z]{0,40}:(?=\S)", re.ASCII)
_GO_VALUE: Final = re.compile(r"""[^{}\[\]<>"'\n]{1,400}?(?=\s[A-Z][A-Za-z]{0,40}:|[}\]])""", re.ASCII)
_RAISED: Final = re.compile(r"(?<![\w'\"])raise [\w.]{0,120}\Z", re.ASCII)
_LONGEST_CODE: Final = 200
"""Characters of a line of code."""
_ESCAPE: Final = re.compile(r"\\(u[0-9a-fA-F]{4}|[\s\S])", re.ASCII)
_ESCAPES: Final = {"n": "\n", "t": "\t", "r": "\n", "b": "", "f": ""}
_NOTHING: Final = ("None", "null", "nil", "<nil>", "NULL")
_TRUTH: Final = {"True": True, "true": True, "False": False, "false": False}


def is_code(text: str, place: int) -> bool:
    """Whether what looks like an object is the exception that a line of a traceback raises: its values are names."""
    return _RAISED.search(text, max(text.rfind("\n", 0, place) + 1, place - _LONGEST_CODE), place) is not None


def read_literal(text: str) -> Any:  # noqa: ANN401 - an object or a list of any shape
    """The first object or list in a text that looks like one; None where it does not."""
    start = text.lstrip()
    if not start.startswith(("{", "[")):
        return None
    values, _ = read_objects(start, 0)
    return values[0] if values else None


def read_objects(text: str, place: int) -> tuple[list[Any], int]:
    """Objects from a place on, one after the other, and the place behind the last.

    Names before the first opener, or behind a closer that nothing opened, make an object that was cut off.
    """
    reader = _Reader(text=text, place=place)
    reader.run()
    return reader.documents, reader.end


@dataclass(kw_only=True)
class _Reader:
    text: str
    place: int
    end: int = 0
    """Behind the last name, value or closer that belongs to an object."""
    documents: list[Any] = field(default_factory=list)
    stack: list[Any] = field(default_factory=list)
    is_call: bool = False
    """It stands in the brackets of a class, behind which nothing belongs to it."""
    closed: set[str] = field(default_factory=set)
    """Quotes that close no more: looking for them again and again would take quadratic time."""

    def run(self) -> None:
        last = self.place + _LONGEST
        self.end = self.place
        while self.place < len(self.text) and (self.stack or self.place < last):
            if self.is_call and self.documents and not self.stack:
                return
            char = self.text[self.place]
            if char in " \t\n,;":
                # Outside all objects a blank line ends what belongs together.
                if not self.stack and self.text.startswith("\n\n", self.place):
                    return
                self.place += 1
            elif char in _OPENERS:
                self._open({} if char != "[" else [], None)
            elif char in _CLOSERS:
                self._close()
            elif found := _NAME.match(self.text, self.place):
                name = next(name for name in found.groups() if name is not None)
                self._named(name, found.end(), is_go=found[3] is not None and name[0].isupper())
            elif not self.stack and (found := _CALL.match(self.text, self.place)):
                self.place = found.end()
                self.is_call = True
            elif self.stack:
                self._item()
            else:
                return

    def _open(self, value: Any, name: str | None) -> None:  # noqa: ANN401 - an object or a list
        self._put(value, name)
        if len(self.stack) < _DEEPEST:
            self.stack.append(value)
        self.place += 1
        self.end = self.place

    def _put(self, value: Any, name: str | None) -> None:  # noqa: ANN401 - as above
        if not self.stack:
            if name is None:
                self.documents.append(value)
                return
            self._root(name)[name] = value
            return
        into = self.stack[-1]
        if isinstance(into, list):
            into.append(value if name is None else {name: value})
        elif name is not None:
            into[name] = value
        elif isinstance(value, (dict, list)):
            into.setdefault("", value)

    def _root(self, name: str) -> dict[str, Any]:
        """The object that names outside all others belong to: one that was cut off at its beginning."""
        last = self.documents[-1] if self.documents else None
        if not isinstance(last, _Cut) or (name in last and not isinstance(last[name], (dict, list))):
            last = _Cut()
            self.documents.append(last)
        return last

    def _close(self) -> None:
        if self.stack:
            self.stack.pop()
        self.place += 1
        self.end = self.place

    def _named(self, name: str, place: int, *, is_go: bool) -> None:
        self.place = place
        char = self.text[place : place + 1]
        if char and char in "{[(":
            self._open([] if char == "[" else {}, name)
            return
        value, self.place = (self._value_of_go(place) if is_go else None) or self._value(place)
        self._put(value, name)
        self.end = self.place

    def _value_of_go(self, place: int) -> tuple[Any, int] | None:
        """A value as Go prints it, with blanks up to the next name or the end; None where it looks like any other."""
        if _GO_NAME.match(self.text, place):
            return None if self.text[place - 1] == ":" else ("", place)
        found = _GO_VALUE.match(self.text, place) if self.text[place - 1] == ":" else None
        return (found[0], found.end()) if found else None

    def _item(self) -> None:
        value, after = self._value(self.place)
        if after == self.place:
            self.place += 1
            return
        self.place = after
        self.end = after
        if isinstance(self.stack[-1], list) and isinstance(value, str):
            self.stack[-1].append(value)

    def _value(self, place: int) -> tuple[Any, int]:
        char = self.text[place : place + 1]
        quote = self.text[place + 1 : place + 2] if char == "u" else char
        if quote and quote in _STRING and quote not in self.closed:
            if found := _STRING[quote].match(self.text, place):
                return _unescape(found[1]), found.end()
            self.closed.add(quote)
            # The end of the text was cut off: what is left of the line is the value.
            line = self.text.find("\n", place)
            after = line if line >= 0 else min(len(self.text), place + 400)
            return self.text[place:after].removeprefix("u").strip("\"' \t,"), after
        if found := _BARE.match(self.text, place):
            word = found[0]
            return (None if word in _NOTHING else _TRUTH.get(word, word)), found.end()
        return None, place


class _Cut(dict[str, Any]):
    """An object whose beginning is not in the text."""


def _unescape(text: str) -> str:
    if "\\" not in text:
        return text
    return _ESCAPE.sub(_unescaped, text)


def _unescaped(found: re.Match[str]) -> str:
    escape = found[1]
    if len(escape) > 1:
        code = int(escape[1:], 16)
        is_half = 0xD800 <= code <= 0xDFFF  # noqa: PLR2004 - halves of a pair
        return "" if is_half else chr(code)
    return _ESCAPES.get(escape, escape)
