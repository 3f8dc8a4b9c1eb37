"""What Nova does by itself to a server in certain states, indexed by those states, and since which release.

The facts are rows over sets of states, grouped differently in each release; questions are asked of one combination of
vm_state, task_state and power_state, whose answers can be compared across releases.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import product
from operator import itemgetter
from typing import Final, Literal, TypeAlias, TypeGuard

from nova_states.catalog.catalog import Catalog
from nova_states.catalog.equivalence import Era, eras
from nova_states.catalog.release import Release
from nova_states.catalog.version_spans import Run
from nova_states.facts.condition import CodeTest, Condition, LiteralCondition, Raises, literals
from nova_states.facts.model import Evidence, Reaction, ToState
from nova_states.facts.state_set import choose
from nova_states.facts.stored_states import states_of

ReactionKind: TypeAlias = Literal["power_sync", "startup"]
REACTION_KINDS: Final[tuple[ReactionKind, ...]] = ("power_sync", "startup")
"""What decides about servers in reaction to what it finds."""
Combination: TypeAlias = tuple[str, str | None, str]
"""vm_state, task_state, and the power_state the hypervisor reports."""
_Outcome: TypeAlias = tuple[str, ToState, Condition | None]

_PART = 3
"""A condition on more than one in so many combinations is widespread."""
_NOWHERE = Evidence(file="", line=0, function=None)


@dataclass(kw_only=True)
class _Content:
    """What is worked out of one content of rows and states, once for all releases that have it."""

    rows: dict[Combination, tuple[Reaction, ...]]
    """At the lines of the release that was asked first, those that hold for every server left out (`everywhere`)."""
    usual: dict[Combination, Reaction]
    reached: dict[_Outcome, set[Combination]]
    """What comes of it → for which combinations."""
    marked: dict[Combination, tuple[Reaction, ...]] = field(default_factory=dict)
    widespread: dict[Condition, bool] = field(default_factory=dict)


@dataclass(kw_only=True)
class Reactions:
    """The power sync or the start of nova-compute, in all releases the reference speaks of."""

    catalog: Catalog
    kind: ReactionKind
    _runs: dict[tuple[_Outcome, frozenset[Combination]], tuple[Run, ...]] = field(default_factory=dict)
    _usual_runs: dict[tuple[bool, ...], tuple[Run, ...]] = field(default_factory=dict)
    """By the eras that do the same."""
    _contents: dict[Hashable, _Content] = field(default_factory=dict)

    @cached_property
    def eras(self) -> tuple[Era, ...]:
        """Releases that do the same, wherever in the source it stands."""
        return eras(
            self.catalog,
            lambda release: tuple(replace(row, evidence=_NOWHERE) for row in release.facts(self.kind)) or None,
        )

    def usual_at(self, release: Release, combination: Combination) -> Reaction | None:
        """The row of one combination that holds where nothing special is set; perhaps with lines of another release."""
        return self._content(release).usual.get(combination)

    def usual_runs(self, release: Release, combination: Combination) -> tuple[Run, ...]:
        """Releases in which the same effect is usual for a combination as in one; none where nothing is told of it."""
        usual = self.usual_at(release, combination)
        if usual is None:
            return ()
        found = (self.usual_at(era.release, combination) for era in self.eras)
        same = tuple(row is not None and row.effect == usual.effect for row in found)
        if same not in self._usual_runs:
            versions = {
                version for era, is_same in zip(self.eras, same, strict=True) if is_same for version in era.versions
            }
            self._usual_runs[same] = self.catalog.runs_of(versions)
        return self._usual_runs[same]

    def marked_at(self, release: Release, combination: Combination) -> tuple[Reaction, ...]:
        """The rows of one combination that do otherwise than usual on a condition that is not widespread; likewise."""
        content = self._content(release)
        if combination not in content.marked:
            others = special(content.rows.get(combination, ()))
            content.marked[combination] = tuple(row for row in others if not self.is_widespread(release, row))
        return content.marked[combination]

    def everywhere(self, release: Release) -> tuple[Reaction, ...]:
        """The rows that hold on a condition whatever the states are."""
        return tuple(row for row in release.facts(self.kind) if is_general(row))

    def specific(self, release: Release) -> tuple[Reaction, ...]:
        """The rows that look at the states."""
        return tuple(row for row in release.facts(self.kind) if not is_general(row))

    def runs(self, row: Reaction, combinations: Collection[Combination]) -> tuple[Run, ...]:
        """Releases in which a row's effect, end and condition are the same for all these combinations.

        The condition of a row about every server has been worded in several ways and is not compared.
        """
        outcome: _Outcome = (row.effect, row.end, row.condition)
        key = (outcome, frozenset(combinations))
        if key not in self._runs:
            found = {
                version
                for era in self.eras
                if self._holds(era.release, row, outcome, combinations)
                for version in era.versions
            }
            self._runs[key] = self.catalog.runs_of(found)
        return self._runs[key]

    def is_widespread(self, release: Release, row: Reaction) -> bool:
        """Whether a row's condition speaks of so many combinations that it is better outcomes once than in each."""
        if row.condition is None:
            return False
        content = self._content(release)
        if row.condition not in content.widespread:
            alike = (found for (_, _, condition), found in content.reached.items() if condition == row.condition)
            content.widespread[row.condition] = len(set().union(*alike)) * _PART > len(content.rows)
        return content.widespread[row.condition]

    def _holds(self, release: Release, row: Reaction, outcome: _Outcome, combinations: Collection[Combination]) -> bool:
        if is_general(row):
            return any((one.effect, one.end) == outcome[:2] for one in self.everywhere(release))
        return self._content(release).reached.get(outcome, frozenset()).issuperset(combinations)

    def _content(self, release: Release) -> _Content:
        same = self.catalog.content_keys(release.version, (self.kind, "states"))
        # Of what is not stored, a tree that was read now, only its own name tells.
        key: Hashable = release.version if None in same else same
        if key not in self._contents:
            self._contents[key] = self._index(release)
        return self._contents[key]

    def _index(self, release: Release) -> _Content:
        found: dict[Combination, list[Reaction]] = {}
        best: dict[Combination, tuple[int, Reaction]] = {}
        reached: dict[_Outcome, set[Combination]] = {}
        for row in self.specific(release):
            combinations = combinations_of(release, row)
            reached.setdefault((row.effect, row.end, row.condition), set()).update(combinations)
            rank = _rank(row)
            for one in combinations:
                found.setdefault(one, []).append(row)
                if rank is not None and (one not in best or rank < best[one][0]):
                    best[one] = (rank, row)
        return _Content(
            rows={one: tuple(rows) for one, rows in found.items()},
            usual={one: row for one, (_, row) in best.items()},
            reached=reached,
        )


