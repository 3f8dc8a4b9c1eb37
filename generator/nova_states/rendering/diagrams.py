"""Graphs as inline SVG: Graphviz says where things stand, the drawing is ours.

So the picture follows the page's colours, its texts are texts and its nodes links, and its bytes depend on no font of
the machine: boxes are as wide as their letters are many, in the monospace of the site's style sheet.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import pygraphviz  # type: ignore[import-untyped] # it has no types
from markupsafe import Markup, escape

from nova_states.pages.graphs import Edge, Ends, Graph, Node

_LETTER, _LINE, _PADDING, _MARGIN = 7.25, 18, 8, 4
"""Width of a letter, height of a line, space around the lines of a box and around the picture, in pixels."""
_SMALL_LETTER, _SMALL_LINE = 6.1, 14
"""The same of an edge's label."""
_BADGE, _LEAST_BADGE = 20, 24
"""Height of a label that is a link, and its least width, for a finger."""
_NOTCH, _REACH = 6, 12
"""How far a bracket's notches stick out to what it is beside, and how far it stands from that and from its box."""
_PHONE = 310
"""Width up to which a picture is seen as a whole on a phone."""
_INCH = 72
"""Graphviz counts sizes in inches, places in points; a point is our pixel."""
_FIRST_LINE = 0.72
"""Where in its line the letters stand."""

Point = tuple[float, float]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Curve:
    points: tuple[Point, ...]
    """Start and Bézier points."""
    tip: Point
    label: Point | None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Aside:
    """Where the box of failures stands, and the bracket that leads to it."""

    bracket: float
    """Its place from the left."""
    notches: tuple[float, ...]
    """Places from the top; none: there is no bracket."""
    left: float
    middle: float
    width: float
    height: float


@dataclass(frozen=True, kw_only=True, slots=True)
class _Layout:
    width: float
    height: float
    nodes: tuple[Point, ...]
    """Middles."""
    edges: tuple[_Curve, ...]
    aside: _Aside | None = None


def draw(graph: Graph) -> Markup:
    """A graph as SVG; the parts of it that are equal in two languages are laid out once."""
    layout = lay_out(_dot(graph))
    first = next((number for number, node in enumerate(graph.nodes) if node.is_subject), None)
    if first is not None and graph.direction == "TB" and layout.nodes[first][0] > layout.width / 2:
        layout = _mirrored(layout)  # what a narrow screen shows first is where the way begins
    layout = _fitted(graph, layout)
    return Markup("".join(_svg(graph, layout if graph.ends is None else _with_room(graph, graph.ends, layout))))  # noqa: S704 - every part is escaped


def _svg(graph: Graph, layout: _Layout) -> Iterator[str]:
    width, height = _number(layout.width + 2 * _MARGIN), _number(layout.height + 2 * _MARGIN)
    identity = escape(graph.id)
    yield (
        f'<svg class="diagram" role="group" aria-label="{escape(graph.title)}" aria-describedby="{identity}-desc"'
        f' width="{width}" height="{height}" viewBox="{-_MARGIN} {-_MARGIN} {width} {height}">'
        f'<desc id="{identity}-desc">{escape(graph.description)}</desc>'
    )
    for edge, curve in zip(graph.edges, layout.edges, strict=True):
        yield _edge(edge, curve)
    for node, middle in zip(graph.nodes, layout.nodes, strict=True):
        yield from _node(node, middle)
    if graph.ends is not None and layout.aside is not None:
        yield from _ends(graph.ends, layout.aside)
    yield "</svg>"


def _edge(edge: Edge, curve: _Curve) -> str:
    start, *rest = curve.points
    path = f"M{_pair(start)}C{' '.join(map(_pair, rest))}"
    label = ""
    if edge.href:
        label = _badge(edge, _middle(curve))
    elif edge.label and curve.label is not None:
        x, y = curve.label
        baseline = _number(y + _SMALL_LINE * (_FIRST_LINE - 0.5))
        label = f'<text x="{_number(x)}" y="{baseline}">{escape(edge.label)}</text>'
    css = "way way--thin" if edge.is_thin else "way"
    return f'<g class="{css}"><path d="{path}"/><polygon points="{_arrow(curve)}"/>{label}</g>'


def _badge(edge: Edge, middle: Point) -> str:
    """A label that stands on its edge and leads somewhere; the first words of a link are what is heard of it."""
    width = _badge_width(edge)
    left, top = _number(middle[0] - width / 2), _number(middle[1] - _BADGE / 2)
    baseline = _number(middle[1] + _LINE * (_FIRST_LINE - 0.5))
    return (
        f'<a class="badge" href="{escape(edge.href)}"><title>{escape(edge.title)}</title>'
        f'<rect x="{left}" y="{top}" width="{_number(width)}" height="{_BADGE}" rx="{_BADGE // 2}"/>'
        f'<text x="{_number(middle[0])}" y="{baseline}">{escape(edge.label)}</text></a>'
    )


def _badge_width(edge: Edge) -> float:
    return max(_LEAST_BADGE, len(edge.label) * _LETTER + 10)


