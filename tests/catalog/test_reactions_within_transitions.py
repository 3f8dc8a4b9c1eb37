"""Two readers, one truth: where a reaction leads, the transitions of the same entry point lead too, in every release.

Reactions (a row for each combination of states) and transitions (a row for each write) are read from the same methods
by two programs that share nothing above the evaluation of constants, so that each is a check of the other.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from itertools import product
from typing import TypeAlias

import pytest

from nova_states.catalog.catalog import Catalog, load_catalog
from nova_states.facts.model import Reaction, States, ToState, Transition
from tests.conditions import code
from tests.pages.synthetic import reaction, transition

Pair: TypeAlias = tuple[str, str | None]
"""vm_state and task_state of one server."""


def ended(before: Pair, end: ToState) -> Pair:
    """The states at the end; a server whose row is deleted keeps the task that nobody cleared."""
    return (
        before[0] if end.vm_state == "=" else end.vm_state,
        before[1] if end.task_state == "=" else end.task_state,
    )


def closure(begin: Pair, rows: Collection[Transition]) -> set[Pair]:
    """Every pair that the transitions reach from one, itself included."""
    found, pending = {begin}, [begin]
    while pending:
        before = pending.pop()
        for row in rows:
            start = row.start
            if start and _has(start.vm_states, before[0]) and _has(start.task_states, before[1]):
                after = ended(before, row.end)
                if after not in found:
                    found.add(after)
                    pending.append(after)
    return found


def _has(states: States, state: str | None) -> bool:
    return states is None or state in states


class Compared:
    """Reactions held against the transitions that the same release has of the same entry point."""

    def __init__(self, rows: Iterable[Transition], vm_states: Collection[str], task_states: Collection[str]) -> None:
        self._rows = tuple(rows)
        self.begins = tuple(product(vm_states, (None, *task_states)))
        self.reached = {begin: closure(begin, self._rows) for begin in self.begins}

    def beyond(self, reactions: Iterable[Reaction]) -> list[str]:
        """The ends of reactions that no transitions lead to."""
        return [
            f"{row.effect} from {begin} to {ended(begin, row.end)} if {row.condition}"
            for row in reactions
            if row.certainty != "unknown"  # claims no end
            for begin in self.begins
            if _has(row.start.vm_states, begin[0]) and _has(row.start.task_states, begin[1])
            if ended(begin, row.end) not in self.reached[begin]
        ]


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


@pytest.mark.parametrize("kind", ["startup", "power_sync"])
def test_every_end_of_a_reaction_is_reached_by_transitions(catalog: Catalog, kind: str) -> None:
    compared: dict[tuple[object, ...], Compared] = {}
    for version in catalog.all_versions:
        release = catalog.release(version)
        rows = tuple(row for row in catalog.bare_facts("transitions", version) if row.action == kind)
        reactions = catalog.bare_facts(kind, version)
        # Most releases do the same, wherever in the source it stands.
        of = (rows, reactions, release.vm_states, release.task_states)
        if of not in compared:
            compared[of] = Compared(rows, release.vm_states, release.task_states)
            assert compared[of].beyond(reactions) == [], version
    # Reaching everything from everywhere would pass as well.
    reached = [(len(ends), len(one.begins)) for one in compared.values() for ends in one.reached.values()]
    assert max(many for many, _ in reached) > 1
    assert all(many * 10 < begins for many, begins in reached)


def test_an_end_that_no_transition_leads_to_is_noticed() -> None:
    rows = [
        transition("startup", "compute", (("active",), ("powering-off",)), ("stopped", "=")),
        transition("startup", "compute", (("stopped",), None), ("=", None)),
        transition("startup", "compute", None, ("error", None)),
    ]
    compared = Compared(rows, ("active", "stopped", "error", "deleted"), ("powering-off",))
    reactions = [
        reaction("stop", ("active",), ("powering-off",), to=("stopped", None)),
        reaction("none", ("deleted", "error")),
        reaction("error", ("active", "stopped"), (None,), to=("error", "="), when=code("x")),
        replace(reaction("undecided", ("active",), (None,), to=("suspended", None)), certainty="unknown"),
    ]
    assert compared.beyond(reactions) == [
        "error from ('active', None) to ('error', None) if x",
        "error from ('stopped', None) to ('error', None) if x",
    ]
