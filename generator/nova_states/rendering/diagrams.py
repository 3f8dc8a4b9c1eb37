"""Graphs as inline SVG: Graphviz says where things stand, the drawing is ours.

So the picture follows the page's colours, its texts are texts and its nodes links, and its bytes depend on no font of
the machine: boxes are as wide as their letters are many, in the monospace of the site's style sheet.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import pygraphviz  # type: ignore[import-untyped] # it has no types
from markupsafe import Markup, escape

from nova_states.pages.graphs import Edge, Graph, Node

_LETTER, _LINE, _PADDING, _MARGIN = 7.25, 18, 8, 4
"""Width of a letter, height of a line, space around the lines of a box and around the picture, in pixels."""
_SMALL_LETTER, _SMALL_LINE = 6.1, 14
"""The same of an edge's label."""
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
class _Layout:
    width: float
    height: float
    nodes: tuple[Point, ...]
    """Middles."""
    edges: tuple[_Curve, ...]


def draw(graph: Graph) -> Markup:
    """A graph as SVG; the parts of it that are equal in two languages are laid out once."""
    layout = lay_out(_dot(graph))
    first = next((number for number, node in enumerate(graph.nodes) if node.is_subject), None)
    if first is not None and graph.direction == "TB" and layout.nodes[first][0] > layout.width / 2:
        layout = _mirrored(layout)  # what a narrow screen shows first is where the way begins
    return Markup("".join(_svg(graph, layout)))  # noqa: S704 - every part is escaped


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
    yield "</svg>"


def _edge(edge: Edge, curve: _Curve) -> str:
    start, *rest = curve.points
    path = f"M{_pair(start)}C{' '.join(map(_pair, rest))}"
    label = ""
    if edge.label and curve.label is not None:
        x, y = curve.label
        baseline = _number(y + _SMALL_LINE * (_FIRST_LINE - 0.5))
        label = f'<text x="{_number(x)}" y="{baseline}">{escape(edge.label)}</text>'
    css = f"way way--{escape(edge.outcome)}"
    return f'<g class="{css}"><path d="{path}"/><polygon points="{_arrow(curve)}"/>{label}</g>'


def _arrow(curve: _Curve) -> str:
    """A triangle from the end of the curve to its tip."""
    (x, y), (tip_x, tip_y) = curve.points[-1], curve.tip
    across_x, across_y = (tip_y - y) * 0.45, (x - tip_x) * 0.45
    corners = ((x + across_x, y + across_y), curve.tip, (x - across_x, y - across_y))
    return " ".join(map(_pair, corners))


def _node(node: Node, middle: Point) -> Iterator[str]:
    width, height = _size(node)
    left, top = middle[0] - width / 2, middle[1] - height / 2
    flags = {f"kind--{node.kind}": node.kind, "subject": node.is_subject, "failed": node.is_failure}
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
    lines = [
        f"digraph {{ rankdir={graph.direction}; nodesep=0.12; ranksep=0.32;",
        'node [shape=box fixedsize=true label=""]; edge [arrowsize=0.6];',
    ]
    for node in graph.nodes:
        width, height = _size(node)
        lines.append(f"{names[node.id]} [width={width / _INCH:.4f} height={height / _INCH:.4f}];")
    for number, edge in enumerate(graph.edges):
        lines.append(f"{names[edge.tail]} -> {names[edge.head]} [id={number} {_dot_edge(edge)}];")
    return "\n".join([*lines, "}"])


def _dot_edge(edge: Edge) -> str:
    """Failures pull less, so that the way to success is straight."""
    weight = {"success": 8, "progress": 8, "failure": 1, "recovery": 2}[edge.outcome]
    if not edge.label:
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


def _mirrored(layout: _Layout) -> _Layout:
    def turn(point: Point) -> Point:
        return layout.width - point[0], point[1]

    return replace(
        layout,
        nodes=tuple(turn(point) for point in layout.nodes),
        edges=tuple(
            _Curve(
                points=tuple(turn(point) for point in curve.points),
                tip=turn(curve.tip),
                label=turn(curve.label) if curve.label else None,
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
