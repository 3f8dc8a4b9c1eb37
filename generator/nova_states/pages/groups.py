"""Pages of the named groups of states (ALLOW_REBOOT, rebuild_states)."""

from __future__ import annotations

from typing import Any

from nova_states.catalog.release import Release
from nova_states.pages.components import Head
from nova_states.pages.models import GroupPage
from nova_states.pages.urls import address
from nova_states.pages.writer import Writer


def build_group(writer: Writer, key: str) -> GroupPage:
    """The page of one group, as the newest release that has it."""
    page = writer.on(address("group", key))
    group, version = page.queries.groups[key]
    explanation = page.explain("group", group.name)
    return GroupPage(
        head=Head(**page.head_texts("group", group.name, explanation)),
        name=group.name,
        label=explanation.label[page.language],
        summary=explanation.summary[page.language],
        meaning=explanation.meaning[page.language],
        **group_fields(page, page.catalog.release(version), group.name),
        history=page.changes(f"`{group.name}`", page.queries.runs_of_name("group", key)),
        evidence=(page.place(version, group.evidence),),
        aliases=explanation.aliases[page.language],
        release=version,
    )


def group_fields(page: Writer, release: Release, name: str) -> dict[str, Any]:
    """The states of a group in a release."""
    group = release.groups[name]
    return {
        "values": page.states(group.kind, group.values),
        "condition": page.said(group.condition, "groups"),
        "exact": page.exact(group.condition) if group.condition else None,
    }
