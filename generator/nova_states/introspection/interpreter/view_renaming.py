"""Finds the objects of a server inside values, and gives them other numbers where other objects are at hand."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from typing import TypeVar

from nova_states.introspection.interpreter.values import (
    UNKNOWN,
    InstanceRef,
    KnownItems,
    Many,
    Pairs,
    Partial,
    Record,
    Routine,
    Unchanged,
    Value,
)

K = TypeVar("K", bound=Hashable)


def servers_in(value: Value) -> tuple[int, ...]:  # noqa: PLR0911 - one return a kind of value
    """The objects that a value is or holds, by their view."""
    match value:
        case InstanceRef(view=view) | Unchanged(view=view):
            return (view,)
        case KnownItems(items=items):
            return tuple(view for item in items for view in servers_in(item))
        case Many(item=item):
            return servers_in(item)
        case Pairs(items=pairs) | Record(attributes=pairs) | Routine(closure=pairs, owner=None):
            return tuple(view for _, item in pairs for view in servers_in(item))
        case Routine(closure=pairs, owner=owner):
            return (*servers_in(owner or UNKNOWN), *(view for _, item in pairs for view in servers_in(item)))
        case Partial(function=function, arguments=items, keywords=pairs):
            parts = (function, *items, *(item for _, item in pairs))
            return tuple(view for item in parts for view in servers_in(item))
    return ()


def renumbered(value: Value, views: dict[int, int]) -> Value:  # noqa: PLR0911 - one return a kind of value
    """The same value where the objects have other numbers."""
    match value:
        case InstanceRef(view=view):
            return InstanceRef(view=views[view])
        case Unchanged(view=view, attribute=attribute):
            return Unchanged(view=views[view], attribute=attribute)
        case KnownItems(items=items):
            return KnownItems(items=tuple(renumbered(item, views) for item in items))
        case Many(item=item):
            return Many(item=renumbered(item, views))
        case Pairs(items=pairs):
            return replace(value, items=_renumbered(pairs, views))
        case Record(attributes=attributes):
            return replace(value, attributes=_renumbered(attributes, views))
        case Routine():
            return renumbered_routine(value, views)
        case Partial(function=function, arguments=items, keywords=pairs):
            return Partial(
                function=renumbered(function, views),
                arguments=tuple(renumbered(item, views) for item in items),
                keywords=_renumbered(pairs, views),
            )
    return value


def renumbered_routine(routine: Routine, views: dict[int, int]) -> Routine:
    """The same function where the objects that it is bound to have other numbers."""
    owner = renumbered(routine.owner, views) if routine.owner is not None else None
    return replace(routine, closure=_renumbered(routine.closure, views), owner=owner)


def _renumbered(pairs: tuple[tuple[K, Value], ...], views: dict[int, int]) -> tuple[tuple[K, Value], ...]:
    return tuple((key, renumbered(item, views)) for key, item in pairs)
