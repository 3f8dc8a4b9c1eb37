"""What happens, told on a page: on a small release, and in both languages on the stored facts."""

from __future__ import annotations

import re

import pytest

from nova_states.facts.condition import ELIDED
from nova_states.facts.model import FaultCause, Status
from nova_states.pages.actions import build_action
from nova_states.pages.components import CellContent, Link
from nova_states.pages.states import build_state
from nova_states.pages.stories import story_view
from nova_states.pages.story_views import StoryView
from nova_states.pages.urls import address
from nova_states.pages.writer import Writer
from nova_states.rendering.environment import render
from tests.conditions import raises
from tests.pages.synthetic import HERE, action, catalog, transition
from tests.pages.synthetic import writer as make_writer

ATTACHING = raises("_get_share_info", "ShareErrorUnexpectedStatus")
NO_HOST = raises(None, "NoValidHost")
STOP = (
    transition("stop", "api", (("active", "error"), (None, "deleting")), ("=", "powering-off"), expected=(None,)),
    transition("stop", "compute", (("active", "error"), ("powering-off",)), ("stopped", None)),
    transition(
        "stop",
        "compute",
        (("active", "error"), ("powering-off",)),
        ("=", None),
        fails=True,
        when=raises(None, "Exception"),
    ),
    transition("stop", "compute", (("active",), ("powering-off",)), ("error", None), fails=True, when=ATTACHING),
    transition("stop", "compute", (("active",), ("powering-off",)), ("error", None), fails=True, when=NO_HOST),
)
START = (
    transition("start", "api", (("stopped",), (None,)), ("=", "powering-on")),
    transition("start", "compute", (("stopped",), ("powering-on",)), ("active", None)),
    transition("start", "compute", (("stopped",), ("powering-on",)), ("error", "="), fails=True, when=ELIDED),
)
STATUSES = tuple(
    Status(vm_state=vm_state, task_state=task, status=word, evidence=HERE)
    for vm_state, task, word in (
        ("active", "default", "ACTIVE"),
        ("stopped", "default", "SHUTOFF"),
        ("error", "default", "ERROR"),
        ("error", "powering-on", "REBUILD"),
    )
)
FAULTS = tuple(FaultCause(error=error, actions=("stop",), evidence=HERE) for error in ("NoValidHost", "OfOurOwn"))
PAGE = make_writer(
    catalog(
        v13_0_0={
            "transitions": (*STOP, *START),
            "actions": tuple(action(name) for name in ("start", "stop")),
            "statuses": STATUSES,
            "fault_causes": FAULTS,
        }
    )
)
HANGUL = re.compile(r"[가-힣]")
TAGS = re.compile(r"<code[^>]*>.*?</code>|<(?:a|span) class=\"chip.*?</(?:a|span)>|<[^>]+>", re.DOTALL)
NAMES = re.compile(
    r"nova-(?:api|compute|conductor|scheduler)|Cinder|Glance|Neutron|Manila|Ironic|Cells v[12]|libvirt|post-copy|NMI"
    r"|Placement|GiB|Xen\w+|Nova|Cyborg|ID|IP|API|CPU|OS|REST|PCI|request spec|filter properties"
)


def texts(cell: CellContent) -> list[str]:
    return [one if isinstance(one, str) else one.text for one in cell if isinstance(one, str | Link)]


def view(name: str) -> StoryView:
    return story_view(PAGE, PAGE.latest, name)


def test_steps_say_who_does_what_and_what_is_written() -> None:
    first, last = view("stop").steps
    assert (first.service, texts(first.writes), first.limits) == ("nova-api", ["powering-off"], ())
    assert (last.service, texts(last.writes)) == ("nova-compute", ["stopped", "no task"])
    assert "shut down" in last.does


def test_an_option_that_the_release_does_not_have_limits_nothing() -> None:
    assert [limit.text for limit in view("stop").steps[1].limits] == ["no limit"]


