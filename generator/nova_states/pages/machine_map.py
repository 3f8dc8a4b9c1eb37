"""The picture of all vm_states: places from the layout, ways and their actions from the facts."""

from __future__ import annotations

from collections.abc import Iterator
from math import hypot

from nova_states.catalog.release import Release
from nova_states.catalog.state_ways import failing_states, ordinary_ways
from nova_states.catalog.transition_graph import ANY, DELETED, NEW
from nova_states.pages.action_order import in_order, purpose_of
from nova_states.pages.machine_layout import Course, Frame, MachineLayout, Point, load_machine_layout
from nova_states.pages.machine_shapes import MachineMap, MapBox, MapFrame, MapWay
from nova_states.pages.writer import Writer

ERROR = "error"
_ALL = "any"
_OPERATOR = "operator"
_LETTER, _PADDING, _HALF = 10.3, 12, 19
"""Width of a letter of a state's name, space beside it, half the height of a box."""
_STEP = 180
"""Between states that the layout does not know."""


def picture_file(language: str, scheme: str) -> str:
    """Where the picture is published."""
    return f"assets/pictures/vm-states-{language}-{scheme}.svg"


def unplaced_states(release: Release) -> tuple[str, ...]:
    """The vm_states that the layout has no place for."""
    return tuple(name for name in release.vm_states if name not in load_machine_layout().boxes)


def told_ways(release: Release) -> dict[tuple[str, str], tuple[str, ...]]:
    """Two vm_states → the actions between them that pictures and strips tell of, the needed first."""
    return release.memo.once("told ways", lambda: _told_ways(release))


def _told_ways(release: Release) -> dict[tuple[str, str], tuple[str, ...]]:
    untold = {(entry.action, entry.to) for entry in load_machine_layout().untold}
    kept = {
        (before, after): in_order(action for action in actions if (action, after) not in untold)
        for (before, after), actions in ordinary_ways(release).items()
    }
    return {ends: actions for ends, actions in kept.items() if actions}


def build_machine_map(page: Writer, here: str = "", *, with_links: bool = True) -> MachineMap:
    """The picture for a page, with the state that the page is about marked."""
    layout = load_machine_layout()
    boxes = {box.name or NEW: box for box in _boxes(page, layout, here, with_links=with_links)}
    series = next(series for series in page.catalog.series if series.has(page.release.version))
    # Releases that share a picture share no name: the page's script writes it there.
    release = "Nova" if page.lens else f"Nova {page.release.version} ({series.name})"
    legend = ["way", "aside", "frame", *(["here"] if here else [])]
    return MachineMap(
        id="machine-map",
        size=layout.size,
        title=page.words("map_title"),
        title_at=layout.title,
        subtitle=f"{release} · {page.words('map_subtitle')}",
        subtitle_at=layout.subtitle,
        description=page.words("map_description"),
        boxes=tuple(boxes.values()),
        frames=tuple(
            MapFrame(box=frame.box, word=page.words("map_any") if name == _ALL else "")
            for name, frame in layout.frames.items()
        ),
        ways=tuple(_ways(page, layout, boxes, here)),
        legend=tuple((sign, page.words(f"map_legend_{sign}")) for sign in legend),
        legend_at=layout.legend,
        files=tuple(
            (page.words(f"map_download_{scheme}"), page.urls.beside(picture_file(page.language, scheme)))
            for scheme in ("light", "dark")
        ),
    )


def _boxes(page: Writer, layout: MachineLayout, here: str, *, with_links: bool) -> Iterator[MapBox]:
    yield MapBox(name="", middle=layout.boxes[NEW], half_width=9, half_height=9, title=page.words("new_server"))
    x, y = layout.edge
    for name in page.release.vm_states:
        if name in layout.boxes:
            middle = layout.boxes[name]
        else:
            middle = (x, y)
            x -= _STEP
        yield MapBox(
            name=name,
            middle=middle,
            half_width=len(name) * _LETTER / 2 + _PADDING,
            half_height=_HALF,
            href=page.urls.name("vm_state", name) if with_links and name != here else "",
            title=page.label("vm_state", name),
            is_here=name == here,
        )


