"""What Nova does by itself in one release and not in the one before: which effect in which states, in words."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from itertools import product

from nova_states.catalog.reactions import ReactionKind
from nova_states.catalog.release import Release
from nova_states.facts.condition import AnyOf, CodeTest, Condition, literals
from nova_states.facts.model import StateKind
from nova_states.facts.state_set import StateSet, minimise, ordered
from nova_states.pages.writer import Writer

_KINDS: tuple[StateKind, ...] = ("vm_state", "task_state", "power_state")
_MANY = 6
"""States, or causes, beyond which they are counted."""


def reaction_changes(page: Writer, kind: ReactionKind, before: Release, after: Release) -> Iterator[str]:
    """What is usually done otherwise, then on what other conditions something is done; nothing where rows are cut anew.

    A cause that is read no more is not told as gone: code that moves to where it is not read leaves the same behind.
    """
    yield from _usual(page, kind, before, after)
    known = _causes(before, kind)
    for effect, found in _causes(after, kind).items():
        told = [page.said(one, kind) for one in _unknown(page, kind, found, known.get(effect, []))]
        if told:
            shown = {"effect": page.words(f"effect_{effect}"), "causes": "; ".join(_some(page, told))}
            yield page.words("notice_reaction_new", **shown)


def _usual(page: Writer, kind: ReactionKind, before: Release, after: Release) -> Iterator[str]:
    """Effects that are others where nothing special is set, each change with its states."""
    reactions = page.queries.reactions(kind)
    groups: dict[tuple[str, str], list[StateSet]] = {}
    for combination in product(after.vm_states, (None, *after.task_states), after.constants["power_state"]):
        rows = [reactions.usual_at(release, combination) for release in (before, after)]
        if rows[0] is None or rows[1] is None or rows[0].effect == rows[1].effect:
            continue
        vm_state, task_state, power_state = (frozenset({state}) for state in combination)
        states = StateSet(vm_state=vm_state, task_state=task_state, power_state=power_state)
        groups.setdefault((rows[0].effect, rows[1].effect), []).append(states)
    for (old, new), sets in groups.items():
        words = {"before": page.words(f"effect_{old}"), "after": page.words(f"effect_{new}")}
        for states in minimise(sets):
            shown = ", ".join(_of_kind(page, one, states, after) for one in _KINDS)
            yield page.words("notice_reaction", states=shown, **words)


def _of_kind(page: Writer, kind: StateKind, states: StateSet, release: Release) -> str:
    everything: frozenset[str | None] = {
        "vm_state": frozenset(release.vm_states),
        "task_state": frozenset((None, *release.task_states)),
        "power_state": frozenset(release.constants["power_state"]),
    }[kind]
    found = states.of(kind)
    if found is None or found.issuperset(everything):
        return f"{kind} {page.words('any')}"
    names = [page.words("no_task") if name is None else f"`{name}`" for name in ordered(found)]
    return f"{kind} {' '.join(_some(page, names))}"


def _causes(release: Release, kind: ReactionKind) -> dict[str, list[Condition]]:
    """Effect → the causes of which each is enough."""
    found: dict[str, list[Condition]] = {}
    for row in release.bare(kind):
        condition = row.condition
        if condition is not None:
            is_choice = isinstance(condition, AnyOf) and condition.holds
            found.setdefault(row.effect, []).extend(condition.conditions if is_choice else (condition,))
    return found


def _unknown(
    page: Writer, kind: ReactionKind, causes: Iterable[Condition], others: Iterable[Condition]
) -> Iterator[Condition]:
    """Causes that say something that no other says; of several that say the same of it the shortest.

    One that only says in another way what others say is no change.
    """
    known = {clause for other in others for clause in _clauses(page, kind, other)}
    told: set[frozenset[Hashable]] = set()
    for cause in sorted(causes, key=lambda one: len(tuple(literals(one)))):
        unknown = frozenset(_clauses(page, kind, cause)) - known
        if unknown and unknown not in told:
            told.add(unknown)
            yield cause


def _clauses(page: Writer, kind: ReactionKind, cause: Condition) -> Iterator[Hashable]:
    """What the literals of a cause say, however the code writes them."""
    words = page.explanations.conditions
    for literal in literals(cause):
        for part in words.parts(literal, kind):
            entry, holds = words.entry(part, kind), not isinstance(part, CodeTest) or part.holds
            text = None if entry is None else entry.holds if holds else entry.fails
            yield text or (part, holds)


def _some(page: Writer, texts: list[str]) -> list[str]:
    if len(texts) <= _MANY:
        return texts
    return [*texts[: _MANY - 1], page.words("and_more", count=len(texts) - _MANY + 1)]
