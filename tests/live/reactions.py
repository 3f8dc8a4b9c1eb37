"""Lets a running Nova find a server in every combination of states, and keeps what it did by itself."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from nova_states.catalog.reactions import REACTION_KINDS, combinations_of
from nova_states.facts.condition import CodeTest, Raises, literals
from nova_states.facts.model import Reaction
from nova_states.facts.observation_files import FOLDER
from nova_states.facts.observation_parts import place_of
from nova_states.facts.observed_reactions import (
    Reacted,
    SeenReactions,
    read_reactions,
    seen_doing,
    unexplained,
    write_reactions,
)
from tests.live.drives import ANY
from tests.live.driving import Drive, Driven, Stand, Trouble, standing
from tests.live.guards import release_facts
from tests.live.processes import running_nova
from tests.live.writes import tried, wheel_of

KEPT_EVERY: Final = 200
"""Drives after which what was seen is written."""
_ALSO: Final[Mapping[str, Drive]] = {
    "shutdown_terminate": Drive(action="power_sync", row=(("shutdown_terminate", True),)),
    "resume_guests_state_on_host_boot": Drive(action="startup", options=(("resume_guests_state_on_host_boot", True),)),
}
"""Word of a condition → what makes it hold; found again in the combinations of which a reaction depends on it."""
_FEW: Final = 2


def reactions_of(release: str, kind: str) -> tuple[Reaction, ...]:
    """What the facts say that Nova does by itself."""
    found: tuple[Reaction, ...] = release_facts(release).facts(kind)
    return found


def combinations(release: str) -> list[Drive]:
    """Every kind in every combination of states, and again where something else decides, in a fixed order."""
    facts = release_facts(release)
    plain = [
        Drive(action=kind, vm_state=vm_state, task_state=task, power=power)
        for kind in REACTION_KINDS
        for vm_state in sorted(facts.vm_states)
        for task in (None, *sorted(facts.task_states))
        for power in sorted(facts.constants["power_state"])
    ]
    also = []
    for word, other in _ALSO.items():
        rows = [row for row in reactions_of(release, other.action) if word in str(row.condition)]
        told = {one for row in rows for one in combinations_of(facts, row)}
        also += [
            replace(other, vm_state=drive.vm_state, task_state=drive.task_state, power=drive.power)
            for drive in plain
            if drive.action == other.action and (drive.vm_state, drive.task_state, drive.power) in told
        ]
    return plain + also


@dataclass(kw_only=True)
class Reacting:
    """A Nova that finds one server after the other."""

    release: str
    stand: Stand

    def __post_init__(self) -> None:
        """Have the lines watched at which the facts say that it is decided."""
        self.rows: dict[str, tuple[Reaction, ...]] = {kind: reactions_of(self.release, kind) for kind in REACTION_KINDS}
        self.places = {kind: {place_of(row.evidence) for row in rows} for kind, rows in self.rows.items()}
        every = [row for rows in self.rows.values() for row in rows]
        functions = {f"{row.evidence.file} {row.evidence.function}" for row in every}
        tests = {one.text for row in every for one in literals(row.condition) if isinstance(one, CodeTest)}
        self.stand.nova.control("watch_lines", functions=sorted(functions), texts=sorted(tests))

    def react(self, drives: Iterable[Drive]) -> Iterator[tuple[Drive, Driven, Reacted]]:
        """What came of each; states that could not be brought about are passed over."""
        for drive in drives:
            driven = tried(self.stand, drive)
            if driven:
                assert drive.power
                yield (
                    drive,
                    driven,
                    Reacted(
                        kind=drive.action,
                        before=(drive.vm_state, drive.task_state),
                        power_state=drive.power,
                        after=driven.after,
                        places=tuple(sorted(driven.lines & self.places[drive.action])),
                        errors=driven.errors,
                        held=driven.held,
                    ),
                )

    def all(self, share: float, seed: int, troubles: int | None = None) -> Iterator[Reacted]:
        """What came of a share of all combinations, and of some of each outcome again with trouble in the driver.

        Args:
            share: Of the combinations.
            seed: Which of them.
            troubles: Drives with trouble at most; None: all.
        """
        chance = random.Random(seed)
        everything = combinations(self.release)
        chosen = chance.sample(everything, round(len(everything) * share))
        alike: dict[object, list[tuple[Drive, Driven]]] = {}
        for drive, driven, reacted in self.react(chosen):
            yield reacted
            alike.setdefault((drive.action, reacted.places, reacted.after), []).append((drive, driven))
        bases = [base for found in alike.values() for base in chance.sample(found, min(_FEW, len(found)))]
        troubled = [one for drive, driven in bases for one in self._with_trouble(drive, driven)]
        if troubles is not None:
            troubled = chance.sample(troubled, min(troubles, len(troubled)))
        yield from (reacted for _, _, reacted in self.react(troubled))

    def _with_trouble(self, drive: Drive, driven: Driven) -> Iterator[Drive]:
        raising = [one for row in self.rows[drive.action] for one in literals(row.condition) if isinstance(one, Raises)]
        for call in driven.calls:
            if call.startswith("driver."):
                told = {name.rpartition(".")[2] for one in raising if one.by == call for name in one.exceptions}
                for error in sorted({ANY, *told} - {"Exception"}):
                    yield replace(drive, troubles=(Trouble(call, error),))


def differences(release: str, seen: Iterable[Reacted]) -> list[Reacted]:
    """What was seen and no reaction of its kind tells of, in order."""
    found = list(seen)
    return [
        different
        for kind in REACTION_KINDS
        for different in unexplained(reactions_of(release, kind), [one for one in found if one.kind == kind])
    ]


def keep_reactions(release: str, share: float, seed: int, folder: Path = FOLDER) -> bool:
    """Keep what is seen beside what is kept; says whether the facts tell of all."""
    kept = read_reactions(release, folder)
    seen = set(kept.reacted) if kept else set()
    with running_nova(release) as nova, standing(nova, []) as stand:
        for number, reacted in enumerate(Reacting(release=release, stand=stand).all(share, seed), 1):
            seen.add(reacted)
            if number % KEPT_EVERY == 0:
                print(f"{number}: {reacted}", file=sys.stderr, flush=True)
                write_reactions(release, SeenReactions(wheel_of(release), frozenset(seen)), folder)
    write_reactions(release, SeenReactions(wheel_of(release), frozenset(seen)), folder)
    different = differences(release, seen)
    for one in different:
        print(f"  not among the facts: {one}")
    borne_out = {row for one in seen for row in seen_doing(reactions_of(release, one.kind), one)}
    everything = sum(len(reactions_of(release, kind)) for kind in REACTION_KINDS)
    print(f"{release}: {len(seen)} seen, {len(borne_out)} of {everything} reactions, {len(different)} differ")
    return not different
