"""Checks that every action of every release has a story, and that nothing is written of steps that no release has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from nova_states.catalog.catalog import Catalog
from nova_states.errors import InputError
from nova_states.explanations.loading import Explanations
from nova_states.explanations.story_words import FOLDER, StepWords
from nova_states.facts.releases import sort_versions
from nova_states.stories.model import Story, StoryStep
from nova_states.stories.telling import tell

_KIND = "transitions"


def find_story_problems(catalog: Catalog, explanations: Explanations) -> Iterator[str]:
    """Each action without a story or with one that does not fit, and each text that no story tells, with its file.

    Where there is not one text of a story, none is expected.
    """
    if not explanations.stories.by_action:
        return
    told: dict[str, set[int]] = {}
    seen: set[tuple[str, int, tuple[str, ...]]] = set()
    for version in reversed(catalog.versions):
        release = catalog.release(version)
        rows = _rows(catalog, version)
        for action, fact in release.actions.items():
            names = rows.get(action) or rows.get(fact.guarded_by, ())
            words = explanations.stories.steps(action)
            # A story is told anew where its rows are others, or where a bound that its words name was reached.
            key = (action, _age(version, words), names)
            if key in seen:
                continue
            seen.add(key)
            facts: Mapping[str, Any] = catalog.snapshots.rows(_KIND)
            try:
                story = tell(release, action, tuple(facts[name] for name in names), explanations)
            except InputError as error:
                yield str(error)
                continue
            for step in _all_steps(story):
                told.setdefault(action, set()).update(_numbers(step, words))
    yield from _untold(explanations, told)


def _rows(catalog: Catalog, version: str) -> dict[str, tuple[str, ...]]:
    """The names of an action's transitions."""
    if _KIND not in catalog.snapshots.versions[version].documents:
        return {}
    facts: Mapping[str, Any] = catalog.snapshots.rows(_KIND)
    found: dict[str, list[str]] = {}
    for name, _ in catalog.snapshots.document(_KIND, version).rows:
        found.setdefault(facts[name].action, []).append(name)
    return {action: tuple(names) for action, names in found.items()}


def _age(version: str, words: tuple[StepWords, ...]) -> int:
    """How many of the bounds that words name lie before a version."""
    bounds = {bound for one in words for bound in (one.since, one.until) if bound is not None}
    return sum(_is_reached(bound, version) for bound in bounds)


def _is_reached(bound: str, version: str) -> bool:
    return sort_versions((bound, version))[0] == bound


def _all_steps(story: Story) -> Iterator[StoryStep]:
    yield from story.steps
    for variant in story.variants:
        yield from variant.steps


def _numbers(step: StoryStep, words: tuple[StepWords, ...]) -> Iterator[int]:
    for number, one in enumerate(words):
        if one.does is step.does:
            yield number


def _untold(explanations: Explanations, told: dict[str, set[int]]) -> Iterator[str]:
    files = {id(text): text for text in explanations.stories.by_action.values()}
    for text in files.values():
        for action in text.actions:
            if action not in told:
                yield f"docs/explanations/{FOLDER}: no release has the action {action}; remove it from `actions`"
        numbers = {number for action in text.actions for number in told.get(action, ())}
        for number, step in enumerate(text.steps):
            if number not in numbers:
                yield (
                    f"docs/explanations/{FOLDER}: $.steps[{number}] of {', '.join(text.actions)}: in no release does "
                    f"{step.by} write {step.writes!r} there; remove it"
                )
