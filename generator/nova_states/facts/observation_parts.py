"""What all kinds of observations have in common: how lists of them are written, what their exceptions leave open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeVar

from nova_states.facts.condition import AllOf, AnyOf, CodeTest, Condition, Driver, Raises
from nova_states.facts.model import Evidence, FromState, ToState

ANY_ERROR: Final = frozenset({"Exception", "BaseException"})
Errors = Sequence[tuple[str, ...]]
"""Exceptions, each by the names of its class and of those above it."""
Pair = tuple[str, str | None]
"""vm_state and task_state."""
SAME: Final = "="
"""In place of a state in the end: the one before."""
_T = TypeVar("_T")


def place_of(evidence: Evidence) -> str:
    """A place as observations write it."""
    return f"{evidence.file}:{evidence.line} {evidence.function}"


def is_between(start: FromState, end: ToState, before: Pair, after: Pair) -> bool:
    """Whether a change from one vm_state and task_state to others is what a fact tells of."""
    return (
        (start.vm_states is None or before[0] in start.vm_states)
        and (start.task_states is None or before[1] in start.task_states)
        and after[0] == (before[0] if end.vm_state == SAME else end.vm_state)
        and after[1] == (before[1] if end.task_state == SAME else end.task_state)
    )


def may_hold(condition: Condition | None, errors: Errors) -> bool:
    """Whether a condition may have held where these exceptions were seen, as far as it tells of such and of drivers."""
    match condition:
        case AllOf(conditions=conditions):
            return all(may_hold(one, errors) for one in conditions)
        case AnyOf(conditions=conditions, holds=True):
            return any(may_hold(one, errors) for one in conditions)
        case Raises(more=False):
            return any(is_one(condition, names) for names in errors)
        case Driver():
            return False  # one of a hypervisor: what ran was none of them
    return True


def tests_may_hold(condition: Condition | None, held: Mapping[str, bool]) -> bool:
    """Whether a condition may have held, as far as it is made of tests of which that is known."""
    match condition:
        case AllOf(conditions=conditions):
            return all(tests_may_hold(one, held) for one in conditions)
        case AnyOf(conditions=conditions, holds=True):
            return any(tests_may_hold(one, held) for one in conditions)
        case CodeTest(text=text, holds=holds):
            return held.get(text, holds) == holds
    return True


def is_one(raised: Raises, names: tuple[str, ...]) -> bool:
    """Whether an exception is one of those that a condition means."""
    wanted = last_names(raised.exceptions)
    is_among = not wanted or bool(wanted & (ANY_ERROR | set(names)))
    return is_among and not last_names(raised.other_than) & set(names)


def last_names(exceptions: Iterable[str]) -> set[str]:
    """Names of classes without their modules."""
    return {name.rpartition(".")[2] for name in exceptions}


def numbered(things: Iterable[_T]) -> Mapping[_T, int]:
    """Each thing once, in order, with its place."""
    return {thing: number for number, thing in enumerate(dict.fromkeys(things))}


def json_lines(rows: Iterable[str]) -> str:
    """A list of JSON with a line a row: what is added is read in a diff."""
    return "[\n" + ",\n".join(rows) + "]"
