"""The verdicts and their order, apart from the rules that give them: an answer needs no facts."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

Verdict: TypeAlias = Literal["stable", "in-progress", "needs-attention", "inconsistent", "unknown"]

VERDICTS: Final[tuple[Verdict, ...]] = ("needs-attention", "inconsistent", "unknown", "in-progress", "stable")
"""Worst first."""
NEEDS_ATTENTION: Final[Verdict] = VERDICTS[0]
STABLE: Final[Verdict] = VERDICTS[-1]

NEED_AN_OPERATOR: Final[tuple[Verdict, ...]] = VERDICTS[:3]

REFUSED: Final = "refused"
"""What heads an answer in place of an unknown verdict: why a request was refused is known, and the server is not."""
HEADLINES: Final = (*VERDICTS, REFUSED)
"""All that may head an answer."""
