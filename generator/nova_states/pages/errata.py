"""The page of what Nova's own documents say and its code does not do, with the places in the code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nova_states.explanations.claim_evidence import places_of
from nova_states.explanations.claims import ask
from nova_states.explanations.errata import ErrataFile, Erratum, contradicted_in, stated_in
from nova_states.facts.ids import STATE_KINDS
from nova_states.pages.components import Head, Link, SourceLink
from nova_states.pages.models import DocumentErrata, ErrataPage, ErratumEntry
from nova_states.pages.urls import source_file
from nova_states.pages.writer import Writer

ERRATA = "guide/errata/"
"""Among the guides, where people look for what to read."""

_EXPORT = "nova-states export vm-states --release {version} > vm-states.rst"
_MANY = 3
"""Places beside an erratum; its claims have no more to show than the guards they rest on."""


def build_errata(writer: Writer, errata: Sequence[ErrataFile]) -> ErrataPage:
    """All errata by document; the one with the most comes first."""
    page = writer.on(ERRATA)
    ordered = sorted(errata, key=lambda file: (-len(file.document.errata), file.name))
    count = sum(len(file.document.errata) for file in errata)
    return ErrataPage(
        head=Head(
            title=page.words("errata_title"),
            description=page.words("errata_description"),
            kind="guide",
            aliases=(page.words("errata_alias"), "vm-states.rst"),
        ),
        intro=(page.words("errata_intro", count=count, documents=len(errata)), page.words("errata_checked")),
        command=_EXPORT.format(version=page.latest.version),
        documents=tuple(_document(page, file) for file in ordered),
    )


def _document(page: Writer, file: ErrataFile) -> DocumentErrata:
    errata = file.document.errata
    newest = max((version for e in errata for version in stated_in(page.catalog, e)), key=page.catalog.versions.index)
    path = file.document.path_at(newest)
    return DocumentErrata(
        id=file.name,
        title=file.document.title[page.language],
        source=Link(text=path, href=source_file(newest, path)),
        errata=tuple(_entry(page, f"{file.name}-{erratum.id}", erratum) for erratum in errata),
    )


def _entry(page: Writer, identity: str, erratum: Erratum) -> ErratumEntry:
    return ErratumEntry(
        id=identity,
        says=erratum.says[page.language],
        section=erratum.section,
        truth=erratum.truth[page.language],
        about=tuple(_about(page, erratum)),
        releases=tuple(_marks(page, erratum)),
        places=tuple(_places(page, erratum)),
    )


def _about(page: Writer, erratum: Erratum) -> Iterator[Link]:
    for identity in erratum.about:
        kind, _, name = identity.partition(":")
        link = page.link(kind, name)
        yield link if kind in (*STATE_KINDS, "status") else Link(text=link.text, href=link.href, title=link.title)


def _marks(page: Writer, erratum: Erratum) -> Iterator[str]:
    """Since when, and until when, document and code differ."""
    for change in page.changes("", page.catalog.runs_of(contradicted_in(page.catalog, erratum))):
        until = f", {page.words('until', version=change.until)}" if change.until else ""
        yield f"{page.words('since', version=change.since)}{until}"


def _places(page: Writer, erratum: Erratum) -> Iterator[SourceLink]:
    """Where the claims stand in the newest release that is contradicted."""
    found = contradicted_in(page.catalog, erratum)
    version = max(found, key=page.catalog.versions.index)
    release = page.catalog.release(version)
    holding = [says for says in erratum.claims if ask(page.catalog, says).get(version)]
    places = dict.fromkeys(place for says in holding for place in places_of(release, says))
    yield from (page.place(version, place) for place in list(places)[:_MANY])
