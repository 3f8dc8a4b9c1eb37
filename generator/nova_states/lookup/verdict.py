"""The verdicts and their order, apart from the rules that give them: an answer needs no facts."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

Verdict: TypeAlias = Literal["stable", "in-progress", "needs-attention", "inconsistent", "refused", "unknown"]

VERDICTS: Final[tuple[Verdict, ...]] = (
    "needs-attention",
    "inconsistent",
    "refused",
    "unknown",
    "in-progress",
    "stable",
)
"""Worst first."""

NEED_AN_OPERATOR: Final[tuple[Verdict, ...]] = VERDICTS[:4]
