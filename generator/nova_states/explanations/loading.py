"""Loads docs/explanations: one YAML file a name, Korean and English side by side."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeVar

from nova_states.errors import CheckError, InputError
from nova_states.explanations.action_uses import FILE as USES_FILE
from nova_states.explanations.action_uses import ActionUses, load_action_uses
from nova_states.explanations.cause_texts import FOLDER as CAUSE_FOLDER
from nova_states.explanations.cause_texts import CauseText, load_cause_texts
from nova_states.explanations.condition_words import FOLDER, ConditionWords, load_condition_words
from nova_states.explanations.details import Detail, detail_problems
from nova_states.explanations.file_names import file_stem
from nova_states.explanations.folders import read_file
from nova_states.explanations.languages import LANGUAGES, Text
from nova_states.explanations.log_texts import FOLDER as LOG_FOLDER
from nova_states.explanations.log_texts import LogText, load_log_texts
from nova_states.explanations.steps import Step
from nova_states.explanations.story_words import FOLDER as STORY_FOLDER
from nova_states.explanations.story_words import StoryWords, load_story_words
from nova_states.locations import explanations_folder

T = TypeVar("T")

OTHERS: Final = (FOLDER, CAUSE_FOLDER, LOG_FOLDER, STORY_FOLDER)
"""Folders of what is not said of a name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Aliases:
    """Words of each language."""

    ko: tuple[str, ...] = ()
    en: tuple[str, ...] = ()

    def __getitem__(self, language: str) -> tuple[str, ...]:
        return self.ko if language == "ko" else self.en


@dataclass(frozen=True, kw_only=True, slots=True)
class Explanation:
    """What is said of one name."""

    name: str
    """Nova's name, as the facts have it."""
    label: Text
    """What people call it."""
    summary: Text
    """One line on what it is."""
    meaning: Text
    """What an operator should know that the name does not say; inline Markdown (code only)."""
    stuck: Text | None = None
    """For a task_state: what to look at and what frees it when it does not move on."""
    why: Text | None = None
    """What an answer says before the steps, of an error: what it means and how it leaves the server. None: `stuck`, or
    else `summary`."""
    command: str | None = None
    """For an action: the client's command, placeholders in braces; None where the client has none."""
    aliases: Aliases = Aliases()
    """Other words that find it."""
    steps: tuple[Step, ...] = ()
    """What to do about it, in order, three at most."""
    runbook: str | None = None
    """The name of the runbook that says more."""
    caused: Text | None = None
    """What is said in place of `why` where the message tells a cause: what came of it, without that one has to look."""
    details: tuple[Detail, ...] = ()
    """What is said with what stands in the message itself; the first that fits."""
    follows: int = 0
    """Of an error: how far it is from what failed. 0: it says that itself; 1 and more: it follows from what another
    exception tells, the farther of two from the nearer."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Explanations:
    """All explanations by kind and lower-case name."""

    by_kind: Mapping[str, Mapping[str, Explanation]]
    conditions: ConditionWords = field(default_factory=ConditionWords)
    """What the conditions of facts say."""
    log_texts: dict[str, LogText] = field(default_factory=dict)
    """What is said of lines of Nova's log, by the name of each."""
    cause_texts: dict[str, CauseText] = field(default_factory=dict)
    """What is said of causes that messages quote, by the name of each."""
    stories: StoryWords = field(default_factory=StoryWords)
    """What is said of the steps of actions."""
    uses: ActionUses | None = None
    """What each action is good for; None in a folder that says nothing of it."""

    def of(self, kind: str, name: str) -> Explanation:
        """The explanation of a name.

        Raises:
            InputError: there is none; the message names the file to write.
        """
        try:
            return self.by_kind[kind][name.lower()]
        except KeyError as error:
            raise InputError(f"docs/explanations/{kind}/{name.lower()}.yml: missing; explain {kind} {name}") from error


def is_of_name(folder: Path) -> bool:
    """Whether the files of a folder are explanations of names."""
    return folder.name not in OTHERS


@functools.cache
def load_explanations(folder: Path | None = None) -> Explanations:
    """Read all files below `folder`, or below the checkout's.

    Raises:
        InputError: this is no checkout.
        CheckError: files do not fit, each with its place: an unknown key, an empty text, one language only.
    """
    found: dict[str, dict[str, Explanation]] = {}
    problems: list[str] = []
    folder = folder or explanations_folder()
    for path in sorted(folder.glob("*/*.yml")):
        if not is_of_name(path.parent):
            continue
        try:
            found.setdefault(path.parent.name, {})[path.stem] = _load(
                path, f"docs/explanations/{path.parent.name}/{path.name}"
            )
        except InputError as error:
            problems.append(str(error))
    conditions = _tried(lambda: load_condition_words(folder / FOLDER), ConditionWords(), problems)
    log_texts: dict[str, LogText] = _tried(lambda: load_log_texts(folder / LOG_FOLDER), {}, problems)
    cause_texts: dict[str, CauseText] = _tried(lambda: load_cause_texts(folder / CAUSE_FOLDER), {}, problems)
    stories = _tried(lambda: load_story_words(folder / STORY_FOLDER), StoryWords(), problems)
    file = folder / USES_FILE
    uses = _tried(lambda: load_action_uses(file) if file.is_file() else None, None, problems)
    if problems:
        raise CheckError(tuple(problems))
    return Explanations(
        by_kind=found,
        conditions=conditions,
        log_texts=log_texts,
        cause_texts=cause_texts,
        stories=stories,
        uses=uses,
    )


def _tried(load: Callable[[], T], otherwise: T, problems: list[str]) -> T:
    """What is loaded; `otherwise` where files do not fit, which the problems then tell."""
    try:
        return load()
    except CheckError as error:
        problems.extend(error.problems)
        return otherwise


def _load(path: Path, where: str) -> Explanation:
    explanation = read_file(path, where, Explanation)
    if file_stem(explanation.name) != path.stem:
        raise InputError(f"{where}: $.name: {explanation.name!r} does not belong in this file")
    for name in ("label", "summary", "meaning", "stuck", "why"):
        text = getattr(explanation, name)
        for language in LANGUAGES:
            if text is not None and not text[language].strip():
                raise InputError(f"{where}: $.{name}.{language}: empty")
    for problem in detail_problems(explanation.details):
        raise InputError(f"{where}: {problem}")
    return explanation
