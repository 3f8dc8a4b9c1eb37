"""From the ways through a check to the guards that say the same: lists of states that are allowed or refused.

All ways together make a table: for each combination of states, and for each outcome of the conditions on the way,
whether the action goes on. What is refused whatever the conditions is told without them; the rest is told with
`when`. A table that is no product of lists is told as its widest lists and narrower ones for the vm_states that have
them.
"""

from __future__ import annotations

import ast
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from nova_states.facts.model import States
from nova_states.introspection.constant_evaluator import UnreadableError
from nova_states.introspection.modules import Module
from nova_states.introspection.symbols import FIELDS, LAUNCHED, OTHER, Condition, Field, Values, Way, excludes

_MOST_CONDITIONS = 6

Cell = tuple[str | None, str | None, str | None]
"""A vm_state, a task_state and whether there is a launched_at; one for all that are treated alike."""


@dataclass(frozen=True, kw_only=True, slots=True)
class GuardLists:
    """A guard without its action."""

    mode: Literal["allow", "reject"] = "allow"
    vm_states: States = None
    task_states: States = None
    must_have_launched: bool = False
    when: str | None = None


def guard_lists(
    ways: Sequence[Way],
    passes: Callable[[object], bool],
    universe: Mapping[Field, Values],
    module: Module,
    node: ast.AST,
) -> list[GuardLists]:
    """The guards that refuse what the ways refuse; none where they refuse nothing for its state.

    Raises:
        UnreadableError: more conditions take part than can be told apart.
    """
    conditions = {c.text: c for way in ways for c in way.conditions}
    if len(conditions) > _MOST_CONDITIONS:
        raise UnreadableError(module, node, "more conditions decide than can be told apart")
    alike = _Alike(ways, universe)
    tables: dict[tuple[bool, ...], frozenset[Cell]] = {}
    for outcome in itertools.product((True, False), repeat=len(conditions)):
        given = dict(zip(conditions, outcome, strict=True))
        true = [condition.test for condition in conditions.values() if given[condition.text]]
        if any(excludes(one, other) for one, other in itertools.combinations(true, 2)):
            continue
        table = frozenset(cell for cell in alike.cells if _goes_on(ways, cell, given, passes))
        if table:
            tables[outcome] = table
    if not tables:
        return [GuardLists(vm_states=())]
    everything = frozenset(alike.cells)
    widest = frozenset().union(*tables.values())
    found = always = list(_told(widest, everything, alike))
    for table in dict.fromkeys(tables.values()):
        if table != widest:
            when = _when([o for o, t in tables.items() if t == table], list(tables), list(conditions.values()))
            found = [*found, *(_with(_beyond(one, always), when) for one in _told(table, everything, alike))]
    return list(
        dict.fromkeys(one for one in found if one.when is None or _beyond(one, []) != GuardLists(when=one.when))
    )


def _beyond(one: GuardLists, always: Sequence[GuardLists]) -> GuardLists:
    """What a guard refuses that others do not refuse anyway, as far as its lists show it."""
    for other in always:
        if other.mode == one.mode and other.when is None:
            one = replace(
                one,
                vm_states=None if one.vm_states == other.vm_states else one.vm_states,
                task_states=None if one.task_states == other.task_states else one.task_states,
                must_have_launched=one.must_have_launched and not other.must_have_launched,
            )
    return one


def _goes_on(ways: Sequence[Way], cell: Cell, given: Mapping[str, bool], passes: Callable[[object], bool]) -> bool:
    """Whether a server in these states gets on, the conditions turning out as given."""
    for way in ways:
        fits = all(value in way.states[name] for name, value in zip(FIELDS, cell, strict=True))
        if fits and all(given[condition.text] == condition.holds for condition in way.conditions):
            return passes(way.end)
    return False  # no way is like this: conditions that exclude each other


def allowed_in_words(
    ways: Sequence[Way],
    passes: Callable[[object], bool],
    universe: Mapping[Field, Values],
    module: Module,
    node: ast.AST,
) -> str:
    """The states that pass as one condition.

    Raises:
        UnreadableError: it takes more than that to tell them.
    """
    lists = guard_lists(ways, passes, universe, module, node)
    if not lists or any(one.when or one.must_have_launched for one in lists):
        raise UnreadableError(module, node, "takes more than one condition to tell")
    parts = []
    for one in lists:
        for name, states in (("vm_state", one.vm_states), ("task_state", one.task_states)):
            if states is not None:
                words = ", ".join(repr(state) for state in states)
                parts.append(f"{name} {'in' if one.mode == 'allow' else 'not in'} ({words}{',' * (len(states) == 1)})")
    return " and ".join(parts)


class _Alike:
    """Groups the states that all ways treat alike, one standing for its group."""

    def __init__(self, ways: Sequence[Way], universe: Mapping[Field, Values]) -> None:
        self.groups: dict[Field, dict[str | None, Values]] = {}
        for name in FIELDS:
            by_ways: dict[tuple[bool, ...], set[str | None]] = {}
            for value in universe[name]:
                by_ways.setdefault(tuple(value in way.states[name] for way in ways), set()).add(value)
            self.groups[name] = {min(group, key=_order): frozenset(group) for group in by_ways.values()}
        self.cells: list[Cell] = list(
            itertools.product(*(sorted(self.groups[name], key=_order) for name in FIELDS))  # type: ignore[arg-type]  # three
        )

    def all_of(self, name: Field, values: Iterable[str | None]) -> Values:
        """The members of the groups that values stand for."""
        return frozenset[str | None]().union(*(self.groups[name][value] for value in values))


