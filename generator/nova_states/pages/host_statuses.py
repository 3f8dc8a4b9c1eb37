"""The page of what the API says of a server's host."""

from __future__ import annotations

from nova_states.catalog.named_facts import NamedFacts
from nova_states.explanations.condition_coverage import place_of
from nova_states.explanations.condition_sentences import sentence
from nova_states.explanations.file_names import file_stem
from nova_states.pages.components import Head
from nova_states.pages.models import HostStatusesPage, HostStatusRow
from nova_states.pages.record_links import HOST_STATUSES
from nova_states.pages.writer import Writer

_NONE = "none"
"""Id of the value that is empty."""


def build_host_statuses(writer: Writer) -> HostStatusesPage:
    """All values, each as of the newest release that has it."""
    page = writer.on(HOST_STATUSES)
    explanation = page.explain("kind", "host_status")
    language = page.language
    found = page.named("host_statuses")
    return HostStatusesPage(
        head=Head(
            title=f"{explanation.label[language]} (host_status)",
            description=explanation.summary[language].replace("`", ""),
            kind="host_status",
            aliases=explanation.aliases[language],
        ),
        label=explanation.label[language],
        summary=explanation.summary[language],
        meaning=explanation.meaning[language],
        rows=tuple(_row(page, known) for known in found.values()),
        release=page.release.version,
    )


def _row(page: Writer, known: NamedFacts) -> HostStatusRow:
    """A value; one that is empty needs no explanation but its condition."""
    language = page.language
    explanation = page.explain("host_status", file_stem(known.name)) if known.name else None
    return HostStatusRow(
        id=file_stem(known.name) or _NONE,
        name=known.name,
        label=explanation.label[language] if explanation else page.words("empty_value"),
        texts=(explanation.summary[language], explanation.meaning[language]) if explanation else (),
        conditions=tuple(
            sentence(page.explanations.conditions, fact.condition, place_of(fact, "host_statuses"), language)
            for fact in known.facts
            if fact.condition is not None
        ),
        marks=page.marks(known.runs),
        places=tuple(page.place(known.release.version, fact.evidence) for fact in known.facts),
    )
