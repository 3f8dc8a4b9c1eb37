"""Conditions to JSON and back: each node is an object that its keys tell apart, {"all": […]}, {"race": "delete"}."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nova_states.facts.condition import (
    AllOf,
    AnyOf,
    Callback,
    CodeTest,
    ComputeApi,
    Condition,
    Driver,
    Elided,
    Matches,
    Race,
    Raises,
    Selected,
    Unread,
    to_text,
)

_SUBJECTS = ("configuration", "second_answer")


def condition_to_plain(condition: Condition) -> dict[str, Any]:
    """A condition as dicts, lists and constants; what is as usual is left out."""
    return _WRITERS[type(condition)](condition)


def condition_fields(name: str, condition: Condition | None) -> dict[str, Any]:
    """A condition in JSON for others: as text under `name`, and as a structure beside it ("condition_tree")."""
    tree = None if condition is None else condition_to_plain(condition)
    return {name: to_text(condition), f"{name}_tree": tree}


def _given(**values: object) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}


def _all(condition: AllOf) -> dict[str, Any]:
    return {"all": [condition_to_plain(one) for one in condition.conditions]}


def _any(condition: AnyOf) -> dict[str, Any]:
    plain: dict[str, Any] = {"any": [condition_to_plain(one) for one in condition.conditions]}
    return plain if condition.holds else plain | {"holds": False}


def _test(condition: CodeTest) -> dict[str, Any]:
    plain = {"test": condition.text, "holds": condition.holds}
    return plain | _given(opposite=condition.opposite, about=condition.about)


def _raises(condition: Raises) -> dict[str, Any]:
    plain = {"raises": list(condition.exceptions), "by": condition.by}
    return plain | _given(other_than=list(condition.other_than), more=condition.more)


_WRITERS: dict[type, Callable[[Any], dict[str, Any]]] = {
    AllOf: _all,
    AnyOf: _any,
    CodeTest: _test,
    Raises: _raises,
    Driver: lambda one: {"driver": one.name},
    Callback: lambda one: {"driver_calls": one.function},
    Race: lambda one: {"race": one.request},
    Selected: lambda one: {"selected_by": list(one.filters)},
    ComputeApi: lambda one: {"compute_api": one.name},
    Matches: lambda one: {"match": one.subject, "case": one.pattern},
    Unread: lambda one: {"unread": one.call},
    Elided: lambda _: {"elided": True},
}


def condition_from_plain(plain: object) -> Condition:
    """The condition that `condition_to_plain` wrote.

    Raises:
        ValueError: it is none; the message names the part that does not fit.
    """
    if isinstance(plain, dict):
        for key, read in _READERS.items():
            if key in plain:
                condition = read(plain)
                if condition_to_plain(condition) != plain:
                    break
                return condition
    raise ValueError(f"{plain!r} is no condition")


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is no text")  # noqa: TRY004 - one error for all that does not fit
    return value


def _texts(value: object) -> tuple[str, ...]:
    return tuple(_text(one) for one in _items(value))


def _items(value: object) -> list[object]:
    if not isinstance(value, list):
        raise ValueError(f"{value!r} is no list")  # noqa: TRY004 - one error for all that does not fit
    return value


def _members(plain: dict[str, Any], key: str) -> tuple[Condition, ...]:
    return tuple(condition_from_plain(one) for one in _items(plain[key]))


def _read_test(plain: dict[str, Any]) -> CodeTest:
    opposite, about = plain.get("opposite"), plain.get("about")
    return CodeTest(
        text=_text(plain["test"]),
        holds=plain.get("holds") is True,
        opposite=None if opposite is None else _text(opposite),
        about=about if about in _SUBJECTS else None,
    )


def _read_raises(plain: dict[str, Any]) -> Raises:
    by = plain.get("by")
    return Raises(
        exceptions=_texts(plain["raises"]),
        by=None if by is None else _text(by),
        other_than=_texts(plain.get("other_than", [])),
        more=plain.get("more") is True,
    )


_READERS: dict[str, Callable[[dict[str, Any]], Condition]] = {
    "all": lambda plain: AllOf(conditions=_members(plain, "all")),
    "any": lambda plain: AnyOf(conditions=_members(plain, "any"), holds=plain.get("holds", True) is True),
    "test": _read_test,
    "raises": _read_raises,
    "driver": lambda plain: Driver(name=_text(plain["driver"])),
    "driver_calls": lambda plain: Callback(function=_text(plain["driver_calls"])),
    "race": lambda _: Race(request="delete"),
    "selected_by": lambda plain: Selected(filters=_texts(plain["selected_by"])),
    "compute_api": lambda plain: ComputeApi(name=_text(plain["compute_api"])),
    "match": lambda plain: Matches(subject=_text(plain["match"]), pattern=_text(plain.get("case"))),
    "unread": lambda plain: Unread(call=_text(plain["unread"])),
    "elided": lambda _: Elided(),
}
"""The key that tells a node apart → what reads it."""
