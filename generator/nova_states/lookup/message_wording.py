"""How a text and Nova's messages are made comparable: folded, and a message as its literals with names between them."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import cache
from itertools import count
from string import ascii_lowercase, ascii_uppercase
from typing import Final

_NAMED = re.compile(r"\{\{|\}\}|\{(\w*)\}")
_PLACEHOLDER = re.compile(r"%\((\w+)\)s|%%")
_SPACES = re.compile(r"(?:[ \t\r\n]|\\{1,4}[nrt])+")
_ESCAPED_QUOTE = re.compile(r"""\\{1,4}(["'])""")
_FOLDED: Final = str.maketrans(f'\u2018\u2019\u201c\u201d"{ascii_uppercase}', f"{5 * chr(39)}{ascii_lowercase}")
_NO_LETTERS = re.compile(r"[\x00-@\[-`{-\x7f]+")


@cache
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


def unnamed(template: str, kept: Collection[str]) -> str:
    """The template with numbers for the names that nobody asks for: each is the place among its placeholders."""
    places = count()

    def renamed(found: re.Match[str]) -> str:
        if found[1] is None:
            return found[0]
        place = next(places)
        return found[0] if found[1] in kept else f"%({place})s"

    return _PLACEHOLDER.sub(renamed, template)


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
    return folded(squeezed(text))


def folded(text: str) -> str:
    """A squeezed text with quotes of one kind and small letters (A-Z only), each character in its place."""
    return text.translate(_FOLDED)


def squeezed(text: str) -> str:
    """The text with what is escaped in it as itself, and each run of spaces as one."""
    return _SPACES.sub(lambda run: "\n" if "n" in run[0] or "\n" in run[0] else " ", _ESCAPED_QUOTE.sub(r"\1", text))


def emptied(literals: Sequence[str], names: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """The same for a message whose last placeholder stands for nothing: people leave out what led to it, too."""
    return (literals, names) if literals[-1] else ((*literals[:-2], literals[-2].rstrip(" .:")), names[:-1])


def letters_of(text: str) -> int:
    """How many letters a literal has; one that is not of ASCII counts twice, as it says more."""
    return sum(1 if char < "\x7f" else 2 for char in _NO_LETTERS.sub("", text))
