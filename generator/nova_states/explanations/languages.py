"""The languages everything is said in; apart from loading the explanations, which an answer has no time for."""

from __future__ import annotations

from typing import Final

LANGUAGES: Final = ("ko", "en")
