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

from nova_states.facts.condition import ELIDED, AnyOf, CodeTest, Condition, all_of, any_of
from nova_states.facts.model import States
from nova_states.introspection.code_tests import code_test
from nova_states.introspection.constant_evaluator import UnreadableError
from nova_states.introspection.modules import Module
from nova_states.introspection.symbols import FIELDS, LAUNCHED, OTHER, Field, OpenTest, Values, Way, excludes

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
    when: Condition | None = None


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
    found = always = list(_as_lists(widest, everything, alike))
    for table in dict.fromkeys(tables.values()):
        if table != widest:
            when = _when([o for o, t in tables.items() if t == table], list(tables), list(conditions.values()))
            found = [*found, *(_with(_beyond(one, always), when) for one in _as_lists(table, everything, alike))]
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


def allowed(
    ways: Sequence[Way],
    passes: Callable[[object], bool],
    universe: Mapping[Field, Values],
    module: Module,
    node: ast.AST,
) -> CodeTest:
    """The states that pass as one test of `vm_state` and `task_state`.

    Raises:
        UnreadableError: it takes more than that to tell them.
    """
    lists = guard_lists(ways, passes, universe, module, node)
    if not lists or any(one.when or one.must_have_launched for one in lists):
        raise UnreadableError(module, node, "takes more than one condition to tell")
    parts: list[ast.expr] = []
    for one in lists:
        for name, states in (("vm_state", one.vm_states), ("task_state", one.task_states)):
            if states is not None:
                test = _membership(name, states)
                parts.append(test if one.mode == "allow" else ast.UnaryOp(op=ast.Not(), operand=test))
    return code_test(parts[0] if len(parts) == 1 else ast.BoolOp(op=ast.And(), values=parts))


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


def _as_lists(
    table: frozenset[Cell], everything: frozenset[Cell], alike: _Alike, places: tuple[int, ...] = (0, 1)
) -> Iterator[GuardLists]:
    """Guards that let in exactly the cells of a table."""
    if table == everything:
        return
    sides = [{cell[place] for cell in table} for place in range(len(FIELDS))]
    widest = list(_lists(sides, alike))
    yield from widest
    if len(table) == len(sides[0]) * len(sides[1]) * len(sides[2]):
        return
    for place in places:
        slices: dict[frozenset[Cell], list[str | None]] = {}
        for value in sorted(sides[place], key=_order):
            slices.setdefault(_spread(table, place, value, alike), []).append(value)
        if len(slices) > 1:
            break
    for within, values in slices.items():
        when = _is_one_of(FIELDS[place], alike.all_of(FIELDS[place], values), alike)
        for one in _as_lists(within, everything, alike, tuple(other for other in places if other != place)):
            more = _beyond(one, widest)
            if more != GuardLists(mode=more.mode, when=more.when):
                yield _with(more, when)


def _spread(table: frozenset[Cell], place: int, value: str | None, alike: _Alike) -> frozenset[Cell]:
    """The cells that one state has, as if all states of its sort had them."""
    own = {(*cell[:place], *cell[place + 1 :]) for cell in table if cell[place] == value}
    return frozenset(cell for cell in alike.cells if (*cell[:place], *cell[place + 1 :]) in own)


def _is_one_of(name: Field, values: Values, alike: _Alike) -> Condition:
    """A condition on a state of the server."""
    is_denied = OTHER in values
    listed = alike.all_of(name, alike.groups[name]) - values if is_denied else values
    return code_test(_membership(f"instance.{name}", listed), holds=not is_denied)


def _membership(subject: str, values: Iterable[str | None]) -> ast.expr:
    """The test whether something is one of some states."""
    listed = ast.Tuple(elts=[ast.Constant(value=value) for value in sorted(values, key=_order)], ctx=ast.Load())
    left = ast.parse(subject, mode="eval").body
    return ast.fix_missing_locations(ast.Compare(left=left, ops=[ast.In()], comparators=[listed]))


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


def _with(one: GuardLists, when: Condition) -> GuardLists:
    return replace(one, when=all_of([when, *([one.when] if one.when is not None else [])]))


def _when(wanted: list[tuple[bool, ...]], possible: list[tuple[bool, ...]], tests: list[OpenTest]) -> Condition:
    """The condition under which a table holds: what all its outcomes share, where that tells it."""
    shared = _shared(wanted, len(tests))
    if _having(possible, shared) == wanted:
        needed = list(shared)
        for part in shared:
            fewer = [other for other in needed if other != part]
            if _having(possible, fewer) == wanted:
                needed = fewer
        return all_of(tests[place].turning(holds) for place, holds in needed) or ELIDED
    others = [one for one in possible if one not in wanted]
    agreed = _shared(others, len(tests))
    if agreed and _having(possible, agreed) == others:
        return AnyOf(conditions=tuple(tests[place].turning(not holds) for place, holds in agreed))
    return any_of(
        all_of(test.turning(holds) for test, holds in zip(tests, one, strict=True)) or ELIDED for one in wanted
    )


def _shared(outcomes: list[tuple[bool, ...]], size: int) -> list[tuple[int, bool]]:
    """Tests that turn out the same in all outcomes, and how."""
    return [(place, outcomes[0][place]) for place in range(size) if len({one[place] for one in outcomes}) == 1]


def _having(possible: list[tuple[bool, ...]], shared: list[tuple[int, bool]]) -> list[tuple[bool, ...]]:
    return [one for one in possible if all(one[place] == holds for place, holds in shared)]
