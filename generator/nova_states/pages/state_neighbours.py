"""How servers come into a state and leave it: tables of what leads there and away."""

from __future__ import annotations

from collections.abc import Iterator

from nova_states.catalog.transition_graph import ANY, NEW, SAME, VmStateCause, is_aside, vm_changes
from nova_states.facts.model import Transition
from nova_states.pages.action_steps import alike, condition_items, from_items, place_items, to_items
from nova_states.pages.automatic_changes import POWER_SYNC, STARTUP
from nova_states.pages.components import CellContent, Link, PageSection, Table
from nova_states.pages.writer import Writer

TRANSITIONS = "matrix/transitions/"

_EVENTS = ("lifecycle", "event")
"""Sorts of what hypervisor and other services report of a server."""


def cause_link(page: Writer, cause: str) -> Link:
    """What changes a state: an action, or what runs by itself."""
    if cause in page.queries.actions:
        return page.link("action", cause)
    target = {"power_sync": POWER_SYNC, "startup": STARTUP}.get(cause)
    return Link(text=cause, href=page.urls.to(target or TRANSITIONS))


def vm_state_sections(page: Writer, name: str) -> Iterator[PageSection]:
    """How servers come into a vm_state and leave it."""
    changes = vm_changes(page.release)
    into = {before: causes for (before, after), causes in changes.items() if after == name}
    out = {after: causes for (before, after), causes in changes.items() if before in (name, ANY) and after != name}
    if not into and not out:
        return
    head = (page.words("on_success_of"), page.words("on_failure_of"))
    tables = []
    if into:
        tables.append(Table(head=(page.words("comes_from"), *head), rows=tuple(_cause_rows(page, into))))
    if out:
        tables.append(Table(head=(page.words("goes_to"), *head), rows=tuple(_cause_rows(page, out))))
    yield PageSection(
        id="ways",
        title=page.words("indeed_ways"),
        texts=(page.words("ways_intro"),),
        tables=tuple(tables),
        more=(Link(text=page.words("matrix_transitions"), href=page.urls.to(TRANSITIONS)),),
    )


def _cause_rows(page: Writer, found: dict[str, tuple[VmStateCause, ...]]) -> Iterator[tuple[CellContent, ...]]:
    for name, causes in sorted(found.items(), key=lambda item: _rank(page, item[0])):
        yield (
            (vm_item(page, name),),
            *cause_items(page, causes),
        )


def cause_items(page: Writer, causes: tuple[VmStateCause, ...]) -> tuple[CellContent, CellContent]:
    """What makes a change on success, and what makes it only on failure."""
    succeeding = list(dict.fromkeys(cause.action for cause in causes if not cause.fails))
    failing = list(dict.fromkeys(cause.action for cause in causes if cause.fails and cause.action not in succeeding))
    return tuple(_cause_links(page, succeeding)), tuple(_cause_links(page, failing))


def _cause_links(page: Writer, causes: list[str]) -> Iterator[Link]:
    """Actions one by one; events of a sort, which all do the same, as one."""
    events: dict[str, list[str]] = {}
    for cause in causes:
        sort, _, event = cause.partition(":")
        if event and sort in _EVENTS:
            events.setdefault(sort, []).append(event)
        else:
            yield cause_link(page, cause)
    for sort, names in events.items():
        text = f"{sort}:{names[0]}" if len(names) == 1 else f"{sort}:… ({len(names)})"
        yield Link(text=text, href=page.urls.to(TRANSITIONS), title=", ".join(names))


def vm_item(page: Writer, name: str) -> Link | str:
    """A vm_state as a transition names it."""
    if name in (ANY, NEW):
        return page.words("any" if name == ANY else "new_server")
    return page.link("vm_state", name)


def _rank(page: Writer, name: str) -> int:
    order = (NEW, ANY, *page.release.vm_states)
    return order.index(name) if name in order else len(order)


def is_drawn(page: Writer, cause: str) -> bool:
    """Whether something is succeeding for, or runs from time to time; events and restarts are told in the tables."""
    return cause in page.queries.actions or cause == "power_sync" or cause.startswith("periodic:")


def task_state_sections(page: Writer, name: str) -> Iterator[PageSection]:
    """What sets a task, and what ends it."""
    rows = page.release.facts("transitions")
    setting = [row for row in rows if row.end.task_state == name and not is_aside(row)]
    ending = [
        row
        for row in rows
        if row.start is not None
        and row.start.task_states is not None
        and name in row.start.task_states
        and row.end.task_state != SAME
        and (is_drawn(page, row.action) or not setting)
    ]
    if not setting and not ending:
        return
    through = [row for row in ending if not is_aside(row)]
    failing = [row for row in ending if is_aside(row)]
    tables = []
    if setting:
        tables.append(_task_table(page, setting, "set_by"))
    if through:
        tables.append(_task_table(page, through, "ended_by"))
    if failing:
        tables.append(_task_table(page, failing, "failed_by", page.words("failures_count", count=len(failing))))
    yield PageSection(id="ways", title=page.words("indeed_ways"), tables=tuple(tables))


def _task_table(page: Writer, rows: list[Transition], head: str, fold: str = "") -> Table:
    words = (head, "actor", "from_states", "then", "condition", "place")
    groups: dict[str, list[Transition]] = {}
    for row in rows:
        groups.setdefault(row.action, []).append(row)
    return Table(
        head=tuple(page.words(word) for word in words),
        rows=tuple(
            (
                (cause_link(page, action),),
                (f"`{group[0].actor}`",),
                from_items(page, group[0]),
                to_items(page, page.release, group[0]),
                condition_items(page, group),
                place_items(page, page.release, group),
            )
            for action, mine in groups.items()
            for group in alike(mine)
        ),
        fold=fold,
    )
