"""Stories: the way that is told, how it may differ and what failures leave, on small sets of rows and on all facts."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
import yaml

from nova_states.catalog.catalog import Catalog, load_catalog
from nova_states.errors import CheckError, InputError
from nova_states.explanations.languages import Text
from nova_states.explanations.loading import Explanations, load_explanations
from nova_states.explanations.story_words import StepWords, StoryText, StoryWords, load_story_words
from nova_states.facts.condition import Condition, all_of, any_of
from nova_states.facts.model import Transition
from nova_states.stories.assumptions import Assumption
from nova_states.stories.coverage import find_story_problems
from nova_states.stories.model import Story, StoryStep
from nova_states.stories.telling import MOST_STEPS, story_of, tell
from nova_states.stories.ways import best_way, starts_of, through_of
from tests.conditions import code, raises
from tests.pages.synthetic import catalog as make_catalog
from tests.pages.synthetic import transition

HERE = Path(__file__).parent
WRITTEN = ("one", "two", "no task", "active")
CASES = yaml.safe_load((HERE / "stories.yml").read_text(encoding="utf-8"))
HOST, NO_HOST = code("instance.host"), code("not instance.host")
IMAGE, SAME_IMAGE = code("orig_image_ref != image_href"), code("orig_image_ref == image_href")
"""Neither side of an image that stays or changes is out of the ordinary."""


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


@pytest.fixture(scope="module")
def ours() -> Explanations:
    return load_explanations()


def line_of(step: StoryStep) -> str:
    """A step in short: "compute source resize_migrating → =/resize_migrated (shutdown_timeout 60)"."""
    writes = " or ".join(f"{end.vm_state}/{end.task_state or '-'}" for end in step.writes)
    limits = ", ".join(f"{limit.option} {limit.default}" for limit in step.limits or ()) or "no limit"
    parts = [step.actor, *([step.host] if step.host else []), *(["→", writes] if writes else [])]
    return " ".join(parts) + (f" ({limits})" if step.limits is not None else "")


@pytest.mark.parametrize(("version", "action"), [(version, action) for version in CASES for action in CASES[version]])
def test_story_of_an_action(catalog: Catalog, ours: Explanations, version: str, action: str) -> None:
    story = story_of(catalog.release(version), action, ours)
    assert [line_of(step) for step in story.steps] == CASES[version][action]


def test_every_action_of_every_release_has_a_story(catalog: Catalog, ours: Explanations) -> None:
    assert list(find_story_problems(catalog, ours)) == []


def test_no_ordinary_way_is_told_of_a_failure_or_a_lost_delete(catalog: Catalog, ours: Explanations) -> None:
    release = catalog.release(catalog.latest)
    stories = [story_of(release, action, ours) for action in release.actions]
    assert all(len(story.steps) <= MOST_STEPS for story in stories)
    assert not [row for story in stories for step in story.steps for row in step.rows if row.outcome == "failure"]


def row(before: str | None, after: str | None, when: Condition | None = None, *, fails: bool = False) -> Transition:
    actor = "api" if before is None else "compute"
    return transition("rebuild", actor, (("active",), (before,)), ("=", after), when=when, fails=fails)


def way_of(ours: Explanations, *rows: Transition) -> list[str | None]:
    through = through_of(rows)
    (start,) = starts_of(through, ("active",))
    way = best_way(through, start, Assumption(ours.conditions, "rebuild"))
    return [move.after[1] for move in way]


def test_the_ordinary_way_takes_rows_whose_conditions_are_ordinary(ours: Explanations) -> None:
    rows = (row(None, "one"), row("one", None, HOST), row("one", "two", NO_HOST), row("two", None))
    assert way_of(ours, *rows) == ["one", None]


def test_rows_that_leave_nothing_out_are_taken_whatever_holds(ours: Explanations) -> None:
    rows = (row(None, "one"), row("one", "two", IMAGE), row("one", "two", SAME_IMAGE), row("two", None))
    assert way_of(ours, *rows) == ["one", "two", None]


def test_one_of_two_sides_alone_is_no_way(ours: Explanations) -> None:
    assert way_of(ours, row(None, "one"), row("one", None, IMAGE)) == []


def test_of_two_ways_the_longer_counts(ours: Explanations) -> None:
    rows = (row(None, "one"), row("one", None), row("one", "two"), row("two", None))
    assert way_of(ours, *rows) == ["one", "two", None]


def told(ours: Explanations, *rows: Transition, steps: tuple[StepWords, ...] | None = None) -> Story:
    release = make_catalog(v13_0_0={"transitions": rows}).release("13.0.0")
    text = Text(ko="처리합니다", en="does it")
    words = steps or tuple(
        StepWords(by=by, writes=one, host="server", does=text) for by in ("api", "compute") for one in WRITTEN
    )
    stories = StoryWords(by_action={"rebuild": StoryText(actions=("rebuild",), steps=words)})
    return tell(release, "rebuild", rows, replace(ours, stories=stories))


def test_a_cause_makes_a_variant_that_says_where_it_leaves_and_comes_back(ours: Explanations) -> None:
    rows = (
        row(None, "one"),
        row("one", "two", HOST),
        row("one", "three", NO_HOST),
        row("three", "two"),
        row("two", None),
    )
    (variant,) = told(ours, *rows).variants
    assert (variant.cause, variant.after, variant.then) == (NO_HOST, 1, 3)
    assert [step.writes[0].task_state for step in variant.steps] == ["three", "two"]


@pytest.mark.parametrize(
    ("cause", "said"),
    [
        (NO_HOST, "한정"),
        (code("not instance.host", "cell"), "한정"),
        (code("is_local_delete"), "일반"),
        (any_of((NO_HOST, code("is_local_delete"))), "일반"),
        (all_of((NO_HOST, raises(None, "ObjectActionError"))), "일반"),
    ],
)
def test_words_for_a_cause_are_said_where_it_surely_holds(ours: Explanations, cause: Condition, said: str) -> None:
    usual, special = Text(ko="일반", en="usual"), Text(ko="한정", en="special")
    given = {"test": "instance.host", "holds": False}
    steps = (
        *(
            StepWords(by=by, writes=one, host="server", does=usual)
            for by in ("api", "compute")
            for one in (*WRITTEN, "three")
        ),
        StepWords(by="compute", writes="three", host="server", given=given, does=special),
    )
    rows = (row(None, "one"), row("one", "two", HOST), row("one", "three", cause), row("two", None), row("three", None))
    story = told(ours, *rows, steps=steps)
    found = [step.does for variant in story.variants for step in variant.steps if step.writes[0].task_state == "three"]
    assert [one.ko for one in found if one] == [said]
    assert all(step.does is usual for step in story.steps)


def test_a_server_without_a_host_leaves_nothing_on_one(catalog: Catalog, ours: Explanations) -> None:
    for action in ("delete", "force_delete"):
        variants = story_of(catalog.release("34.0.0"), action, ours).variants
        texts = {
            one.cause == NO_HOST: one.steps[-1].does for one in variants if one.steps and one.steps[0].actor == "api"
        }
        assert {no_host: "down" in text.en for no_host, text in texts.items() if text} == {True: False, False: True}


def test_causes_that_lead_the_same_way_are_told_by_what_they_share(ours: Explanations) -> None:
    both = [code("not instance.host", test) for test in ("preserve_ephemeral", "reimage_boot_volume")]
    rows = (row(None, "one"), row("one", None, HOST), *(row("one", "two", when) for when in both), row("two", None))
    (variant,) = told(ours, *rows).variants
    assert variant.cause == NO_HOST


def test_failures_that_a_later_handler_ends_leave_what_it_leaves(ours: Explanations) -> None:
    rows = (
        row(None, "one"),
        row("one", None),
        transition("rebuild", "compute", (("active",), ("one",)), ("error", "="), fails=True),
        transition("rebuild", "compute", (("active", "error"), ("one",)), ("=", None), fails=True),
    )
    assert [(one.vm_state, one.task_state) for one in told(ours, *rows).leavings] == [("=", None), ("error", None)]


def fails(actor: str, vm_states: tuple[str, ...], tasks: tuple[str | None, ...] | None) -> Transition:
    return transition("rebuild", actor, (vm_states, tasks), ("error", None), fails=True)


@pytest.mark.parametrize(
    ("failure", "steps"),
    [
        (fails("compute", ("active",), ("one",)), (2,)),
        (fails("compute", ("active",), ("one", "two")), (2, 3)),
        (fails("api", ("active",), ("one",)), ()),
        (fails("conductor", ("active",), ("one",)), ()),
        (fails("compute", ("stopped",), ("one",)), ()),
        (fails("compute", ("active",), None), ()),
        (fails("api", ("active",), (None,)), (1,)),
    ],
)
def test_a_failure_belongs_to_the_steps_of_its_service_and_states(
    ours: Explanations, failure: Transition, steps: tuple[int, ...]
) -> None:
    story = told(ours, row(None, "one"), row("one", "two"), row("two", None), failure)
    assert [one.steps for one in story.leavings] == [steps]


def test_what_the_scheduler_does_fails_in_the_conductor_that_asked(catalog: Catalog, ours: Explanations) -> None:
    leavings = story_of(catalog.release("34.0.0"), "resize", ours).leavings
    assert [(one.vm_state, one.steps) for one in leavings] == [
        ("=", (2, 3, 4, 5, 6, 7)),
        ("active", (6, 7)),
        ("error", (3, 4, 5, 6, 7)),
        ("=", ()),
    ]


def test_steps_tell_what_the_server_is_in_before_and_after(ours: Explanations) -> None:
    story = told(ours, row(None, "one"), row("one", "two"), row("two", None))
    states = [("active", None), ("active", "one"), ("active", "two"), ("active", None)]
    assert [(step.finds, step.leaves) for step in story.steps] == [
        ((before,), (after,)) for before, after in pairwise(states)
    ]


def test_a_step_that_writes_nothing_finds_what_the_one_before_has_left(catalog: Catalog, ours: Explanations) -> None:
    chosen = story_of(catalog.release("34.0.0"), "unshelve", ours).steps[1]
    assert chosen.actor == "scheduler"
    assert chosen.finds == chosen.leaves == (("shelved_offloaded", "unshelving"),)


def test_a_failure_after_which_another_host_is_tried_leaves_nothing(ours: Explanations) -> None:
    rows = (row(None, "one"), row("one", "two"), row("two", None), row("two", "one", code("retry"), fails=True))
    story = told(ours, *rows)
    assert story.leavings == ()
    assert [(variant.is_retry, variant.then) for variant in story.variants] == [(True, 2)]


def test_a_step_without_words_is_named(ours: Explanations) -> None:
    with pytest.raises(InputError, match=r"nothing says what compute does in rebuild .* 'three' after 'one'"):
        told(ours, row(None, "one"), row("one", "three"), row("three", None))


def test_of_a_folder_a_step_without_words_is_told_by_what_it_writes(ours: Explanations) -> None:
    rows = (row(None, "one"), row("one", "three"), row("three", None))
    release = replace(make_catalog(v13_0_0={"transitions": rows}).release("13.0.0"), version="unreleased")
    story = tell(release, "stop", rows, ours)
    assert [(step.does, step.writes[0].task_state) for step in story.steps] == [
        (None, "one"),
        (None, "three"),
        (None, None),
    ]


def test_a_story_of_too_many_steps_is_refused(ours: Explanations) -> None:
    text = Text(ko="처리합니다", en="does it")
    steps = (
        StepWords(by="api", writes="one", does=text),
        *(StepWords(by="conductor", does=text) for _ in range(MOST_STEPS)),
        StepWords(by="compute", host="server", writes="no task", does=text),
    )
    with pytest.raises(InputError, match=r"rebuild .* has 10 steps; tell it in 1 to 8"):
        told(ours, row(None, "one"), row("one", None), steps=steps)


def test_words_that_no_release_needs_are_named(catalog: Catalog, ours: Explanations) -> None:
    stop = ours.stories.by_action["stop"]
    needless = StepWords(by="conductor", writes="shelved", does=Text(ko="씁니다", en="writes"))
    stories = replace(
        ours.stories,
        by_action={**ours.stories.by_action, "stop": replace(stop, steps=(*stop.steps, needless))},
    )
    (problem,) = find_story_problems(catalog, replace(ours, stories=stories))
    assert "$.steps[2] of stop: in no release does conductor write 'shelved' there" in problem


def test_an_action_without_words_is_named(catalog: Catalog, ours: Explanations) -> None:
    rest = {action: text for action, text in ours.stories.by_action.items() if action != "lock"}
    problems = list(find_story_problems(catalog, replace(ours, stories=replace(ours.stories, by_action=rest))))
    assert problems
    assert all("the story of lock" in problem and "has 0 steps" in problem for problem in problems)


def test_files_that_do_not_fit_are_named_with_their_places(tmp_path: Path) -> None:
    (tmp_path / "one.yml").write_text(
        "actions: [stop]\n"
        "steps:\n"
        "  - {by: compute, does: {ko: 끕니다., en: turns it off}}\n"
        "  - {by: neutron, does: {ko: 끕니다, en: turns it off}}\n"
        "untold:\n"
        "  - {reason: '', atoms: [{test: a}]}\n",
        encoding="utf-8",
    )
    (tmp_path / "two.yml").write_text(
        "actions: [stop]\nsteps:\n  - {by: api, does: {ko: 씁니다, en: writes}}\n", encoding="utf-8"
    )
    with pytest.raises(CheckError) as caught:
        load_story_words(tmp_path)
    text = "\n".join(caught.value.problems)
    for part in (
        "one.yml: $.steps[0].does.ko",
        "one.yml: $.steps[0].host: missing",
        "one.yml: $.steps[1].by: 'neutron'",
        "one.yml: $.untold[0].reason: empty",
        "two.yml: $.actions: stop is told in another file too",
    ):
        assert part in text
