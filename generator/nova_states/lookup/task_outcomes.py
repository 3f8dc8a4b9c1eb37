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
from nova_states.lookup.next_steps import NextStep

_ORDER: Final = ("success", "progress", "failure")
"""Outcomes in the order in which they are told; a recovery is told as what the start of nova-compute does."""
_FEW: Final = 3
_SHORT: Final = 80
"""Characters of a condition that can be read at a glance."""


@dataclass(kw_only=True)
class _Fold:
    """Transitions of one outcome and one end."""

    rows: list[Transition] = field(default_factory=list)
    tasks: dict[str, set[str | None]] = field(default_factory=dict)
    """Task → the vm_states it ends so from; with None in it, any."""

    def add(self, row: Transition, start: FromState) -> None:
        self.rows.append(row)
        for task in start.task_states or ():
            if task is not None and not _stays(row.end, start.vm_states, task):
                self.tasks.setdefault(task, set()).update(start.vm_states or (None,))

    def steps(self) -> Iterator[NextStep]:
        """A step for each set of vm_states."""
        groups: dict[tuple[str, ...] | None, list[str]] = {}
        for task, vm_states in self.tasks.items():
            key = None if None in vm_states else tuple(sorted(str(state) for state in vm_states))
            groups.setdefault(key, []).append(task)
        for states, tasks in groups.items():
            yield self._step(FromState(vm_states=states, task_states=tuple(sorted(tasks)), power_states=None))

    def _step(self, start: FromState) -> NextStep:
        rows = [
            row for row in self.rows if row.start and set(row.start.task_states or ()) & set(start.task_states or ())
        ]
        best = min(rows, key=lambda row: (row.condition is not None, len(to_text(row.condition) or "")))
        actions = sorted({row.action for row in rows})
        text = to_text(best.condition) or ""
        condition = text if text and len(rows) == 1 and len(text) <= _SHORT else None
        return NextStep(
            cause="task",
            start=start,
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