def _middle(curve: _Curve) -> Point:
    """The point in the middle of a curve, which is made of Bézier curves of three points each."""
    points = curve.points
    parts = (len(points) - 1) // 3
    if parts % 2 == 0:
        return points[len(points) // 2]
    first = parts // 2 * 3
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = points[first : first + 4]
    return (ax + 3 * bx + 3 * cx + dx) / 8, (ay + 3 * by + 3 * cy + dy) / 8


def _with_room(graph: Graph, ends: Ends, layout: _Layout) -> _Layout:
    """A layout with the box of failures: beside the edges on which one may come, or below where a phone is too narrow.

    A bracket leads to it, which stands to the right of all that is beside it and so crosses nothing.
    """
    width = ends.letters * _LETTER + 2 * _PADDING
    height = len(ends.lines) * _LINE + _PADDING
    places = tuple(_middle(layout.edges[number])[1] for number in ends.edges)
    middle = (min(places) + max(places)) / 2 if places else layout.height / 2
    middle = min(max(middle, height / 2), layout.height - height / 2)
    beside = _right_of(graph, layout, (middle - height / 2, middle + height / 2, *places))
    if beside + _NOTCH + 2 * _REACH + width <= _PHONE:
        bracket = beside + _NOTCH + _REACH
        left = bracket + _REACH
    else:
        bracket = _right_of(graph, layout, (*places, layout.height)) + _NOTCH + _REACH
        left = max(bracket + _REACH - width, 0)
        middle = layout.height + _REACH + height / 2
    return replace(
        layout,
        width=max(layout.width, bracket, left + width),
        height=max(layout.height, middle + height / 2),
        aside=_Aside(bracket=bracket, notches=places, left=left, middle=middle, width=width, height=height),
    )


def _right_of(graph: Graph, layout: _Layout, places: tuple[float, ...]) -> float:
    """How far to the right things go that stand between the uppermost and the lowest of some places."""
    top, bottom = min(places) - _BADGE / 2, max(places) + _BADGE / 2
    return max((x for x, y, reach in _obstacles(graph, layout) if y + reach > top and y - reach < bottom), default=0)


def _obstacles(graph: Graph, layout: _Layout) -> Iterator[tuple[float, float, float]]:
    """How far to the right each thing goes, and its middle and half its height."""
    for node, (x, y) in zip(graph.nodes, layout.nodes, strict=True):
        width, height = _size(node)
        yield x + width / 2, y, height / 2
    for edge, curve in zip(graph.edges, layout.edges, strict=True):
        x, y = _middle(curve)
        yield x + _badge_width(edge) / 2, y, _BADGE / 2
        ups, downs = min(y for _, y in curve.points), max(y for _, y in curve.points)
        yield max(x for x, _ in curve.points), (ups + downs) / 2, (downs - ups) / 2


def _ends(ends: Ends, aside: _Aside) -> Iterator[str]:
    """The bracket with its notches, a line to the box, and the box, which is one link."""
    top = aside.middle - aside.height / 2
    if aside.notches:
        x, left = _number(aside.bracket), aside.bracket - _NOTCH
        is_beside = aside.left >= aside.bracket
        final = aside.middle if is_beside else top
        ways = [f"M{_pair((left, y))}H{x}" for y in aside.notches]
        ways.append(f"M{_pair((aside.bracket, min(*aside.notches, final)))}V{_number(max(*aside.notches, final))}")
        if is_beside:
            ways.append(f"M{_pair((aside.bracket, final))}H{_number(aside.left)}")
        yield f'<path class="bracket" d="{"".join(ways)}"/>'
    yield (
        f'<a class="ends" href="{escape(ends.href)}"><title>{escape(ends.title)}</title>'
        f'<rect x="{_number(aside.left)}" y="{_number(top)}" width="{_number(aside.width)}"'
        f' height="{_number(aside.height)}" rx="3"/>'
    )
    for number, line in enumerate(ends.lines):
        baseline = top + _PADDING / 2 + _LINE * (number + _FIRST_LINE)
        yield f'<text x="{_number(aside.left + aside.width / 2)}" y="{_number(baseline)}">{escape(line)}</text>'
    yield "</a>"


def _arrow(curve: _Curve) -> str:
    """A triangle from the end of the curve to its tip."""
    (x, y), (tip_x, tip_y) = curve.points[-1], curve.tip
    across_x, across_y = (tip_y - y) * 0.45, (x - tip_x) * 0.45
    corners = ((x + across_x, y + across_y), curve.tip, (x - across_x, y - across_y))
    return " ".join(map(_pair, corners))


def _node(node: Node, middle: Point) -> Iterator[str]:
    width, height = _size(node)
    left, top = middle[0] - width / 2, middle[1] - height / 2
    flags = {f"kind--{node.kind}": node.kind, "subject": node.is_subject}
    classes = " ".join(("node", *(name for name, is_set in flags.items() if is_set)))
    size = f'width="{_number(width)}" height="{_number(height)}"'
    yield f'<g class="{escape(classes)}"><rect x="{_number(left)}" y="{_number(top)}" {size} rx="3"/>'
    for number, line in enumerate(node.lines):
        baseline = top + _PADDING / 2 + _LINE * (number + _FIRST_LINE)
        css = f' class="kind--{escape(line.kind)}"' if line.kind else ""
        text = f'<text x="{_number(middle[0])}" y="{_number(baseline)}"{css}>{escape(line.text)}</text>'
        yield f'<a href="{escape(line.href)}">{text}</a>' if line.href else text
    yield "</g>"


def _size(node: Node) -> tuple[float, float]:
    letters = max(len(line.text) for line in node.lines)
    return letters * _LETTER + 2 * _PADDING, len(node.lines) * _LINE + _PADDING


def _dot(graph: Graph) -> str:
    """The graph in Graphviz' language: sizes and ways, no texts, so that no font is asked."""
    names = {node.id: f"n{number}" for number, node in enumerate(graph.nodes)}
    # A badge stands on its edge and needs room there.
    room = "nodesep=0.4; ranksep=0.56;" if any(edge.href for edge in graph.edges) else "nodesep=0.12; ranksep=0.32;"
    lines = [
        f"digraph {{ rankdir={graph.direction}; {room}",
        'node [shape=box fixedsize=true label=""]; edge [arrowsize=0.6];',
    ]
    for node in graph.nodes:
        width, height = _size(node)
        lines.append(f"{names[node.id]} [width={width / _INCH:.4f} height={height / _INCH:.4f}];")
    for number, edge in enumerate(graph.edges):
        lines.append(f"{names[edge.tail]} -> {names[edge.head]} [id={number} {_dot_edge(edge)}];")
    return "\n".join([*lines, "}"])


def _dot_edge(edge: Edge) -> str:
    """What is taken in some cases pulls less, so that the ordinary way is straight."""
    weight = 1 if edge.is_thin else 8
    if not edge.label or edge.href:
        return f"weight={weight}"
    size = f'WIDTH="{len(edge.label) * _SMALL_LETTER + 6:.0f}" HEIGHT="{_SMALL_LINE}"'
    cell = f'<TABLE BORDER="0" CELLSPACING="0" CELLPADDING="0"><TR><TD FIXEDSIZE="TRUE" {size}></TD></TR></TABLE>'
    return f"weight={weight} label=<{cell}>"


@cache
def lay_out(dot: str) -> _Layout:
    """Where Graphviz puts things; asked once for each distinct graph."""
    plain: dict[str, Any] = json.loads(pygraphviz.AGraph(dot).draw(format="json0", prog="dot"))
    _, _, width, height = (float(number) for number in plain["bb"].split(","))
    nodes = sorted(plain.get("objects", ()), key=lambda node: int(node["name"][1:]))
    edges = sorted(plain.get("edges", ()), key=lambda edge: int(edge["id"]))
    return _Layout(
        width=width,
        height=height,
        nodes=tuple(_point(node["pos"], height) for node in nodes),
        edges=tuple(_curve(edge, height) for edge in edges),
    )


def _fitted(graph: Graph, layout: _Layout) -> _Layout:
    """A layout moved to the right, and widened, by what badges on its outermost edges stick out."""
    reaches = [
        (_middle(curve)[0], _badge_width(edge) / 2)
        for edge, curve in zip(graph.edges, layout.edges, strict=True)
        if edge.href
    ]
    out = -min((x - half for x, half in reaches), default=0)
    width = max((x + half for x, half in reaches), default=0)
    if out > 0:
        layout = _moved(layout, lambda point: (point[0] + out, point[1]))
    return replace(layout, width=max(layout.width, width) + max(out, 0))


def _mirrored(layout: _Layout) -> _Layout:
    return _moved(layout, lambda point: (layout.width - point[0], point[1]))


def _moved(layout: _Layout, move: Callable[[Point], Point]) -> _Layout:
    return replace(
        layout,
        nodes=tuple(map(move, layout.nodes)),
        edges=tuple(
            _Curve(
                points=tuple(map(move, curve.points)),
                tip=move(curve.tip),
                label=move(curve.label) if curve.label else None,
            )
            for curve in layout.edges
        ),
    )


def _curve(edge: dict[str, Any], height: float) -> _Curve:
    tip, *points = edge["pos"].split(" ")
    return _Curve(
        points=tuple(_point(point, height) for point in points),
        tip=_point(tip.removeprefix("e,"), height),
        label=_point(edge["lp"], height) if "lp" in edge else None,
    )


def _point(text: str, height: float) -> Point:
    """A place as we count it, downwards from the top."""
    x, y = text.split(",")
    return float(x), height - float(y)


def _pair(point: Point) -> str:
    return f"{_number(point[0])},{_number(point[1])}"


def _number(value: float) -> str:
    """A tenth of a pixel is enough, and hides what differs between machines in the last digits."""
    return f"{round(value, 1) + 0:.1f}".removesuffix(".0")  # + 0: no minus before nothing
