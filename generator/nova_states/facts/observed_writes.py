"""What a running Nova was seen to write into its servers' rows, and which transitions that bears out.

A file `observations/<version>.writes.json` has no date, and the same observations give the same bytes:

    {"release": "34.0.0", "how": …, "command": …, "wheel": …, "harness": 1,
     "places": ["nova/compute/api.py:3432 API.backup", …],
     "errors": [["ImageNotFound", …], …], "tests": [text, …], "ways": [[place, …], …],
     "writes": {action: [[vm_state, task_state, vm_state, task_state, way, [error, …], [test, …]], …]}}

A way is Nova's functions that led to a write, the innermost first; an error, an exception on the way, by its class and
those above it. Places, ways and errors are numbers in the lists before; a test is its number, counted from one, and
negative where it did not hold.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Final, NamedTuple

from nova_states.facts.condition import AllOf, CodeTest, Condition, Raises, literals
from nova_states.facts.model import Transition
from nova_states.facts.observation_files import FOLDER, keep, read_kept
from nova_states.facts.observation_parts import (
    ANY_ERROR,
    is_between,
    is_one,
    json_lines,
    last_names,
    may_hold,
    numbered,
    place_of,
    tests_may_hold,
)

HARNESS: Final = 1
"""To be raised when what is noted of a write means something else: what was kept before does not count any more."""
HOW: Final = (
    "Nova's services in one process, with its fake virt driver; asked over HTTP, restarted, told of events; calls of"
    " drivers and services made to fail; states written into the database beforehand; each write of states noted"
)
COMMAND: Final = "python -m tests.live.observe transitions {release}"


class Write(NamedTuple):
    """One change of a server's row."""

    action: str
    """What was being driven: an action, or what a service does by itself, named as in the facts."""
    before: tuple[str, str | None] | None
    """vm_state and task_state; None: the row was made."""
    after: tuple[str, str | None]
    """The vm_state "deleted": the row was taken away."""
    way: tuple[str, ...]
    errors: tuple[tuple[str, ...], ...] = ()
    """Exceptions that were being handled or had come from a driver or a service; each with what it derives from."""
    held: tuple[tuple[str, bool], ...] = ()
    """Tests of Nova's code that the variables on the way tell of, and whether they hold."""


class Seen(NamedTuple):
    """All that was seen of a release."""

    wheel: str
    """The digest that Nova's wheel is pinned by."""
    writes: frozenset[Write]


def read_writes(release: str, folder: Path = FOLDER) -> Seen | None:
    """What was seen of a release; None where nobody looked, or where another harness did."""
    kept = read_kept(release, "writes", HARNESS, folder)
    if kept is None:
        return None
    errors = [tuple(names) for names in kept["errors"]]
    ways = [tuple(kept["places"][place] for place in way) for way in kept["ways"]]
    return Seen(
        wheel=kept["wheel"],
        writes=frozenset(
            Write(
                action=action,
                before=None if was is None else (was, was_task),
                after=(vm_state, task_state),
                way=ways[way],
                errors=tuple(errors[error] for error in raised),
                held=tuple((kept["tests"][abs(test) - 1], test > 0) for test in held),
            )
            for action, writes in kept["writes"].items()
            for was, was_task, vm_state, task_state, way, raised, held in writes
        ),
    )


def write_writes(release: str, seen: Seen, folder: Path = FOLDER) -> Path:
    """Keep what was seen, in place of what was kept."""
    ordered = sorted(seen.writes, key=repr)
    places = numbered(place for write in ordered for place in write.way)
    errors = numbered(error for write in ordered for error in write.errors)
    tests = numbered(test for write in ordered for test, _ in write.held)
    ways = numbered(write.way for write in ordered)
    writes: dict[str, list[str]] = {}
    for write in ordered:
        before = write.before or (None, None)
        held = [tests[test] + 1 if holds else -tests[test] - 1 for test, holds in write.held]
        row = [*before, *write.after, ways[write.way], [errors[error] for error in write.errors], held]
        writes.setdefault(write.action, []).append(json.dumps(row))
    parts = {
        "release": json.dumps(release),
        "how": json.dumps(HOW),
        "command": json.dumps(COMMAND.format(release=release)),
        "wheel": json.dumps(seen.wheel),
        "harness": str(HARNESS),
        "places": json_lines(json.dumps(place) for place in places),
        "errors": json_lines(json.dumps(error) for error in errors),
        "tests": json_lines(json.dumps(test) for test in tests),
        "ways": json_lines(json.dumps([places[place] for place in way]) for way in ways),
    }
    head = "".join(f"{json.dumps(name)}: {value},\n" for name, value in parts.items())
    body = ",\n".join(f"{json.dumps(action)}: {json_lines(rows)}" for action, rows in sorted(writes.items()))
    return keep(f'{{{head}"writes": {{\n{body}\n}}}}\n', release, "writes", folder)


def leads_to(transition: Transition, write: Write) -> bool:
    """Whether a write is at the place of a transition and between its states, whatever its condition says."""
    if transition.action != write.action or place_of(transition.evidence) not in write.way:
        return False
    start, end = transition.start, transition.end
    if start is None or write.before is None:
        return start is None and write.before is None and write.after == (end.vm_state, end.task_state)
    return is_between(start, end, write.before, write.after)


def borne_out(transitions: Iterable[Transition], write: Write) -> list[Transition]:
    """The transitions that a write may be, as far as their conditions speak of exceptions and drivers.

    Where there are several, those drop out whose tests did not hold. Where all that are left are of exceptions, it is
    the one that names the exception most closely, if all of its condition is known to have held. Several may be left.
    """
    found = [one for one in transitions if leads_to(one, write) and may_hold(one.condition, write.errors)]
    found = [one for one in found if tests_may_hold(one.condition, dict(write.held))] or found
    are_of_exceptions = all(any(isinstance(some, Raises) for some in literals(one.condition)) for one in found)
    if len(found) == 1 or not are_of_exceptions:
        return found
    told = {one: close for one in found if (close := _closeness(one.condition, write)) is not None}
    closest = [one for one, close in told.items() if close == max(told.values())]
    return closest if len(closest) == 1 else found


def _closeness(condition: Condition | None, write: Write) -> int | None:
    """How closely a condition names the exceptions of a write; None where it is not known to have held as a whole."""
    match condition:
        case AllOf(conditions=conditions):
            parts = [_closeness(one, write) for one in conditions]
            return None if None in parts else sum(part for part in parts if part is not None)
        case CodeTest(text=text, holds=holds):
            return 0 if dict(write.held).get(text) == holds else None
        case Raises(more=False, other_than=()):
            is_known = any(is_one(condition, names) for names in write.errors)
            return 1 + bool(last_names(condition.exceptions) - ANY_ERROR) if is_known else None
    return None
