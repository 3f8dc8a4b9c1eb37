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


def read_scalar(
    lines: Sequence[str], place: int, indent: int, sign: str, value: str, grammar: Grammar
) -> Scalar | None:
    """The value that begins in a line of a name; None where it is one that ends with its line and has no quotes.

    Args:
        lines: All lines of the piece.
        place: Of the line of the name.
        indent: Of the name.
        sign: What stands between name and value.
        value: What stands behind it.
        grammar: Knows the quotes, and how long a line may be.
    """
    start = value.strip(_BLANK)
    quote = _QUOTES.get(start[:1])
    if sign == ":" and start in _BLOCKS:
        return _block(lines, place, indent, _BLOCKS[start], grammar)
    if quote and (sign == ":" or (sign == "=" and start[0] == '"')):
        return _quoted(lines, place, indent if sign == ":" else None, start[1:], quote, grammar)
    if sign == ":" and start and start[0] not in "[{&*!%@`":
        return _plain(lines, place, indent, start, grammar)
    return None


def _line(lines: Sequence[str], place: int, grammar: Grammar) -> str:
    return lines[place][: grammar.limit("longest_row")]


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(_BLANK))


def _block(lines: Sequence[str], place: int, indent: int, joint: str, grammar: Grammar) -> Scalar:
    end = place + 1
    while end < len(lines) and (not lines[end].strip(_BLANK) or _depth(lines[end]) > indent):
        end += 1
    while end > place + 1 and not lines[end - 1].strip(_BLANK):
        end -= 1
    told = [_line(lines, at, grammar).strip(_BLANK) for at in range(place + 1, end)]
    return Scalar(text=joint.join(told), end=end)


def _quoted(
    lines: Sequence[str], place: int, indent: int | None, start: str, quote: str, grammar: Grammar
) -> Scalar | None:
    """A text in quotes; a shell's, which has no indent, keeps its lines as they are."""
    is_end, is_open = grammar.shape(f"{quote}_end"), grammar.shape(f"{quote}_open")
    text, end = "", place
    part = start
    while True:
        if found := is_end.search(part):
            text = _folded(text, found["text"], quote, indent) if end > place else found["text"]
            return Scalar(text=_bare(text, quote, indent), end=end + 1)
        if not is_open.search(part):
            return None
        text = _folded(text, part, quote, indent) if end > place else part
        end += 1
        if end >= len(lines) or end - place > _MOST_LINES:
            return None
        part = _line(lines, end, grammar)
        if indent is not None:
            if part.strip(_BLANK) and _depth(part) <= indent:
                return None
            part = part.strip(_BLANK)


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


def _plain(lines: Sequence[str], place: int, indent: int, start: str, grammar: Grammar) -> Scalar | None:
    """A text without quotes that a client broke, as it breaks lines that are too long, into lines that are no names."""
    text, end = start, place + 1
    while end < len(lines) and len(lines[end - 1]) > _FOLDED and end - place <= _MOST_LINES:
        part = _line(lines, end, grammar)
        found = grammar.shape("pair").search(part[: grammar.limit("longest_line")])
        if not part.strip(_BLANK) or _depth(part) <= indent or (found and (found["sign"] == ":" or found["dash"])):
            break
        text = f"{text} {part.strip(_BLANK)}"
        end += 1
    return Scalar(text=text, end=end) if end > place + 1 else None
