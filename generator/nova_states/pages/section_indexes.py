"""Indexes of the sections that have none by themselves: guides, runbooks, matrices, and how we know."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from nova_states.explanations.prose import written_pages
from nova_states.pages.automatic_changes import POWER_SYNC, STARTUP
from nova_states.pages.components import Head, Link
from nova_states.pages.drivers import DRIVERS
from nova_states.pages.matrices import GUARD_HISTORY, GUARDS, STATUSES
from nova_states.pages.models import SectionPage, SectionRow
from nova_states.pages.state_neighbours import TRANSITIONS
from nova_states.pages.writer import Writer

GUIDES, RUNBOOKS, MATRIX_INDEX = "guide/", "runbook/", "matrix/"

_MATRICES = (
    ("matrix_transitions", TRANSITIONS),
    ("matrix_guards", GUARDS),
    ("matrix_statuses", STATUSES),
    ("matrix_power_sync", POWER_SYNC),
    ("matrix_startup", STARTUP),
    ("drivers_title", DRIVERS),
    ("matrix_history", GUARD_HISTORY),
)
"""Word of the title, and address; with the question each answers in the word `<title>_asks`."""


def plan_section_indexes(writer: Writer) -> Iterator[tuple[str, Callable[[], SectionPage]]]:
    """Address of each and what builds its model."""
    for address, word, kind in ((GUIDES, "guides", "guide"), (RUNBOOKS, "runbooks", "runbook")):
        yield address, partial(_written, writer.on(address), address, word, kind)
    page = writer.on(MATRIX_INDEX)
    yield MATRIX_INDEX, lambda: _section(page, "matrices", "matrix", matrix_rows(page))


def _written(page: Writer, address: str, word: str, kind: str) -> SectionPage:
    rows = tuple(
        SectionRow(link=Link(text=title, href=page.urls.to(target)), text=description)
        for target, title, description in written_pages(page.language, address)
    )
    return _section(page, word, kind, rows)


def matrix_rows(page: Writer) -> tuple[SectionRow, ...]:
    """The matrices, each with the question it answers."""
    return tuple(
        SectionRow(link=Link(text=page.words(word), href=page.urls.to(target)), text=page.words(f"{word}_asks"))
        for word, target in _MATRICES
    )


def _section(page: Writer, word: str, kind: str, rows: tuple[SectionRow, ...]) -> SectionPage:
    intro = page.words(f"{word}_index_intro")
    head = Head(title=page.words(word), description=intro, kind=kind, label=page.words("all_pages"), hide=("toc",))
    return SectionPage(head=head, intro=intro, rows=rows)
