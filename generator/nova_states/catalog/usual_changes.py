"""Which reaction is usual in which states, and in which states another one is in another release."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from nova_states.catalog.reactions import Combination, ReactionKind, combinations_of, is_general, usual
from nova_states.catalog.release import Release
from nova_states.catalog.serialisation import ANY
from nova_states.facts.codec import canonical
from nova_states.facts.condition import AllOf, AnyOf, CodeTest, Condition
from nova_states.facts.state_set import FIELDS, StateSet, ordered, products


def usual_effects(release: Release, kind: ReactionKind) -> dict[Combination, str]:
    """Combination of states → what is done in it where nothing special is set; remembered with the release."""
    return release.memo.once(("usual_effects", kind), lambda: _usual_effects(release, kind))


def _usual_effects(release: Release, kind: ReactionKind) -> dict[Combination, str]:
    rows: dict[Combination, list[Any]] = {}
    for row in release.bare(kind):
        if not is_general(row):
            for combination in combinations_of(release, row):
                rows.setdefault(combination, []).append(row)
    found = {combination: usual(several) for combination, several in rows.items()}
    holding = ((combination, row) for combination, row in found.items() if row is not None)
    return {combination: row.effect for combination, row in holding if row.condition is None or _holds(row.condition)}


def _holds(condition: Condition) -> bool | None:
    """Whether a condition holds where no flag is set and the hypervisor stands by its answer; None: unknown."""
    match condition:
        case CodeTest(about="second_answer"):
            return condition.holds
        case CodeTest(opposite=None):
            return not condition.holds
        case AllOf(conditions=members):
            found = [_holds(one) for one in members]
            return False if False in found else None if None in found else True
        case AnyOf(conditions=members, holds=holds):
            found = [_holds(one) for one in members]
            any_holds = True if True in found else None if None in found else False
            return any_holds if any_holds is None or holds else not any_holds
    return None


def usual_changes(before: Release, after: Release, kind: ReactionKind) -> Iterator[dict[str, Any]]:
    """What is usually done otherwise in states that both releases have.

    Yields:
        The effects ("before", "after"), and the states by field: a list, or `*`.
    """
    old, new = usual_effects(before, kind), usual_effects(after, kind)
    common = old.keys() & new.keys()
    groups: dict[tuple[str, str], list[Combination]] = {}
    for one in common:
        if old[one] != new[one]:
            groups.setdefault((old[one], new[one]), []).append(one)
    everything = StateSet(**{field: frozenset(one[place] for one in common) for place, field in enumerate(FIELDS)})
    for (was, now), cells in sorted(groups.items()):
        told = [_told(states.relaxed(everything)) for states in products(cells)]
        for states in sorted(told, key=canonical):
            yield {"before": was, "after": now, **states}


def _told(states: StateSet) -> dict[str, Any]:
    return {f"{kind}s": ANY if (found := states.of(kind)) is None else list(ordered(found)) for kind in FIELDS}
