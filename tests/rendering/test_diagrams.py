"""Graphs as SVG: the same bytes each time, links where there are pages, nothing that runs."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace

from nova_states.pages.graphs import Edge, Graph, Line, Node
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
        Node(id="failed", kind="vm_state", is_failure=True, lines=(Line(text="error"),)),
    ),
    edges=(
        Edge(tail="start", head="task", outcome="success", label="api"),
        Edge(tail="task", head="end", outcome="success"),
        Edge(tail="task", head="failed", outcome="failure"),
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


def test_tells_failures_by_more_than_colour() -> None:
    ways = [group.get("class") for group in SVG.iter("g") if "way" in (group.get("class") or "").split()]
    assert ways == ["way way--success", "way way--success", "way way--failure"]
    failed = [g.find("text") for g in SVG.iter("g") if "failed" in (g.get("class") or "").split()]
    assert [text is not None and text.text for text in failed] == ["error"]


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
            Edge(tail="a", head="c", outcome="failure"),
            Edge(tail="a", head="d", outcome="failure"),
            Edge(tail="b", head="d", outcome="success"),
        ),
    )
    drawn = ET.fromstring(draw(fork))
    left = [float(box.get("x") or "nan") for box in drawn.iter("rect")]
    assert left[1] <= left[0]
