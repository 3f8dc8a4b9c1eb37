"""The picture of all vm_states as SVG: in a page, in the page's colours and with links, or as a file that stands alone.

A file has no style sheet: its colours are attributes, so that it shows alike in a browser, a slide and an editor, and
under a policy that forbids styles inside.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import hypot
from typing import Final, Literal

from markupsafe import Markup

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

    def __call__(self, part: str) -> Markup:
        if self.scheme is None:
            return Markup('class="{}"').format(part)
        colours = _COLOURS[self.scheme]
        return Markup(" ").join(
            Markup('{}="{}"').format(name, colours.get(value, value)) for name, value in _PARTS[part].items()
        )


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
    return Markup("").join(_svg(picture, _Paint(scheme=None)))


def draw_map_file(picture: MachineMap, scheme: Scheme) -> str:
    """The picture as a file."""
    return str(Markup("").join(_svg(picture, _Paint(scheme=scheme)))) + "\n"


def _svg(picture: MachineMap, paint: _Paint) -> Iterator[Markup]:
    width, height = picture.size
    alone = paint.scheme is not None
    own = Markup('xmlns="http://www.w3.org/2000/svg" role="img"')
    role = own if alone else Markup('class="machine-map" role="group"')
    size = Markup('width="{}" height="{}" ').format(_number(width), _number(height)) if alone else ""
    yield Markup('<svg {} {}viewBox="0 0 {} {}" aria-labelledby="{}-title" aria-describedby="{}-desc">').format(
        role, size, _number(width), _number(height), picture.id, picture.id
    )  # fmt: skip
    yield Markup('<title id="{}-title">{}</title><desc id="{}-desc">{}</desc>').format(
        picture.id, f"{picture.title}, {picture.subtitle}", picture.id, picture.description
    )
    if alone:
        yield Markup('<rect width="{}" height="{}" {}/>').format(_number(width), _number(height), paint("map-page"))
    yield _text(picture.title_at, picture.title, paint("map-title"))
    yield _text(picture.subtitle_at, picture.subtitle, paint("map-subtitle"))
    for frame in picture.frames:
        left, top, wide, high = frame.box
        yield Markup('<rect x="{}" y="{}" width="{}" height="{}" rx="{}" {}/>').format(
            *map(_number, (left, top, wide, high, high / 2 if frame.word else 14)),
            paint("map-any" if frame.word else "map-frame"),
        )
        if frame.word:
            yield _text((left + wide / 2, top + high / 2 + 5), frame.word, paint("map-word"))
    for way in picture.ways:
        yield _way(way, paint)
    for way in picture.ways:
        yield from _label(way, paint)
    for box in picture.boxes:
        yield _box(box, paint)
    yield from _legend(picture, paint)
    yield Markup("</svg>")


def _way(way: MapWay, paint: _Paint) -> Markup:
    kind = " map-way-here" if way.is_here and not way.is_aside else " map-aside" if way.is_aside else ""
    *_, before, end = way.line
    length = hypot(end[0] - before[0], end[1] - before[1]) or 1
    along = ((end[0] - before[0]) / length * _TIP, (end[1] - before[1]) / length * _TIP)
    foot = (end[0] - along[0], end[1] - along[1])
    across = (-along[1] * 0.45, along[0] * 0.45)
    tip = ((foot[0] + across[0], foot[1] + across[1]), end, (foot[0] - across[0], foot[1] - across[1]))
    path = "M" + "L".join(map(_pair, (*way.line[:-1], foot)))
    return Markup('<g><title>{}</title><path d="{}" {}/><polygon points="{}" {}/></g>').format(
        way.title, path, paint(f"map-line{kind}"), " ".join(map(_pair, tip)), paint(f"map-tip{kind}")
    )


def _label(way: MapWay, paint: _Paint) -> Iterator[Markup]:
    x, y = way.label
    for number, line in enumerate(way.lines):
        anchor = Markup("{} {}").format(paint("map-label"), Markup('text-anchor="{}"').format(way.anchor))
        yield _text((x, y + number * _LINE), line, anchor)


def _box(box: MapBox, paint: _Paint) -> Markup:
    x, y = box.middle
    if not box.name:
        return Markup('<circle cx="{}" cy="{}" r="{}" {}><title>{}</title></circle>').format(
            *map(_number, (x, y, box.half_height)), paint("map-dot"), box.title
        )
    here = " map-here" if box.is_here else ""
    drawn = Markup('<title>{}</title><rect x="{}" y="{}" width="{}" height="{}" rx="6" {}/>{}').format(
        box.title,
        *map(_number, (x - box.half_width, y - box.half_height, 2 * box.half_width, 2 * box.half_height)),
        paint(f"map-box{here}"),
        _text((x, y + 6), box.name, paint(f"map-name{here}")),
    )
    if box.href:
        return Markup('<a href="{}">{}</a>').format(box.href, drawn)
    return Markup("<g{}>{}</g>").format(Markup(' aria-current="true"') if box.is_here else "", drawn)


def _legend(picture: MachineMap, paint: _Paint) -> Iterator[Markup]:
    x, y = picture.legend_at
    for number, (sign, words) in enumerate(picture.legend):
        middle = y + number * _LEGEND_LINE
        if sign in ("way", "aside"):
            way = MapWay(line=((x, middle), (x + 34, middle)), title=words, is_aside=sign == "aside")
            yield _way(way, paint)
        else:
            part = "map-frame" if sign == "frame" else "map-box map-here"
            yield Markup('<rect x="{}" y="{}" width="34" height="14" rx="4" {}/>').format(
                _number(x), _number(middle - 7), paint(part)
            )
        yield _text((x + 44, middle + 4), words, paint("map-legend"))


def _text(at: Point, text: str, look: Markup) -> Markup:
    return Markup('<text x="{}" y="{}" {}>{}</text>').format(_number(at[0]), _number(at[1]), look, text)


def _pair(point: Point) -> str:
    return f"{_number(point[0])},{_number(point[1])}"


def _number(value: float) -> str:
    return f"{round(value, 1) + 0:.1f}".removesuffix(".0")  # + 0: no minus before nothing
