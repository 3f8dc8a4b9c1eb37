"""Drives a running Nova through all that there is to drive, and keeps what it wrote; holds that to the facts."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from nova_states.facts.condition import CodeTest, Raises, literals
from nova_states.facts.model import Transition
from nova_states.facts.observation_files import FOLDER
from nova_states.facts.observed_writes import Seen, Write, borne_out, read_writes, write_writes
from tests.live.drives import ANY, drawn, plain, troubled
from tests.live.driving import Drive, Driven, Stand, standing
from tests.live.environments import HERE
from tests.live.guards import release_facts
from tests.live.processes import running_nova

PATIENCE: Final = 30
"""Drives of a sort that may be in vain."""
KEPT_EVERY: Final = 10
"""Drives after which what was seen is written."""


def asked_tests(release: str) -> list[str]:
    """Tests of Nova's code that decide about transitions, as the facts spell them."""
    transitions = release_facts(release).facts("transitions")
    return sorted({one.text for row in transitions for one in literals(row.condition) if isinstance(one, CodeTest)})


def wheel_of(release: str) -> str:
    """The digest that Nova's wheel is pinned by."""
    pins = (HERE / f"requirements-{release}.txt").read_text(encoding="utf-8")
    found = re.search(rf"^nova=={re.escape(release)} .*?((?:\s+--hash=sha256:\w+ ?\\?)+)", pins, re.MULTILINE)
    assert found
    return " ".join(re.findall(r"sha256:\w+", found[1]))


@dataclass(frozen=True, kw_only=True, slots=True)
class Course:
    """What is driven of all there is."""

    release: str
    share: float = 1.0
    seed: int = 1
    actions: tuple[str, ...] = ()
    """None: all."""
    troubles: int = 80
    """Drives with trouble that an action gets at most, before the share is drawn of them."""


def keep_writes(course: Course, folder: Path = FOLDER) -> set[Write]:
    """Drive what may show a transition that was not seen yet, and keep what was seen beside what is kept; says all.

    Interrupted, it has kept what it knew a little before, and goes on from there when it is called again.
    """
    release = course.release
    kept = read_writes(release, folder)
    seen = set(kept.writes) if kept else set()
    unseen = Unseen(release, seen)
    with running_nova(release) as nova, standing(nova, asked_tests(release)) as stand:
        for number, (drive, driven) in enumerate(driving(stand, course, unseen.may_be_shown), 1):
            unseen.look(driven.writes - seen)
            seen |= driven.writes
            if number % KEPT_EVERY == 0:
                print(f"{number}: {len(seen)} writes; {drive}", file=sys.stderr, flush=True)
                _keep(release, seen, folder)
    _keep(release, seen, folder)
    return seen


_NOT_THERE: Final = frozenset({"NotImplementedError", "InstanceFaultRollback"})


class Unseen:
    """The transitions that were not seen yet."""

    def __init__(self, release: str, seen: Iterable[Write]) -> None:
        self.left: dict[str, set[Transition]] = {}
        for row in release_facts(release).facts("transitions"):
            self.left.setdefault(row.action, set()).add(row)
        self.in_vain: dict[tuple[str, bool], int] = {}
        """Sort of drive → how many have shown nothing since something was shown."""
        self.begun: set[tuple[str, str]] = set()
        self.look(seen)

    def look(self, writes: Iterable[Write]) -> None:
        """Take away what these writes show."""
        for write in writes:
            found = borne_out(self.left.get(write.action, ()), write)
            if len(found) == 1:
                self.left[write.action].difference_update(found)
                self.in_vain |= {(write.action, False): 0, (write.action, True): 0}

    def may_be_shown(self, drive: Drive) -> bool:
        """Whether a drive may show one of them, and not too many of its sort have been in vain.

        The first of an action in a vm_state always may: those with trouble come of it.
        """
        if (drive.action, drive.vm_state) not in self.begun:
            self.begun.add((drive.action, drive.vm_state))
            return True
        sort = (drive.action, bool(drive.troubles))
        if not any(_may_show(drive, row) for row in self.left.get(drive.action, ())):
            return False
        self.in_vain[sort] = self.in_vain.get(sort, 0) + 1
        return self.in_vain[sort] <= PATIENCE


def _may_show(drive: Drive, row: Transition) -> bool:
    errors = {
        name.rpartition(".")[2] for one in literals(row.condition) if isinstance(one, Raises) for name in one.exceptions
    }
    start = row.start
    if not drive.troubles:
        # A driver that works raises at most that it has no such method.
        is_there = start is None or start.vm_states is None or drive.vm_state in start.vm_states
        is_then = start is None or start.task_states is None or drive.task_state in start.task_states
        return is_there and (is_then or drive.action != "startup") and (errors <= _NOT_THERE)
    return all(
        (trouble.raises is None or bool(errors & {trouble.raises} or (trouble.raises == ANY and "Exception" in errors)))
        and (trouble.task is None or bool(start and start.task_states and trouble.task in start.task_states))
        for trouble in drive.troubles
    )


def driving(
    stand: Stand, course: Course, is_worth: Callable[[Drive], bool] = lambda _: True
) -> Iterator[tuple[Drive, Driven]]:
    """Drive a share of all, of each action first without trouble and then with it."""
    chosen = drawn(plain(course.release), course.share, course.seed)
    for action in course.actions or dict.fromkeys(one.action for one in chosen):
        bases: dict[object, tuple[Drive, Driven]] = {}
        for drive in chosen:
            driven = tried(stand, drive) if drive.action == action and is_worth(drive) else None
            if driven:
                yield drive, driven
                what = frozenset((one.way[:1], one.before and one.before[1], one.after) for one in driven.writes)
                bases.setdefault(what, (drive, driven))
        for drive in drawn(_with_trouble(course, bases.values()), course.share, course.seed):
            driven = tried(stand, drive) if is_worth(drive) else None
            if driven:
                yield drive, driven


def _with_trouble(course: Course, bases: Iterable[tuple[Drive, Driven]]) -> list[Drive]:
    found = [one for drive, driven in bases for one in troubled(course.release, drive, driven.calls, course.seed)]
    return drawn(found, min(1, course.troubles / max(1, len(found))), course.seed)


def tried(stand: Stand, drive: Drive) -> Driven | None:
    """What came of a drive; None where the state could not be brought about."""
    try:
        return stand.drive(drive)
    except (AssertionError, TimeoutError, OSError, IndexError) as error:
        print(f"{drive}: {type(error).__name__} {str(error)[-300:]}", file=sys.stderr, flush=True)
        stand.give_up()
        return None


def _keep(release: str, seen: Iterable[Write], folder: Path) -> None:
    write_writes(release, Seen(wheel=wheel_of(release), writes=frozenset(seen)), folder)
