"""What people ask, with the pages that answer: docs/explanations/questions, read and checked.

    = runbook:stuck-deleting | task_state:deleting
    instance stuck in deleting for hours
    cannot delete instance in error state

A file is plain text, as it is nothing but questions: a line that begins with "=" names pages, the best answer first;
each line below it is one question; "#" begins a comment. A folder is what readers of one language type. The search
learns from them (nova_states.site.search.learning); none of them is sent to a reader.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from nova_states.errors import CheckError

QUESTIONS: Final = Path("explanations", "questions")
"""Below docs/."""
_PAGES: Final = "="
_COMMENT: Final = "#"


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """One question and the ids that answer it, the best first."""

    text: str
    pages: tuple[str, ...]
    source: str
    """Its file: "runbook"."""


def load_asked(docs: Path, ids: Mapping[str, Collection[str]]) -> dict[str, tuple[Asked, ...]]:
    """Language → its questions, in the order of files and lines; `ids` are what can be found, by language.

    Raises:
        CheckError: a page does not exist, a question stands there twice or below no page; each with file and line.
    """
    problems: list[str] = []
    found = {}
    for language, known in ids.items():
        asked = []
        seen: set[str] = set()
        for file in sorted((docs / QUESTIONS / language).glob("*.txt")):
            where = f"docs/{QUESTIONS.as_posix()}/{language}/{file.name}"
            for line, question, unknown in _questions(file, known):
                problems.extend(f"{where}:{line}: leads nowhere: there is no {identity}" for identity in unknown)
                if question is None:
                    continue
                if not question.pages:
                    problems.append(
                        f"{where}:{line}: stands below no page; begin with a line of ids: = vm_state:stopped"
                    )
                if question.text in seen:
                    problems.append(f"{where}:{line}: is asked twice: {question.text}")
                seen.add(question.text)
                asked.append(question)
        found[language] = tuple(asked)
    if problems:
        raise CheckError(tuple(problems))
    return found


def _questions(file: Path, known: Collection[str]) -> Iterator[tuple[int, Asked | None, tuple[str, ...]]]:
    """Line, question or none, and ids that do not exist, of each line that says something."""
    pages: tuple[str, ...] = ()
    for line, text in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        stripped = text.strip()
        if not stripped or stripped.startswith(_COMMENT):
            continue
        if stripped.startswith(_PAGES):
            pages = tuple(identity.strip() for identity in stripped[1:].split("|"))
            yield line, None, tuple(identity for identity in pages if identity not in known)
        else:
            yield line, Asked(text=stripped, pages=pages, source=file.stem), ()
