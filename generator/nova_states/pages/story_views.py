"""What a page shows of a story, ready to print."""

from __future__ import annotations

from dataclasses import dataclass

from nova_states.pages.components import CellContent, Link
from nova_states.pages.graphs import Graph


@dataclass(frozen=True, kw_only=True, slots=True)
class LimitView:
    """What limits how long a step takes."""

    option: Link | None
    """None: nothing does."""
    text: str
    """Its default with its unit, or that nothing limits it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StepView:
    """A line of a story."""

    service: str
    """"nova-compute"."""
    host: str
    """Whose host it runs on; empty where that is plain."""
    does: str
    """A sentence without its subject; empty where only what it writes is told."""
    writes: CellContent
    limits: tuple[LimitView, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class VariantView:
    """How the way differs."""

    letter: str
    """By which the picture names it."""
    cause: CellContent
    steps: tuple[StepView, ...]
    after: str
    """Which step it follows; empty where it differs from the first on."""
    then: str
    """Which step it goes on with; empty where it ends."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CauseView:
    """A cause of failures, with the tasks in which it may come."""

    text: str
    tasks: tuple[Link, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class LeavingView:
    """Failures that leave the same behind."""

    states: CellContent
    statuses: tuple[Link, ...]
    """What the API shows for them; none where that is not known, or nearly all there are."""
    steps: str
    """At which steps they may come; empty where that cannot be told."""
    fault: str
    """Whether the server's fault may tell of them; empty where that cannot be told."""
    count: str
    causes: tuple[CauseView, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ExactRow:
    """Transitions that differ only in their conditions and places, as the facts have them."""

    service: str
    before: CellContent
    after: CellContent
    conditions: tuple[str, ...]
    """One of them has to hold; none: always."""
    expected: tuple[Link, ...]
    """What the database still has to hold; none: it does not look."""
    places: CellContent
    fails: bool
    is_seen: bool
    """Whether a Nova that ran was seen to do one of them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StoryView:
    """What happens, told."""

    title: str
    steps: tuple[StepView, ...]
    variants: tuple[VariantView, ...]
    leavings: tuple[LeavingView, ...]
    exact: tuple[ExactRow, ...]
    exact_title: str
    notes: tuple[str, ...]
    """How the exact rows are read."""
    graph: Graph | None
    """The way as a picture."""
