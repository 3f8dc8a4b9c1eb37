"""Steps and reactions of all releases as `nova_states.catalog.ways` needs them, for a page that compares any two.

Beside its ways ("rows") a kind has each start and each case once: `[way, start, clauses]`, by their numbers. Clauses
are numbered over all kinds in the order in which they are told. Which reaction is usual where is not for the page to
work out: it finds, by the numbers that two releases have, what changed between them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from nova_states.catalog.catalog import Catalog
from nova_states.catalog.reactions import ReactionKind
from nova_states.catalog.usual_changes import usual_changes, usual_effects
from nova_states.catalog.ways import Cases, Clause, way_of
from nova_states.facts.codec import canonical


def way_tables(kept: Mapping[str, Sequence[Any]], cases: Cases) -> tuple[dict[str, dict[str, Any]], list[Clause]]:
    """Kind → its table, and the clauses by number.

    Args:
        kept: Kind → its values, each the rows of one name in some release.
        cases: Puts them into cases.
    """
    found = {kind: [_cases(rows, kind, cases) for rows in values] for kind, values in kept.items()}
    numbers = {key: number for number, key in enumerate(sorted(cases.known))}
    tables = {kind: _table(values, cases, numbers) for kind, values in found.items()}
    return tables, [cases.known[key] for key in numbers]


def _cases(rows: Iterable[Mapping[str, Any]], kind: str, cases: Cases) -> list[tuple[str, str, tuple[str, ...]]]:
    """Cases as the keys of their way, of their start and of their clauses."""
    return [
        (canonical(way_of(row)), canonical(case.start), tuple(sorted(case.clauses)))
        for row in rows
        for case in cases.of(row, kind)
    ]


def _table(
    values: Sequence[list[tuple[str, str, tuple[str, ...]]]], cases: Cases, numbers: Mapping[str, int]
) -> dict[str, Any]:
    every = sorted({case for value in values for case in value})
    ways = sorted({way for way, _, _ in every})
    starts = sorted({start for _, start, _ in every})
    used = {key for _, _, clauses in every for key in clauses}
    places = {case: place for place, case in enumerate(every)}
    way_places, start_places = ({key: place for place, key in enumerate(keys)} for keys in (ways, starts))
    opposite = [(key, other) for key in used for other in cases.opposite.get(key, set()) & used]
    return {
        "rows": [json.loads(way) for way in ways],
        "starts": [json.loads(start) for start in starts],
        "cases": [
            [way_places[way], start_places[start], [numbers[key] for key in clauses]] for way, start, clauses in every
        ],
        "untold": sorted(numbers[key] for key in cases.untold & used),
        "opposite": sorted([numbers[key], numbers[other]] for key, other in opposite),
        "values": [None, *([places[case] for case in dict.fromkeys(value)] for value in values)],
    }


def usual_table(catalog: Catalog, versions: Sequence[str], kind: ReactionKind) -> dict[str, Any]:
    """From which place in the list of versions on they do what of a number; two numbers → what is otherwise."""
    first: dict[str, str] = {}
    numbers = []
    for version in versions:
        effects = usual_effects(catalog.release(version), kind)
        key = canonical(sorted([*map(str, states), effect] for states, effect in effects.items()))
        first.setdefault(key, version)
        numbers.append(list(first).index(key))
    starts = [0, *(place for place, (one, other) in enumerate(pairwise(numbers), 1) if one != other)]
    releases = [catalog.release(version) for version in first.values()]
    pairs = {
        f"{one} {other}": list(usual_changes(before, after, kind))
        for one, before in enumerate(releases)
        for other, after in enumerate(releases)
        if one != other
    }
    return {"numbers": [number for place in starts for number in (place, numbers[place])], "pairs": pairs}
