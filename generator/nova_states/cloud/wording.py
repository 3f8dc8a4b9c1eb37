"""Words of what is asked of a cloud, Korean and English side by side in words.toml; the terminal alone needs them."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from pathlib import Path

from nova_states.lookup.report import clean

_FILE = Path(__file__).with_name("words.toml")
_LONGEST = 200


@functools.cache
def words_in(language: str) -> Mapping[str, str]:
    """Text of each word in a language; {…} are filled in."""
    words = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {name: texts[language] for name, texts in words.items()}


def shown(text: object, longest: int = _LONGEST) -> str:
    """What a cloud or a user said, on one line: without control characters, cut to what one can look at."""
    line = " ".join(clean(str(text)[: 4 * longest]).split())
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"
