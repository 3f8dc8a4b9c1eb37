"""What a state's page says of actions: what leads out of it, what may be asked, and what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from nova_states.catalog.permissions import decide, decided_actions, named_states, usual_server
from nova_states.catalog.release import Release
from nova_states.catalog.transition_graph import ANY, SAME, is_aside
from nova_states.catalog.version_spans import Run
from nova_states.facts.guard_check import Refusal, ServerStates
from nova_states.facts.model import StateKind
from nova_states.facts.state_set import ordered
from nova_states.pages.action_order import groups_of, in_order, loss_of, row_label
from nova_states.pages.components import Link
from nova_states.pages.machine_map import told_ways
from nova_states.pages.models import AllowedAction, AllowedGroup, AllowedRow, RefusedAction
from nova_states.pages.writer import Writer

Leave = tuple[tuple[Link, ...], tuple[Link, ...]]
"""Actions, and the states they lead to."""

_LAST = ("deleted", "soft-delete", "error")
"""Ends that nearly every state can come to; they stand last in the strip."""


def leaves_of(page: Writer, kind: StateKind, name: str) -> tuple[Leave, ...]:
    """What leads out of a vm_state, or what a task ends in; the needed first, those with the same end together."""
    if kind == "vm_state":
        ends = _vm_ends(page, name)
    elif kind == "task_state":
        ends = _task_ends(page, name)
    else:
        return ()
    found: dict[tuple[Link, ...], list[str]] = {}
    for action in in_order(ends):
        found.setdefault(ends[action], []).append(action)
    leaves = [(tuple(page.link("action", action) for action in actions), links) for links, actions in found.items()]
    return tuple(sorted(leaves, key=lambda leave: all(link.text in _LAST for link in leave[1])))


def losses_of(page: Writer, leaves: tuple[Leave, ...]) -> tuple[tuple[str, str], ...]:
    """The actions of a strip that cost data, each with what it costs."""
    names = (link.text for actions, _ in leaves for link in actions)
    return tuple((name, loss) for name in names if (loss := loss_of(page, name)))


def _vm_ends(page: Writer, name: str) -> dict[str, tuple[Link, ...]]:
    found: dict[str, list[str]] = {}
    for (before, after), actions in told_ways(page.release).items():
        for action in actions:
            if before == name:
                found.setdefault(action, []).append(after)
    return {action: page.states("vm_state", _in_states(page, ends)) for action, ends in found.items()}


def _in_states(page: Writer, names: list[str]) -> tuple[str, ...]:
    return tuple(name for name in page.release.vm_states if name in names)


def _task_ends(page: Writer, name: str) -> dict[str, tuple[Link, ...]]:
    """What follows a task where the action that set it succeeds: the next task, or the vm_state without one."""
    rows = page.release.facts("transitions")
    setting = {row.action for row in rows if row.end.task_state == name and row.action in page.release.actions}
    found: dict[str, dict[Link, None]] = {}
    for row in rows:
        tasks = row.start.task_states if row.start is not None else None
        if row.action not in setting or is_aside(row) or tasks is None or name not in tasks:
            continue
        if row.end.task_state not in (None, SAME, ANY, name):
            found.setdefault(row.action, {})[page.link("task_state", str(row.end.task_state))] = None
        elif row.end.vm_state != SAME:
            found.setdefault(row.action, {})[page.link("vm_state", row.end.vm_state)] = None
        elif row.end.task_state is None:
            found.setdefault(row.action, {})[page.task(None)] = None
    return {action: tuple(links) for action, links in found.items()}


def permissions_of(
    page: Writer, kind: StateKind, name: str
) -> tuple[tuple[AllowedGroup, ...], tuple[RefusedAction, ...]]:
    """What may be asked in a state, in groups, and what is refused."""
    allowed: dict[str, AllowedAction] = {}
    refused: list[RefusedAction] = []
    if kind == "power_state":
        return (), ()
    for action in in_order(decided_actions(page.release)):
        server = server_in(page.release, kind, name, action)
        refusal = decide(page.release, action, server)
        # Marks of time are of the newest release: what another one has is told without.
        runs = page.queries.permission(action, server).allowed if page.lens is None else ()
        if refusal is None:
            allowed[action] = _allowed(page, kind, name, action, runs)
        else:
            refused.append(_refused(page, kind, action, refusal, runs))
    groups = tuple(
        AllowedGroup(
            label=group.label,
            rows=tuple(
                AllowedRow(
                    label=row_label(page, row) if len(row.actions) > 1 else page.label("action", row.actions[0]),
                    actions=tuple(allowed[action] for action in row.actions),
                    since=allowed[row.actions[0]].since,
                )
                for row in group.rows
            ),
        )
        for group in groups_of(page, allowed)
    )
    return groups, tuple(refused)


def server_in(release: Release, kind: StateKind, name: str, action: str) -> ServerStates:
    """The server that an action is meant for, but in the state that the page is about."""
    usual = usual_server(release, action)
    return replace(usual, vm_state=name) if kind == "vm_state" else replace(usual, task_state=name)


def _allowed(page: Writer, kind: StateKind, name: str, action: str, runs: tuple[Run, ...]) -> AllowedAction:
    fact = page.release.actions[action]
    ends = [
        after
        for (before, after), actions in told_ways(page.release).items()
        if kind == "vm_state" and before == name and action in actions
    ]
    states = tuple(_other_states(page, kind, action))
    without_task = page.task(None)
    others = tuple(link for link in states if link != without_task) if without_task in states else ()
    return AllowedAction(
        action=page.link("action", action),
        label=page.label("action", action),
        ends=page.states("vm_state", _in_states(page, ends)),
        command=page.explain("action", action).command or "",
        loses=loss_of(page, action),
        states=() if others else states,
        others=others,
        since=page.since(runs),
        conditions=tuple(
            Link(text=name, href=page.urls.name("action", action, "conditions"), title=page.label("decorator", name))
            for name in fact.conditions
        ),
    )


def _other_states(page: Writer, kind: StateKind, action: str) -> Iterator[Link]:
    """The states on the other side that an action asks for too; on a vm_state's page no task is the usual."""
    other: StateKind = "task_state" if kind == "vm_state" else "vm_state"
    states = named_states(page.release, action).of(other)
    if states is not None and not (other == "task_state" and set(states) == {None}):
        yield from page.states(other, ordered(states))


def _refused(page: Writer, kind: StateKind, action: str, reason: Refusal, runs: tuple[Run, ...]) -> RefusedAction:
    gone = [run.until for run in runs if run.until is not None]
    states = named_states(page.release, action).of(kind)
    return RefusedAction(
        action=page.link("action", action),
        label=page.label("action", action),
        reason=page.words("reason_value", attribute=reason.attribute, value=reason.value),
        nearest=() if states is None else page.states(kind, ordered(states)),
        until=page.words("allowed_before", version=page.mark(gone[-1])) if gone else "",
    )
