"""A fact as the JSON that others read: the one shape of the command line's output and of the public JSON.

Inside, a fact is stored in fewer words (`facts.codec`); here "not checked" is `*`, a start is `from` and an end `to`,
and a condition stands in both its forms, as text and as a tree.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from nova_states.facts.codec import to_plain, with_condition
from nova_states.facts.model import (
    Fact,
    FromState,
    Group,
    Guard,
    HostCheck,
    HostStatus,
    Reaction,
    Refusal,
    States,
    Transition,
)

ANY: Final = "*"
"""Stands for "not checked" or "any state"."""


def fact_as_json(fact: Fact) -> dict[str, Any]:
    """A fact with its evidence, as dicts, lists and constants; the keys of each kind are those of INTERFACES.

    Versions are not part of it: whoever joins several adds them.
    """
    plain = to_plain(fact)
    shape = _SHAPES.get(type(fact))
    return shape(fact, plain) if shape else plain


def any_or_list(states: States) -> list[str | None] | str:
    """States that a check lists; `*` where it looks at none."""
    return ANY if states is None else list(states)


def _guard(fact: Guard, plain: dict[str, Any]) -> dict[str, Any]:
    states = {"vm_states": any_or_list(fact.vm_states), "task_states": any_or_list(fact.task_states)}
    return with_condition(plain | states, "when", fact.when)


def _host_check(fact: HostCheck, plain: dict[str, Any]) -> dict[str, Any]:
    return with_condition(plain, "when", fact.when)


def _group(fact: Group, plain: dict[str, Any]) -> dict[str, Any]:
    return with_condition(plain, "condition", fact.condition)


def _transition(fact: Transition, plain: dict[str, Any]) -> dict[str, Any]:
    moved = _moved(plain) | {
        "expected_task_states": any_or_list(fact.expected_task_states),
        "from": _start(fact.start) if fact.start else None,
        "to": to_plain(fact.end),
    }
    return with_condition(moved, "condition", fact.condition)


def _reaction(fact: Reaction, plain: dict[str, Any]) -> dict[str, Any]:
    # What the hypervisor reports is part of every reaction, looked at or not.
    start = _start(fact.start) | {"power_states": any_or_list(fact.start.power_states)}
    return with_condition(_moved(plain) | {"from": start, "to": to_plain(fact.end)}, "condition", fact.condition)


def _refusal(fact: Refusal, plain: dict[str, Any]) -> dict[str, Any]:
    return with_condition(plain, "when", fact.when)


def _host_status(fact: HostStatus, plain: dict[str, Any]) -> dict[str, Any]:
    return with_condition(plain, "condition", fact.condition)


def _moved(plain: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in plain.items() if key not in ("start", "end")}


def _start(start: FromState) -> dict[str, Any]:
    found: dict[str, Any] = {
        "vm_states": any_or_list(start.vm_states),
        "task_states": any_or_list(start.task_states),
    }
    return found if start.power_states is None else found | {"power_states": list(start.power_states)}


_SHAPES: Final[dict[type, Callable[[Any, dict[str, Any]], dict[str, Any]]]] = {
    Group: _group,
    Guard: _guard,
    HostCheck: _host_check,
    HostStatus: _host_status,
    Reaction: _reaction,
    Refusal: _refusal,
    Transition: _transition,
}
"""Shape of a fact → how it differs from what is stored; any other is as it is stored."""
