"""What happens, told on a page: an action's story in the page's language, and behind it the facts as they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from string import ascii_lowercase

from nova_states.catalog.release import Release
from nova_states.catalog.seen import seen_of
from nova_states.catalog.transition_graph import DELETED, NEW, SAME, is_aside, transitions_of
from nova_states.explanations.condition_sentences import alternatives, sentence
from nova_states.facts.condition import Condition
from nova_states.facts.model import ToState, Transition
from nova_states.pages.action_steps import (
    alike,
    exact_conditions,
    exact_expected,
    exact_places,
    exact_start,
    to_items,
)
from nova_states.pages.components import Link
from nova_states.pages.options import OPTIONS
from nova_states.pages.record_links import has_page
from nova_states.pages.seen_words import seen_note
from nova_states.pages.story_graph import span, story_graph
from nova_states.pages.story_views import (
    CauseView,
    ExactRow,
    LeavingView,
    LimitView,
    StepView,
    StoryView,
    VariantView,
)
from nova_states.pages.writer import Writer
from nova_states.stories.failures import fault_errors
from nova_states.stories.model import Failing, Leaving, Limit, Story, StoryStep, Variant
from nova_states.stories.telling import story_of

_MOST_STATUSES = 4
"""Statuses of a group of failures beyond which none is told: there are then nearly as many as before the action."""
_MOST_FAULTS = 2
"""Exceptions that a fault may name, shown of a group of failures."""


def story_view(page: Writer, release: Release, action: str) -> StoryView:
    """The story of an action in a release, and the rows it was worked out from."""
    story = story_of(release, action, page.explanations)
    rows = transitions_of(release, action)
    exact = tuple(_exact(page, release, rows))
    view = StoryView(
        title=page.words("steps"),
        steps=tuple(_step(page, release, one) for one in story.steps),
        variants=tuple(
            _variant(page, release, story, one, _letter(number)) for number, one in enumerate(story.variants)
        ),
        leavings=tuple(_leaving(page, release, story, one) for one in story.leavings),
        exact=exact,
        exact_title=page.words("story_exact", count=len(exact)) if exact else "",
        notes=tuple(_notes(page, release, rows)),
        graph=None,
    )
    return replace(view, graph=story_graph(page, action, story, view))


def _letter(number: int) -> str:
    """By which a variant is named: "a" to "z", then "aa"."""
    return ascii_lowercase[number % len(ascii_lowercase)] * (number // len(ascii_lowercase) + 1)


def _step(page: Writer, release: Release, step: StoryStep) -> StepView:
    return StepView(
        service=f"nova-{step.actor}",
        host=page.words(f"host_{step.host}") if step.host in ("source", "destination") else "",
        does="" if step.does is None else step.does[page.language],
        writes=tuple(_written(page, release, step.writes)),
        limits=tuple(_limits(page, release, step)),
    )


def _written(page: Writer, release: Release, ends: tuple[ToState, ...]) -> Iterator[Link | str]:
    """What a step writes: the vm_state where it writes one, and the task."""
    written = dict.fromkeys(end.vm_state for end in ends if end.vm_state != SAME)
    for number, vm_state in enumerate(written):
        if number:
            yield page.words("or")
        yield _vm_state(page, release, vm_state)
    for task in dict.fromkeys(end.task_state for end in ends if end.vm_state != DELETED):
        if task != SAME:
            yield page.task(task)


def _vm_state(page: Writer, release: Release, name: str) -> Link | str:
    return page.link("vm_state", name) if name in release.vm_states else f"`{name}`"


def _limits(page: Writer, release: Release, step: StoryStep) -> Iterator[LimitView]:
    if step.limits is None:
        return
    for limit in step.limits:
        yield LimitView(option=_option(page, release, limit), text=_limit_text(page, limit))
    if not step.limits:
        yield LimitView(option=None, text=page.words("story_no_limit"))


def _option(page: Writer, release: Release, limit: Limit) -> Link:
    """An option as a link, where there is a text on it."""
    is_known = any(option.name == limit.option for option in release.facts("options"))
    known = is_known and any(option.name == limit.option for option in page.latest.facts("options"))
    return Link(
        text=limit.option,
        href=page.urls.to(OPTIONS, limit.option) if known else "",
        title=page.label("option", limit.option) if known else "",
    )


def _limit_text(page: Writer, limit: Limit) -> str:
    text = page.words(f"story_{limit.unit}", count=limit.default)
    return f"{text}, {page.words('story_no_limit')}" if limit.is_off else text


def _variant(page: Writer, release: Release, story: Story, variant: Variant, letter: str) -> VariantView:
    after = ""
    if variant.after and not variant.is_retry:
        after = page.words("story_after", step=variant.after)
    elif variant.steps and variant.then is not None and variant.then > 1:
        after = page.words("story_instead", step=variant.then - 1)
    word = "story_again" if variant.is_retry else "story_then"
    return VariantView(
        letter=letter,
        cause=tuple(_cause(page, story, variant)),
        steps=tuple(_step(page, release, one) for one in variant.steps),
        after=after,
        then=page.words(word, step=variant.then) if variant.then is not None else "",
    )


def _cause(page: Writer, story: Story, variant: Variant) -> Iterator[Link | str]:
    if variant.is_retry:
        yield page.words("story_retry")
        if variant.vm_states:
            yield f"— {page.words('story_meanwhile')}"
            yield from page.states("vm_state", variant.vm_states)
            yield "—"
        return
    if variant.vm_states:
        yield page.words("story_from")
        yield from page.states("vm_state", variant.vm_states)
    if variant.cause is not None:
        yield _sentence(page, variant.cause, story.place)


def _sentence(page: Writer, condition: Condition, place: str) -> str:
    return sentence(page.explanations.conditions, condition, place, page.language)


def _leaving(page: Writer, release: Release, story: Story, leaving: Leaving) -> LeavingView:
    # Of a delete that came in meanwhile the cause is told already.
    causes = tuple(_causes(page, story, leaving.failures)) if leaving.kind == "states" else ()
    is_told = leaving.kind == "states"
    return LeavingView(
        states=tuple(_left(page, release, leaving)),
        statuses=tuple(_statuses(page, release, story, leaving)) if is_told else (),
        steps=_steps(page, leaving.steps),
        fault=_fault(page, release, leaving) if is_told else "",
        count=page.words("story_causes", count=len(causes)) if causes else "",
        causes=causes,
    )


def _left(page: Writer, release: Release, leaving: Leaving) -> Iterator[Link | str]:
    if leaving.kind == "deleted":
        yield page.words("story_deleted")
        return
    yield page.words("story_as_before") if leaving.vm_state == SAME else _vm_state(page, release, leaving.vm_state)
    if leaving.vm_state == DELETED:
        return
    yield page.words("story_its_task") if leaving.task_state == SAME else page.task(leaving.task_state)


def _statuses(page: Writer, release: Release, story: Story, leaving: Leaving) -> Iterator[Link]:
    """What the API shows of a server afterwards."""
    vm_states = story.vm_states if leaving.vm_state == SAME else (leaving.vm_state,)
    tasks: tuple[str | None, ...] = (leaving.task_state,)
    if leaving.task_state == SAME:
        tasks = tuple(dict.fromkeys(task for failing in leaving.failures for task in failing.tasks))
    if not release.status_map or not {DELETED, NEW}.isdisjoint(vm_states):
        return
    found = dict.fromkeys(release.status(vm_state, task) for vm_state in vm_states for task in tasks)
    if len(found) <= _MOST_STATUSES:
        yield from (page.link("status", status) for status in found)


def _steps(page: Writer, numbers: tuple[int, ...]) -> str:
    if not numbers:
        return ""
    return page.words("story_at_step" if len(numbers) == 1 else "story_at_steps", steps=span(numbers))


def _fault(page: Writer, release: Release, leaving: Leaving) -> str:
    """Whether what fails may be recorded as the server's fault, as far as the facts tell of the action's exceptions.

    Only those that people explain are named: others are passed on between Nova's functions, and what the fault then
    tells is another.
    """
    recorded = fault_errors(release, leaving)
    if recorded is None:
        return ""
    told = [error for error in recorded if has_page(page, error)]
    if not told:
        return page.words("story_fault")
    names = ", ".join(f"`{error}`" for error in told[:_MOST_FAULTS])
    return page.words("story_fault_of", errors=f"{names} …" if len(told) > _MOST_FAULTS else names)


def _causes(page: Writer, story: Story, failures: Iterable[Failing]) -> Iterator[CauseView]:
    """Causes in words, those that read alike told once."""
    found: dict[str, dict[str | None, None]] = {}
    for failing in failures:
        texts = (
            (page.words("story_any_error"),)
            if failing.cause is None
            else alternatives(page.explanations.conditions, failing.cause, story.place, page.language)
        )
        for text in texts:
            found.setdefault(text, {}).update(dict.fromkeys(failing.tasks))
    for text, tasks in found.items():
        yield CauseView(text=text, tasks=page.states("task_state", tuple(tasks)))


def _exact(page: Writer, release: Release, rows: tuple[Transition, ...]) -> Iterator[ExactRow]:
    """All rows, those of the way to success first."""
    seen = seen_of(release)
    ordered = sorted(rows, key=lambda row: (is_aside(row), row.actor != "api"))
    for group in alike(ordered):
        yield ExactRow(
            service=f"nova-{group[0].actor}",
            before=exact_start(page, group[0]),
            after=to_items(page, release, group[0]),
            conditions=exact_conditions(page, group),
            expected=exact_expected(page, group),
            places=exact_places(page, release, group),
            fails=is_aside(group[0]),
            is_seen=seen is not None and seen.has_one_of(group),
        )


def _notes(page: Writer, release: Release, rows: tuple[Transition, ...]) -> Iterator[str]:
    if not rows and release.facts("transitions"):
        yield page.words("steps_none")
    if rows:
        yield seen_note(page, release)
    if any(row.expected_task_states is not None for row in rows):
        yield page.words("steps_expected")
