"""Reads what Placement's API says of allocations: those of a server, by provider, or those of a provider, by server."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from nova_states.lookup.reading.grammar import Grammar
from nova_states.lookup.reading.values import text_of
from nova_states.lookup.report import Report

_ALLOCATIONS: Final = "allocations"
_RESOURCES: Final = "resources"
_OF_PROVIDER: Final = "resource_provider_generation"
"""What stands beside the allocations of a provider, and not beside those of a server."""


def allocations_in(value: Mapping[str, Any], grammar: Grammar) -> list[Report]:
    """The allocations of an answer of Placement, in its order; none where it is another object."""
    given = value.get(_ALLOCATIONS)
    if not isinstance(given, dict) or not all(_is_allocation(name, one, grammar) for name, one in given.items()):
        return []
    is_of_provider = _OF_PROVIDER in value
    found: list[Report] = []
    for name, one in given.items():
        resources = ", ".join(f"{kind}: {text_of(amount) or '?'}" for kind, amount in one[_RESOURCES].items())
        server, provider = (name, None) if is_of_provider else (None, name)
        found.append(Report(record="allocation", read={"server": server, "provider": provider, _RESOURCES: resources}))
    return found


def _is_allocation(name: str, value: Any, grammar: Grammar) -> bool:  # noqa: ANN401 - whatever JSON holds
    is_held = isinstance(value, dict) and isinstance(value.get(_RESOURCES), dict)
    return is_held and "-" in name and bool(grammar.shape("uuid").search(name))
