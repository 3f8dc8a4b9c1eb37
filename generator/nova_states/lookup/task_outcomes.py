"""What a running task leads to: the transitions out of it, folded until an answer can tell them.

Dozens of ways through Nova's code end alike: those of one outcome and one end become one step. Its condition is told
where there is but one, the actions where they are few.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from nova_states.catalog.transition_graph import loses_delete
from nova_states.facts.condition import to_text
from nova_states.facts.model import FromState, ToState, Transition
from nova_states.facts.state_set import FieldStates, StateSet, unite
from nova_states.facts.stored_states import start_of, states_of
from nova_states.lookup.next_steps import NextStep

_ORDER: Final = ("success", "progress", "failure")
"""Outcomes in the order in which they are told; a recovery is told as what the start of nova-compute does."""
_FEW: Final = 3
_SHORT: Final = 80
"""Characters of a condition that can be read at a glance."""


@dataclass(kw_only=True)
class _Fold:
    """Transitions of one outcome and one end."""

    rows: list[tuple[Transition, FieldStates]] = field(default_factory=list)
    """Each with the tasks that it starts from."""
    tasks: dict[str, FieldStates] = field(default_factory=dict)
    """Task → the vm_states it ends so from."""

    def add(self, row: Transition, start: FromState) -> None:
        states = states_of(start)
        self.rows.append((row, states.task_state))
        for task in start.task_states or ():
            if task is not None and not _stays(row.end, start.vm_states, task):
                self.tasks[task] = unite(self.tasks.get(task, frozenset()), states.vm_state)

    def steps(self) -> Iterator[NextStep]:
        """A step for each set of vm_states."""
        for vm_states, tasks in self._tasks_by_vm_states().items():
            yield self._step(StateSet(vm_state=vm_states, task_state=frozenset(tasks)))

    def _tasks_by_vm_states(self) -> dict[FieldStates, list[str]]:
        groups: dict[FieldStates, list[str]] = {}
        for task, vm_states in self.tasks.items():
            groups.setdefault(vm_states, []).append(task)
        return groups

    def _step(self, states: StateSet) -> NextStep:
        tasks = states.each("task_state")
        rows = [row for row, from_tasks in self.rows if from_tasks is None or not tasks.isdisjoint(from_tasks)]
        best = min(rows, key=lambda row: (row.condition is not None, len(to_text(row.condition) or "")))
        actions = sorted({row.action for row in rows})
        text = to_text(best.condition) or ""
        condition = text if text and len(rows) == 1 and len(text) <= _SHORT else None
        return NextStep(
            cause="task",
            start=start_of(states),
            effect=best.outcome,
            end=best.end,
            what=", ".join(actions) if len(actions) <= _FEW else None,
            condition=condition,
            certainty="conditional" if len(rows) > 1 else best.certainty,
            evidence=best.evidence,
        )


def task_steps(transitions: Iterable[Transition]) -> Iterator[NextStep]:
    """What becomes of servers whose task runs: success first, then the next task, then failures."""
    folds: dict[tuple[str, ToState], _Fold] = {}
    for row in transitions:
        if row.start is None or row.outcome not in _ORDER or loses_delete(row):
            continue
        if any(row.start.task_states or ()):
            folds.setdefault((row.outcome, row.end), _Fold()).add(row, row.start)
    ordered = sorted(
        folds.items(), key=lambda item: (_ORDER.index(item[0][0]), item[0][1].vm_state, item[0][1].task_state or "")
    )
    for _, fold in ordered:
        yield from fold.steps()


def _stays(end: ToState, vm_states: tuple[str | None, ...] | None, task: str) -> bool:
    """Whether nothing changes."""
    return end.task_state in ("=", task) and (end.vm_state == "=" or vm_states == (end.vm_state,))
