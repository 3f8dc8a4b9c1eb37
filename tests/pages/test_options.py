"""Options and drivers: what holds since when, and what stands on which page."""

from __future__ import annotations

from nova_states.facts.model import DriverState, Option
from nova_states.facts.virsh import load_virsh
from nova_states.pages.components import Link, SourceLink
from nova_states.pages.drivers import build_drivers, driver_section
from nova_states.pages.options import build_options, option_section
from tests.pages.synthetic import HERE, catalog, writer


def option(name: str, default: object, *acts_on: str, group: str | None = None) -> Option:
    return Option(group=group, name=name, default=default, acts_on=acts_on, evidence=HERE)  # type: ignore[arg-type]


OLD = (option("shutdown_timeout", 60, "task_state:powering-off", "action:stop"), option("rescue_timeout", 0))
NEW = (option("shutdown_timeout", 90, "task_state:powering-off", "action:stop"),)
PAGE = writer(catalog(v13_0_0={"options": OLD}, v14_0_0={"options": NEW}))


def test_options_of_all_releases_with_their_changes() -> None:
    rows = {row.name: row for row in build_options(PAGE).rows}
    assert rows["shutdown_timeout"].default == "90"
    assert [(change.what, change.since, change.until) for change in rows["shutdown_timeout"].history][1:] == [
        ("default `60`", "13.0.0 or before", "14.0.0"),
        ("default `90`", "14.0.0", ""),
    ]
    assert rows["rescue_timeout"].history[0].until == "14.0.0"


def test_options_lead_to_what_they_act_on_and_back() -> None:
    row = next(row for row in build_options(PAGE).rows if row.name == "shutdown_timeout")
    assert [link.href for link in row.acts_on] == ["../task_state/powering-off/", "../action/stop/"]
    section = option_section(PAGE, "action:stop", PAGE.latest)
    assert section is not None
    (link,) = section.tables[0].rows[0][0]
    assert isinstance(link, Link)
    assert link.href == "../../option/#shutdown_timeout"
    assert option_section(PAGE, "action:start", PAGE.latest) is None


def driver(name: str, state: str, power: str, value: int | None = None) -> DriverState:
    return DriverState(driver=name, state=state, value=value, power_state=power, evidence=HERE)


LIBVIRT = driver("libvirt", "VIR_DOMAIN_SHUTOFF", "SHUTDOWN", 5)
DRIVERS = writer(
    catalog(v13_0_0={"drivers": (LIBVIRT, driver("xenapi", "Halted", "SHUTDOWN"))}, v14_0_0={"drivers": (LIBVIRT,)})
)


def test_a_removed_driver_stays_with_its_releases() -> None:
    page = build_drivers(DRIVERS)
    texts = {section.id: section.texts[0] for section in page.sections}
    assert texts["xenapi"].endswith("gone in 14.0.0")
    assert "until" not in texts["libvirt"]
    (_, _, matrix) = page.matrices[0]
    assert [(row.head.text, [cell.sign for cell in row.cells]) for row in matrix.rows] == [
        ("libvirt", ["–", "–", "●"]),
        ("xenapi", ["–", "–", "●"]),
    ]


def test_libvirt_states_come_with_the_words_of_virsh() -> None:
    section = driver_section(DRIVERS, "SHUTDOWN")
    assert section is not None
    (row,) = section.tables[0].rows
    assert row[1:3] == (("`VIR_DOMAIN_SHUTOFF` · 5",), ("`shut off`",))
    assert isinstance(row[3][0], SourceLink)
    assert driver_section(DRIVERS, "RUNNING") is None


def test_virsh_knows_every_state_once() -> None:
    domains = load_virsh().domain
    assert len({domain.state for domain in domains}) == len({domain.value for domain in domains}) == len(domains) == 8
    assert load_virsh().word("VIR_DOMAIN_BLOCKED") == "idle"
    assert not load_virsh().word("VIR_DOMAIN_GONE")
