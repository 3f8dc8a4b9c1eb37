"""The page of the statuses that migrations have: what each means, who writes it, and what is done with it."""

from __future__ import annotations

from nova_states.catalog.named_facts import NamedFacts
from nova_states.explanations.file_names import file_stem
from nova_states.pages.components import CellContent, Head
from nova_states.pages.models import MigrationStatusesPage, MigrationStatusRow
from nova_states.pages.record_links import MIGRATION_STATUSES, step_rows
from nova_states.pages.state_neighbours import cause_link
from nova_states.pages.writer import Writer

_RESTART = "startup"
"""By which facts name the start of nova-compute."""


def build_migration_statuses(writer: Writer) -> MigrationStatusesPage:
    """All statuses, each as of the newest release that has it."""
    page = writer.on(MIGRATION_STATUSES)
    explanation = page.explain("kind", "migration_status")
    language = page.language
    found = page.named("migration_statuses")
    return MigrationStatusesPage(
        head=Head(
            title=f"{explanation.label[language]} (migration_status)",
            description=explanation.summary[language].replace("`", ""),
            kind="migration_status",
            aliases=explanation.aliases[language],
        ),
        label=explanation.label[language],
        summary=explanation.summary[language],
        meaning=explanation.meaning[language],
        rows=tuple(_row(page, known) for known in found.values()),
        release=page.release.version,
    )


def _row(page: Writer, known: NamedFacts) -> MigrationStatusRow:
    fact = known.facts[0]
    explanation = page.explain("migration_status", file_stem(known.name))
    return MigrationStatusRow(
        id=file_stem(known.name),
        name=known.name,
        label=explanation.label[page.language],
        summary=explanation.summary[page.language],
        meaning=explanation.meaning[page.language],
        steps=step_rows(page, explanation),
        leads=page.leads_from("migration_status", known.name),
        marks=page.marks(known.runs),
        types=fact.types,
        wanted_by=_wanted(page, fact.wanted_by),
        by_tracker=page.words("tracker_counts" if fact.in_progress else "tracker_done"),
        by_restart=page.words("restart_reads" if _RESTART in fact.wanted_by else "restart_ignores"),
        places=tuple(dict.fromkeys(page.place(known.release.version, place) for place in fact.written)),
    )


def _wanted(page: Writer, names: tuple[str, ...]) -> CellContent:
    """Actions that want it, and what runs by itself but for the start, which is told beside."""
    return tuple(cause_link(page, name) for name in names if name != _RESTART)