def test_failures_are_folded_by_what_they_leave() -> None:
    found = [(texts(one.states), [cause.text for cause in one.causes]) for one in view("stop").leavings]
    assert found == [
        (["as it was before", "no task"], ["if an error occurs"]),
        (["error", "no task"], ["if a share is still being attached or detached", "if no valid host is found"]),
    ]


def test_exact_rows_have_conditions_as_code_and_what_is_made_sure_of() -> None:
    rows = view("stop").exact
    assert [(row.service, row.conditions, texts(row.expected), row.fails) for row in rows] == [
        ("nova-api", (), ["no task"], False),
        ("nova-compute", (), [], False),
        ("nova-compute", ("`on Exception`",), [], True),
        ("nova-compute", ("`_get_share_info raises ShareErrorUnexpectedStatus`", "`on NoValidHost`"), [], True),
    ]
    assert texts(rows[0].before) == ["active", "error", "no task", "deleting"]


def test_failures_say_the_status_and_the_step_as_far_as_facts_tell() -> None:
    found = view("stop").leavings
    assert [[status.text for status in one.statuses] for one in found] == [["ACTIVE", "ERROR"], ["ERROR"]]
    assert [one.steps for one in found] == ["at step 2", "at step 2"]
    assert [one.fault for one in found] == ["may leave a `fault`", "may leave a `fault`: `NoValidHost`"]


def test_nothing_is_said_of_faults_where_no_exception_is_known_to_be_one() -> None:
    assert [one.fault for one in view("start").leavings] == [""]


def test_the_task_that_is_left_decides_about_the_status() -> None:
    (left,) = view("start").leavings
    assert (texts(left.states), texts(left.statuses)) == (["error", "the task in which it failed"], ["REBUILD"])


def test_where_nothing_was_read_nothing_is_told() -> None:
    empty = make_writer(catalog(v13_0_0={"actions": (action("stop"),)}))
    found = story_view(empty, empty.latest, "stop")
    assert (found.steps, found.exact, found.notes, found.graph) == ((), (), (), None)


def rendered(writer: Writer, name: str) -> str:
    page = build_action(writer, name)
    fields = {field: getattr(page, field) for field in page.__dataclass_fields__ if field != "head"}
    return render("action.md", writer.words, **fields)


def test_the_story_stands_before_all_else(writer: Writer) -> None:
    text = rendered(writer, "resize")
    assert text.index('<ol class="story">') < min(text.index(one) for one in ("{#about}", "{#guards}", "{#requests}"))


def test_an_option_leads_to_its_text(writer: Writer) -> None:
    (_, step) = story_view(writer.on(address("action", "stop")), writer.latest, "stop").steps
    (limit,) = step.limits
    assert limit.option is not None
    assert limit.option.href == "../../option/#shutdown_timeout"
    assert limit.text == {"ko": "60초", "en": "60 s"}[writer.language]


@pytest.mark.parametrize("name", ["create", "delete", "evacuate", "live_migrate", "rebuild", "resize", "unshelve"])
def test_no_python_and_no_english_of_ours_outside_the_exact_rows(writer: Writer, name: str) -> None:
    text = rendered(writer, name)
    text = text[text.index('<ol class="story">') : text.index('<details class="exact"')]
    text = re.sub(r"<svg.*?</svg>", "", text, flags=re.DOTALL)
    assert "task_states." not in text
    assert " is not None" not in text
    if writer.language == "ko":
        for line in TAGS.sub(" ", text).splitlines():
            assert re.findall(r"[A-Za-z]{2,}", NAMES.sub("", re.sub(r"`.*?`|\(`.*?`\)", "", line))) == [], line
        assert HANGUL.search(text)


def test_a_refused_row_says_on_which_side_of_a_release_it_was_allowed(writer: Writer) -> None:
    page = build_state(writer, "task_state", writer.latest.constants["task_state"]["IMAGE_UPLOADING"])
    marks = {row.until for row in page.refused if row.until}
    assert marks
    side = {"ko": r"부터 거부, 그전에는 허용$", "en": r"^refused since .*, allowed before$"}[writer.language]
    assert all(re.search(side, mark) for mark in marks)
