"""Pages of series: what each has, and what changed in it at which point release."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from nova_states.catalog.comparison import Difference
from nova_states.catalog.release import Release
from nova_states.facts.ids import STATE_KINDS
from nova_states.facts.model import StateKind
from nova_states.facts.releases import Series, SeriesAttribute
from nova_states.facts.virsh import load_virsh
from nova_states.pages.components import Change, Head, Link, Property, SourceLink
from nova_states.pages.differences import describe
from nova_states.pages.matrices import guards_by_vm_state, statuses_of
from nova_states.pages.models import ConstantRow, GroupRow, PointRelease, SeriesIndexPage, SeriesPage
from nova_states.pages.series_changes import noticed
from nova_states.pages.urls import COMPARE, address, commit, index_address, source_file
from nova_states.pages.writer import Writer

_COMMIT_SHOWN = 10


def build_series(writer: Writer, series: Series) -> SeriesPage:
    """The page of one series; its tables are of its newest version."""
    page = writer.on(address("series", series.codename))
    versions = page.catalog.versions_of(series)
    release = page.catalog.release(versions[-1])
    title = _title(series)
    neighbours = tuple(_neighbours(page, series))
    return SeriesPage(
        head=Head(
            title=f"{title} (Nova {versions[0]}–{versions[-1]})",
            description=page.words("series_description", series=title, versions=f"{versions[0]}–{versions[-1]}"),
            kind="series",
            label=title,
            aliases=(series.name, series.codename, *versions),
        ),
        newest=release.version,
        noticed=page.keep(("noticed", page.language, series.name), lambda: noticed(page, series)),
        compared=_compared(page, series, release.version),
        before=next((link for link in neighbours if link.title == page.words("previous_series")), None),
        files=tuple(_file(page, release.version, kind) for kind in STATE_KINDS),
        dates=tuple(_dates(page, series)),
        releases=tuple(_point_release(page, version) for version in versions),
        constants=tuple(
            (kind, page.label("kind", kind), tuple(_constants(page, release.version, kind))) for kind in STATE_KINDS
        ),
        groups=tuple(_groups(page, release.version)),
        label_map=tuple(
            (c.name, f"{c.value} · 0x{int(c.value):02x}", c.label or "")
            for c in release.constants["power_state"].values()
        ),
        guards=guards_by_vm_state(page, release, "guards"),
        statuses=statuses_of(page, release, "statuses"),
        neighbours=neighbours,
    )


def build_series_index(writer: Writer) -> SeriesIndexPage:
    """All series, newest first."""
    page = writer.on(index_address("series"))
    rows = []
    for series in reversed(page.catalog.series):
        versions = page.catalog.versions_of(series)
        changes = sum(len(page.queries.changes_at(version)) for version in versions)
        link = Link(text=_title(series), href=page.urls.name("series", series.codename))
        eol = str(series.eol) if series.eol else ""
        span = f"{versions[0]}–{versions[-1]}"
        rows.append((link, span, str(series.released), page.words(_status_word(series)), eol, str(changes)))
    intro = page.words("series_intro")
    return SeriesIndexPage(
        head=Head(title=page.words("releases"), description=intro, kind="series", label=page.words("all_series")),
        intro=intro,
        compared=Link(text=page.words("compare_title"), href=page.urls.to(COMPARE)),
        rows=tuple(rows),
    )


def _compared(page: Writer, series: Series, newest: str) -> Link | None:
    """The way to all changes since the series before; None for the oldest."""
    place = page.catalog.series.index(series)
    if place == 0:
        return None
    before = page.catalog.versions_of(page.catalog.series[place - 1])[-1]
    href = f"{page.urls.to(COMPARE)}?from={before}&to={newest}"
    return Link(text=page.words("compare_link", before=before, newest=newest), href=href)


def _title(series: Series) -> str:
    """A series as people call it: "Mitaka", "2026.1 Gazpacho"."""
    codename = series.codename.capitalize()
    return codename if series.name == series.codename else f"{series.name} {codename}"


def _status_word(series: Series) -> str:
    return f"status_{series.status.replace(' ', '_')}"


def _dates(page: Writer, series: Series) -> Iterator[Property]:
    sources = {fact: source.url for source in series.sources for fact in source.facts}

    def fact(word: str, value: object, name: SeriesAttribute) -> Property:
        url = sources.get(name)
        links = (Link(text=page.words("source"), href=url),) if url else ()
        return Property(name=page.words(word), value=str(value), links=links)

    yield fact("first_release", series.released, "released")
    if series.extended_maintenance:
        yield fact("extended_maintenance", series.extended_maintenance, "extended_maintenance")
    if series.unmaintained:
        yield fact("unmaintained_since", series.unmaintained, "unmaintained")
    if series.eol:
        yield fact("end_of_life", series.eol, "eol")
    yield fact("status_label", page.words(_status_word(series)), "status")


def _point_release(page: Writer, version: str) -> PointRelease:
    source = page.catalog.snapshots.versions[version].source
    if source.kind == "git" and source.digest:
        link = Link(text=source.digest[:_COMMIT_SHOWN], href=commit(source.digest))
    else:
        link = Link(text="PyPI", href=f"https://pypi.org/project/nova/{version}/", title=source.digest or "")
    told = (_change(page, difference) for difference in page.queries.changes_at(version))
    changes = tuple(change for change in told if change is not None)
    return PointRelease(version=version, date=source.date or "", source=link, changes=changes)


def _change(page: Writer, difference: Difference) -> Change | None:
    """A difference as a line; None for one that a reader would not find one."""
    text = describe(page, difference)
    if not text:
        return None
    kind, name = difference.kind, difference.name
    link = None
    if kind in ("guards", "actions") and name in page.queries.actions:
        link = page.link("action", name)
    elif kind == "groups" and name.lower() in page.queries.groups:
        link = Link(text=name, href=page.urls.name("group", name))
    what = page.words(f"part_{kind}") if link else f"{page.words(f'part_{kind}')} `{name}`"
    return Change(what=f"{what}: {text}", since="", until="", link=link)


def _constants(page: Writer, version: str, kind: StateKind) -> Iterator[ConstantRow]:
    release = page.catalog.release(version)
    for constant in release.constants[kind].values():
        name = constant.name if kind == "power_state" else str(constant.value)
        is_number = isinstance(constant.value, int)
        yield ConstantRow(
            constant=constant.name,
            value=page.link(kind, name),
            number=f"{constant.value} · 0x{constant.value:02x}" if is_number else "",
            label=constant.label or page.label(kind, name),
            operation=", ".join(f"{o}()" for o in constant.operations),
            meaning=page.summary(kind, name),
            shown=page.link("status", release.status(name, None)) if kind == "vm_state" else None,
            virsh=_virsh(release, name) if kind == "power_state" else (),
            place=page.place(version, constant.evidence),
        )


def _virsh(release: Release, power_state: str) -> tuple[str, ...]:
    """What virsh prints of the domains that libvirt's driver reports as a power_state."""
    states = [
        fact.state for fact in release.facts("drivers") if fact.driver == "libvirt" and fact.power_state == power_state
    ]
    return tuple(word for word in map(load_virsh().word, states) if word)


def _file(page: Writer, version: str, kind: StateKind) -> SourceLink:
    """The file that defines the constants of a kind."""
    first = next(iter(page.catalog.release(version).constants[kind].values()))
    place = page.place(version, first.evidence)
    return replace(place, href=source_file(version, place.file))


def _groups(page: Writer, version: str) -> Iterator[GroupRow]:
    for group in page.catalog.release(version).groups.values():
        yield GroupRow(
            name=Link(text=group.name, href=page.urls.name("group", group.name)),
            values=page.states(group.kind, group.values),
            condition=page.said(group.condition, "groups"),
            place=page.place(version, group.evidence),
        )


def _neighbours(page: Writer, series: Series) -> Iterator[Link]:
    everything = page.catalog.series
    place = everything.index(series)
    for word, other in (("previous_series", place - 1), ("next_series", place + 1)):
        if 0 <= other < len(everything):
            link = page.urls.name("series", everything[other].codename)
            yield Link(text=_title(everything[other]), href=link, title=page.words(word))
