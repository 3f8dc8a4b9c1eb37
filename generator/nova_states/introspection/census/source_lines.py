"""A file as the census sees it: text without strings and comments, logical lines, and the functions around them.

No syntax tree: what is counted must not fall out of the count because a reader's parser, or its idea of Nova, fails.
"""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

from nova_states.introspection.parsing import STRING_OR_COMMENT

_SCOPE = re.compile(r"^([ \t]*)(?:async[ \t]+)?(def|class)[ \t]+(\w+)", re.MULTILINE)
_BRACKET = re.compile(r"[()\[\]{}]")
_OPENING = frozenset("([{")
_MOST_LINES = 1000
"""Lines that are looked at for the beginning of a logical line, where no function begins before it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Scope:
    """A function or a class."""

    name: str
    """Qualified name, "API.stop"."""
    first: int
    """Line of its `def` or `class`."""
    last: int
    is_function: bool


@dataclass(kw_only=True)
class SourceText:
    """One file."""

    text: str
    code: str
    """The text with strings and comments blanked out, of the same length."""

    @cached_property
    def starts(self) -> list[int]:
        """Offset of each line."""
        found = [0]
        found.extend(match.end() for match in re.finditer("\n", self.text))
        return found

    def line(self, offset: int) -> int:
        """Number of the line at an offset."""
        return bisect.bisect_right(self.starts, offset)

    def code_of(self, first: int, last: int) -> str:
        """The code of some lines."""
        end = self.starts[last] if last < len(self.starts) else len(self.code)
        return self.code[self.starts[first - 1] : end]

    @cached_property
    def scopes(self) -> list[Scope]:
        """Functions and classes, in order of their first lines."""
        found: list[Scope] = []
        around: list[tuple[int, str]] = []
        for match in _SCOPE.finditer(self.code):
            indent = len(match.group(1).expandtabs())
            while around and around[-1][0] >= indent:
                around.pop()
            name = f"{around[-1][1]}.{match.group(3)}" if around else match.group(3)
            around.append((indent, name))
            last = self._end(match.end(), indent)
            found.append(
                Scope(name=name, first=self.line(match.start()), last=last, is_function=match.group(2) == "def")
            )
        return found

    def _end(self, offset: int, indent: int) -> int:
        """Last line of a block: before the next line that is no deeper, and closes no bracket."""
        after = _dedent(indent).search(self.code, offset)
        return self.line(after.start()) - 1 if after else len(self.starts)

    @cached_property
    def _firsts(self) -> list[int]:
        return [scope.first for scope in self.scopes]

    def scope_at(self, number: int) -> Scope | None:
        """The innermost function or class around a line."""
        for scope in reversed(self.scopes[: bisect.bisect_right(self._firsts, number)]):
            if scope.last >= number:
                return scope
        return None

    def decorated(self, number: int) -> Scope | None:
        """What the decorator at a line decorates."""
        place = bisect.bisect_right(self._firsts, number)
        return self.scopes[place] if place < len(self.scopes) else None

    def logical_line(self, number: int) -> tuple[int, int]:
        """First and last physical line of the logical line that a physical line belongs to."""
        if number not in self._logical:
            span = self._find_logical(number)
            self._logical.update(dict.fromkeys(range(span[0], span[1] + 1), span))
            self._logical.setdefault(number, span)
        return self._logical[number]

    @cached_property
    def _logical(self) -> dict[int, tuple[int, int]]:
        return {}

    def _find_logical(self, number: int) -> tuple[int, int]:
        place = bisect.bisect_right(self._firsts, number)
        begin = self._firsts[place - 1] if place else 1
        if not place or number - begin > _MOST_LINES:
            begin = self._statement(number)
        first, depth = begin, 0
        current = begin
        while current <= len(self.starts):
            line = self.code_of(current, current)
            for match in _BRACKET.finditer(line):
                depth = depth + 1 if match.group() in _OPENING else max(0, depth - 1)
            if depth == 0 and not line.rstrip("\n").endswith("\\"):
                if current >= number:
                    return first, current
                first = current + 1
            current += 1
        return first, len(self.starts)

    def _statement(self, number: int) -> int:
        """The last line up to `number` that begins a statement at the top level."""
        while number > 1:
            line = self.code_of(number, number)
            if line[:1].strip() and line[0] not in ")]}":
                return number
            number -= 1
        return 1


def _dedent(indent: int) -> re.Pattern[str]:
    if indent not in _DEDENTS:
        _DEDENTS[indent] = re.compile(rf"^[ \t]{{0,{indent}}}[^\s)\]}}]", re.MULTILINE)
    return _DEDENTS[indent]


_DEDENTS: dict[int, re.Pattern[str]] = {}


@lru_cache(maxsize=256)
def read_text(content: bytes) -> SourceText:
    """The file; what is no UTF-8 in it does not matter here."""
    text = content.decode("utf-8-sig", errors="replace").replace("\r\n", "\n").replace("\r", "\n")
    return SourceText(text=text, code=STRING_OR_COMMENT.sub(_blank, text))


def _blank(match: re.Match[str]) -> str:
    """Spaces for a comment and for a string of several lines; one line's string keeps its quotes around underscores."""
    token = match.group()
    if token[0] == "#":
        return " " * len(token)
    if "\n" in token:
        # Its lines have no indent that would mean anything.
        lines = token.split("\n")
        return "\n".join([token[0] + " " * (len(lines[0]) - 1), *(" " * len(line) for line in lines[1:])])
    return f"{token[0]}{'_' * (len(token) - 2)}{token[-1]}" if len(token) > 1 else token
