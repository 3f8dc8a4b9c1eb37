"""Words of a message of Nova that stand together in whatever was pasted of it: what is filled in parts them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_FILLED: Final = re.compile(r"\{[^}]*\}")
_WORD: Final = re.compile(r"[a-z]+")


def literal_words(wording: str) -> Iterator[list[str]]:
    """The words of each stretch of a wording between what is filled in, in lower case, as pasted.js reads a text."""
    for literal in _FILLED.split(wording):
        yield _WORD.findall(literal.lower())
