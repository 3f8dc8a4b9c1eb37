"""What an action changes step by step: the way as a picture, and the rows of the facts as cells."""

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
)
from nova_states.explanations.condition_sentences import alternatives
from nova_states.facts.condition import ELIDED, to_text
from nova_states.facts.model import Transition
from nova_states.pages.components import CellContent, Link
from nova_states.pages.graphs import Edge, Graph, Line, Node
from nova_states.pages.writer import Writer

Item = TypeVar("Item")

COMMON = ("active", "stopped", "error", "paused", "suspended", "shelved_offloaded", "resized", "rescued")
"""vm_states in the order in which operators meet them."""

_MANY = 6
"""Lines of a node, chips of a cell, conditions of a row beyond which they are counted."""


def path_graph(
    page: Writer, identity: str, title: str, path: TransitionGraph, label: Callable[[StateEdge], str]
) -> Graph:
    """The path of some actions as a picture.

    Args:
        page: Writes its texts and links.
        identity: Id of the picture on the page.
        title: What a screen reader reads first.
        path: What is drawn.
        label: Gives the text on an edge; may be empty.
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
                kind=path.nodes[number][0][0],
                lines=tuple(lines_of(page, path.nodes[number])),
                is_subject=number in path.starts,
            )
            for number in _numbers(path)
        ),
        edges=tuple(Edge(tail=str(tail), head=str(head), label=label(edge)) for (tail, head), edge in edges),
    )


def _numbers(path: TransitionGraph) -> list[int]:
    """Groups of nodes in the order in which a server passes them."""
    waiting = sorted(path.starts) or [0]
    order: dict[int, None] = {}
    while waiting:
        number = waiting.pop(0)
        if number not in order:
            order[number] = None
            waiting += [head for tail, head in path.edges if tail == number]
    order.update(dict.fromkeys(range(len(path.nodes))))
    return list(order)


def lines_of(page: Writer, nodes: Iterable[StateNode]) -> Iterator[Line]:
    """Nodes as lines of a box, the commonest first, many counted."""
    found = sorted(nodes, key=lambda node: COMMON.index(node[1]) if node[1] in COMMON else len(COMMON))
    shown = found if len(found) <= _MANY else found[: _MANY - 1]
    for kind, name in shown:
        is_name = name not in (ANY, NEW)
        yield Line(text=name, kind=kind if is_name else "", href=page.urls.name(kind, name) if is_name else "")
    if len(found) > len(shown):
        yield Line(text=f"+{len(found) - len(shown)}")


def alike(rows: Iterable[Transition]) -> Iterator[list[Transition]]:
    """Rows in groups that differ only in their conditions and places."""
    groups: dict[object, list[Transition]] = {}
    for row in rows:
        key = (row.actor, row.start, row.end, row.outcome, row.expected_task_states)
        groups.setdefault(key, []).append(row)
    yield from groups.values()


def exact_start(page: Writer, row: Transition) -> CellContent:
    """All states a transition starts from."""
    if row.start is None:
        return (page.words("new_server"),)
    vms, tasks = row.start.vm_states, row.start.task_states
    return (
        *((page.words("any_vm"),) if vms is None else page.states("vm_state", vms)),
        *((page.words("any_task"),) if tasks is None else page.states("task_state", tasks)),
    )


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


def exact_conditions(page: Writer, rows: list[Transition]) -> tuple[str, ...]:
    """All conditions of rows that are alike, as code; one of them has to hold."""
    return tuple(_conditions(page, rows))


def exact_expected(page: Writer, rows: list[Transition]) -> tuple[Link, ...]:
    """The tasks that the write makes sure of; none where it does not look."""
    return page.states("task_state", rows[0].expected_task_states)


def exact_places(page: Writer, release: Release, rows: list[Transition]) -> CellContent:
    """All places where rows that are alike were read."""
    return tuple(dict.fromkeys(page.place(release.version, row.evidence) for row in rows))


def condition_items(page: Writer, rows: list[Transition]) -> CellContent:
    """When one of several rows that are alike is taken, in words: any of these. What is ordinary is not told."""
    words = page.explanations.conditions
    texts: dict[str, None] = {}
    for row in rows:
        cause = words.out_of_the_ordinary(row.condition, row.action)
        if cause is not None:
            texts.update(dict.fromkeys(alternatives(words, cause, row.action, page.language)))
    if any(row.certainty == "symbolic" for row in rows):
        texts[page.words("symbolic")] = None
    return _at_most(page, texts)


def _conditions(page: Writer, rows: list[Transition]) -> Iterator[str]:
    for condition in dict.fromkeys(row.condition for row in rows):
        if condition is not None:
            yield page.words("condition_unsaid") if condition == ELIDED else f"`{to_text(condition)}`"
    if any(row.certainty == "symbolic" for row in rows):
        yield page.words("symbolic")


def place_items(page: Writer, release: Release, rows: list[Transition]) -> CellContent:
    """Where rows that are alike were read."""
    return _at_most(page, dict.fromkeys(page.place(release.version, row.evidence) for row in rows))


def _at_most(page: Writer, items: Iterable[Item]) -> tuple[Item | str, ...]:
    """The items, or the first of them and how many more there are."""
    found = tuple(items)
    if len(found) <= _MANY:
        return found
    return (*found[: _MANY - 1], page.words("and_more", count=len(found) - _MANY + 1))
