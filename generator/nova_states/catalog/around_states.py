"""What stands around the states in one release, by what asks for it: an exception, an action, a function.

What belongs together is told by functions: an action's migrations and log lines are those of the functions that its
events tell of or that change its servers' states, and of the functions inside them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from nova_states.catalog.release import Release
from nova_states.catalog.transition_graph import transitions_of
from nova_states.facts.model import (
    ErrorClass,
    Event,
    Evidence,
    FaultCause,
    LogMessage,
    MigrationStatus,
    Refusal,
    Transition,
)


def error_of(release: Release, name: str) -> ErrorClass | None:
    """An exception by its class; None where the release has none."""
    found = _by(release, "errors", "name", lambda fact: (fact.name,)).get(name)
    return found[0] if found else None


def raised(release: Release, error: str) -> tuple[Evidence, ...]:
    """Where an exception is raised, in the order of the source."""
    return tuple(
        site.evidence for site in _by(release, "raise_sites", "error", lambda fact: (fact.error,)).get(error, ())
    )


def faults_of(release: Release, error: str) -> tuple[str, ...]:
    """Actions in which an exception can end as the server's fault, sorted."""
    causes: tuple[FaultCause, ...] = _by(release, "fault_causes", "error", lambda fact: (fact.error,)).get(error, ())
    return tuple(sorted({action for cause in causes for action in cause.actions}))


def answers_of(release: Release, error: str) -> tuple[Refusal, ...]:
    """Answers of the REST API that are made of an exception, by action and status."""
    found = _by(release, "refusals", "error", lambda fact: fact.errors).get(error, ())
    return tuple(sorted(found, key=lambda fact: (fact.action, fact.code)))


def causes_of(release: Release, action: str) -> tuple[str, ...]:
    """Exceptions that can end as a server's fault when an action is taken, in the order of the source."""
    return tuple(
        cause.error for cause in _by(release, "fault_causes", "action", lambda fact: fact.actions).get(action, ())
    )


def refusals_of(release: Release, action: str) -> tuple[Refusal, ...]:
    """Answers of the REST API to an action that are errors, by status, then in the order of the source."""
    found = _by(release, "refusals", "action", lambda fact: (fact.action,)).get(action, ())
    return tuple(sorted(found, key=lambda fact: fact.code))


def events_of(release: Release, action: str) -> tuple[Event, ...]:
    """An action's own record and its events, in the order of the source."""
    return _by(release, "events", "action", lambda fact: fact.actions).get(action, ())


def functions_of(release: Release, action: str) -> frozenset[str]:
    """Functions that an action's events tell of, or that change the states of its servers, by their qualified names."""
    told = (event.function for event in events_of(release, action) if event.function is not None)
    return frozenset((*told, *functions_changing(transitions_of(release, action))))


def functions_changing(changes: Iterable[Transition]) -> frozenset[str]:
    """The functions in which states change."""
    return frozenset(name for change in changes if (name := qualified_name(change.evidence)))


def actions_at(release: Release, place: Evidence) -> tuple[str, ...]:
    """Actions that the function at a place belongs to, sorted."""
    return actions_by_function(release).get(_outer(place), ())


def actions_by_function(release: Release) -> Mapping[str, tuple[str, ...]]:
    """A function → the actions that it belongs to, sorted."""

    def make() -> Mapping[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for action in release.actions:
            for function in sorted({outermost(name) for name in functions_of(release, action)}):
                found[function] = (*found.get(function, ()), action)
        return found

    return release.memo.once(("actions by function",), make)


def migration_statuses_of(release: Release, functions: frozenset[str]) -> tuple[MigrationStatus, ...]:
    """Statuses of migrations that some functions write, in their order."""
    return _in_functions(release, "migration_statuses", functions, lambda fact: map(_outer, fact.written))


def events_telling(release: Release, functions: frozenset[str]) -> tuple[Event, ...]:
    """Events that tell of some functions, in the order of the source."""
    return _in_functions(
        release, "events", functions, lambda fact: () if fact.function is None else (outermost(fact.function),)
    )


def log_messages_of(release: Release, functions: frozenset[str]) -> tuple[LogMessage, ...]:
    """Lines that some functions log, in the order of the source."""
    return _in_functions(release, "log_messages", functions, lambda fact: (_outer(fact.evidence),))


def _in_functions(
    release: Release, kind: str, functions: frozenset[str], functions_of_fact: Callable[[Any], Iterable[str]]
) -> tuple[Any, ...]:
    """Facts of a kind that belong to some functions or to those inside them, in their order."""

    def make() -> Mapping[str, tuple[int, ...]]:
        found: dict[str, list[int]] = {}
        for number, fact in enumerate(facts):
            for name in functions_of_fact(fact):
                found.setdefault(name, []).append(number)
        return {name: tuple(numbers) for name, numbers in found.items()}

    facts = release.facts(kind)
    index = release.memo.once((kind, "outer function"), make)
    outer = {outermost(name) for name in functions}
    return tuple(facts[number] for number in sorted({number for name in outer for number in index.get(name, ())}))


def qualified_name(place: Evidence) -> str:
    """A place's function as events name theirs ("compute.manager.ComputeManager.stop_instance"); empty outside one."""
    module = place.file.removeprefix("nova/").removesuffix(".py").replace("/", ".")
    return f"{module}.{place.function}" if place.function else ""


def _outer(place: Evidence) -> str:
    return outermost(qualified_name(place))


def outermost(function: str) -> str:
    """A function without those inside it that a place is in: they run when it does.

    Classes are told by their capital, as Nova writes them.
    """
    parts = function.split(".")
    classes = [number for number, part in enumerate(parts) if part[:1].isupper()]
    return ".".join(parts[: classes[-1] + 2]) if classes else function


def _by(
    release: Release, kind: str, asked_by: str, names_of: Callable[[Any], tuple[str, ...]]
) -> Mapping[str, tuple[Any, ...]]:
    """A release's facts of a kind by what asks for them."""

    def make() -> Mapping[str, tuple[Any, ...]]:
        found: dict[str, list[Any]] = {}
        for fact in release.facts(kind):
            for name in names_of(fact):
                found.setdefault(name, []).append(fact)
        return {name: tuple(facts) for name, facts in found.items()}

    return release.memo.once((kind, asked_by), make)
