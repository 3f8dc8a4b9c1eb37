"""Compiles what is said of causes that messages quote; `nova_states.lookup.root_causes` looks it up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from nova_states.explanations.cause_texts import CauseText
from nova_states.lookup.texts import plain_step

_USUAL: Final = "fault"


def compile_causes(texts: Mapping[str, CauseText]) -> list[list[Any]]:
    """How causes are told: those of some actions first.

    Returns:
        Rows of name, pattern, what the words are alone, actions; what is usual at the end left out.
    """
    rows: list[list[Any]] = []
    for text in sorted(texts.values(), key=lambda one: (not one.actions, one.name)):
        row: list[Any] = [text.name, "|".join(text.patterns), text.record, list(text.actions)]
        while row[-1] in ([], _USUAL):
            row.pop()
        rows.append(row)
    return rows


def cause_help(texts: Mapping[str, CauseText], language: str) -> dict[str, list[Any]]:
    """Name → why, steps and runbook as `nova_states.lookup.helping` reads them, and the verdict; None is the usual."""
    return {
        name: [
            text.why[language],
            [plain_step(step, language) for step in text.steps],
            text.runbook,
            text.verdict,
        ]
        for name, text in texts.items()
    }
