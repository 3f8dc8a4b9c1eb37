"""An action's transitions as a document tells them: alike ones in one line, in the order in which a server meets them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from nova_states.catalog.release import Release
from nova_states.catalog.transition_graph import ANY, DELETED, SAME, is_aside, loses_delete, transitions_of, vm_changes
from nova_states.documents.restructured_text import code
from nova_states.facts.model import States, Transition
from nova_states.facts.state_set import FieldStates, ordered, unite
from nova_states.facts.stored_states import states_of

_ENDS = (DELETED, "soft-delete")
"""vm_states that nearly all others lead to; the graph leaves them out."""
_WHEN = {"progress": "on the way", "success": "at the end", "failure": "on a failure", "recovery": "on a restart"}
"""Outcome of a transition → when it happens."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """One line of an action's table, as markup."""

    before: str
    after: str
    when: str


def changes_of(release: Release, action: str) -> tuple[Change, ...]:
    """What an action writes, failures last; none where it changes no state or another's code does it for it."""
    borrowed = action in release.actions and release.actions[action].guarded_by != action
    rows = () if borrowed else tuple(row for row in transitions_of(release, action) if not loses_delete(row))
    groups: dict[object, list[Transition]] = {}
    for row in (*_in_order(row for row in rows if not is_aside(row)), *(row for row in rows if is_aside(row))):
        tasks = None if row.start is None else row.start.task_states
        groups.setdefault((row.start is None, tasks, row.end, row.outcome), []).append(row)
    return tuple(_change(group) for group in groups.values())


def _in_order(rows: Iterable[Transition]) -> Iterator[Transition]:
    """Rows in the order in which a server meets them: each behind one that leads to where it starts."""
    waiting = list(rows)
    reached: set[str | None] = {None}
    while waiting:
        ready = [row for row in waiting if _tasks(row) & reached] or waiting[:1]
        for row in ready:
            waiting.remove(row)
            yield row
        reached = {row.end.task_state for row in ready} - {SAME, None} or {None}


def _tasks(row: Transition) -> set[str | None]:
    """The tasks a row starts from; one that starts from any, or makes the server, begins."""
    return {None} if row.start is None or row.start.task_states is None else set(row.start.task_states)


def _change(group: list[Transition]) -> Change:
    first = group[0]
    return Change(before=_before(group), after=_after(first), when=_WHEN[first.outcome])


def _before(group: list[Transition]) -> str:
    start = group[0].start
    if start is None:
        return "no server yet"
    vm_states: FieldStates = frozenset()
    for row in group:
        if row.start is not None:
            vm_states = unite(vm_states, states_of(row.start).vm_state)
    return f"{_states(None if vm_states is None else ordered(vm_states))}; task: {_states(start.task_states)}"


def _states(states: States) -> str:
    return "any" if states is None else ", ".join("none" if state is None else code(state) for state in states)


def _after(row: Transition) -> str:
    if row.end.vm_state == DELETED and row.end.task_state in (None, SAME):
        return code(DELETED)
    vm_state = "unchanged" if row.end.vm_state == SAME else code(row.end.vm_state)
    task = row.end.task_state
    return f"{vm_state}; task: {'unchanged' if task == SAME else 'none' if task is None else code(task)}"


def state_graph(release: Release, name: Callable[[str], str]) -> Iterator[str]:
    """The lines of a graph of all vm_states, with the actions that lead from one to another.

    Args:
        release: Its transitions are drawn.
        name: Gives what an action is called.
    """
    changes = vm_changes(release)
    ending = {
        cause.action for end in _ENDS for cause in changes.get((release.vm_states[0], end), ()) if not cause.fails
    }
    yield "digraph states {"
    yield '  graph [rankdir="LR", pad="0.3", ranksep="0.8", nodesep="0.4"];'
    yield '  node [shape="box", fontsize=10, fontname="Monospace"];'
    yield '  edge [fontsize=8];'
    yield ""
    edges: list[str] = []
    drawn: set[str] = set()
    for (before, after), causes in changes.items():
        actions = dict.fromkeys(
            cause.action
            for cause in causes
            if not cause.fails and cause.action in release.actions and cause.action not in ending
        )
        if not actions or after in _ENDS or before == ANY or before == after:
            continue
        label = r"\n".join(name(action) for action in actions)
        edges.append(f'  "{before}" -> "{after}" [label="{label}"];')
        drawn |= {before, after}
    yield from (f'  "{state}";' for state in release.vm_states if state in drawn)
    yield ""
    yield from edges
    yield "}"
