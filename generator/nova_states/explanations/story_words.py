"""Loads docs/explanations/stories: what services do at each step of an action, a file for actions that go alike.

Which steps there are, and what they write, the facts tell. A file gives each the sentence that no fact tells, by its
service and what it writes; in between it may tell what is done without writing a state. What the facts tell that is no
part of a story is named there as well, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from nova_states.errors import CheckError
from nova_states.explanations.condition_words import atom
from nova_states.explanations.folders import read_files
from nova_states.explanations.languages import LANGUAGES, Text
from nova_states.facts.condition import AllOf, AnyOf, Condition, LiteralCondition, Raises, literals
from nova_states.facts.condition_codec import condition_from_plain
from nova_states.facts.model import HostRole

FOLDER: Final = "stories"
"""Below docs/explanations."""
NO_TASK: Final = "no task"
"""What a step writes that only ends the task."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LimitWords:
    """An option that limits how long a step takes."""

    option: str
    unit: Literal["seconds", "seconds_per_gib", "tries"]
    default: int | None = None
    """Its default where it is no option that the facts have; else theirs."""
    since: str | None = None
    """The first version in which it limits the step."""
    until: str | None = None
    """The first version in which it does no longer."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StepWords:
    """What is said of a step."""

    by: str
    """Services that take it, with " or " between them where releases differ: "api or conductor"."""
    writes: str | None = None
    """The task it writes, or else the vm_state, or `NO_TASK`; None: it writes no state."""
    after: str | None = None
    """The task that it finds, where steps would else be taken for each other."""
    host: HostRole | None = None
    """Whose nova-compute it is."""
    does: Text
    """What it does, without its subject; inline Markdown (code only)."""
    limits: tuple[LimitWords, ...] | None = None
    """What limits how long it takes; none: nothing does. None: it waits for nothing."""
    since: str | None = None
    """The first version of which it is true."""
    until: str | None = None
    """The first version of which it is true no more."""
    given: dict[str, Any] | None = None
    """A literal, as in docs/explanations/conditions with `holds`: said only where a cause cannot be without it."""

    @property
    def actors(self) -> tuple[str, ...]:
        """The services that take it."""
        return tuple(self.by.split(" or "))

    def fits(self, cause: Condition | None) -> bool:
        """Whether it may be said of a variant for a cause, or of the ordinary way (None)."""
        return self.given is None or (cause is not None and implies(cause, condition_from_plain(self.given)))


@dataclass(frozen=True, kw_only=True, slots=True)
class Untold:
    """Facts that are no part of a story."""

    reason: str
    atoms: tuple[dict[str, Any], ...] = ()
    """Literals, as in docs/explanations/conditions, for which no variant is told."""
    functions: tuple[str, ...] = ()
    """Functions whose writes are not told as failures."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StoryText:
    """What is said of the way of some actions."""

    actions: tuple[str, ...]
    steps: tuple[StepWords, ...]
    untold: tuple[Untold, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class StoryWords:
    """All files, by action."""

    by_action: Mapping[str, StoryText] = field(default_factory=dict)
    untold_atoms: Mapping[str, frozenset[LiteralCondition]] = field(default_factory=dict)
    """Action → literals for which no variant is told."""

    def steps(self, action: str) -> tuple[StepWords, ...]:
        """What is said of an action's steps, in order; none where nobody has written it."""
        return self.by_action[action].steps if action in self.by_action else ()

    def untold_functions(self, action: str) -> frozenset[str]:
        """Functions whose writes are not told as failures of an action."""
        text = self.by_action.get(action)
        return frozenset(name for one in (text.untold if text else ()) for name in one.functions)


def implies(cause: Condition, literal: Condition) -> bool:
    """Whether a condition surely says what a literal does.

    What goes wrong on the way may be that very thing: nothing is sure of a conjunction with an exception.
    """
    match cause:
        case AllOf(conditions=members):
            return any(implies(one, literal) for one in members) and not any(
                isinstance(one, Raises) for one in literals(cause)
            )
        case AnyOf(conditions=members, holds=holds):
            return holds and all(implies(one, literal) for one in members)
    return cause == literal


def load_story_words(folder: Path) -> StoryWords:
    """Read all files of a folder; none where there is no such folder.

    Raises:
        CheckError: files do not fit, each with its place: an unknown key, an empty text, an action in two files.
    """
    found: dict[str, StoryText] = {}
    atoms: dict[str, frozenset[LiteralCondition]] = {}
    problems: list[str] = []
    for _, where, text in read_files(folder, FOLDER, StoryText, problems):
        try:
            literals = frozenset(atom(plain) for one in text.untold for plain in one.atoms)
        except ValueError as error:
            problems.append(f"{where}: $.untold: {error}")
            continue
        problems.extend(f"{where}: {problem}" for problem in _problems(text))
        for action in text.actions:
            if action in found:
                problems.append(f"{where}: $.actions: {action} is told in another file too")
            found[action] = text
            atoms[action] = literals
    if problems:
        raise CheckError(tuple(problems))
    return StoryWords(by_action=found, untold_atoms=atoms)


def _problems(text: StoryText) -> Iterator[str]:
    for number, step in enumerate(text.steps):
        for language in LANGUAGES:
            sentence = step.does[language]
            if not sentence or sentence != sentence.strip() or sentence.endswith("."):
                yield f"$.steps[{number}].does.{language}: {sentence!r}: write a sentence without a stop at its end"
        if not {"api", "conductor", "scheduler", "compute"}.issuperset(step.actors):
            yield f"$.steps[{number}].by: {step.by!r} is no service of Nova's"
        if step.given is not None:
            try:
                condition_from_plain(step.given)
            except ValueError as error:
                yield f"$.steps[{number}].given: {error}"
        if "compute" in step.actors and step.host is None:
            yield f"$.steps[{number}].host: missing; whose nova-compute is it?"
    for number, one in enumerate(text.untold):
        if not one.reason.strip():
            yield f"$.untold[{number}].reason: empty"
