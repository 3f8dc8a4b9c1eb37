"""The home page: the question, the picture, what is stuck most, what people ask, and why it can be trusted."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nova_states.pages.about import HOW, lookup_form
from nova_states.pages.action_order import in_order
from nova_states.pages.components import Head, Link
from nova_states.pages.guide_links import guide_link
from nova_states.pages.machine_map import build_machine_map
from nova_states.pages.models import HomePage, StuckRow
from nova_states.pages.record_links import ERRORS, EVENTS, HOST_STATUSES, LOG, MIGRATION_STATUSES
from nova_states.pages.section_indexes import matrix_rows
from nova_states.pages.sources import writing_places
from nova_states.pages.urls import HOME, index_address
from nova_states.pages.writer import Writer

_STUCK = (
    ("task_state", "deleting"),
    ("task_state", "spawning"),
    ("task_state", "powering-off"),
    ("task_state", "migrating"),
    ("task_state", "image_uploading"),
    ("vm_state", "resized"),
    ("vm_state", "error"),
)
"""What operators ask about most."""

_ASKED = (
    "guide/compare/",
    "guide/concepts/",
    "guide/reboot/",
    "guide/resize/",
    "guide/delete/",
    "guide/rebuild/",
    "guide/holds/",
    "guide/host-reboot/",
    "guide/waiting/",
)
"""Guides that answer what people ask most."""
_FOR_TOOLS = ("guide/tools/", "guide/api/")

_RECORDS = (
    ("error", ERRORS),
    ("migration_status", MIGRATION_STATUSES),
    ("event", EVENTS),
    ("host_status", HOST_STATUSES),
    ("log_message", LOG),
)
_FIRST_SENTENCE = re.compile(r".+?[.](?=\s|$)")
"""A dot inside a name (nova.conf) ends none."""


def build_home(writer: Writer) -> HomePage:
    """The first page."""
    page = writer.on(HOME)
    return HomePage(
        head=Head(
            title=page.words("home_title"),
            description=page.words("home_description"),
            kind="home",
            label=page.words("home"),
            hide=("toc", "path"),
        ),
        question=page.words("home_question"),
        form=lookup_form(page),
        picture=build_machine_map(page),
        stuck=tuple(_stuck(page)),
        runbooks=Link(text=page.words("runbooks_all"), href=page.urls.to("runbook/")),
        asked=tuple(guide_link(page, address) for address in _ASKED),
        guides=Link(text=page.words("guides_all"), href=page.urls.to("guide/")),
        tools=tuple(guide_link(page, address) for address in _FOR_TOOLS),
        matrices=matrix_rows(page),
        kinds=tuple(
            _kind(page, kind) for kind in ("vm_state", "task_state", "power_state", "status", "action", "group")
        ),
        records=tuple(Link(text=page.label("kind", kind), href=page.urls.to(target)) for kind, target in _RECORDS),
        trust=tuple(_trust(page)),
        sources=Link(text=page.words("how_title"), href=page.urls.to(HOW)),
        series=Link(text=page.words("releases"), href=page.urls.to(index_address("series"))),
    )


def _stuck(page: Writer) -> Iterator[StuckRow]:
    for kind, name in _STUCK:
        explanation = page.explain(kind, name)
        text = (explanation.stuck or explanation.summary)[page.language]
        first = _FIRST_SENTENCE.match(text)
        yield StuckRow(
            link=page.link(kind, name, "stuck" if explanation.stuck else ""),
            label=page.label(kind, name),
            cure=first[0] if first else text,
            reading=tuple(link for link in page.leads_from(kind, name) if "runbook/" in link.href)[:1],
        )


def _trust(page: Writer) -> Iterator[str]:
    """Figures of the facts, so that they are never out of date."""
    versions = page.catalog.versions
    yield page.words("trust_versions", count=len(versions), first=versions[0], last=versions[-1])
    read, found = writing_places(page.latest)
    yield page.words("trust_places", read=read, found=found, unread=found - read, release=page.latest.version)
    yield page.words("trust_checked")


def _kind(page: Writer, kind: str) -> tuple[Link, str, int]:
    """A kind with its page, its label and how many names it has."""
    names: tuple[str, ...]
    match kind:
        case "power_state":
            names = tuple(page.latest.constants["power_state"])
        case "vm_state":
            names = page.latest.vm_states
        case "task_state":
            names = page.latest.task_states
        case "status":
            names = page.latest.statuses
        case "group":
            names = tuple(group.name for group, _ in page.queries.groups.values())
        case _:
            names = in_order(page.queries.actions)
    return Link(text=kind, href=page.urls.to(index_address(kind)), kind=kind), page.label("kind", kind), len(names)
