"""Loads docs/explanations/sources.yml: in both languages what the facts name in English, counts and reasons of gaps."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from nova_states.explanations.languages import Text
from nova_states.explanations.yaml_text import read_yaml
from nova_states.facts.codec import from_plain
from nova_states.locations import explanations_folder

FILE: Final = "sources.yml"
_NAME: Final = re.compile(r"\\\{(\w+)\\\}")
"""A placeholder, as `re.escape` leaves it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceWord:
    """What is said of a text of the facts."""

    fact: str
    """The text; {names} in it stand for anything, and are kept."""
    says: Text


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceWords:
    """All that the file has."""

    reasons: tuple[SourceWord, ...]
    counts: tuple[SourceWord, ...]

    def said(self, sort: Literal["reasons", "counts"], fact: str, language: str) -> str | None:
        """A text of the facts in a language; None where nobody has written it."""
        for word in self.reasons if sort == "reasons" else self.counts:
            found = re.fullmatch(_NAME.sub(r"(?P<\1>.+)", re.escape(word.fact)), fact)
            if found:
                return word.says[language].format_map(found.groupdict())
        return None


@functools.cache
def load_source_words(path: Path | None = None) -> SourceWords:
    """What is said of counts and of gaps.

    Raises:
        InputError: this is no checkout, or the file does not fit.
    """
    file = path or explanations_folder() / FILE
    where = f"docs/explanations/{file.name}"
    return from_plain(read_yaml(file, where), SourceWords, where)
