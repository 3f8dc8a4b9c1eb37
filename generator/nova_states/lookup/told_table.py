"""Compiles what is said of lines of Nova's log and of causes that messages quote, a table of its own, and their words.

The page fetches it once a paste has one of them: hardly any paste has, and all wait for what is fetched before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from nova_states.explanations.cause_texts import CauseText
from nova_states.explanations.loading import Explanation
from nova_states.explanations.log_texts import LogText
from nova_states.facts.ids import fact_id
from nova_states.lookup.texts import detailed, plain_step

_USUAL: Final = "fault"


def compile_causes(texts: Mapping[str, CauseText]) -> list[list[Any]]:
    """How causes are told: those of some actions first.

    Returns:
        Rows of name, pattern, what the words are alone, actions, whether it is told whatever stands behind it; what
        is usual at the end left out.
    """
    rows: list[list[Any]] = []
    for text in sorted(texts.values(), key=lambda one: (not one.actions, one.name)):
        row: list[Any] = [text.name, "|".join(text.patterns), text.record, list(text.actions), 1 if text.also else 0]
        while row[-1] in (0, [], _USUAL):
            row.pop()
        rows.append(row)
    return rows


def compile_follows(errors: Iterable[Explanation], causes: Iterable[CauseText]) -> dict[str, int]:
    """Name of an exception, or "cause:<name>" → how far it is from what failed; those at 0 are left out."""
    found = {error.name: error.follows for error in errors} | {f"cause:{one.name}": one.follows for one in causes}
    return {name: found[name] for name in sorted(found) if found[name]}


def told_help(lines: Mapping[str, LogText], causes: Mapping[str, CauseText], language: str) -> dict[str, list[Any]]:
    """Name among what helps → why, steps and runbook as `nova_states.lookup.helping` reads them.

    Of a cause the verdict is the fourth, None the usual; a fifth, 1, that nothing else is to be said. Details, where
    there are any, are the sixth.
    """
    found = {
        fact_id("log_message", name): detailed(_help(text, language), text.details, language, text.caused)
        for name, text in lines.items()
    }
    return found | {
        f"cause:{name}": detailed(
            [*_help(text, language), text.verdict, *([1] if text.whole else [])], text.details, language
        )
        for name, text in causes.items()
    }


def _help(text: LogText | CauseText, language: str) -> list[Any]:
    return [text.why[language], [plain_step(step, language) for step in text.steps], text.runbook]
