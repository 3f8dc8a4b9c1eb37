"""Pages of the API's status words: which states each stands for, and what it does not tell."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from nova_states.catalog.permissions import asked_actions, decide
from nova_states.catalog.release import Release
from nova_states.facts.guard_check import ServerStates
from nova_states.pages.action_order import groups_of
from nova_states.pages.components import Head
from nova_states.pages.models import StatusPage, StatusRow
from nova_states.pages.urls import address
from nova_states.pages.writer import Writer


def build_status(writer: Writer, name: str) -> StatusPage:
    """The page of one word."""
    page = writer.on(address("status", name))
    explanation = page.explain("status", name)
    entries = [entry for entry in page.release.facts("statuses") if entry.status == name]
    return StatusPage(
        head=Head(**page.head_texts("status", name, explanation)),
        name=name,
        label=explanation.label[page.language],
        summary=explanation.summary[page.language],
        meaning=explanation.meaning[page.language],
        **meaning_fields(page, name),
        **allowed_fields(page, name),
        history=page.changes(f"`{name}`", page.queries.runs_of_name("status", name)),
        evidence=tuple(page.place(page.release.version, entry.evidence) for entry in entries),
        aliases=explanation.aliases[page.language],
        leads=page.leads_from("status", name),
    )


def meaning_fields(page: Writer, name: str) -> dict[str, Any]:
    """The states that the word stands for."""
    entries = [entry for entry in page.release.facts("statuses") if entry.status == name]
    return {"rows": tuple(_rows(page, name)), "is_fallback": any(entry.vm_state is None for entry in entries)}


def allowed_fields(page: Writer, name: str) -> dict[str, Any]:
    """What may be asked whatever is behind the word, in the groups that states' pages have."""
    groups = groups_of(page, allowed_behind(page.release, name))
    return {
        "allowed": tuple(
            (group.label, tuple(page.link("action", action) for row in group.rows for action in row.actions))
            for group in groups
        ),
        "release": "" if page.lens else page.latest.version,
    }


def _rows(page: Writer, name: str) -> Iterator[StatusRow]:
    latest = page.release
    for vm_state in latest.status_map:
        tasks = [task for task in latest.task_states if latest.status(vm_state, task) == name]
        own = tuple(task for task in tasks if latest.status_tells(vm_state, task))
        hidden = tuple(task for task in tasks if task not in own)
        if tasks or latest.status(vm_state, None) == name:
            yield StatusRow(
                vm_state=page.link("vm_state", vm_state),
                tasks=page.states("task_state", own),
                hidden=page.states("task_state", hidden),
            )


def allowed_behind(release: Release, name: str) -> tuple[str, ...]:
    """Actions allowed for every pair of states behind the word, where none of them hides a task."""
    servers = [
        ServerStates(vm_state=vm_state, task_state=task)
        for vm_state in release.status_map
        for task in (None, *release.task_states)
        if release.status(vm_state, task) == name and release.status_tells(vm_state, task)
    ]
    return tuple(
        action
        for action in asked_actions(release)
        if servers and all(decide(release, action, server) is None for server in servers)
    )
