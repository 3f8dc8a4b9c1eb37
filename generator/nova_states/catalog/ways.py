"""Steps and reactions by what they do: in which states and on which conditions each is taken, and what of that changed.

A way is what is done, in words of the facts, whatever leads to it. Facts tell it in rows, which are cut anew whenever
Nova's code is; so ways are compared by their cases, each a start and the clauses that have to hold together: a case
that another covers is no change, and of one that came only the clauses are told that no case had before.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from typing import Any, Final, TypeAlias

from nova_states.catalog.serialisation import ANY
from nova_states.facts.codec import canonical
from nova_states.facts.condition import (
    ELIDED,
    AllOf,
    AnyOf,
    CodeTest,
    Condition,
    LiteralCondition,
    Raises,
    negated,
    to_text,
)
from nova_states.facts.condition_codec import condition_from_plain

Clause: TypeAlias = Mapping[str, Any]
"""What a literal says, by language: how it is said where another clause follows, and at the end of a condition."""
Say: TypeAlias = Callable[[LiteralCondition, str, bool], tuple[Clause, ...]]
"""A literal, the place that its words depend on, and whether it is denied → the clauses of which one holds."""
Start: TypeAlias = Mapping[str, Any]
"""Field of a row's start ("vm_states") → a list of states, or `*`; nothing for what begins with the server itself."""
Conditions: TypeAlias = list[tuple[str, ...]]
"""Conditions of which each is enough, as sorted keys of clauses that have to hold together."""
Told: TypeAlias = tuple[str, dict[str, Any]]
"""Which words say a change, and what is filled into them."""

_MEANT: Final = ("progress", "success")
"""Outcomes of what an action is for."""
_SAYS_NOTHING: Final = (ELIDED, Raises(exceptions=()), Raises(exceptions=("Exception",)))
FIELDS: Final = ("vm_states", "task_states", "power_states")


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """One start and what has to hold together, in which a way is taken."""

    start: Start
    clauses: frozenset[str]
    """By `clause_key`; none: it is taken always."""


def way_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """What is done, in words of the facts, whatever leads to it."""
    return {key: row[key] for key in ("actor", "outcome", "effect", "to") if key in row}


def clause_key(clause: Clause) -> str:
    """What tells a clause from others; clauses in the order of their keys are in the order in which they are told."""
    return canonical([clause["en"][-1], clause["ko"][-1]])


def said_as_code(literal: LiteralCondition, _place: str, denied: bool) -> tuple[Clause, ...]:  # noqa: FBT001 - a `Say`
    """A literal that nobody has worded, by its code: a fork's own test."""
    turned = negated(literal) if denied and isinstance(literal, CodeTest) else literal
    code = f"`{to_text(turned)}`"
    return ({"en": [f"{code} holds"] * 2, "ko": [f"{code}에 해당하고", f"{code}에 해당하면"]},)


@dataclass(kw_only=True)
class Cases:
    """Puts rows into cases, and remembers what their clauses say."""

    say: Say
    known: dict[str, Clause] = field(default_factory=dict)
    """Key → clause, of all that was asked for."""
    opposite: dict[str, set[str]] = field(default_factory=dict)
    """Key of what a test says → keys of its contrary."""

    @cached_property
    def untold(self) -> AbstractSet[str]:
        """Keys of clauses that say nothing of their own: that there are more, that there is an error."""
        return {self._key(clause) for literal in _SAYS_NOTHING for clause in self.say(literal, "", False)}  # noqa: FBT003 - a `Say`

    def of(self, row: Mapping[str, Any], kind: str) -> tuple[Case, ...]:
        """The cases of a row as `facts --format json` prints it."""
        start = {name: row["from"][name] for name in FIELDS if name in row["from"]} if row["from"] else {}
        found = self.enough(row["condition_tree"], row.get("action", kind))
        return tuple(Case(start=start, clauses=frozenset(clauses)) for clauses in found)

    def enough(self, tree: Any, place: str) -> Conditions:  # noqa: ANN401 - JSON
        """What is enough for a condition, in the order in which it is told; None is always enough."""
        if tree is None:
            return [()]
        return sorted(tuple(sorted(one)) for one in self._together(condition_from_plain(tree), place, denied=False))

    def told(self, conditions: Conditions) -> list[list[Clause]]:
        """Conditions by what their clauses say."""
        return [[self.known[key] for key in group] for group in conditions]

    def _together(self, condition: Condition, place: str, *, denied: bool) -> list[frozenset[str]]:
        """What has to hold together, one by one of what is enough."""
        match condition:
            case AllOf(conditions=members):
                return _joined([self._together(one, place, denied=denied) for one in members], all_of_them=not denied)
            case AnyOf(conditions=members, holds=holds):
                inner = denied is holds
                return _joined([self._together(one, place, denied=inner) for one in members], all_of_them=inner)
        keys = [self._key(clause) for clause in self.say(condition, place, denied)]
        if isinstance(condition, CodeTest):
            contrary = {self._key(clause) for clause in self.say(condition, place, not denied)}
            self.opposite.setdefault(keys[0], set()).update(contrary)
        return _joined([[frozenset({key})] for key in keys], all_of_them=denied)

    def _key(self, clause: Clause) -> str:
        key = clause_key(clause)
        self.known.setdefault(key, clause)
        return key


def _joined(parts: Sequence[list[frozenset[str]]], *, all_of_them: bool) -> list[frozenset[str]]:
    found = (
        [frozenset().union(*some) for some in product(*parts)]
        if all_of_them
        else [one for part in parts for one in part]
    )
    return list(dict.fromkeys(found))


