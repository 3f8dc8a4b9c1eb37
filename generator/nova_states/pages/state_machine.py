"""The whole vm_state machine and one for each family of actions, with the matrix of vm_state × vm_state."""

from __future__ import annotations

from collections.abc import Iterator

from nova_states.catalog.release import Release
from nova_states.catalog.state_ways import failing_states
from nova_states.catalog.transition_graph import (
    ANY,
    NEW,
    StateEdge,
    VmStateCause,
    follow,
    transitions_of,
    vm_changes,
)
from nova_states.pages.action_steps import path_graph
from nova_states.pages.components import Head, Link, Matrix, MatrixCell, MatrixRow, PageSection, Table
from nova_states.pages.machine_map import build_machine_map, told_ways
from nova_states.pages.models import MatrixPage
from nova_states.pages.state_neighbours import TRANSITIONS, cause_items, vm_item
from nova_states.pages.writer import Writer

FAMILIES = {
    "build": ("create",),
    "resize": ("resize", "confirm_resize", "revert_resize"),
    "live_migration": ("live_migrate",),
    "shelve": ("shelve", "shelve_offload", "unshelve"),
    "rebuild": ("rebuild", "evacuate"),
    "delete": ("soft_delete", "restore", "delete", "force_delete"),
}
"""Family → its actions."""


def build_transitions(writer: Writer) -> MatrixPage:
    """vm_state × vm_state: what leads from the one to the other."""
    page = writer.on(TRANSITIONS)
    title, intro = page.words("matrix_transitions"), page.words("matrix_transitions_intro")
    plain = intro.replace("`", "")
    changes = vm_changes(page.release)
    matrix = _matrix(page, changes)
    return MatrixPage(
        head=Head(title=title, description=plain, kind="matrix", hide=("toc",)),
        intro=intro if changes else page.words("transitions_none"),
        legend=(),
        matrices=(("by-vm-state", title, matrix),) if changes else (),
        release=page.release.version,
        notes=(),
        first=(_machine(page),) if changes else (),
        sections=tuple(_sections(page, changes)) if changes else (),
    )


def _matrix(page: Writer, changes: dict[tuple[str, str], tuple[VmStateCause, ...]]) -> Matrix:
    after = tuple(name for name in page.release.vm_states if any(name == head for _, head in changes))
    before = [name for name in (NEW, ANY, *page.release.vm_states) if any(name == tail for tail, _ in changes)]
    rows = []
    for tail in before:
        item = vm_item(page, tail)
        head = item if isinstance(item, Link) else Link(text=item, href="#all")
        rows.append(
            MatrixRow(head=head, cells=tuple(_cell(page, tail, name, changes.get((tail, name), ())) for name in after))
        )
    return Matrix(
        id="by-vm-state",
        corner="vm_state → vm_state",
        columns=page.states("vm_state", after),
        rows=tuple(rows),
        has_words=True,
    )


def _cell(page: Writer, before: str, after: str, causes: tuple[VmStateCause, ...]) -> MatrixCell:
    succeeding = _fitting_first(page, causes)
    failing = list(dict.fromkeys(cause.action for cause in causes if cause.fails and cause.action not in succeeding))
    names = f"{before} → {after}"
    if not succeeding and not failing:
        return MatrixCell(sign="–", css="no", href="#all", title=f"{names}: {page.words('nothing')}")
    lines = [", ".join(succeeding)] if succeeding else []
    if failing:
        lines.append(f"{page.words('on_failure_of')}: {', '.join(failing)}")
    if not succeeding:
        return MatrixCell(sign="✕", css="warn", href=f"#{_row_id(before, after)}", title=f"{names}: {'; '.join(lines)}")
    sign = succeeding[0] if len(succeeding) == 1 else f"{succeeding[0]} +{len(succeeding) - 1}"
    return MatrixCell(sign=sign, css="yes", href=f"#{_row_id(before, after)}", title=f"{names}: {'; '.join(lines)}")


def _fitting_first(page: Writer, causes: tuple[VmStateCause, ...]) -> list[str]:
    """What succeeds, actions before what runs by itself, and those first that do little else."""
    spread = page.release.memo.once("spread of causes", lambda: _spread(page.release))
    succeeding = {cause.action for cause in causes if not cause.fails}
    return sorted(succeeding, key=lambda action: (action not in page.queries.actions, spread[action], action))


def _spread(release: Release) -> dict[str, int]:
    """How many changes each cause makes where it succeeds."""
    spread: dict[str, int] = {}
    for causes in vm_changes(release).values():
        for cause in causes:
            spread[cause.action] = spread.get(cause.action, 0) + (not cause.fails)
    return spread


def machine_parts(release: Release) -> tuple[object, ...]:
    """All that the page tells of a release: equal where it is the same."""
    families = (
        follow([row for action in actions for row in transitions_of(release, action)]) for actions in FAMILIES.values()
    )
    return (
        tuple(vm_changes(release).items()),
        tuple(told_ways(release).items()),
        failing_states(release),
        tuple((graph.nodes, tuple(graph.edges.items()), graph.starts) for graph in families),
    )


def _row_id(before: str, after: str) -> str:
    name = {ANY: "any", NEW: "new"}.get(before, before)
    return f"{name}--{after}"


def _sections(page: Writer, changes: dict[tuple[str, str], tuple[VmStateCause, ...]]) -> Iterator[PageSection]:
    for family, actions in FAMILIES.items():
        rows = [row for action in actions for row in transitions_of(page.release, action)]
        path = follow(rows)
        if path.nodes:
            title = page.words(f"family_{family}")
            identity = f"family-{family.replace('_', '-')}"
            graph = path_graph(page, identity, title, path, _by_actions)
            more = tuple(page.link("action", action) for action in actions)
            yield PageSection(id=identity, title=title, graph=graph, more=more)
    order = {name: number for number, name in enumerate((NEW, ANY, *page.release.vm_states))}
    ordered = sorted(changes.items(), key=lambda item: [order.get(name, len(order)) for name in item[0]])
    head = ("vm_state", page.words("then"), page.words("on_success_of"), page.words("on_failure_of"))
    rows_of_all = tuple(
        (
            (vm_item(page, before),),
            (vm_item(page, after),),
            *cause_items(page, causes),
        )
        for (before, after), causes in ordered
    )
    ids = tuple(_row_id(before, after) for (before, after), _ in ordered)
    yield PageSection(
        id="all", title=page.words("transitions_all"), tables=(Table(head=head, rows=rows_of_all, ids=ids),)
    )


def _by_actions(edge: StateEdge) -> str:
    """The one action that takes an edge; an edge that several take needs no name."""
    return next(iter(edge.actions)) if len(edge.actions) == 1 else ""


def _machine(page: Writer) -> PageSection:
    texts = (page.words("machine_intro"),)
    return PageSection(id="machine", title=page.words("machine"), texts=texts, picture=build_machine_map(page))
