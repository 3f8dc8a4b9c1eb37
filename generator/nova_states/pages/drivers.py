"""What each virt driver reports as power_state, with the words virsh prints."""

from __future__ import annotations

from collections.abc import Iterable

from nova_states.catalog.catalog import Catalog
from nova_states.catalog.release import Release
from nova_states.facts.model import DriverState
from nova_states.facts.virsh import load_virsh
from nova_states.pages.components import CellContent, Head, Link, Matrix, MatrixCell, MatrixRow, PageSection, Table
from nova_states.pages.models import MatrixPage
from nova_states.pages.permission_cells import NO, YES
from nova_states.pages.writer import Writer

DRIVERS = "matrix/drivers/"


def build_drivers(writer: Writer) -> MatrixPage:
    """Driver × power_state, and below it each driver's own table."""
    page = writer.on(DRIVERS)
    title, intro = page.words("drivers_title"), page.words("drivers_intro")
    drivers = _drivers(page)
    return MatrixPage(
        head=Head(
            title=title,
            description=intro.replace("`", ""),
            kind="matrix",
            aliases=("virsh list --all", *(f"virsh {domain.word}" for domain in load_virsh().domain)),
            hide=("toc",),
        ),
        intro=intro,
        legend=((YES, "yes", page.words("driver_reports")), (NO, "no", page.words("driver_reports_not"))),
        matrices=(("drivers", title, _matrix(page, drivers)),),
        release=page.release.version,
        notes=(),
        sections=tuple(_driver(page, driver, versions) for driver, versions in drivers.items()),
    )


def _drivers(page: Writer) -> dict[str, set[str]]:
    """Driver → every version that has it: of the release that is looked at, or else all that there ever were."""
    found = _versions(page.catalog)
    if page.lens is None:
        return found
    return {driver: versions for driver, versions in found.items() if page.lens.version in versions}


def _versions(catalog: Catalog) -> dict[str, set[str]]:
    """Driver → every version that has it, sorted by driver."""
    found: dict[str, set[str]] = {}
    for version in catalog.all_versions:
        for fact in catalog.release(version).facts("drivers"):
            found.setdefault(fact.driver, set()).add(version)
    spoken_of = set(catalog.versions)
    return {driver: versions for driver, versions in sorted(found.items()) if versions & spoken_of}


def _newest(page: Writer, versions: set[str]) -> Release:
    return page.lens or page.catalog.release(
        next(version for version in reversed(page.catalog.versions) if version in versions)
    )


def _states(release: Release, driver: str) -> tuple[DriverState, ...]:
    return tuple(fact for fact in release.facts("drivers") if fact.driver == driver)


def _matrix(page: Writer, drivers: dict[str, set[str]]) -> Matrix:
    powers = tuple(page.release.constants["power_state"])
    rows = []
    for driver, versions in drivers.items():
        release = _newest(page, versions)
        cells = []
        for power in powers:
            states = [fact.state for fact in _states(release, driver) if fact.power_state == power]
            text = ", ".join(states) if states else page.words("driver_reports_not")
            cells.append(
                MatrixCell(
                    sign=YES if states else NO,
                    css="yes" if states else "no",
                    href=f"#{driver}",
                    title=f"{driver} · {power}: {text}",
                )
            )
        rows.append(MatrixRow(head=Link(text=driver, href=f"#{driver}"), cells=tuple(cells)))
    return Matrix(
        id="drivers", corner=page.words("driver"), columns=page.states("power_state", powers), rows=tuple(rows)
    )


def _driver(page: Writer, driver: str, versions: set[str]) -> PageSection:
    release = _newest(page, versions)
    spans = [
        f"{page.words('since', version=change.since)}"
        + (f", {page.words('gone_at', version=change.until)}" if change.until else "")
        for change in page.changes(driver, page.catalog.runs_of(versions))
    ]
    texts = ["; ".join(spans)]
    if driver == "libvirt":
        texts.append(page.words("virsh_intro"))
    return PageSection(
        id=driver, title=driver, texts=tuple(texts), tables=(_table(page, release, _states(release, driver)),)
    )


def _table(page: Writer, release: Release, states: Iterable[DriverState], *, names_driver: bool = False) -> Table:
    states = tuple(states)
    words = {fact.state: load_virsh().word(fact.state) for fact in states if fact.driver == "libvirt"}
    head = [page.words("driver")] if names_driver else []
    head.append(page.words("driver_state"))
    if words:
        head.append("virsh list --all")
    head += [page.words("place")] if names_driver else ["power_state", page.words("place")]
    return Table(
        head=tuple(head), rows=tuple(_row(page, release, fact, words, names_driver=names_driver) for fact in states)
    )


def _row(
    page: Writer, release: Release, fact: DriverState, words: dict[str, str], *, names_driver: bool
) -> tuple[CellContent, ...]:
    state = page.words("any_other") if fact.state == "*" else f"`{fact.state}`"
    number = f" · {fact.value}" if fact.value is not None and str(fact.value) != fact.state else ""
    cells: list[CellContent] = (
        [(Link(text=fact.driver, href=page.urls.to(DRIVERS, fact.driver)),)] if names_driver else []
    )
    cells.append((f"{state}{number}",))
    if words:
        word = words.get(fact.state, "")
        cells.append((f"`{word}`",) if word else ())
    if not names_driver:
        cells.append((page.link("power_state", fact.power_state),))
    return (*cells, (page.place(release.version, fact.evidence),))


def driver_section(page: Writer, power_state: str) -> PageSection | None:
    """What the drivers of the newest release report as a power_state."""
    states = tuple(fact for fact in page.release.facts("drivers") if fact.power_state == power_state)
    if not states:
        return None
    return PageSection(
        id="drivers",
        title=page.words("drivers_title"),
        texts=(page.words("drivers_here", state=power_state),),
        tables=(_table(page, page.release, states, names_driver=True),),
        more=(Link(text=page.words("drivers_title"), href=page.urls.to(DRIVERS)),),
    )
