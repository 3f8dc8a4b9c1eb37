"""Reads a value that goes on in the lines below its name: of YAML in quotes, as a block or plain, and a shell's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from nova_states.lookup.reading.grammar import Grammar

_BLOCKS: Final = {"|": "\n", "|-": "\n", "|+": "\n", ">": " ", ">-": " ", ">+": " "}
"""What begins a text over several lines → what joins them."""
_QUOTES: Final = {"'": "single", '"': "double"}
_FOLDED: Final = 80
"""Characters after which a client breaks a line at the next blank; no line that it broke is shorter."""
_MOST_LINES: Final = 2_000
_BLANK: Final = " \t"
_ESCAPE: Final = re.compile(r"\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[\s\S])", re.ASCII)
_ESCAPES: Final = {"n": "\n", "t": "\t", "r": "\n", "0": "", "a": "", "b": "", "e": "", "f": "", "v": "", "_": " "}
_ESCAPES_OF_LINES: Final = {"N": "\n", "L": "\n", "P": "\n"}
_LARGEST: Final = 0x10FFFF


@dataclass(frozen=True, kw_only=True, slots=True)
class Scalar:
    """A value without its quotes, and the place behind the last of its lines."""

    text: str
    end: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Named:
    """Where a name stands."""

    lines: Sequence[str]
    """All of the piece."""
    place: int
    """Of the line of the name."""
    indent: int
    """Of the name."""
    sign: str
    """What stands between name and value."""
    grammar: Grammar

    def line(self, place: int) -> str:
        """A line as far as one is read."""
        return self.lines[place][: self.grammar.limit("longest_row")]


def read_scalar(named: Named, value: str) -> Scalar | None:
    """The value that begins behind a name; None where it is one that ends with its line and has no quotes."""
    start = value.strip(_BLANK)
    quote = _QUOTES.get(start[:1])
    if named.sign == ":" and start in _BLOCKS:
        return _block(named, _BLOCKS[start])
    if quote and (named.sign == ":" or (named.sign == "=" and quote == "double")):
        return _quoted(named, start[1:], quote)
    if named.sign == ":" and start and start[0] not in "[{&*!%@`":
        return _plain(named, start)
    return None


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(_BLANK))


def _block(named: Named, joint: str) -> Scalar:
    lines, end = named.lines, named.place + 1
    while end < len(lines) and (not lines[end].strip(_BLANK) or _depth(lines[end]) > named.indent):
        end += 1
    while end > named.place + 1 and not lines[end - 1].strip(_BLANK):
        end -= 1
    told = [named.line(at).strip(_BLANK) for at in range(named.place + 1, end)]
    return Scalar(text=joint.join(told), end=end)


def _quoted(named: Named, start: str, quote: str) -> Scalar | None:
    """A text in quotes; a shell's, which has no indent, keeps its lines as they are."""
    is_end, is_open = named.grammar.shape(f"{quote}_end"), named.grammar.shape(f"{quote}_open")
    indent = named.indent if named.sign == ":" else None
    text, end = "", named.place
    part = start
    while end < len(named.lines) and end - named.place <= _MOST_LINES:
        if end > named.place:
            part = named.line(end)
            if indent is not None:
                if part.strip(_BLANK) and _depth(part) <= indent:
                    return None
                part = part.strip(_BLANK)
        found = is_end.search(part)
        if not found and not is_open.search(part):
            return None
        more = found["text"] if found else part
        text = _folded(text, more, quote, indent) if end > named.place else more
        end += 1
        if found:
            return Scalar(text=_bare(text, quote, indent), end=end)
    return None


def _folded(text: str, part: str, quote: str, indent: int | None) -> str:
    """A text with its next line: YAML's ends are blanks, but for an empty line, and nothing behind a backslash."""
    if indent is None:
        return f"{text}\n{part}"
    if quote == "double" and (len(text) - len(text.rstrip("\\"))) % 2:
        return text[:-1] + part
    if not part:
        return f"{text}\n"
    return text + part if text.endswith("\n") else f"{text} {part}"


def _bare(text: str, quote: str, indent: int | None) -> str:
    if indent is None:
        return text.replace('\\"', '"')
    return text.replace("''", "'") if quote == "single" else _ESCAPE.sub(_unescaped, text)


def _unescaped(found: re.Match[str]) -> str:
    escape = found[1]
    if len(escape) > 1:
        code = int(escape[1:], 16)
        is_character = code <= _LARGEST and not 0xD800 <= code <= 0xDFFF  # noqa: PLR2004 - halves of a pair
        return chr(code) if is_character else ""
    return _ESCAPES.get(escape, _ESCAPES_OF_LINES.get(escape, escape))


def _plain(named: Named, start: str) -> Scalar | None:
    """A text without quotes that a client broke, as it breaks lines that are too long, into lines that are no names."""
    lines, text, end = named.lines, start, named.place + 1
    while end < len(lines) and len(lines[end - 1]) > _FOLDED and end - named.place <= _MOST_LINES:
        part = named.line(end)
        found = named.grammar.shape("pair").search(part[: named.grammar.limit("longest_line")])
        is_name = found is not None and (found["sign"] == ":" or bool(found["dash"]))
        if not part.strip(_BLANK) or _depth(part) <= named.indent or is_name:
            break
        text = f"{text} {part.strip(_BLANK)}"
        end += 1
    return Scalar(text=text, end=end) if end > named.place + 1 else None
