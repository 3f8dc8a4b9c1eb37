"""The picture of all vm_states, before it is drawn: what is shown, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass

from nova_states.pages.machine_layout import Anchor, Point


@dataclass(frozen=True, kw_only=True, slots=True)
class MapBox:
    """A vm_state."""

    name: str
    """Empty: where new servers come from, a dot."""
    middle: Point
    half_width: float
    half_height: float
    href: str = ""
    title: str = ""
    is_here: bool = False
    """Whether it is the state that the page is about."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MapFrame:
    """Several states together; with a word it is a box of its own."""

    box: tuple[float, float, float, float]
    word: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class MapWay:
    """An arrow with the actions that take it."""

    line: tuple[Point, ...]
    title: str
    """Both ends and the actions, in words."""
    lines: tuple[str, ...] = ()
    """The label; none where another way has it."""
    label: Point = (0, 0)
    anchor: Anchor = "start"
    is_aside: bool = False
    """A failure, or what only operators do."""
    is_here: bool = False
    """Whether it begins or ends at the state that the page is about."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MachineMap:
    """The whole picture."""

    id: str
    size: Point
    title: str
    title_at: Point
    subtitle: str
    subtitle_at: Point
    description: str
    """What it shows in words, for those who do not see it."""
    boxes: tuple[MapBox, ...]
    frames: tuple[MapFrame, ...]
    ways: tuple[MapWay, ...]
    legend: tuple[tuple[str, str], ...]
    """What a sign ("way", "aside", "frame", "here") means."""
    legend_at: Point
    files: tuple[tuple[str, str], ...]
    """To download: text and address."""
