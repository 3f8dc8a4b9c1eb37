"""The picture of all vm_states as SVG: in a page, in the page's colours and with links, or as a file that stands alone.

A file has no style sheet: its colours are attributes, so that it shows alike in a browser, a slide and an editor, and
under a policy that forbids styles inside.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import hypot
from typing import Final, Literal

from markupsafe import Markup, escape

from nova_states.pages.machine_layout import Point
from nova_states.pages.machine_shapes import MachineMap, MapBox, MapWay

Scheme = Literal["light", "dark"]

_LINE: Final = 15
"""Height of a line of a label."""
_TIP: Final = 9
"""Length of an arrow's tip."""
_LEGEND_LINE: Final = 24
_MONO: Final = 'ui-monospace, SFMono-Regular, Menlo, Consolas, "D2Coding", "NanumGothicCoding", monospace'
_SANS: Final = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans KR", "Malgun Gothic", NanumGothic, sans-serif'

_COLOURS: Final[Mapping[Scheme, Mapping[str, str]]] = {
    "light": {
        "page": "#ffffff", "text": "#1f2328", "faint": "#5b6472", "state": "#1d4ed8", "tint": "#eef2fd",
        "rim": "#a9bdf2", "frame": "#c4cad4", "shade": "#f7f8fa",
    },
    "dark": {
        "page": "#1e2129", "text": "#e2e5ec", "faint": "#aab2c0", "state": "#93c5fd", "tint": "#283447",
        "rim": "#5d7ca3", "frame": "#4b5362", "shade": "#232733",
    },
}  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class _Paint:
    """Says how a part looks: by its class, or by its attributes."""

    scheme: Scheme | None

    def __call__(self, part: str) -> str:
        if self.scheme is None:
            return f'class="{part}"'
        colours = _COLOURS[self.scheme]
        return " ".join(f'{name}="{escape(colours.get(value, value))}"' for name, value in _PARTS[part].items())


_PARTS: Final[Mapping[str, Mapping[str, str]]] = {
    "map-page": {"fill": "page"},
    "map-title": {"fill": "text", "font-family": _SANS, "font-size": "22", "font-weight": "600"},
    "map-subtitle": {"fill": "faint", "font-family": _SANS, "font-size": "14"},
    "map-frame": {"fill": "shade", "stroke": "frame", "stroke-dasharray": "6 4"},
    "map-any": {"fill": "page", "stroke": "faint"},
    "map-word": {"fill": "text", "font-family": _SANS, "font-size": "15", "text-anchor": "middle"},
    "map-box": {"fill": "tint", "stroke": "rim", "stroke-width": "1.5"},
    "map-box map-here": {"fill": "state", "stroke": "state", "stroke-width": "1.5"},
    "map-name": {
        "fill": "state", "font-family": _MONO, "font-size": "17", "font-weight": "600", "text-anchor": "middle",
    },
    "map-name map-here": {
        "fill": "page", "font-family": _MONO, "font-size": "17", "font-weight": "600", "text-anchor": "middle",
    },
    "map-dot": {"fill": "text"},
    "map-line": {"fill": "none", "stroke": "text", "stroke-width": "1.6"},
    "map-line map-aside": {"fill": "none", "stroke": "faint", "stroke-width": "1.4", "stroke-dasharray": "5 4"},
    "map-line map-way-here": {"fill": "none", "stroke": "state", "stroke-width": "2.6"},
    "map-tip": {"fill": "text"},
    "map-tip map-aside": {"fill": "faint"},
    "map-tip map-way-here": {"fill": "state"},
    # The page's colour around letters keeps them readable where a line passes.
    "map-label": {
        "fill": "text", "font-family": _MONO, "font-size": "14", "stroke": "page", "stroke-width": "4",
        "stroke-linejoin": "round", "paint-order": "stroke",
    },
    "map-legend": {"fill": "text", "font-family": _SANS, "font-size": "13"},
}  # fmt: skip


def draw_map(picture: MachineMap) -> Markup:
    """The picture inside a page."""
    return Markup("".join(_svg(picture, _Paint(scheme=None))))  # noqa: S704 - every part is escaped


def draw_map_file(picture: MachineMap, scheme: Scheme) -> str:
    """The picture as a file."""
    return "".join(_svg(picture, _Paint(scheme=scheme))) + "\n"


