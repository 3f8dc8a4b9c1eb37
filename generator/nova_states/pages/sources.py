"""How we know: where the facts come from, how they are checked, what is not covered, and the counts of each version."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from nova_states.catalog.release import Release
from nova_states.explanations.source_words import load_source_words
from nova_states.facts.model import CENSUS, KINDS
from nova_states.pages.about import HOW, SOURCES
from nova_states.pages.components import Head, Link, Property
from nova_states.pages.errata import ERRATA
from nova_states.pages.models import CountRow, HowPage, SectionRow, SourcesPage
from nova_states.pages.seen_words import not_reached, seen_shares
from nova_states.pages.urls import address
from nova_states.pages.writer import Writer


def build_how(writer: Writer) -> HowPage:
    """The page for whoever asks why this should be believed."""
    page = writer.on(HOW)
    source = page.catalog.snapshots.versions[page.latest.version].source
    counts = [
        (kind, sum(count.read for count in counted), sum(count.found for count in counted))
        for kind in KINDS
        if (counted := page.latest.counts(kind))
    ]
    return HowPage(
        head=Head(
            title=page.words("how_title"), description=page.words("how_description"), kind="about", hide=("toc",)
        ),
        method=tuple(page.words(f"how_method_{number}") for number in range(1, 6)),
        checks=tuple(page.words(f"how_check_{number}") for number in range(1, 5)),
        uncovered=tuple(page.words(f"how_uncovered_{number}") for number in range(1, 5)),
        facts=(
            Property(name=page.words("versions"), value=str(len(page.catalog.all_versions))),
            Property(name=page.words("newest"), value=page.latest.version),
            Property(name=page.words("date_of_facts"), value=source.date or ""),
        ),
        counts=tuple((page.words(f"counted_{kind}"), read, found) for kind, read, found in counts if found),
        release=page.latest.version,
        seen=tuple(seen_shares(page, page.latest)),
        not_reached=tuple(not_reached(page, page.latest)),
        more=(
            SectionRow(
                link=Link(text=page.words("sources_title"), href=page.urls.to(SOURCES)), text=page.words("sources_asks")
            ),
            SectionRow(
                link=Link(text=page.words("errata_title"), href=page.urls.to(ERRATA)),
                text=page.words("errata_description"),
            ),
        ),
    )


def writing_places(release: Release) -> tuple[int, int]:
    """How many of the places that write a state were read, and how many a release has."""
    counts = release.counts("transitions")
    return sum(count.read for count in counts), sum(count.found for count in counts)


def build_sources(writer: Writer) -> SourcesPage:
    """How the facts were obtained: each version with its source and counts, and what could not be read."""
    page = writer.on(SOURCES)
    columns = tuple(_columns(page))
    return SourcesPage(
        head=Head(
            title=page.words("sources_title"), description=page.words("sources_intro"), kind="about", hide=("toc",)
        ),
        totals=(Property(name=page.words("versions"), value=str(len(page.catalog.all_versions))),),
        columns=tuple(_column(page, kind, name) for kind, name in columns),
        rows=tuple(_version(page, version, columns) for version in reversed(page.catalog.all_versions)),
        gaps=tuple(_gaps(page)),
    )


def _columns(page: Writer) -> Iterator[tuple[str, str]]:
    for kind in KINDS:
        section = page.latest.sections.get(kind)
        for count in section.counts if section else ():
            if count.name in KINDS or kind != CENSUS:
                yield kind, count.name


def _column(page: Writer, kind: str, name: str) -> str:
    """What a count is of; the census counts mentions of a kind."""
    own = page.words(f"counted_{kind}")
    found = page.words(f"counted_{name}") if kind == CENSUS and name in KINDS else _said(page, "counts", name)
    return found if found == own else f"{own}: {found}"


def _said(page: Writer, sort: Literal["reasons", "counts"], fact: str) -> str:
    """A text of the facts in the page's language; as it is where nobody has written it."""
    return load_source_words().said(sort, fact, page.language) or fact


def _version(page: Writer, version: str, columns: tuple[tuple[str, str], ...]) -> tuple[Link, str, str, CountRow]:
    source = page.catalog.snapshots.versions[version].source
    counts = {
        (kind, count.name): f"{count.read} / {count.found}"
        for kind in page.catalog.snapshots.versions[version].documents
        for count in page.catalog.snapshots.document(kind, version).counts
    }
    codename = next((s.codename for s in page.catalog.series if s.has(version)), None)
    href = page.urls.to(address("series", codename), f"v{version}") if codename else ""
    cells = tuple(counts.get(column, "") for column in columns)
    digest = f"{source.kind} {(source.digest or '')[:12]}"
    return Link(text=version, href=href), digest, source.date or "", CountRow(name=version, cells=cells)


def _gaps(page: Writer) -> Iterator[tuple[str, str]]:
    """Each place once, with the first and last of the releases in which it is not read."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for version in page.catalog.versions:
        for kind, gaps in page.catalog.release(version).gaps.items():
            for gap in gaps:
                versions = found.setdefault((kind, gap.file, gap.reason), [])
                if version not in versions:
                    versions.append(version)
    for (kind, file, reason), versions in sorted(found.items()):
        span = versions[0] if len(versions) == 1 else f"{versions[0]} – {versions[-1]} ({len(versions)})"
        yield f"{kind}: {file}, {span}", _said(page, "reasons", reason)
