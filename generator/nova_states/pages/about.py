"""The home page, and the page that tells how the facts were obtained."""

from __future__ import annotations

from collections.abc import Iterator

from nova_states.facts.model import CENSUS, KINDS
from nova_states.lookup.form import MESSAGES, TABLES, Links, LookupForm, build_form
from nova_states.pages.components import Head, Link, Property
from nova_states.pages.matrices import GUARD_HISTORY, GUARDS, STATUSES
from nova_states.pages.models import CountRow, HomePage, LookupPage, SourcesPage
from nova_states.pages.record_links import ERRORS, EVENTS, HOST_STATUSES, LOG, MIGRATION_STATUSES
from nova_states.pages.sections import matrix_links
from nova_states.pages.urls import HOME, LOOKUP, SOURCE_LINE, address, index_address
from nova_states.pages.writer import Writer

SOURCES = "about/sources/"

_STUCK = ("deleting", "spawning", "powering-off", "migrating", "image_uploading")
"""The commonest tasks that operators ask about."""


def build_home(writer: Writer) -> HomePage:
    """The first page."""
    page = writer.on(HOME)
    kinds = tuple(_kind(page, kind) for kind in ("power_state", "vm_state", "task_state", "status", "action", "group"))
    return HomePage(
        form=_form(page),
        head=Head(
            title=page.words("home_title"),
            description=page.words("home_description"),
            kind="home",
            label=page.words("home"),
            hide=("toc", "path"),
        ),
        kinds=kinds,
        matrices=(
            Link(text=page.words("matrix_guards"), href=page.urls.to(GUARDS)),
            Link(text=page.words("matrix_statuses"), href=page.urls.to(STATUSES)),
            *matrix_links(page),
            Link(text=page.words("matrix_history"), href=page.urls.to(GUARD_HISTORY)),
        ),
        records=tuple(
            Link(text=page.label("kind", kind), href=page.urls.to(target))
            for kind, target in (
                ("error", ERRORS),
                ("migration_status", MIGRATION_STATUSES),
                ("event", EVENTS),
                ("host_status", HOST_STATUSES),
                ("log_message", LOG),
            )
        ),
        stuck=tuple((page.link("task_state", name, "stuck"), page.label("task_state", name)) for name in _STUCK),
        totals=page.words("totals", versions=len(page.catalog.versions)),
        sources=Link(text=page.words("sources_title"), href=page.urls.to(SOURCES)),
        series=Link(text=page.words("releases"), href=page.urls.to(index_address("series"))),
    )


def build_lookup(writer: Writer) -> LookupPage:
    """The lookup alone."""
    page = writer.on(LOOKUP)
    text = page.words("lookup_description")
    head = Head(title=page.words("lookup_title"), description=text, kind="lookup", hide=("toc",))
    return LookupPage(head=head, form=_form(page))


def _form(page: Writer) -> LookupForm:
    links = Links(
        tables=page.urls.beside(TABLES.format(language=page.language)),
        messages=page.urls.beside(MESSAGES.format(language=page.language)),
        root=page.urls.to(HOME),
        source=SOURCE_LINE,
    )
    return build_form(page.catalog, page.explanations, page.language, links)


def _kind(page: Writer, kind: str) -> tuple[Link, str, tuple[Link, ...]]:
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
            names = page.queries.actions
    head = Link(text=f"{kind} {len(names)}", href=page.urls.to(index_address(kind)), kind=kind)
    return head, page.label("kind", kind), tuple(page.link(kind, name) for name in names)


def build_sources(writer: Writer) -> SourcesPage:
    """How the facts were obtained: each version with its source and counts, and what could not be read."""
    page = writer.on(SOURCES)
    columns = tuple(_columns(page))
    return SourcesPage(
        head=Head(
            title=page.words("sources_title"), description=page.words("sources_intro"), kind="about", hide=("toc",)
        ),
        totals=(Property(name=page.words("versions"), value=str(len(page.catalog.all_versions))),),
        columns=tuple(f"{kind}: {name}" if kind != name else name for kind, name in columns),
        rows=tuple(_version(page, version, columns) for version in reversed(page.catalog.all_versions)),
        gaps=tuple(_gaps(page)),
    )


def _columns(page: Writer) -> Iterator[tuple[str, str]]:
    for kind in KINDS:
        section = page.latest.sections.get(kind)
        for count in section.counts if section else ():
            if count.name in KINDS or kind != CENSUS:
                yield kind, count.name


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
        yield f"{kind}: {file}, {span}", reason