def _svg(picture: MachineMap, paint: _Paint) -> Iterator[str]:
    width, height = map(_number, picture.size)
    alone = paint.scheme is not None
    role = 'xmlns="http://www.w3.org/2000/svg" role="img"' if alone else 'class="machine-map" role="group"'
    size = f'width="{width}" height="{height}" ' if alone else ""
    identity = escape(picture.id)
    told = f'aria-labelledby="{identity}-title" aria-describedby="{identity}-desc"'
    yield f'<svg {role} {size}viewBox="0 0 {width} {height}" {told}>'
    yield f'<title id="{identity}-title">{escape(f"{picture.title}, {picture.subtitle}")}</title>'
    yield f'<desc id="{identity}-desc">{escape(picture.description)}</desc>'
    if alone:
        yield f'<rect width="{width}" height="{height}" {paint("map-page")}/>'
    yield _text(picture.title_at, picture.title, paint("map-title"))
    yield _text(picture.subtitle_at, picture.subtitle, paint("map-subtitle"))
    for frame in picture.frames:
        left, top, wide, high = frame.box
        look = paint("map-any" if frame.word else "map-frame")
        yield f'<rect {_box_at(left, top, wide, high)} rx="{_number(high / 2 if frame.word else 14)}" {look}/>'
        if frame.word:
            yield _text((left + wide / 2, top + high / 2 + 5), frame.word, paint("map-word"))
    for way in picture.ways:
        yield _way(way, paint)
    for way in picture.ways:
        yield from _label(way, paint)
    for box in picture.boxes:
        yield _box(box, paint)
    yield from _legend(picture, paint)
    yield "</svg>"


def _way(way: MapWay, paint: _Paint) -> str:
    kind = " map-way-here" if way.is_here and not way.is_aside else " map-aside" if way.is_aside else ""
    *_, before, end = way.line
    length = hypot(end[0] - before[0], end[1] - before[1]) or 1
    along = ((end[0] - before[0]) / length * _TIP, (end[1] - before[1]) / length * _TIP)
    foot = (end[0] - along[0], end[1] - along[1])
    across = (-along[1] * 0.45, along[0] * 0.45)
    tip = ((foot[0] + across[0], foot[1] + across[1]), end, (foot[0] - across[0], foot[1] - across[1]))
    path = "M" + "L".join(map(_pair, (*way.line[:-1], foot)))
    line = f'<path d="{path}" {paint(f"map-line{kind}")}/>'
    points = " ".join(map(_pair, tip))
    return f'<g><title>{escape(way.title)}</title>{line}<polygon points="{points}" {paint(f"map-tip{kind}")}/></g>'


def _label(way: MapWay, paint: _Paint) -> Iterator[str]:
    x, y = way.label
    for number, line in enumerate(way.lines):
        look = f'{paint("map-label")} text-anchor="{escape(way.anchor)}"'
        yield _text((x, y + number * _LINE), line, look)


def _box(box: MapBox, paint: _Paint) -> str:
    x, y = box.middle
    title = f"<title>{escape(box.title)}</title>"
    if not box.name:
        size = f'cx="{_number(x)}" cy="{_number(y)}" r="{_number(box.half_height)}"'
        return f"<circle {size} {paint('map-dot')}>{title}</circle>"
    here = " map-here" if box.is_here else ""
    size = _box_at(x - box.half_width, y - box.half_height, 2 * box.half_width, 2 * box.half_height)
    name = _text((x, y + 6), box.name, paint(f"map-name{here}"))
    drawn = f'{title}<rect {size} rx="6" {paint(f"map-box{here}")}/>{name}'
    if box.href:
        return f'<a href="{escape(box.href)}">{drawn}</a>'
    current = ' aria-current="true"' if box.is_here else ""
    return f"<g{current}>{drawn}</g>"


def _legend(picture: MachineMap, paint: _Paint) -> Iterator[str]:
    x, y = picture.legend_at
    for number, (sign, words) in enumerate(picture.legend):
        middle = y + number * _LEGEND_LINE
        if sign in ("way", "aside"):
            way = MapWay(line=((x, middle), (x + 34, middle)), title=words, is_aside=sign == "aside")
            yield _way(way, paint)
        else:
            part = "map-frame" if sign == "frame" else "map-box map-here"
            yield f'<rect {_box_at(x, middle - 7, 34, 14)} rx="4" {paint(part)}/>'
        yield _text((x + 44, middle + 4), words, paint("map-legend"))


def _text(at: Point, text: str, look: str) -> str:
    return f'<text x="{_number(at[0])}" y="{_number(at[1])}" {look}>{escape(text)}</text>'


def _box_at(left: float, top: float, width: float, height: float) -> str:
    return f'x="{_number(left)}" y="{_number(top)}" width="{_number(width)}" height="{_number(height)}"'


def _pair(point: Point) -> str:
    return f"{_number(point[0])},{_number(point[1])}"


def _number(value: float) -> str:
    return f"{round(value, 1) + 0:.1f}".removesuffix(".0")  # + 0: no minus before nothing
