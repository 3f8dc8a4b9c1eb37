"""How an action's transitions hang together: the nodes a server passes, the way to success, where it branches.

A node is a task while one runs, else a vm_state: fine enough to follow an action, small enough to be drawn. Which
vm_states a task runs in is told by the transitions themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final, Literal, TypeAlias

from nova_states.catalog.release import Release
from nova_states.facts.condition import Race, literals
from nova_states.facts.model import Transition

StatePair: TypeAlias = tuple[str, str | None]
"""vm_state and task_state, where either may be any."""
StateNode: TypeAlias = tuple[Literal["vm_state", "task_state"], str]
"""Kind and name: a task, or a vm_state without one."""

ANY, NEW, SAME, DELETED = "*", "(new)", "=", "deleted"
"""Any state; no row yet; what a transition leaves as it is; the end."""

HOSTLESS: Final = (DELETED, "shelved_offloaded")
"""The vm_states in which a server has no host: nothing is there whose power_state could say more."""

_NO_TASK = (None, ANY)


@dataclass(frozen=True, kw_only=True, slots=True)
class StateEdge:
    """What leads from one node to another."""

    actions: frozenset[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class TransitionGraph:
    """Places and what leads from one to another, in the order of the transitions."""

    nodes: tuple[tuple[StateNode, ...], ...]
    """Nodes in groups of vm_states that all edges treat alike."""
    edges: dict[tuple[int, int], StateEdge] = field(default_factory=dict)
    """Numbers of two groups of nodes → the edge between them."""
    starts: frozenset[int] = frozenset()


def transitions_of(release: Release, action: str) -> tuple[Transition, ...]:
    """The transitions of an action, or of the one whose guards and code it shares."""
    index = release.memo.once("transitions by action", lambda: _by_action(release))
    fact = release.actions.get(action)
    return index.get(action) or index.get(fact.guarded_by if fact else action, ())


def _by_action(release: Release) -> dict[str, tuple[Transition, ...]]:
    found: dict[str, list[Transition]] = {}
    for row in release.facts("transitions"):
        found.setdefault(row.action, []).append(row)
    return {action: tuple(rows) for action, rows in found.items()}


def loses_delete(row: Transition) -> bool:
    """Whether a transition overwrites the task of a delete that came in meanwhile."""
    return any(isinstance(one, Race) and one.request == "delete" for one in literals(row.condition))


def is_aside(row: Transition) -> bool:
    """Whether a transition is not on the way that is meant: a failure, or a delete that is lost."""
    return row.outcome == "failure" or loses_delete(row)


def steps(row: Transition) -> Iterator[tuple[StatePair, StatePair]]:
    """The single changes a transition stands for."""
    end = row.end
    if row.start is None:
        yield (NEW, None), (end.vm_state, end.task_state)
        return
    for vm_state in row.start.vm_states or (ANY,):
        for task_state in row.start.task_states or (ANY,):
            vm = str(vm_state) if end.vm_state == SAME else end.vm_state
            task = task_state if end.task_state == SAME else end.task_state
            yield (str(vm_state), task_state), (vm, None if vm == DELETED else task)


def follow(rows: Iterable[Transition]) -> TransitionGraph:
    """The nodes that rows pass on their way to success; failures are no part of it."""
    found: dict[tuple[StateNode, StateNode], StateEdge] = {}
    starts: dict[StateNode, None] = {}
    for row in rows:
        if is_aside(row):
            continue
        for before, after in steps(_usual_start(row)):
            tail, head = _node(before), _node(after)
            if (row.actor == "api" or before[0] == NEW) and before[0] != DELETED:
                starts[tail] = None
            if tail != head:
                found[tail, head] = _both(found.get((tail, head)), _edge(row))
    # Where a request finds no task it begins; a task it finds is one that an earlier step of it has set.
    starts = {node: None for node in starts if node[0] == "vm_state"} or starts
    reached = _reached(found, starts or {tail: None for tail, _ in found})
    kept = {ends: edge for ends, edge in found.items() if ends[0] in reached}
    return _grouped(kept, frozenset(starts))


def _edge(row: Transition) -> StateEdge:
    return StateEdge(actions=frozenset({row.action}))


def _usual_start(row: Transition) -> Transition:
    """A request that may come during tasks as well usually comes while there is none."""
    if row.start is not None and row.actor == "api" and row.start.task_states and None in row.start.task_states:
        return replace(row, start=replace(row.start, task_states=(None,)))
    return row


def _node(state: StatePair) -> StateNode:
    vm_state, task_state = state
    return ("vm_state", vm_state) if task_state in _NO_TASK else ("task_state", str(task_state))


def _both(one: StateEdge | None, other: StateEdge) -> StateEdge:
    if one is None:
        return other
    return replace(one, actions=one.actions | other.actions)


def _reached(found: dict[tuple[StateNode, StateNode], StateEdge], starts: Iterable[StateNode]) -> set[StateNode]:
    """Where one gets."""
    reached: set[StateNode] = set()
    waiting = list(starts)
    while waiting:
        node = waiting.pop()
        if node not in reached:
            reached.add(node)
            waiting += [head for tail, head in found if tail == node]
    return reached


def _grouped(found: dict[tuple[StateNode, StateNode], StateEdge], starts: frozenset[StateNode]) -> TransitionGraph:
    """vm_states that are left and reached alike become one."""
    around: dict[StateNode, dict[tuple[bool, StateNode, StateEdge], None]] = {}
    for (tail, head), edge in found.items():
        around.setdefault(tail, {})[True, head, edge] = None
        around.setdefault(head, {})[False, tail, edge] = None
    groups: dict[object, list[StateNode]] = {}
    for node, edges in around.items():
        key = (node[0], frozenset(edges)) if node[0] == "vm_state" else node
        groups.setdefault(key, []).append(node)
    nodes = tuple(tuple(group) for group in groups.values())
    number = {node: index for index, group in enumerate(nodes) for node in group}
    between: dict[tuple[int, int], StateEdge] = {}
    for (tail, head), edge in found.items():
        ends = (number[tail], number[head])
        between[ends] = _both(between.get(ends), edge)
    return TransitionGraph(
        nodes=nodes, edges=between, starts=frozenset(number[node] for node in starts if node in number)
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class VmStateCause:
    """Something that changes a vm_state."""

    action: str
    fails: bool
    """Whether it is a failure of the action that does so."""


def vm_changes(release: Release) -> dict[tuple[str, str], tuple[VmStateCause, ...]]:
    """Two vm_states → what leads from the one to the other, in the order of the transitions."""
    return release.memo.once("vm changes", lambda: _vm_changes(release))


def _vm_changes(release: Release) -> dict[tuple[str, str], tuple[VmStateCause, ...]]:
    found: dict[tuple[str, str], dict[VmStateCause, None]] = {}
    for row in release.facts("transitions"):
        cause = VmStateCause(action=row.action, fails=is_aside(row))
        for (before, _), (after, _) in steps(row):
            if before != after:
                found.setdefault((before, after), {})[cause] = None
    return {ends: tuple(causes) for ends, causes in found.items()}
