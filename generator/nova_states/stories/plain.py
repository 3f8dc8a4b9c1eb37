"""A story as plain data in a language, for a terminal and for programs, and where on its way a server is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from nova_states.explanations.condition_sentences import alternatives, sentence
from nova_states.explanations.loading import Explanations
from nova_states.facts.model import Transition
from nova_states.stories.model import Failing, Leaving, Limit, Story, StoryStep, Variant


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """What a server in the middle of an action waits for."""

    number: int
    """Number of the step that is done next."""
    steps: int
    """How many there are."""
    pending: tuple[StoryStep, ...]
    """What is done before a state is written again, in order; the last one writes it."""

    @property
    def limits(self) -> tuple[Limit, ...]:
        """What limits how long that takes; none: nothing does, or something takes part in it that nothing limits."""
        if any(step.limits == () for step in self.pending):
            return ()
        return tuple(limit for step in self.pending for limit in step.limits or ())


def waiting_of(story: Story, vm_state: str | None, task_state: str | None) -> Waiting | None:
    """Where on the ordinary way of an action a server is.

    Args:
        story: `story_of` the action that runs.
        vm_state: The server's; None where it is not known.
        task_state: The server's; None: no task.

    Returns:
        None where no step of the way starts from these states: the action has not begun, is over, or goes another way.
    """
    for place, step in enumerate(story.steps):
        if place == 0 or not any(_starts_from(row, vm_state, task_state) for row in step.rows):
            continue
        first = place
        while first > 0 and not story.steps[first - 1].rows:
            first -= 1
        return Waiting(number=first + 1, steps=len(story.steps), pending=story.steps[first : place + 1])
    return None


def _starts_from(row: Transition, vm_state: str | None, task_state: str | None) -> bool:
    if row.start is None or row.start.task_states is None or task_state not in row.start.task_states:
        return False
    return vm_state is None or row.start.vm_states is None or vm_state in row.start.vm_states


def story_as_data(story: Story, explanations: Explanations, language: str) -> dict[str, Any]:
    """A story in the words of a language, as JSON may hold it.

    Args:
        story: `story_of` an action.
        explanations: What conditions say.
        language: "ko" or "en".
    """
    return {
        "action": story.action,
        "release": story.release,
        "vm_states": list(story.vm_states),
        "steps": [_step(number, step, language) for number, step in enumerate(story.steps, start=1)],
        "variants": [_variant(story, one, explanations, language) for one in story.variants],
        "failures": [_leaving(story, one, explanations, language) for one in story.leavings],
    }


def _step(number: int | None, step: StoryStep, language: str) -> dict[str, Any]:
    return {
        "number": number,
        "service": f"nova-{step.actor}",
        "host": step.host,
        "text": None if step.does is None else step.does[language],
        "from_task": step.from_task,
        "writes": [{"vm_state": end.vm_state, "task_state": end.task_state} for end in step.writes],
        "limits": None
        if step.limits is None
        else [
            {
                "option": limit.option,
                "group": limit.group,
                "default": limit.default,
                "unit": limit.unit,
                "off": limit.is_off,
            }
            for limit in step.limits
        ],
    }


def _variant(story: Story, variant: Variant, explanations: Explanations, language: str) -> dict[str, Any]:
    cause = variant.cause
    return {
        "when": None if cause is None else sentence(explanations.conditions, cause, story.place, language),
        "vm_states": list(variant.vm_states),
        "retry": variant.is_retry,
        "after": variant.after,
        "steps": [_step(None, step, language) for step in variant.steps],
        "then": variant.then,
    }


def _leaving(story: Story, leaving: Leaving, explanations: Explanations, language: str) -> dict[str, Any]:
    return {
        "left": leaving.kind,
        "vm_state": leaving.vm_state,
        "task_state": leaving.task_state,
        "causes": [
            {"when": text, "tasks": list(failing.tasks)}
            for failing in leaving.failures
            for text in _texts(story, failing, explanations, language)
        ],
    }


def _texts(story: Story, failing: Failing, explanations: Explanations, language: str) -> Iterator[str | None]:
    if failing.cause is None:
        yield None
    else:
        yield from alternatives(explanations.conditions, failing.cause, story.place, language)
