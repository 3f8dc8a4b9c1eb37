"""Where things stand in the picture of all vm_states: loads machine_layout.toml."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from nova_states.facts.codec import from_plain

_FILE: Final = Path(__file__).with_name("machine_layout.toml")

Point = tuple[float, float]
Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Frame:
    """Something around several states, from or to which an arrow holds for each of them."""

    states: tuple[str, ...]
    """Empty: all that a server can be in."""
    box: tuple[float, float, float, float]
    """Left, top, width and height."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Course:
    """Where a way runs."""

    tail: str
    """A vm_state or a frame."""
    head: str
    line: tuple[Point, ...]
    label: Point | None = None
    """None: it shares the label of another way."""
    anchor: Anchor = "start"


@dataclass(frozen=True, kw_only=True, slots=True)
class Untold:
    """A way of the facts that the picture leaves out."""

    action: str
    to: str
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class MachineLayout:
    """All places."""

    size: Point
    title: Point
    subtitle: Point
    legend: Point
    edge: Point
    boxes: Mapping[str, Point]
    frames: Mapping[str, Frame]
    courses: tuple[Course, ...]
    untold: tuple[Untold, ...] = field(default=())


@functools.cache
def load_machine_layout() -> MachineLayout:
    """The places of machine_layout.toml.

    Raises:
        InputError: the file does not fit, with the place.
    """
    plain: dict[str, Any] = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    plain["courses"] = [_course(way) for way in plain.pop("ways")]
    return from_plain(plain, MachineLayout, f"pages/{_FILE.name}")


def _course(way: dict[str, Any]) -> dict[str, Any]:
    """`from` is no name in Python."""
    return {"tail": way.pop("from"), "head": way.pop("to"), **way}