def _order(value: str | None) -> tuple[bool, bool, str]:
    """None first, the state of another release last."""
    return (value is not None, value == OTHER, value or "")


def _told(  # noqa: C901 - the three dimensions of a table
    table: frozenset[Cell], everything: frozenset[Cell], alike: _Alike
) -> Iterator[GuardLists]:
    """Guards that let in exactly the cells of a table."""
    if table == everything:
        return
    sides = [{cell[place] for cell in table} for place in range(len(FIELDS))]
    widest = list(_lists(sides, alike))
    yield from widest
    if len(table) == len(sides[0]) * len(sides[1]) * len(sides[2]):
        return
    for place in (0, 1):
        slices: dict[frozenset[Cell], list[str | None]] = {}
        for value in sorted(sides[place], key=_order):
            within = frozenset(_without(cell, place) for cell in table if cell[place] == value)
            slices.setdefault(within, []).append(value)
        if len(slices) > 1:
            break
    for within, values in slices.items():
        when = _is_one_of(FIELDS[place], alike.all_of(FIELDS[place], values), alike)
        inner = [{cell[other] for cell in within} for other in range(len(FIELDS))]
        inner[place] = set(alike.groups[FIELDS[place]])
        for one in (_beyond(one, widest) for one in _lists(inner, alike)):
            if one != GuardLists(mode=one.mode):
                yield _with(one, when)
        if len(within) != len(inner[1 - place]) * len(inner[2]) and place == 0:
            for task in sorted(inner[1], key=_order):
                if {cell[2] for cell in within if cell[1] == task} == {LAUNCHED} != inner[2]:
                    also = _is_one_of("task_state", alike.all_of("task_state", [task]), alike)
                    yield GuardLists(must_have_launched=True, when=f"{when} and {also}")


def _without(cell: Cell, place: int) -> Cell:
    """A cell without one of its states."""
    vm_state, task_state, launched = (None if at == place else value for at, value in enumerate(cell))
    return vm_state, task_state, launched


def _is_one_of(name: Field, values: Values, alike: _Alike) -> str:
    """A condition on a state in words of Python."""
    negated = OTHER in values
    listed = alike.all_of(name, alike.groups[name]) - values if negated else values
    words = ", ".join(repr(value) for value in sorted(listed, key=_order))
    return f"instance.{name} {'not in' if negated else 'in'} ({words}{',' if len(listed) == 1 else ''})"


def _lists(sides: Sequence[set[str | None]], alike: _Alike) -> Iterator[GuardLists]:
    """The lists that let in a product of states."""
    modes: dict[str, tuple[Literal["allow", "reject"], States]] = {}
    for name, side in zip(FIELDS[:2], sides[:2], strict=True):
        values, every = alike.all_of(name, side), alike.all_of(name, alike.groups[name])
        if values != every:
            is_denying = OTHER in values
            listed = tuple(sorted(every - values if is_denying else values, key=_order))
            modes[name] = ("reject" if is_denying else "allow", listed)
    launched = sides[2] == {LAUNCHED} and alike.all_of("launched_at", alike.groups["launched_at"]) != {LAUNCHED}
    denied = {name: states for name, (mode, states) in modes.items() if mode == "reject"}
    allowed = {name: states for name, (mode, states) in modes.items() if mode == "allow"}
    if allowed or launched:
        yield GuardLists(
            vm_states=allowed.get("vm_state"), task_states=allowed.get("task_state"), must_have_launched=launched
        )
    if denied:
        yield GuardLists(mode="reject", vm_states=denied.get("vm_state"), task_states=denied.get("task_state"))


def _with(one: GuardLists, when: str) -> GuardLists:
    return replace(one, when=f"{when} and {one.when}" if one.when and when else when or one.when)


def _when(wanted: list[tuple[bool, ...]], possible: list[tuple[bool, ...]], conditions: list[Condition]) -> str:
    """The conditions under which a table holds, in words: what all its outcomes share, where that tells it."""
    shared = [(place, wanted[0][place]) for place in range(len(conditions)) if len({one[place] for one in wanted}) == 1]
    if {one for one in possible if all(one[place] == holds for place, holds in shared)} == set(wanted):
        needed = list(shared)
        for part in shared:
            fewer = [other for other in needed if other != part]
            if {one for one in possible if all(one[place] == holds for place, holds in fewer)} == set(wanted):
                needed = fewer
        return " and ".join(_worded(conditions[place], holds=holds) for place, holds in needed)
    others = [one for one in possible if one not in wanted]
    agreed = [(p, others[0][p]) for p in range(len(conditions)) if len({one[p] for one in others}) == 1]
    if agreed and [one for one in possible if all(one[place] == holds for place, holds in agreed)] == others:
        return f"not ({' and '.join(_worded(conditions[place], holds=holds) for place, holds in agreed)})"
    sides = [" and ".join(_worded(c, holds=h) for c, h in zip(conditions, one, strict=True)) for one in wanted]
    return " or ".join(f"({side})" for side in sides)


def _worded(condition: Condition, *, holds: bool) -> str:
    return replace(condition, holds=holds).words()