def combinations_of(release: Release, row: Reaction) -> tuple[Combination, ...]:
    """The combinations a row speaks of, in the order of the release's constants."""
    states = states_of(row.start)
    return tuple(
        product(
            choose(release.vm_states, states.vm_state),
            choose((None, *release.task_states), states.task_state),
            choose(release.constants["power_state"], states.power_state),
        )
    )


def is_general(row: Reaction) -> bool:
    """Whether a row is about every server on a condition of its own: another host, an evacuated guest."""
    return row.start.vm_states is None and row.start.power_states is None and row.condition is not None


def is_failure(row: Reaction) -> bool:
    """Whether a row tells what happens when something goes wrong on the way: an error, an answer out of date."""
    first = next(literals(row.condition), None)
    return fails(row.condition) or (_is_second_answer(first) and not first.holds)


def fails(condition: Condition | None) -> bool:
    """Whether a condition is that a call raises."""
    return any(isinstance(one, Raises) and one.by is not None for one in literals(condition))


def _is_second_answer(literal: LiteralCondition | None) -> TypeGuard[CodeTest]:
    """Whether the hypervisor is asked again; where the test does not hold, its first answer was out of date."""
    return isinstance(literal, CodeTest) and literal.about == "second_answer"


def _is_unset(condition: Condition | None) -> bool:
    """Whether a condition is first of all that a flag is not set; that an answer is up to date is taken for granted."""
    first = next((one for one in literals(condition) if not _is_second_answer(one)), None)
    return isinstance(first, CodeTest) and not first.holds and first.opposite is None


def is_usual(row: Reaction) -> bool:
    """Whether a row holds where nothing special is set: always, or while a flag is not set."""
    return row.condition is None or _is_unset(row.condition)


def usual(rows: Iterable[Reaction]) -> Reaction | None:
    """Of the rows of one combination the one that holds where nothing special is set; None where there are none.

    Where only conditions decide, that is the one under which a flag is not set.
    """
    ranked = [(rank, row) for row in rows if (rank := _rank(row)) is not None]
    return min(ranked, key=itemgetter(0))[1] if ranked else None


def _rank(row: Reaction) -> int | None:
    """How far a row is from what holds where nothing special is set; None: it tells of a failure."""
    if row.condition is None:
        return 0
    return None if is_failure(row) else 1 if _is_unset(row.condition) else 2


def special(rows: Iterable[Reaction]) -> tuple[Reaction, ...]:
    """Of the rows of one combination those that do otherwise than usual, on a condition other than a failure."""
    rows = tuple(rows)
    first = usual(rows)
    return tuple(row for row in rows if not is_failure(row) and first is not None and row.effect != first.effect)
