"""Loads docs/explanations/cause: what stands behind a failure, told by words of a message, and what to do about it.

Nova's exceptions say what failed, and quote why: a full disk, a host key, a filter. Such words come from other programs
or stand where they are raised, so no fact has them; a file is one cause.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from nova_states.errors import CheckError
from nova_states.explanations.details import Detail, detail_problems, pattern_problems
from nova_states.explanations.file_names import ASKED
from nova_states.explanations.folders import read_files
from nova_states.explanations.languages import LANGUAGES, Text
from nova_states.explanations.steps import Step

FOLDER: Final = "cause"
QUESTION: Final = "question"
"""Words that ask something, in either language; where they stand beside a record, they ask of that."""
RECORDS: Final = ("fault", "refusal", "log", QUESTION, "")
"""What words alone are, where nothing else of a paste was read; empty: nothing, they are too common."""
MOST_STEPS: Final = 3
_SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True, kw_only=True, slots=True)
class CauseText:
    """What is said of a cause."""

    name: str
    """Its slug, as its file is called."""
    patterns: tuple[str, ...]
    """Regular expressions that Python and JavaScript read alike, matched in any case against a text on one line."""
    record: str = "fault"
    """One of `RECORDS`."""
    verdict: str | None = None
    """What it says of a record without states: "stable" where nobody has to do anything; None: somebody has to."""
    also: bool = False
    """Whether it is told, second, where the text names another cause behind it: what may be lost stays said."""
    whole: bool = False
    """Whether it says all: what is said in general of a record that quotes it would be the opposite, or of no use."""
    follows: int = 0
    """How far it is from what failed, as of an error (`nova_states.explanations.loading.Explanation`)."""
    actions: tuple[str, ...] = ()
    """Ids of actions: it is meant only where one of them was asked for; none: whatever was."""
    why: Text
    """What the words mean; inline Markdown (code only)."""
    steps: tuple[Step, ...] = ()
    """What to do about it, in order."""
    runbook: str | None = None
    """The name of the runbook that says more."""
    details: tuple[Detail, ...] = ()
    """What is said with what stands in the message itself; the first that fits."""


def load_cause_texts(folder: Path) -> dict[str, CauseText]:
    """Name → text, of all files of a folder; none where there is no such folder.

    Raises:
        CheckError: files do not fit, each with its place: an unknown key, an empty text, a pattern that cannot be read.
    """
    found: dict[str, CauseText] = {}
    problems: list[str] = []
    for stem, where, text in read_files(folder, FOLDER, CauseText, problems):
        problems += [f"{where}: {problem}" for problem in _problems(text, stem)]
        found[stem] = text
    if problems:
        raise CheckError(tuple(problems))
    return found


def _problems(text: CauseText, stem: str) -> Iterator[str]:
    if text.name != stem or not _SLUG.fullmatch(text.name):
        yield f"$.name: {text.name!r} does not belong in this file"
    if text.name.startswith(ASKED) != (text.record == QUESTION):
        yield f"$.name: {text.name!r}: names of questions, and no others, begin with {ASKED!r}"
    if text.record not in RECORDS:
        yield f"$.record: {text.record!r} is none of {', '.join(RECORDS[:-1])}"
    if not text.patterns:
        yield "$.patterns: none, so that nobody ever sees it"
    if len(text.steps) > MOST_STEPS:
        yield f"$.steps: more than {MOST_STEPS}"
    for language in LANGUAGES:
        if not text.why[language].strip():
            yield f"$.why.{language}: empty"
    for pattern in text.patterns:
        yield from (f"$.patterns: {pattern!r}{problem}" for problem in pattern_problems(pattern))
    yield from detail_problems(text.details)
