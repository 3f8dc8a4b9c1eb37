"""Words and colours of an answer in a terminal, for all that write parts of one."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

BOLD: Final = "1"
FAINT: Final = "2"


def _has_colours() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


@dataclass(kw_only=True)
class AnswerStyle:
    """The texts of a language, with colours where a terminal shows them."""

    texts: Mapping[str, Any]
    colours: bool = field(default_factory=_has_colours)

    def word(self, name: str, **values: object) -> str:
        """A word of the interface, filled in."""
        text: str = self.texts["words"][name]
        return text.format(**values) if values else text

    def paint(self, text: str, code: str) -> str:
        """Text in a colour or a weight."""
        return f"\x1b[{code}m{text}\x1b[0m" if self.colours else text


def unmarked(text: str) -> str:
    """Text without the marks around its code."""
    return text.replace("`", "")
