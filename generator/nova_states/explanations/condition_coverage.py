"""Checks that every literal of any release has its words, and that no words are left of what no release has."""

from __future__ import annotations

from collections.abc import Iterator

from nova_states.catalog.catalog import Catalog
from nova_states.explanations.condition_words import FOLDER, ConditionWords, Entry, atom_of
from nova_states.explanations.microversion_words import microversion_clause
from nova_states.facts.condition import AllOf, AnyOf, CodeTest, Condition, LiteralCondition, to_text
from nova_states.facts.model import KINDS, Fact, Refusal

TOLD_IN_WORDS = tuple(kind for kind in KINDS if kind != "refusals")
"""Kinds whose conditions are put into words for every release; refusals are told of some releases only."""
_FIELDS = ("condition", "when")
"""Fields of facts that hold a condition."""


def find_condition_problems(catalog: Catalog, words: ConditionWords) -> Iterator[str]:
    """Each literal without words, with a fact that has it, and each literal of an entry that no fact has."""
    used: set[tuple[int, LiteralCondition, str]] = set()
    numbers = {id(entry): number for number, entry in enumerate(words.entries)}
    for (literal, place), (kind, row) in _needed(catalog).items():
        for part in words.parts(literal, place):
            entry = words.entry(part, place)
            holds = not isinstance(part, CodeTest) or part.holds
            if entry is None and microversion_clause(part, holds=holds) is not None:
                continue
            if entry is None or (entry.fails is None and not holds):
                where = f"“{to_text(part)}” ({kind} of {place}, {_version_of(catalog, kind, row)})"
                yield f"docs/explanations/{FOLDER}: no words for {where}; write them in Korean and English"
            else:
                used.add((numbers[id(entry)], atom_of(part), place))
    for number, entry in enumerate(words.entries):
        yield from _unused(entry, {(atom, place) for one, atom, place in used if one == number})


def _unused(entry: Entry, used: set[tuple[LiteralCondition, str]]) -> Iterator[str]:
    for atom in entry.atoms:
        if atom not in {one for one, _ in used}:
            yield f"{entry.where}: no release has “{to_text(atom)}” where this entry says what it means; remove it"
    for place in entry.only:
        if place not in {one for _, one in used}:
            yield f"{entry.where}: “{to_text(entry.atoms[0])}” is in no release for {place}; remove it from `only`"


def place_of(fact: Fact, kind: str) -> str:
    """Where a fact's condition stands: its action, or the kind of facts that belong to no action.

    What the REST layer refuses by itself is a place of its own: its variables have names that mean another thing below.
    """
    action = getattr(fact, "action", None)
    if isinstance(fact, Refusal):
        return f"refusal:{fact.action}"
    return action if isinstance(action, str) else kind


def _needed(catalog: Catalog) -> dict[tuple[LiteralCondition, str], tuple[str, str]]:
    """Each literal in each place, as it is said → kind and row of a fact that has it, or its newest version."""
    needed: dict[tuple[LiteralCondition, str], tuple[str, str]] = {}
    said: dict[Condition, tuple[LiteralCondition, ...]] = {}
    for kind in TOLD_IN_WORDS:
        for row, fact in catalog.snapshots.rows(kind).items():
            for name in _FIELDS:
                condition = getattr(fact, name, None)
                if condition is None:
                    continue
                if condition not in said:
                    said[condition] = tuple(_said(condition, denied=False))
                for literal in said[condition]:
                    needed.setdefault((literal, place_of(fact, kind)), (kind, row))
    for version, refusal in _told_refusals(catalog):
        for literal in _said(refusal.when, denied=False) if refusal.when is not None else ():
            needed.setdefault((literal, place_of(refusal, "refusals")), ("refusals", version))
    return needed


def _told_refusals(catalog: Catalog) -> Iterator[tuple[str, Refusal]]:
    """The refusals of all releases: the page of an action tells those of any that is looked at."""
    for version in reversed(catalog.versions):
        yield from ((version, refusal) for refusal in catalog.bare_facts("refusals", version))


def _said(condition: Condition, *, denied: bool) -> Iterator[LiteralCondition]:
    """The literals of a condition as they are said: tests of denied alternatives turned round."""
    match condition:
        case AllOf(conditions=members):
            for one in members:
                yield from _said(one, denied=denied)
        case AnyOf(conditions=members, holds=holds):
            for one in members:
                yield from _said(one, denied=denied is holds)
        case CodeTest(text=text, holds=holds):
            yield CodeTest(text=text, holds=holds is not denied)
        case _:
            yield condition


def _version_of(catalog: Catalog, kind: str, row: str) -> str:
    """The newest version that has a row; a version stands for itself."""
    if row in catalog.snapshots.versions:
        return row
    for version in reversed(catalog.all_versions):
        if kind in catalog.snapshots.versions[version].documents:
            rows = catalog.snapshots.document(kind, version).rows
            if any(one == row for one, _ in rows):
                return version
    return "no version"