def way_changes(
    before: Iterable[Mapping[str, Any]], after: Iterable[Mapping[str, Any]], kind: str, cases: Cases
) -> Iterator[Told]:
    """What changed between the rows that two releases have under one name: ways that went and came, then the rest."""
    old, new = (_by_way(rows, kind, cases) for rows in (before, after))
    told: list[Told] = []
    for word, ways, others in (("way_gone", old, new), ("way_new", new, old)):
        told += [(word, {"row": ways[key].way}) for key in sorted(ways.keys() - others.keys())]
    for key in sorted(old.keys() & new.keys()):
        # Rows of failures start wherever something may fail; of reactions is told which is usual in which states.
        if new[key].way.get("outcome") in _MEANT:
            told += [
                (word, {"row": new[key].way, **values}) for word, values in _starts(old[key].cases, new[key].cases)
            ]
    for words, one, other in ((("when_new", "only_new"), new, old), (("when_gone", "only_gone"), old, new)):
        for word, groups in zip(words, _came(one, other, cases), strict=True):
            for label, clauses in _labelled(groups, cases.opposite):
                told.append((word, {"row": label, "when": cases.told(clauses)}))
    yield from told
    if not told:
        yield "conditions", {}


@dataclass(kw_only=True, slots=True)
class _Way:
    way: dict[str, Any]
    cases: list[Case]


def _by_way(rows: Iterable[Mapping[str, Any]], kind: str, cases: Cases) -> dict[str, _Way]:
    found: dict[str, _Way] = {}
    for row in rows:
        way = way_of(row)
        found.setdefault(canonical(way), _Way(way=way, cases=[])).cases.extend(cases.of(row, kind))
    return found


def _starts(old: list[Case], new: list[Case]) -> Iterator[Told]:
    """States that a way starts from as well, or no longer; where it started from any, those it is bound to now."""
    for name in FIELDS:
        before, after = (_states(cases, name) for cases in (old, new))
        if before is None or after is None or before == after:
            continue
        if ANY in (before, after):
            yield "starts_only" if before == ANY else "starts_any", {"field": name.removesuffix("s"), "states": after}
            continue
        for word, one, other in (("starts_new", after, before), ("starts_gone", before, after)):
            if states := [state for state in one if state not in other]:
                yield word, {"field": name.removesuffix("s"), "states": states}


def _states(cases: list[Case], field: str) -> list[Any] | str | None:
    """All states of a field that cases start from; None where they start with no server."""
    found = [case.start[field] for case in cases if field in case.start]
    if not found:
        return None
    return ANY if ANY in found else sorted({state for states in found for state in states}, key=str)


_Groups: TypeAlias = dict[str, set[tuple[str, ...]]]
"""What is told together, as canonical JSON → its conditions."""


def _came(new: Mapping[str, _Way], old: Mapping[str, _Way], cases: Cases) -> tuple[_Groups, _Groups]:
    """Clauses that no case of the other side has: on which something is done as well; and what it is bound to besides.

    A clause binds where every case of a start has it, and the other side has cases of that start without. Steps are
    told by their outcome, reactions each.
    """
    had = cases.untold | {key for way in old.values() for case in way.cases for key in case.clauses}
    alone: _Groups = {}
    bound: _Groups = {}
    for key, way in new.items():
        label = canonical({"outcome": [way.way["outcome"]]} if "outcome" in way.way else way.way)
        others = old[key].cases if key in old else []
        for case in way.cases:
            has_start = any(one.start == case.start for one in others)
            required = frozenset.intersection(*(one.clauses for one in way.cases if one.start == case.start))
            binding = required.difference(had) if has_start else frozenset()
            if binding:
                bound.setdefault(label, set()).add(tuple(sorted(binding)))
            if any(one.clauses <= case.clauses and _within(case.start, one.start) for one in others):
                continue
            if left := case.clauses - had - binding:
                alone.setdefault(label, set()).add(tuple(sorted(left)))
    for label, groups in bound.items():
        # What is told to be enough in one state, or its contrary, is not told to be needed in another.
        enough = {key for group in alone.get(label, ()) for key in group}
        enough |= {other for key in enough for other in cases.opposite.get(key, ())}
        groups -= {group for group in groups if enough.intersection(group)}
    return alone, bound


def _labelled(found: _Groups, opposite: Mapping[str, AbstractSet[str]]) -> Iterator[tuple[dict[str, Any], Conditions]]:
    """What is told together, with its conditions, without those that another one says; outcomes told alike together."""
    alike: dict[tuple[tuple[str, ...], ...], list[dict[str, Any]]] = {}
    for label, groups in sorted(found.items()):
        least = [group for group in sorted(groups) if not any(set(one) < set(group) for one in groups)]
        # A test and its contrary: it need not be told which.
        single = {group[0] for group in groups if len(group) == 1}
        told = tuple(one for one in least if len(one) > 1 or single.isdisjoint(opposite.get(one[0], ())))
        if told:
            alike.setdefault(told, []).append(json.loads(label))
    for conditions, labels in alike.items():
        if "effect" in labels[0]:
            yield from ((label, list(conditions)) for label in labels)
        else:
            yield {"outcome": [outcome for label in labels for outcome in label["outcome"]]}, list(conditions)


def _within(start: Start, other: Start) -> bool:
    """Whether every state of a start is one of another's."""
    if start.keys() != other.keys():
        return False
    return all(
        other[field] == ANY or (start[field] != ANY and set(start[field]) <= set(other[field])) for field in start
    )
