"""What a running Nova was seen to do by itself on finding a server in some states, and which reactions that bears out.

A file `observations/<version>.reactions.json` has no date, and the same observations give the same bytes:

    {"release": "34.0.0", "how": …, "command": …, "wheel": …, "harness": 1,
     "places": ["nova/compute/manager.py:10982 ComputeManager._sync_instance_power_state", …],
     "errors": [["NovaException", …], …],
     "tests": [text, …],
     "outcomes": [[vm_state, task_state, [place, …], [error, …], [test, …]], …],
     "reactions": {kind: {power_state: {vm_state: {outcome: [task_state or null, …]}}}}}

A kind is "power_sync" or "startup", a power_state what the hypervisor says. An outcome has the states in the end ("=":
as before; the vm_state "deleted": the row was taken away), the places of reactions that Nova came by, and the
exceptions that came from drivers and services, each by its class and those above it. Places, errors and outcomes are
numbers in the lists before; a test of Nova's code is its number, counted from one, and negative where it did not hold.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from nova_states.facts.condition import CodeTest, Condition, literals
from nova_states.facts.model import Reaction
from nova_states.facts.observation_files import FOLDER, keep, read_kept
from nova_states.facts.observation_parts import (
    SAME,
    is_between,
    json_lines,
    may_hold,
    numbered,
    place_of,
    tests_may_hold,
)

HARNESS: Final = 1
"""To be raised when what is noted means something else: what was kept before does not count any more."""
HOW: Final = (
    "Nova's services in one process, with its fake virt driver; states written into the database, the guest's power"
    " changed behind Nova, calls of the driver made to fail; then a power sync or a start of nova-compute"
)
COMMAND: Final = "python -m tests.live.observe reactions {release}"


class Reacted(NamedTuple):
    """What came of one power sync or start of nova-compute."""

    kind: str
    before: tuple[str, str | None]
    """vm_state and task_state."""
    power_state: str
    """What the hypervisor said."""
    after: tuple[str, str | None]
    places: tuple[str, ...]
    """Places of reactions that Nova came by, sorted."""
    errors: tuple[tuple[str, ...], ...] = ()
    held: tuple[tuple[str, bool], ...] = ()
    """Tests of Nova's code in the functions of these places, and whether they held; sorted."""


class SeenReactions(NamedTuple):
    """All that was seen of a release."""

    wheel: str
    """The digest that Nova's wheel is pinned by."""
    reacted: frozenset[Reacted]


def read_reactions(release: str, folder: Path = FOLDER) -> SeenReactions | None:
    """What was seen of a release; None where nobody looked, or where another harness did."""
    kept = read_kept(release, "reactions", HARNESS, folder)
    if kept is None:
        return None
    errors = [tuple(names) for names in kept["errors"]]
    found: set[Reacted] = set()
    for kind, by_power in kept["reactions"].items():
        for power_state, by_state in by_power.items():
            for vm_state, by_outcome in by_state.items():
                for number, tasks in by_outcome.items():
                    end, end_task, places, raised, held = kept["outcomes"][int(number)]
                    found.update(
                        Reacted(
                            kind=kind,
                            before=(vm_state, task),
                            power_state=power_state,
                            after=(vm_state if end == SAME else end, task if end_task == SAME else end_task),
                            places=tuple(kept["places"][place] for place in places),
                            errors=tuple(errors[error] for error in raised),
                            held=tuple((kept["tests"][abs(test) - 1], test > 0) for test in held),
                        )
                        for task in tasks
                    )
    return SeenReactions(wheel=kept["wheel"], reacted=frozenset(found))


