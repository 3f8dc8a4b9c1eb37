"""An action's transitions as a document tells them: few lines, in the order in which a server meets them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from nova_states.catalog.release import Release
from nova_states.catalog.transition_graph import ANY, DELETED, SAME, is_aside, loses_delete, transitions_of, vm_changes
from nova_states.documents.restructured_text import code
from nova_states.facts.model import ToState, Transition
from nova_states.facts.state_set import StateValue, minimise, ordered
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
    groups: dict[tuple[ToState, str], list[Transition]] = {}
    for row in (*_in_order(row for row in rows if not is_aside(row)), *(row for row in rows if is_aside(row))):
        groups.setdefault((row.end, row.outcome), []).append(row)
    return tuple(
        Change(before=before, after=_after(end), when=_WHEN[outcome])
        for (end, outcome), group in groups.items()
        for before in _before(release, group)
    )


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


def _before(release: Release, rows: Iterable[Transition]) -> Iterator[str]:
    """The states that rows with the same end start from, in as few lines as hold no more than they do."""
    starts = [row.start for row in rows]
    if None in starts:
        yield "no server yet"
    sets = minimise(states_of(start).relaxed(release.all_states) for start in starts if start is not None)
    for number, states in enumerate(sets):
        others = (*sets[:number], *sets[number + 1 :])
        if not any(other.covers(states) for other in others):
            vm_states, tasks = (
                None if found is None else ordered(found) for found in (states.vm_state, states.task_state)
            )
            yield f"{_states(vm_states)}; task: {_states(tasks)}"


def _states(states: Sequence[StateValue] | None) -> str:
    return "any" if states is None else ", ".join("none" if state is None else code(str(state)) for state in states)


def _after(end: ToState) -> str:
    if end.vm_state == DELETED and end.task_state in (None, SAME):
        return code(DELETED)
    vm_state = "unchanged" if end.vm_state == SAME else code(end.vm_state)
    task = "unchanged" if end.task_state == SAME else "none" if end.task_state is None else code(end.task_state)
    return f"{vm_state}; task: {task}"


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
    yield "  edge [fontsize=8];"
    yield ""
    edges: list[str] = []
    drawn: set[str] = set()
    for (before, after), causes in changes.items():
        actions = dict.fromkeys(
            cause.action
            for cause in causes
            if not cause.fails and cause.action in release.actions and cause.action not in ending
        )
        if not actions or after in _ENDS or before in (ANY, after):
            continue
        label = r"\n".join(name(action) for action in actions)
        edges.append(f'  "{before}" -> "{after}" [label="{label}"];')
        drawn |= {before, after}
    yield from (f'  "{state}";' for state in release.vm_states if state in drawn)
    yield ""
    yield from edges
    yield "}"
