"""What holds for every state that a server may be in, where its paste leaves several open."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeVar

from nova_states.lookup.tables_view import TablesView

S = TypeVar("S")
T = TypeVar("T")

_MOST_ENDS: Final = 3

Pair = tuple[str, str | None]
"""vm_state and task_state."""


def common(find: Callable[[S], list[T]], places: Sequence[S]) -> list[T]:
    """What holds in all places, in the order of the first."""
    if not places:
        return []
    first, *others = [find(place) for place in places]
    return [item for item in first if all(item in other for other in others)]


def is_overdue(situations: Sequence[Mapping[str, str]]) -> bool | None:
    """Whether the task has lasted too long; None: none runs, or it is not known."""
    ages = {situation.get("age") for situation in situations}
    return {"overdue": True, "recent": False}.get(ages.pop() or "") if len(ages) == 1 else None


def task_ends(view: TablesView, pairs: Sequence[Pair]) -> list[str]:
    """The vm_states in which the running task can end well, where they are few."""
    steps = (step for pair in pairs if pair[1] for step in view.steps(*pair, None) if step["cause"] == "task")
    ends = {step["to"]["vm_state"] for step in steps if step["effect"] == "success" and step["to"]} - {"="}
    return sorted(ends) if len(ends) <= _MOST_ENDS else []


_USUAL: Final = ("deleting", "powering-on", "powering-off", "image_snapshot", "migrating", "spawning", "rebuilding")
"""Tasks that people mostly meet where a status hides one, the usual first."""
_MOST_NAMED: Final = 4


def named_tasks(tasks: Sequence[str]) -> str:
    """A few of them by name, the usual first, and how many others there are."""
    usual = [task for task in _USUAL if task in tasks]
    named = [*usual, *(task for task in tasks if task not in usual)][:_MOST_NAMED]
    others = len(tasks) - len(named)
    return ", ".join(named) + (f", … +{others}" if others else "")


def hidden_tasks(view: TablesView, pairs: Sequence[Pair]) -> list[str]:
    """Tasks that may run without the status telling of it."""

    def hiding(pair: Pair) -> list[str]:
        shown, state = view.status(*pair), pair[0]
        same = (task for task in view.task_states if view.status(state, task) == shown)
        return [task for task in same if any(step["cause"] == "task" for step in view.steps(state, task, None))]

    return common(hiding, pairs)