def write_reactions(release: str, seen: SeenReactions, folder: Path = FOLDER) -> Path:
    """Keep what was seen, in place of what was kept."""
    ordered = sorted(seen.reacted, key=repr)
    places = numbered(place for one in ordered for place in one.places)
    errors = numbered(error for one in ordered for error in one.errors)
    tests = numbered(test for one in ordered for test, _ in one.held)
    outcomes: dict[tuple[object, ...], int] = {}
    reactions: dict[str, dict[str, dict[str, dict[str, list[str | None]]]]] = {}
    for one in ordered:
        ends = (SAME if after == before else after for after, before in zip(one.after, one.before, strict=True))
        held = tuple(tests[test] + 1 if holds else -tests[test] - 1 for test, holds in one.held)
        raised = tuple(errors[error] for error in one.errors)
        outcome = (*ends, tuple(places[place] for place in one.places), raised, held)
        number = str(outcomes.setdefault(outcome, len(outcomes)))
        by_state = reactions.setdefault(one.kind, {}).setdefault(one.power_state, {})
        by_state.setdefault(one.before[0], {}).setdefault(number, []).append(one.before[1])
    parts = {
        "release": json.dumps(release),
        "how": json.dumps(HOW),
        "command": json.dumps(COMMAND.format(release=release)),
        "wheel": json.dumps(seen.wheel),
        "harness": str(HARNESS),
        "places": json_lines(map(json.dumps, places)),
        "errors": json_lines(map(json.dumps, errors)),
        "tests": json_lines(map(json.dumps, tests)),
        "outcomes": json_lines(map(json.dumps, outcomes)),
        "reactions": "{\n" + ",\n".join(_by_power(kind, found) for kind, found in reactions.items()) + "}",
    }
    body = ",\n".join(f"{json.dumps(name)}: {value}" for name, value in parts.items())
    return keep(f"{{{body}}}\n", release, "reactions", folder)


def explains(reaction: Reaction, seen: Reacted) -> bool:
    """Whether a reaction tells of what was seen, wherever it stands in the source and whatever its condition says."""
    powers = reaction.start.power_states
    is_at_power = powers is None or seen.power_state in powers
    return is_at_power and is_between(reaction.start, reaction.end, seen.before, seen.after)


def unexplained(reactions: Iterable[Reaction], seen: Iterable[Reacted]) -> list[Reacted]:
    """What was seen and none of some reactions tells of, in order."""
    rows = tuple(reactions)
    return sorted({one for one in seen if not any(explains(row, one) for row in rows)}, key=repr)


def seen_doing(reactions: Iterable[Reaction], seen: Reacted) -> list[Reaction]:
    """The reactions that what was seen bears out: Nova came by their places, their tests held, and it ended as they do.

    A place that may stand for several of them tells of none. What nothing stands for in the source is told by where its
    function begins; it is meant only where no other is. A server may meet several: its power_state is put right, and
    then it is left as it is.
    """
    rows = tuple(reactions)
    held = dict(seen.held)
    fitting: dict[tuple[str, int], list[Reaction]] = {}
    for one in rows:
        # What hardly any fits is asked first: a release has three hundred thousand pairs of these.
        if place_of(one.evidence) not in seen.places or not explains(one, seen):
            continue
        if may_hold(one.condition, seen.errors) and _has_held(one.condition, held):
            fitting.setdefault((one.evidence.file, one.evidence.line), []).append(one)
    if len(fitting) > 1:
        beginnings = {min(lines) for lines in _lines_by_function(rows).values() if len(lines) > 1}
        fitting = {place: found for place, found in fitting.items() if place not in beginnings}
    return [found[0] for found in fitting.values() if len(found) == 1]


def _has_held(condition: Condition | None, held: Mapping[str, bool]) -> bool:
    """Whether the tests of a condition are known to have held, as far as they could be told, and one of them could."""
    tests = [one for one in literals(condition) if isinstance(one, CodeTest)]
    return tests_may_hold(condition, held) and (not tests or any(one.text in held for one in tests))


def _lines_by_function(rows: Iterable[Reaction]) -> dict[str, set[tuple[str, int]]]:
    found: dict[str, set[tuple[str, int]]] = {}
    for row in rows:
        found.setdefault(f"{row.evidence.file} {row.evidence.function}", set()).add(
            (row.evidence.file, row.evidence.line)
        )
    return found


def _by_power(kind: str, found: Mapping[str, object]) -> str:
    rows = ",\n".join(f"{json.dumps(power)}: {json.dumps(states)}" for power, states in found.items())
    return f"{json.dumps(kind)}: {{\n{rows}}}"
