"""What facts belong to, for keys of parts: each function gives the names of a fact."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Any

from nova_states.catalog.around_states import outermost, qualified_name
from nova_states.catalog.fact_ids import FactIds
from nova_states.facts.model import Action, Event, LogMessage, MigrationStatus, Option
from nova_states.pages.record_links import log_address


def own_id(fact: Action) -> tuple[str, ...]:
    """An action by its id."""
    return (fact.id,)


def parent(fact: Action) -> tuple[str, ...]:
    """What an action is a part of."""
    return (fact.parent,) if fact.parent else ()


def asked(fact: Any) -> tuple[str, ...]:  # noqa: ANN401 - guards, transitions and refusals all name their action
    """The action of a guard, a transition or a refusal."""
    return (fact.action,)


def of_actions(fact: Any) -> tuple[str, ...]:  # noqa: ANN401 - causes of faults and events
    """The actions of an event or a cause of faults."""
    found: tuple[str, ...] = fact.actions
    return found


def acts_on(fact: Option) -> tuple[str, ...]:
    """What an option acts on."""
    return fact.acts_on


def named(fact: Any) -> tuple[str, ...]:  # noqa: ANN401 - any fact with a name
    """The name of a fact that has one."""
    return (fact.name,)


def logged_by(fact: LogMessage) -> tuple[str, ...]:
    """The function that logs a line."""
    return (outermost(qualified_name(fact.evidence)),)


def written_by(fact: MigrationStatus) -> tuple[str, ...]:
    """The functions that write a status of migrations."""
    return tuple({outermost(qualified_name(place)): None for place in fact.written})


def told_by(fact: Event) -> tuple[str, ...]:
    """The function that an event tells of."""
    return (outermost(fact.function),) if fact.function is not None else ()


def wanted_by(fact: MigrationStatus) -> tuple[str, ...]:
    """Who wants a migration of a status."""
    return fact.wanted_by


def values(ids: FactIds, version: str, kind: str, functions: Iterable[str], telling: Telling) -> tuple[Hashable, ...]:
    """What pages tell of the facts of a kind that belong to some functions; they count those that they tell alike."""
    rows = [row for one in functions for row in ids.of(version, kind, one, telling.names_of)]
    return tuple(telling.told(fact) for fact in ids.facts(kind, rows))


@dataclass(frozen=True, kw_only=True, slots=True)
class Telling:
    """What a page says of facts that belong to functions."""

    names_of: Callable[[Any], Iterable[str]]
    """The functions that a fact belongs to."""
    told: Callable[[Any], Hashable]


LOGGED = Telling(
    names_of=logged_by,
    told=lambda fact: (fact.level, fact.slug, fact.pattern, fact.effect, log_address(fact.evidence.file)),
)
WRITTEN = Telling(names_of=written_by, told=lambda fact: fact.value)
TOLD = Telling(names_of=told_by, told=lambda fact: fact.name)
TELLINGS = {"events": TOLD, "migration_statuses": WRITTEN, "log_messages": LOGGED}
"""Kind of fact → what pages tell of it."""
