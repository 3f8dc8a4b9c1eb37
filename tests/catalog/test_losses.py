"""What a version no longer tells is named, so that a person can say whether Nova or the reading lost it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from nova_states.catalog.losses import LOSS_KINDS, Loss, losses
from nova_states.catalog.release import Release
from nova_states.facts.model import CENSUS, KINDS, Count, Section
from tests.facts.samples import ENDPOINT, FACTS


def release(**facts: tuple[Any, ...]) -> Release:
    """A release with one fact of each kind, those of some kinds replaced."""
    found = {kind: (FACTS[kind],) for kind in KINDS if kind != CENSUS} | facts
    return Release(version="1.0.0", sections={kind: section(*rows) for kind, rows in found.items()})


def section(*facts: Any, **counts: int) -> Section[Any]:  # noqa: ANN401 - facts of any kind
    counted = tuple(Count(name=name, read=number, found=number) for name, number in counts.items())
    return Section(facts=facts, gaps=(), counts=counted)


def names(before: Release, after: Release) -> list[str]:
    return [f"{loss.kind}: {loss.name}" for loss in losses(before, after)]


def test_a_version_loses_nothing_to_itself_and_nothing_by_having_more() -> None:
    more = release(options=(FACTS["options"], replace(FACTS["options"], name="other")))
    assert losses(release(), release()) == ()
    assert losses(release(), more) == ()
    assert losses(more, release()) == (Loss(kind="options", name="DEFAULT.other"),)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("states", "states: power_state UP"),
        ("groups", "groups: ALLOW"),
        ("guards", "guards: stop"),
        ("host_checks", "host_checks: stop: server up"),
        ("statuses", "statuses: *: default"),
        ("messages", "messages: state ko_KR"),
        ("drivers", "drivers: libvirt"),
        ("options", "options: DEFAULT.timeout"),
        ("transitions", "transitions: stop"),
        ("power_sync", "power_sync: stop"),
        ("startup", "startup: stop"),
        ("errors", "errors: nova/compute/api.py"),
        ("raise_sites", "raise_sites: nova/compute"),
        ("fault_causes", "fault_causes: create"),
        ("refusals", "refusals: stop"),
        ("translations", "translations: ko_KR"),
        ("log_messages", "log_messages: nova/compute/api.py"),
        ("migration_statuses", "migration_statuses: done"),
        ("events", "events: action stop"),
        ("host_statuses", "host_statuses: no host"),
        ("microversions", "microversions: highest"),
    ],
)
def test_what_is_gone_is_named(kind: str, expected: str) -> None:
    assert names(release(), release(**{kind: ()})) == [expected]


def test_every_kind_can_be_lost() -> None:
    assert set(KINDS) - {CENSUS} <= set(LOSS_KINDS)


def test_with_an_action_go_its_endpoints_guards_and_transitions() -> None:
    assert names(release(), release(actions=(), guards=(), host_checks=(), transitions=(), refusals=())) == [
        "actions: stop"
    ]


def test_an_endpoint_is_lost_alone() -> None:
    other = replace(ENDPOINT, verb="PUT", body_key=None)
    before = release(actions=(replace(FACTS["actions"], endpoints=(ENDPOINT, other)),))
    after = release(actions=(replace(FACTS["actions"], endpoints=(other,)),))
    assert names(before, after) == ["endpoints: stop: POST /servers/{server_id}/action os-stop"]


def test_a_state_of_a_driver_is_lost_alone_or_with_the_driver() -> None:
    rows = tuple(replace(FACTS["drivers"], state=state) for state in ("ON", "OFF"))
    assert names(release(drivers=rows), release(drivers=rows[:1])) == ["driver states: libvirt: OFF"]
    assert names(release(drivers=rows), release(drivers=())) == ["drivers: libvirt"]


def test_a_check_in_a_body_is_told_from_the_guard_before_it() -> None:
    check = replace(FACTS["guards"], when="x")
    assert names(release(guards=(FACTS["guards"], check)), release()) == ["guards: stop: check in API.stop"]


def test_less_than_half_is_a_loss_of_its_own() -> None:
    rows = tuple(replace(FACTS["transitions"], condition=str(number)) for number in range(8))
    assert names(release(transitions=rows), release(transitions=rows[:4])) == []
    assert names(release(transitions=rows), release(transitions=rows[:3])) == ["half: transitions"]


def test_mentions_that_fall_below_half_are_a_loss() -> None:
    def counted(number: int) -> Release:
        return Release(version="1.0.0", sections={CENSUS: section(guards=number)})

    assert names(counted(20), counted(9)) == ["half: mentions of guards"]
    assert names(counted(20), counted(10)) == []
