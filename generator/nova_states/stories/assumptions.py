"""What is assumed while a way is looked for: all is as usual, but for a cause.

A condition then holds, or does not, or leaves it to literals of which neither side is out of the ordinary. Several rows
that lead to the same end are taken whatever those are, if together they leave none out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from typing import TypeAlias

from nova_states.explanations.condition_words import ConditionWords, atom_of
from nova_states.facts.condition import AllOf, AnyOf, CodeTest, Condition, LiteralCondition, literals

Cause: TypeAlias = frozenset[tuple[LiteralCondition, bool]]
"""Literals as `atom_of` gives them, each with whether it holds."""

_MOST_OPEN = 6
"""Literals of either side beyond which rows are not compared: 2 to this power are looked at."""


class Assumption:
    """The ordinary world of an action, changed by a cause.

    Answers are kept, as the same conditions are asked about on every way; conditions live as long as the facts.
    """

    def __init__(self, words: ConditionWords, place: str) -> None:
        self.words = words
        self.place = place
        self.cause: Cause = frozenset()
        self._base: Assumption = self
        self._sides: dict[LiteralCondition, bool] = {}
        self._usual: dict[int, tuple[LiteralCondition, LiteralCondition, bool | None]] = {}
        self._atoms: dict[int, tuple[Condition, frozenset[LiteralCondition]]] = {}
        self._answers: dict[tuple[int, ...], tuple[object, bool]] = {}

    def with_cause(self, cause: Cause) -> Assumption:
        """The same world with this cause instead."""
        changed = Assumption(self.words, self.place)
        changed.cause = cause
        changed._base = self._base
        changed._sides = dict(cause)
        changed._usual = self._usual
        changed._atoms = self._atoms
        return changed

    def side(self, literal: LiteralCondition) -> bool | None:
        """Whether a literal's atom holds; None where it may or may not."""
        _, atom, usual = self._known(literal)
        return self._sides.get(atom, usual)

    def _known(self, literal: LiteralCondition) -> tuple[LiteralCondition, LiteralCondition, bool | None]:
        """A literal, its atom and the side it has by itself."""
        known = self._usual.get(id(literal))
        if known is None:
            known = self._usual[id(literal)] = (literal, atom_of(literal), self._usual_side(literal))
        return known

    def _usual_side(self, literal: LiteralCondition) -> bool | None:
        found = [self.words.entry(part, self.place) for part in self.words.parts(literal, self.place)]
        sides = {None if entry is None else entry.ordinary for entry in found}
        if True in sides:
            return True
        # What is no test of the code happens or does not: an error, another driver. It does not by itself.
        return False if False in sides or not isinstance(literal, CodeTest) else None

    def holds(self, condition: Condition | None, chosen: Mapping[LiteralCondition, bool]) -> bool:
        """Whether a condition holds once the open literals are chosen."""
        match condition:
            case None:
                return True
            case AllOf(conditions=members):
                return all(self.holds(one, chosen) for one in members)
            case AnyOf(conditions=members, holds=holds):
                return any(self.holds(one, chosen) for one in members) is holds
        side = self.side(condition)
        side = chosen[self._known(condition)[1]] if side is None else side
        return side if not isinstance(condition, CodeTest) else side is condition.holds

    def always(self, conditions: Iterable[Condition | None]) -> bool:
        """Whether one of the conditions holds whatever the open literals are."""
        several = tuple(conditions)
        if self is not self._base and not any(self.needs_cause(one) for one in several):
            return self._base.always(several)
        key = tuple(map(id, several))
        if key not in self._answers:
            self._answers[key] = (several, self._always(several))
        return self._answers[key][1]

    def _always(self, conditions: tuple[Condition | None, ...]) -> bool:
        several = list(dict.fromkeys(conditions))
        atoms = list(dict.fromkeys(self._open(several)))
        if len(atoms) > _MOST_OPEN:
            return False
        return all(
            any(self.holds(one, dict(zip(atoms, sides, strict=True))) for one in several)
            for sides in product((True, False), repeat=len(atoms))
        )

    def _open(self, conditions: Iterable[Condition | None]) -> Iterator[LiteralCondition]:
        for condition in conditions:
            for one in literals(condition):
                if self.side(one) is None:
                    yield self._known(one)[1]

    def needs_cause(self, condition: Condition | None) -> bool:
        """Whether a condition says something of the cause."""
        if condition is None or not self._sides:
            return False
        known = self._atoms.get(id(condition))
        if known is None:
            atoms = frozenset(self._known(one)[1] for one in literals(condition))
            known = self._atoms[id(condition)] = (condition, atoms)
        return not self._sides.keys().isdisjoint(known[1])

    def causes_in(self, condition: Condition | None) -> Iterator[Cause]:
        """What would have to be out of the ordinary, or chosen, for a condition to hold; each way by itself."""
        for combination in _alternatives(condition):
            sides = {atom_of(one): holds for one, holds in combination}
            consistent = all(sides[atom_of(one)] is holds for one, holds in combination)
            cause = frozenset((atom, holds) for atom, holds in sides.items() if self.side(atom) is not holds)
            if consistent:
                yield cause


def _alternatives(condition: Condition | None) -> list[tuple[tuple[LiteralCondition, bool], ...]]:
    """A condition as alternatives of literals that hold together, each with its side."""
    match condition:
        case None:
            return [()]
        case AllOf(conditions=members):
            return [tuple(one for part in parts for one in part) for parts in product(*map(_alternatives, members))]
        case AnyOf(conditions=members, holds=True):
            return [one for member in members for one in _alternatives(member)]
        case AnyOf(conditions=members):
            denied = [[(one, not holds)] for member in members for part in _alternatives(member) for one, holds in part]
            return [tuple(one for part in denied for one in part)]
    return [((condition, condition.holds if isinstance(condition, CodeTest) else True),)]
