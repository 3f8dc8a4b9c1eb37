"""Reactions as a case file writes them, one line each, and what must hold for all of them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from nova_states.facts.model import Reaction, States
from nova_states.facts.stored_states import states_of
from nova_states.introspection.constants import state_values
from nova_states.introspection.modules import Modules

Cell = tuple[str | None, str | None, str | None]


def line(row: Reaction) -> str:
    """ "effect: vm_states / task_states / power_states -> vm_state/task_state | condition"."""
    start = row.start
    states = " / ".join(_states(part) for part in (start.vm_states, start.task_states, start.power_states))
    condition = f" | {row.condition}" if row.condition else ""
    return f"{row.effect}: {states} -> {row.end.vm_state}/{row.end.task_state}{condition}"


def _states(states: States) -> str:
    return "*" if states is None else " ".join(str(state) for state in states)


def rows_of(cell: Cell, rows: tuple[Reaction, ...]) -> list[Reaction]:
    """The rows that speak of one combination."""
    return [row for row in rows if states_of(row.start).contains(*cell)]


def cells(modules: Modules) -> Iterator[Cell]:
    """Every combination of states in a tree."""
    vm_states = [str(value) for value in state_values(modules, "vm_state").values()]
    task_states = [None, *(str(value) for value in state_values(modules, "task_state").values())]
    return product(vm_states, task_states, state_values(modules, "power_state"))


def assert_each_is_decided_once(rows: tuple[Reaction, ...], modules: Modules) -> None:
    """One row without a condition for a combination, or several that tell theirs apart."""
    for cell in cells(modules):
        found = rows_of(cell, rows)
        conditions = [row.condition for row in found if row.effect != "update_power_state"]
        assert len(set(conditions)) == len(conditions), cell
        assert None in conditions or len(conditions) > 1, cell