def _ways(page: Writer, layout: MachineLayout, boxes: dict[str, MapBox], here: str) -> Iterator[MapWay]:
    """What has a course, then what has none, drawn straight."""
    left = {ends: list(actions) for ends, actions in told_ways(page.release).items()}
    failing = failing_states(page.release)
    living = frozenset(page.release.vm_states) - {DELETED}
    # Frames first: what holds for all states inside is not drawn for each.
    ordered = sorted(layout.courses, key=lambda c: (c.tail != _ALL, c.tail not in layout.frames))
    for course in ordered:
        tails = _members(layout.frames.get(course.tail), course.tail, living)
        heads = _members(layout.frames.get(course.head), course.head, living)
        pairs = [(tail, head) for tail in tails for head in heads if tail != head]
        actions = _shared(left, pairs, course.tail)
        for pair in [*pairs, *((ANY, head) for head in heads if course.tail == _ALL)]:
            left[pair] = [action for action in left.get(pair, ()) if action not in actions]
        fails = course.tail == _ALL and course.head == ERROR and (living - {ERROR}) <= failing
        if actions or fails:
            yield _way(page, course, actions, here, fails=fails)
    for (tail, head), rest in left.items():
        if rest and tail in boxes and head in boxes:
            yield _way(page, _straight(boxes[tail], boxes[head], (tail, head)), tuple(rest), here)


def _members(frame: Frame | None, name: str, living: frozenset[str]) -> tuple[str, ...]:
    if frame is None:
        return (name,)
    return frame.states or tuple(sorted(living))


def _shared(left: dict[tuple[str, str], list[str]], pairs: list[tuple[str, str]], tail: str) -> tuple[str, ...]:
    """The actions that lead from each of the tails to each of the heads; those from any state do for all."""
    found = [set(left.get(pair, ())) for pair in pairs]
    shared = set.intersection(*found) if found else set()
    if tail == _ALL:
        shared |= {action for _, head in pairs for action in left.get((ANY, head), ())}
    return in_order(shared)


def _way(page: Writer, course: Course, actions: tuple[str, ...], here: str, *, fails: bool = False) -> MapWay:
    words = (*((page.words("map_failure"),) if fails else ()), *actions)
    names = [page.words("map_any") if name == _ALL else name for name in (course.tail, course.head)]
    frames = load_machine_layout().frames
    members = [frames[name].states if name in frames else (name,) for name in (course.tail, course.head)]
    for number, name in enumerate((course.tail, course.head)):
        if name in frames and name != _ALL:
            names[number] = ", ".join(frames[name].states)
    return MapWay(
        line=course.line,
        title=f"{names[0]} → {names[1]}: {', '.join(words)}",
        lines=words if course.label else (),
        label=course.label or (0, 0),
        anchor=course.anchor,
        is_aside=fails or all(purpose_of(action) == _OPERATOR for action in actions),
        is_here=bool(here) and any(here in states for states in members),
    )


def _straight(tail: MapBox, head: MapBox, names: tuple[str, str]) -> Course:
    """From the edge of one box to that of another, the label at its middle."""
    start, end = _edge(tail, head.middle), _edge(head, tail.middle)
    middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    return Course(tail=names[0], head=names[1], line=(start, end), label=middle, anchor="middle")


def _edge(box: MapBox, target: Point) -> Point:
    """Where the line from a box's middle to a point leaves the box."""
    x, y = target[0] - box.middle[0], target[1] - box.middle[1]
    if hypot(x, y) == 0:
        return box.middle
    scale = min(box.half_width / abs(x) if x else 1e9, box.half_height / abs(y) if y else 1e9)
    return box.middle[0] + x * scale, box.middle[1] + y * scale
