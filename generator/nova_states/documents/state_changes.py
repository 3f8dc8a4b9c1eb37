"""An action's transitions as a document tells them: few lines, in the order in which a server meets them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from nova_states.catalog.release import Release
from nova_states.catalog.transition_graph import (
    ANY,
    DELETED,
    HOSTLESS,
    SAME,
    is_aside,
    loses_delete,
    steps,
    transitions_of,
    vm_changes,
)
from nova_states.documents.restructured_text import code
from nova_states.facts.model import ToState, Transition
from nova_states.facts.state_set import StateValue, minimise, ordered
from nova_states.facts.stored_states import states_of

_ENDS = (DELETED, "soft-delete")
"""vm_states that nearly all others lead to; the graph leaves them out."""
_WHEN = {"progress": "on the way", "success": "at the end", "failure": "on a failure"}
"""Outcome of a transition → when it happens."""
_SET_RIGHT = {
    "startup": "on a restart",
    "power_sync": "when it is seen",
    "lifecycle": "when it is seen",
    "event": "when it is seen",
    "periodic": "when it runs",
}
"""What happens without a command → when it sets a state right (the outcome "recovery")."""
_OF_ITS_HOST = ("startup", "power_sync", "lifecycle")
"""What a nova-compute does by itself, and only to servers that are recorded on its host."""


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
    rows = tuple(on_their_hosts(release, rows))
    groups: dict[tuple[ToState, str], list[Transition]] = {}
    for row in (*_in_order(row for row in rows if not is_aside(row)), *(row for row in rows if is_aside(row))):
        groups.setdefault((row.end, row.outcome), []).append(row)
    return tuple(
        Change(before=before, after=_after(end), when=_when(action, outcome))
        for (end, outcome), group in groups.items()
        for before in _before(release, group)
    )


def _sort(action: str) -> str:
    """What brings changes about: "periodic" of "periodic:_poll_rescued_instances"."""
    return action.partition(":")[0]


def _when(action: str, outcome: str) -> str:
    """When a change happens; a command sets right what it sets right at its end."""
    return _SET_RIGHT.get(_sort(action), _WHEN["success"]) if outcome == "recovery" else _WHEN[outcome]


def on_their_hosts(release: Release, rows: Iterable[Transition]) -> Iterator[Transition]:
    """Rows without the servers that what a nova-compute does by itself cannot meet: those that no host has.

    In a vm_state without a host only a server that a command brings to a host is there.
    """
    away = [state for state in HOSTLESS if state not in _ENDS]  # the record of a deleted one still names its host
    claimed = {state: tasks for state, tasks in _claimed(release, away).items() if tasks}  # of others nothing is known
    for row in rows:
        start = row.start
        if start is None or not claimed.keys() & set(start.vm_states or ()) or _sort(row.action) not in _OF_ITS_HOST:
            yield row
            continue
        there = tuple(state for state in start.vm_states or () if state not in claimed)
        if there:
            yield replace(row, start=replace(start, vm_states=there))
        for state in sorted(claimed.keys() & set(start.vm_states or ())):
            tasks = tuple(task for task in start.task_states or () if task in claimed[state])
            if tasks:
                yield replace(row, start=replace(start, vm_states=(state,), task_states=tasks))


def _claimed(release: Release, vm_states: Iterable[str]) -> dict[str, set[str | None]]:
    """vm_state → the tasks that a nova-compute sets in it for a command, and those that others set over them."""
    rows = [row for row in release.facts("transitions") if row.action in release.actions and not is_aside(row)]
    found: dict[str, set[str | None]] = {}
    for state in vm_states:
        changes = [
            (before[1], after[1], row.actor)
            for row in rows
            for before, after in steps(row)
            if after[0] == state and after[1] not in (None, ANY, SAME)
        ]
        tasks: set[str | None] = {after for _, after, actor in changes if actor == "compute"}
        while more := {after for before, after, _ in changes if before == ANY or before in tasks} - tasks:
            tasks |= more
        found[state] = tasks
    return found


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
