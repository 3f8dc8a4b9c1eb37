"""The picture of all vm_states: its ways are those of the facts, whatever the layout says."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from nova_states.catalog.state_ways import ordinary_ways
from nova_states.pages.machine_layout import load_machine_layout
from nova_states.pages.machine_map import build_machine_map, told_ways, unplaced_states
from nova_states.pages.states import build_state
from nova_states.pages.writer import Writer
from nova_states.rendering.machine_drawing import draw_map, draw_map_file
from nova_states.rendering.pictures import render_pictures
from tests.pages import synthetic

STOP = (
    synthetic.transition("stop", "api", (("active", "error"), (None,)), ("=", "powering-off")),
    synthetic.transition("stop", "compute", (("active", "error"), ("powering-off",)), ("stopped", None)),
)
START = (
    synthetic.transition("start", "api", (("stopped",), (None,)), ("=", "powering-on")),
    synthetic.transition("start", "compute", (("stopped",), ("powering-on",)), ("active", None)),
)
THROUGH = (
    synthetic.transition("rebuild", "compute", (("stopped",), (None,)), ("active", None)),
    synthetic.transition("rebuild", "compute", (("active",), (None,)), ("stopped", None)),
)
ACTIONS = tuple(synthetic.action(name) for name in ("start", "stop", "rebuild"))
SMALL = synthetic.writer(synthetic.catalog(v34_0_0={"transitions": (*STOP, *START, *THROUGH), "actions": ACTIONS}))


def test_ways_are_what_somebody_sees_who_asks() -> None:
    """A rebuild of a stopped server passes active and ends where it began, so it is no way."""
    assert ordinary_ways(SMALL.latest) == {
        ("active", "stopped"): ("stop",),
        ("error", "stopped"): ("stop",),
        ("stopped", "active"): ("start",),
    }


def test_only_ways_of_the_facts_are_drawn() -> None:
    titles = [way.title for way in build_machine_map(SMALL).ways]
    assert sorted(titles) == ["active → stopped: stop", "error → stopped: stop", "stopped → active: start"]


def test_every_way_of_the_facts_is_drawn_once(writer: Writer) -> None:
    drawn: dict[tuple[str, str], list[str]] = {}
    for way in build_machine_map(writer).ways:
        ends, _, actions = way.title.partition(": ")
        tails, heads = (part.split(", ") for part in ends.split(" → "))
        for tail in writer.latest.vm_states if tails == [writer.words("map_any")] else tails:
            for head in heads:
                drawn.setdefault((tail, head), []).extend(actions.split(", "))
    for (tail, head), told in told_ways(writer.latest).items():
        if tail != "*":
            assert set(told) <= set(drawn[tail, head]), (tail, head)
    for found in drawn.values():
        assert len(found) == len(set(found))


def test_what_the_layout_leaves_out_is_still_in_the_facts(writer: Writer) -> None:
    facts = {(action, after) for (_, after), actions in ordinary_ways(writer.latest).items() for action in actions}
    assert {(entry.action, entry.to) for entry in load_machine_layout().untold} <= facts


def test_a_way_without_a_label_shares_one_that_says_the_same(writer: Writer) -> None:
    ways = build_machine_map(writer).ways
    labelled = {(way.title.partition(" → ")[0], way.title.partition(": ")[2]) for way in ways if way.lines}
    for way in ways:
        if not way.lines:
            assert (way.title.partition(" → ")[0], way.title.partition(": ")[2]) in labelled


def test_all_states_of_the_newest_release_have_a_place(writer: Writer) -> None:
    assert unplaced_states(writer.latest) == ()
    layout = load_machine_layout()
    for box in build_machine_map(writer).boxes:
        assert 0 < box.middle[0] - box.half_width < box.middle[0] + box.half_width < layout.size[0]


def test_a_state_without_a_place_stands_at_the_edge_with_its_ways() -> None:
    states = (*synthetic.STATES, synthetic.constant("vm_state", "FROZEN", "frozen"))
    thaw = synthetic.transition("start", "compute", (("frozen",), ("powering-on",)), ("active", None))
    page = synthetic.writer(
        synthetic.catalog(v34_0_0={"states": states, "transitions": (*START, thaw), "actions": ACTIONS})
    )
    explanations = page.explanations
    explained = dict(explanations.by_kind["vm_state"]) | {"frozen": explanations.of("vm_state", "active")}
    page = replace(
        page, explanations=replace(explanations, by_kind=dict(explanations.by_kind) | {"vm_state": explained})
    )
    assert unplaced_states(page.latest) == ("frozen",)
    picture = build_machine_map(page)
    (frozen,) = (box for box in picture.boxes if box.name == "frozen")
    assert frozen.middle == load_machine_layout().edge
    (way,) = (way for way in picture.ways if "frozen" in way.title)
    assert way.title == "frozen → active: start"
    assert way.lines == ("start",)
    assert "frozen" in draw_map(picture)


def test_a_page_marks_its_own_state_and_links_the_others(writer: Writer) -> None:
    page = build_state(writer, "vm_state", writer.latest.constants["vm_state"]["STOPPED"])
    assert page.picture is not None
    assert [box.name for box in page.picture.boxes if box.is_here] == ["stopped"]
    drawn = draw_map(page.picture)
    assert 'href="../../vm_state/active/"' in drawn
    assert 'href="../../vm_state/stopped/"' not in drawn
    assert "style=" not in drawn


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_file_stands_alone(writer: Writer, scheme: str) -> None:
    """Title, release and legend are inside; nothing is asked of a style sheet, a script or another host."""
    text = render_pictures(writer.queries, writer.explanations)[
        f"assets/pictures/vm-states-{writer.language}-{scheme}.svg"
    ]
    root = ET.fromstring(text)
    words = [element.text or "" for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert writer.words("map_title") in words
    assert any(writer.latest.version in word for word in words)
    assert writer.words("map_legend_frame") in words
    assert set(writer.latest.vm_states) <= set(words)
    assert not re.search(r"style|class=|<script|href", text)


def test_letters_of_a_projected_picture_can_be_read(writer: Writer) -> None:
    """At the width of a slide of 1920 pixels no letter is smaller than 20."""
    scale = 1920 / load_machine_layout().size[0]
    sizes = re.findall(r'font-size="(\d+)"', draw_map_file(build_machine_map(writer, with_links=False), "light"))
    assert min(map(int, sizes)) * scale > 20
