"""What facts belong to, for keys of parts: each function gives the names of a fact."""

from __future__ import annotations

from typing import Any

from nova_states.catalog.around_states import outermost, qualified_name
from nova_states.facts.model import Action, LogMessage, MigrationStatus, Option


def own_id(fact: Action) -> tuple[str, ...]:
    return (fact.id,)


def parent(fact: Action) -> tuple[str, ...]:
    return (fact.parent,) if fact.parent else ()


def asked(fact: Any) -> tuple[str, ...]:  # noqa: ANN401 - guards, transitions and refusals all name their action
    return (fact.action,)


def of_actions(fact: Any) -> tuple[str, ...]:  # noqa: ANN401 - causes of faults and events
    found: tuple[str, ...] = fact.actions
    return found


def acts_on(fact: Option) -> tuple[str, ...]:
    return fact.acts_on


def named(fact: Any) -> tuple[str, ...]:  # noqa: ANN401 - any fact with a name
    return (fact.name,)


def logged_by(fact: LogMessage) -> tuple[str, ...]:
    return (outermost(qualified_name(fact.evidence)),)


def written_by(fact: MigrationStatus) -> tuple[str, ...]:
    return tuple({outermost(qualified_name(place)): None for place in fact.written})


def wanted_by(fact: MigrationStatus) -> tuple[str, ...]:
    return fact.wanted_by
