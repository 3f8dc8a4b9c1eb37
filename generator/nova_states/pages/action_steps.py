"""What an action changes step by step, as a picture and as tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from nova_states.catalog.release import Release
from nova_states.catalog.transition_graph import (
    ANY,
    DELETED,
    NEW,
    SAME,
    StateEdge,
    StateNode,
    TransitionGraph,
    follow,
    is_aside,
    transitions_of,
)
from nova_states.facts.condition import ELIDED, to_text
from nova_states.facts.model import Transition
from nova_states.facts.state_set import FieldStates, StateSet, unite_all
from nova_states.facts.stored_states import states_of
from nova_states.pages.components import CellContent, Link, PageSection, Table
from nova_states.pages.graphs import Edge, Graph, Line, Node
from nova_states.pages.writer import Writer

Item = TypeVar("Item")

COMMON = ("active", "stopped", "error", "paused", "suspended", "shelved_offloaded", "resized", "rescued")
"""vm_states in the order in which operators meet them."""

_STATE_KIND = {"failed": "vm_state", "undone": "vm_state"}
"""Kind of name of the ends of failures."""
_MANY = 6
"""Lines of a node, chips of a cell, conditions of a row beyond which they are counted."""


def step_sections(page: Writer, release: Release, action: str) -> Iterator[PageSection]:
    """What happens once an action is accepted: the path as a picture, its steps, and the failures."""
    rows = transitions_of(release, action)
    if not rows:
        if release.facts("transitions") and release.guards_of(action):
            yield PageSection(id="steps", title=page.words("steps"), texts=(page.words("steps_none"),))
        return
    path = follow(rows)
    order = {node: number for number, node in enumerate(_along(path))}
    through = [row for row in rows if not is_aside(row)]
    failing = [row for row in rows if is_aside(row)]
    through.sort(key=lambda row: (row.actor != "api", order.get(_start_place(row), len(order))))
    texts = [page.words("steps_intro")]
    if any(row.start is not None and row.start.vm_states is None for row in rows):
        texts.append(page.words("steps_any"))
    if any(row.expected_task_states is not None for row in rows):
        texts.append(page.words("steps_expected"))
    tables = [_steps(page, release, through, failing)]
    if failing:
        tables.append(_failures(page, release, failing))
    title = page.words("steps")
    graph = path_graph(page, "steps", f"{action}: {title}", path, lambda edge: " / ".join(sorted(edge.actors)))
    yield PageSection(id="steps", title=title, texts=tuple(texts), graph=graph, tables=tuple(tables))


def path_graph(
    page: Writer, identity: str, title: str, path: TransitionGraph, label: Callable[[StateEdge], str]
) -> Graph:
    """The path of an action as a picture.

    Args:
        page: Writes its texts and links.
        identity: Id of the picture on the page.
        title: What a screen reader reads first.
        path: What is drawn.
        label: Gives the text on an edge that is no failure; may be empty.
    """
    order = {number: place for place, number in enumerate(_numbers(path))}
    edges = sorted(path.edges.items(), key=lambda item: (order[item[0][0]], order[item[0][1]]))
    return Graph(
        id=identity,
        title=title,
        description=page.words("picture_of_path"),
        nodes=tuple(
            Node(
                id=str(number),
                kind=_STATE_KIND.get(path.nodes[number][0][0], path.nodes[number][0][0]),
                is_failure=path.nodes[number][0][0] in _STATE_KIND,
                lines=tuple(lines_of(page, path.nodes[number])),
                is_subject=number in path.starts,
            )
            for number in _numbers(path)
        ),
        edges=tuple(
            Edge(
                tail=str(tail),
                head=str(head),
                outcome="failure" if edge.fails else "success",
                label="" if edge.fails else label(edge),
            )
            for (tail, head), edge in edges
        ),
    )


def _numbers(path: TransitionGraph) -> list[int]:
    """Groups of nodes in the order in which a server passes them."""
    waiting = sorted(path.starts) or [0]
    order: dict[int, None] = {}
    while waiting:
        number = waiting.pop(0)
        if number not in order:
            order[number] = None
            waiting += [head for (tail, head), edge in path.edges.items() if tail == number and not edge.fails]
    order.update(dict.fromkeys(range(len(path.nodes))))
    return list(order)


def _along(path: TransitionGraph) -> Iterator[StateNode]:
    for number in _numbers(path):
        yield from path.nodes[number]


def _start_place(row: Transition) -> StateNode:
    start = row.start
    if start is None:
        return ("vm_state", NEW)
    task = start.task_states[0] if start.task_states else None
    if task is not None:
        return ("task_state", task)
    return ("vm_state", str(start.vm_states[0]) if start.vm_states else ANY)


def lines_of(page: Writer, nodes: Iterable[StateNode]) -> Iterator[Line]:
    """Nodes as lines of a box, the commonest first, many counted."""
    found = sorted(nodes, key=lambda node: COMMON.index(node[1]) if node[1] in COMMON else len(COMMON))
    shown = found if len(found) <= _MANY else found[: _MANY - 1]
    for kind_of_node, name in shown:
        kind = _STATE_KIND.get(kind_of_node, kind_of_node)
        is_name = name not in (ANY, NEW)
        yield Line(text=name, kind=kind if is_name else "", href=page.urls.name(kind, name) if is_name else "")
    if len(found) > len(shown):
        yield Line(text=f"+{len(found) - len(shown)}")


def _steps(page: Writer, release: Release, rows: list[Transition], failing: list[Transition]) -> Table:
    words = ("step", "actor", "from_states", "then", "on_failure", "condition", "place")
    passed = unite_all(states_of(row.start).vm_state for row in rows if row.start is not None)
    found = []
    for number, group in enumerate(alike(rows), start=1):
        row = group[0]
        found.append(
            (
                (str(number),),
                (f"`{row.actor}`",),
                from_items(page, row),
                to_items(page, release, row),
                _failure_items(page, row, failing, passed),
                condition_items(page, group),
                place_items(page, release, group),
            )
        )
    return Table(head=tuple(page.words(word) for word in words), rows=tuple(found))


def _failures(page: Writer, release: Release, rows: list[Transition]) -> Table:
    words = ("actor", "from_states", "then", "condition", "place")
    found = [
        (
            (f"`{group[0].actor}`",),
            from_items(page, group[0]),
            to_items(page, release, group[0]),
            condition_items(page, group),
            place_items(page, release, group),
        )
        for group in alike(rows)
    ]
    return Table(
        head=tuple(page.words(word) for word in words),
        rows=tuple(found),
        fold=page.words("failures_count", count=len(found)),
    )


def alike(rows: Iterable[Transition]) -> Iterator[list[Transition]]:
    """Rows in groups that differ only in their conditions and places."""
    groups: dict[object, list[Transition]] = {}
    for row in rows:
        key = (row.actor, row.start, row.end, row.outcome, row.expected_task_states)
        groups.setdefault(key, []).append(row)
    yield from groups.values()


def from_items(page: Writer, row: Transition) -> CellContent:
    """The states a transition starts from."""
    if row.start is None:
        return (page.words("new_server"),)
    vms = row.start.vm_states
    tasks = row.start.task_states
    items: list[Link | str] = list(_some(page, "vm_state", vms)) if vms is not None else [page.words("any_vm")]
    items += _some(page, "task_state", tasks) if tasks is not None else [page.words("any_task")]
    return tuple(items)


def _some(page: Writer, kind: str, names: tuple[str | None, ...]) -> list[Link | str]:
    ordered = sorted(names, key=lambda name: COMMON.index(name) if name in COMMON else -1 if name is None else 99)
    if len(ordered) <= _MANY:
        return list(page.states(kind, tuple(ordered)))
    return [*page.states(kind, tuple(ordered[: _MANY - 2])), page.words("and_more", count=len(ordered) - _MANY + 2)]


def to_items(page: Writer, release: Release, row: Transition) -> CellContent:
    """The states a transition ends in, and since when it does."""
    found: list[Link | str] = []
    if row.end.vm_state != SAME:
        known = row.end.vm_state in release.vm_states
        found.append(page.link("vm_state", row.end.vm_state) if known else f"`{row.end.vm_state}`")
    if row.end.task_state != SAME and row.end.vm_state != DELETED:
        found.append(page.task(row.end.task_state))
    since = page.since(page.queries.runs_of_transition(row))
    return (*found, f"· {page.words('since', version=since)}") if since else tuple(found)


def _failure_items(page: Writer, row: Transition, failing: Iterable[Transition], passed: FieldStates) -> CellContent:
    """Where a failure leads while a server is in the state that a step ends in."""
    busy = row.end.task_state if row.end.task_state != SAME else None
    if busy is None:
        return ()
    here = StateSet(vm_state=passed, task_state=frozenset({busy}))
    names: dict[str, None] = {}
    for other in failing:
        # A failure that may come in any task tells nothing of this one.
        if other.start is not None and other.start.task_states is not None and states_of(other.start).meets(here):
            names[other.end.vm_state] = None
    return tuple(page.words("unchanged_vm") if name == SAME else page.link("vm_state", name) for name in names)


def condition_items(page: Writer, rows: list[Transition]) -> CellContent:
    """When one of several rows that are alike is taken: any of these."""
    items: list[Link | str] = [
        page.words("condition_unsaid") if condition == ELIDED else f"`{to_text(condition)}`"
        for condition in dict.fromkeys(row.condition for row in rows)
        if condition is not None
    ]
    first = rows[0]
    if any(row.certainty == "symbolic" for row in rows):
        items.append(page.words("symbolic"))
    items = list(_at_most(page, items))
    if first.expected_task_states is not None:
        items += ["`expected_task_state`:", *page.states("task_state", first.expected_task_states)]
    return tuple(items)


def place_items(page: Writer, release: Release, rows: list[Transition]) -> CellContent:
    """Where rows that are alike were read."""
    return _at_most(page, dict.fromkeys(page.place(release.version, row.evidence) for row in rows))


def _at_most(page: Writer, items: Iterable[Item]) -> tuple[Item | str, ...]:
    """The items, or the first of them and how many more there are."""
    found = tuple(items)
    if len(found) <= _MANY:
        return found
    return (*found[: _MANY - 1], page.words("and_more", count=len(found) - _MANY + 1))
