"""Graphs as SVG: the same bytes each time, links where there are pages, nothing that runs."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from nova_states.pages.graphs import Edge, Ends, Graph, Line, Node
from nova_states.rendering import diagrams
from nova_states.rendering.diagrams import draw

GRAPH = Graph(
    id="steps",
    title="stop <&> go",
    description="what it shows",
    nodes=(
        Node(
            id="start",
            kind="vm_state",
            is_subject=True,
            lines=(Line(text="active", kind="vm_state", href="../../vm_state/active/"), Line(text="+2")),
        ),
        Node(id="task", kind="task_state", lines=(Line(text="powering-off", kind="task_state", href="../x/"),)),
        Node(id="end", kind="vm_state", lines=(Line(text="stopped"),)),
        Node(id="other", kind="vm_state", lines=(Line(text="error"),)),
    ),
    edges=(
        Edge(tail="start", head="task", label="api"),
        Edge(tail="task", head="end"),
        Edge(tail="task", head="other", is_thin=True),
    ),
)
SVG = ET.fromstring(draw(GRAPH))


def test_same_bytes_when_laid_out_again() -> None:
    first = draw(GRAPH)
    diagrams.lay_out.cache_clear()
    assert draw(GRAPH) == first


def test_another_language_is_laid_out_with_the_same_call() -> None:
    draw(GRAPH)
    before = diagrams.lay_out.cache_info().misses
    draw(replace(GRAPH, title="중지", description="같은 내용"))
    assert diagrams.lay_out.cache_info().misses == before


def test_links_lead_where_lines_say() -> None:
    links = {(link.get("href"), "".join(link.itertext())) for link in SVG.iter("a")}
    assert links == {("../../vm_state/active/", "active"), ("../x/", "powering-off")}


def test_lines_without_a_page_are_texts() -> None:
    assert [text.text for text in SVG.iter("text")] == ["api", "active", "+2", "powering-off", "stopped", "error"]


def test_holds_nothing_but_shapes_texts_and_links() -> None:
    assert {element.tag for element in SVG.iter()} == {"svg", "desc", "g", "path", "polygon", "rect", "text", "a"}
    attributes = {name for element in SVG.iter() for name in element.attrib}
    assert not [name for name in attributes if name.startswith("on") or name == "style"]


def test_names_itself_and_what_it_shows() -> None:
    described = SVG.get("aria-describedby")
    assert SVG.get("aria-label") == "stop <&> go"
    assert [(found.get("id"), found.text) for found in SVG.iter("desc")] == [(described, "what it shows")]


def test_tells_what_is_taken_in_some_cases_by_more_than_colour() -> None:
    ways = [group.get("class") for group in SVG.iter("g") if "way" in (group.get("class") or "").split()]
    assert ways == ["way", "way", "way way--thin"]


def test_boxes_are_as_wide_as_their_letters_and_stay_inside() -> None:
    _, _, width, height = (float(number) for number in (SVG.get("viewBox") or "").split())
    for box in SVG.iter("rect"):
        x, y, wide, high = (float(box.get(name) or "nan") for name in ("x", "y", "width", "height"))
        assert x >= 0
        assert y >= 0
        assert x + wide <= width
        assert y + high <= height
    widths = [float(box.get("width") or 0) for box in SVG.iter("rect")]
    assert widths[1] > widths[0]


def test_success_runs_down() -> None:
    tops = [float(box.get("y") or "nan") for box in SVG.iter("rect")]
    assert tops[0] < tops[1] < tops[2]


def test_begins_where_a_narrow_screen_shows_it() -> None:
    fork = Graph(
        id="fork",
        title="fork",
        description="fork",
        nodes=tuple(
            Node(id=name, lines=(Line(text=name * 20),), is_subject=name == "b") for name in ("a", "b", "c", "d")
        ),
        edges=(
            Edge(tail="a", head="c"),
            Edge(tail="a", head="d"),
            Edge(tail="b", head="d"),
        ),
    )
    drawn = ET.fromstring(draw(fork))
    left = [float(box.get("x") or "nan") for box in drawn.iter("rect")]
    assert left[1] <= left[0]


def story(*, wide: int = 10, fork: bool = False, at: tuple[int, ...] = (0, 1)) -> Graph:
    """A way of three boxes with badges, failures aside, and a box beside it that is as wide as is asked for."""
    names = ("start", "task", "end", "w" * wide)
    edges = [
        Edge(tail="0", head="1", label="1", href="#step-1", title="1. the first step"),
        Edge(tail="1", head="2", label="2–4", href="#step-2", title="2. others"),
    ]
    if fork:
        edges.append(Edge(tail="0", head="3", label="a", href="#variant-a", title="a. if", is_thin=True))
    return Graph(
        id="steps",
        title="story",
        description="what it shows",
        nodes=tuple(
            Node(id=str(number), lines=(Line(text=name),), is_subject=not number)
            for number, name in enumerate(names[: 4 if fork else 3])
        ),
        edges=tuple(edges),
        ends=Ends(lines=("fails", "error"), letters=8, href="#failures", title="fails: error", edges=at),
    )


Box = tuple[float, float, float, float]


def box_of(rect: ET.Element) -> Box:
    x, y, width, height = (float(rect.get(name) or "nan") for name in ("x", "y", "width", "height"))
    return x, y, x + width, y + height


def bracket_of(drawn: ET.Element) -> tuple[list[float], float, float, float]:
    """Heights of the notches, place from the left, and the ends of the line."""
    (path,) = (one.get("d") or "" for one in drawn.iter("path") if one.get("class") == "bracket")
    (found,) = re.findall(r"M([\d.]+),([\d.]+)V([\d.]+)", path)
    x, top, bottom = map(float, found)
    notches = [float(y) for left, y in re.findall(r"M([\d.]+),([\d.]+)H", path) if float(left) < x]
    return notches, x, top, bottom


def test_a_badge_is_a_link_that_says_its_step() -> None:
    badges = [link for link in ET.fromstring(draw(story())).iter("a") if link.get("class") == "badge"]
    assert [(link.get("href"), link.findtext("title"), link.findtext("text")) for link in badges] == [
        ("#step-1", "1. the first step", "1"),
        ("#step-2", "2. others", "2–4"),
    ]


def test_badges_stand_between_their_boxes() -> None:
    drawn = ET.fromstring(draw(story()))
    boxes = [box_of(group[0]) for group in drawn.iter("g") if (group.get("class") or "").startswith("node")]
    badges = [box_of(link[1]) for link in drawn.iter("a") if link.get("class") == "badge"]
    for badge, above, below in zip(badges, boxes, boxes[1:], strict=False):
        assert above[3] < badge[1]
        assert badge[3] < below[1]


@pytest.mark.parametrize(("wide", "fork"), [(10, False), (10, True), (24, True), (40, True)])
def test_nothing_stands_in_the_way_of_failures_or_sticks_out(wide: int, fork: bool) -> None:  # noqa: FBT001
    drawn = ET.fromstring(draw(story(wide=wide, fork=fork)))
    boxes = [box_of(rect) for rect in drawn.iter("rect")]
    _, x, top, bottom = bracket_of(drawn)
    assert not [box for box in boxes[:-1] if box[2] > x and box[1] < bottom and box[3] > top]
    ends = boxes[-1]
    assert not [box for box in boxes[:-1] if box[2] > ends[0] and box[1] < ends[3] and box[3] > ends[1]]
    left, upper, width, height = (float(number) for number in (drawn.get("viewBox") or "").split())
    assert all(left <= box[0] and upper <= box[1] for box in boxes)
    assert all(box[2] <= left + width and box[3] <= upper + height for box in boxes)


def test_failures_end_beside_the_way_or_below_it_where_a_phone_is_too_narrow() -> None:
    beside, below = ET.fromstring(draw(story())), ET.fromstring(draw(story(wide=34, fork=True)))
    for drawn, is_beside in ((beside, True), (below, False)):
        *others, ends = (box_of(rect) for rect in drawn.iter("rect"))
        assert (ends[1] < max(box[3] for box in others)) is is_beside


def test_the_bracket_has_a_notch_at_each_step_that_may_fail() -> None:
    drawn = ET.fromstring(draw(story(at=(1,))))
    notches, *_ = bracket_of(drawn)
    badge = [box_of(link[1]) for link in drawn.iter("a") if link.get("class") == "badge"][1]
    assert notches == [(badge[1] + badge[3]) / 2]


def test_where_no_step_is_known_there_is_no_bracket() -> None:
    drawn = ET.fromstring(draw(story(at=())))
    assert [link.get("href") for link in drawn.iter("a") if link.get("class") == "ends"] == ["#failures"]
    assert not [path for path in drawn.iter("path") if path.get("class") == "bracket"]
