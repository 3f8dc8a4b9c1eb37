"""What a story is made of: steps, variants and what failures leave behind. Plain data in no language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from nova_states.explanations.languages import Text
from nova_states.facts.condition import Condition
from nova_states.facts.model import HostRole, ToState, Transition
from nova_states.stories.ways import State

LimitUnit: TypeAlias = Literal["seconds", "seconds_per_gib", "tries"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Limit:
    """An option that ends a step that takes too long."""

    option: str
    group: str | None
    default: str | int | float | bool | None
    unit: LimitUnit

    @property
    def is_off(self) -> bool:
        """Whether it limits nothing unless it is set."""
        return not self.default


@dataclass(frozen=True, kw_only=True, slots=True)
class StoryStep:
    """One line of a story: who does what, what it writes, and what limits how long it takes."""

    actor: str
    """The service: "api", "conductor", "scheduler", "compute"."""
    host: HostRole | None
    """Whose nova-compute it is; None for other services."""
    does: Text | None
    """What it does, as a sentence without its subject; None: nobody has written it, and only what it writes is told."""
    writes: tuple[ToState, ...]
    """The states it writes, one of them where a request names it; none: it writes no state."""
    finds: tuple[State, ...]
    """vm_state and task_state of the server it is taken on, one for each state that the story is told from; none where
    that is not known: a step before any that writes."""
    leaves: tuple[State, ...]
    """The states that it leaves the server in, likewise; as it finds them where it writes none."""
    limits: tuple[Limit, ...] | None
    """Options that limit how long it takes; none: nothing does. None: it waits for nothing."""
    rows: tuple[Transition, ...]
    """The facts it was worked out from."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Variant:
    """How the way differs for a cause."""

    cause: Condition | None
    """What makes it differ; None: the states it starts from, or a retry."""
    vm_states: tuple[str, ...]
    """The states it starts from, where these are what makes it differ."""
    is_retry: bool
    """Whether it is another try after one that failed."""
    after: int | None
    """Number of the story's step that it follows; None: it differs from the first on."""
    steps: tuple[StoryStep, ...]
    """What is done instead; none where steps of the story are taken again."""
    then: int | None
    """Number of the story's step that it goes on with; None: it ends."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Failing:
    """Failures with one cause."""

    cause: Condition | None
    """What is out of the ordinary; None: any error."""
    tasks: tuple[str | None, ...]
    """The tasks in which it may happen, None: no task."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Leaving:
    """Failures that leave the same behind."""

    kind: Literal["states", "deleted"]
    """"deleted": a delete came in meanwhile, and what is left is not told."""
    vm_state: str
    """"=": as it was before the action."""
    task_state: str | None
    """"=": the task in which it failed."""
    failures: tuple[Failing, ...]
    rows: tuple[Transition, ...]
    steps: tuple[int, ...] = ()
    """Numbers of the story's steps at which it may come; none: it cannot be told."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Story:
    """An action's way in one release."""

    action: str
    release: str
    place: str
    """Where the words of its conditions stand: the action whose transitions it is told from."""
    vm_states: tuple[str, ...]
    """The vm_states that the story is told from; none where it writes no state."""
    steps: tuple[StoryStep, ...]
    variants: tuple[Variant, ...]
    leavings: tuple[Leaving, ...]
    """What failures leave behind."""
