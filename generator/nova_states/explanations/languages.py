"""The languages everything is said in; apart from loading the explanations, which an answer has no time for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

LANGUAGES: Final = ("ko", "en")


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """The same thing said in both languages."""

    ko: str
    en: str

    def __getitem__(self, language: str) -> str:
        return self.ko if language == "ko" else self.en
